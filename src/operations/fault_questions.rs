//! Asking the fault rules of a space, at each stage of a request and about each thing that it does.

use super::fault_context::FaultContext;
use super::space::Space;
use super::space_state::with_rules;
use crate::domain::moment::Moment;
use crate::domain::operation::Operation;
use crate::domain::rejection::Rejection;
use crate::faults::facts::{Facts, Field, Stage};
use crate::faults::shared::Rules;

impl FaultContext {
    /// Lets the rules of a space and the request's own decide at a stage.
    ///
    /// # Errors
    /// When others count the rules too and that cannot be done.
    pub async fn ask(&mut self, space: &Space, stage: Stage, now: Moment) -> Result<(), Rejection> {
        let seed = &space.seed;
        if space.faults.any() {
            let (plan, facts) = (&self.plan, &self.facts);
            let choose = |rules: &Rules| rules.choose(plan.taken(), stage, facts, now, seed);
            // Servers that share an engine count in it, and there waiting is kept apart from the requests of all others.
            let choice = if space.store.as_shared().is_some() {
                Box::pin(with_rules(space, choose)).await?
            } else {
                choose(&space.faults)
            };
            self.take(choice);
        }
        if let Some(own) = self.own.clone() {
            let taken = self.plan.taken();
            self.take(own.choose_beside(taken, stage, &self.facts, now, seed));
        }
        Ok(())
    }

    /// The same with what is known of one thing that the request does, and forgotten when it does the next. Asking again
    /// about the same thing changes nothing.
    pub(super) async fn ask_about(
        &mut self,
        operation: Operation,
        about: impl FnOnce(&mut Facts),
        space: &Space,
        now: Moment,
    ) -> Result<(), Rejection> {
        if self.asked == Some(operation) {
            return Ok(());
        }
        self.asked = Some(operation);
        let known = self.facts.len();
        self.facts.add(Field::Operation, operation.word());
        about(&mut self.facts);
        let asked = self.ask(space, Stage::Operation, now).await;
        self.facts.truncate(known);
        asked
    }
}
