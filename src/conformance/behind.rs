//! What a scenario does behind the merchant's back: it brings about what only network, issuer or time can, and when it ends, it
//! leaves as little behind as the target allows.

use std::sync::Arc;

use super::authorise::By;
use super::binding::template::Variables;
use super::binding::{Binding, Control, Declared, Observed, Operation};
use super::broken::{Broken, Held};
use super::target::Target;
use super::world::{Who, World};

/// What a scenario builds on has not happened.
pub(super) fn did_not_come_about(seen: &Observed) -> Broken {
    let (word, status) = (seen.operation.word(), seen.status);
    Broken::Unready(format!(
        "{word} was answered {status}, so it cannot be seen what would follow"
    ))
}

/// Who declares an operation of the tester's: the binding, or the target for all of them.
pub(super) fn offering<'a>(
    binding: Option<&'a Binding>,
    target: &'a Target,
    operation: Operation,
) -> Held<&'a Declared> {
    let own = binding.and_then(Binding::declared);
    let mut offering = own.into_iter().chain(&target.provider);
    let found = offering.find(|declared| declared.offers(operation));
    found.ok_or_else(|| {
        let word = operation.word();
        Broken::NotDeclared(format!(
            "the target declares no operation {word}: write it in [control.operations] or [binding.operations]"
        ))
    })
}

impl World {
    /// Brings about what a merchant cannot. Where it does not come about, nothing can be said of what would follow.
    pub(crate) async fn bring_about(
        &mut self,
        control: Control,
        more: &Variables,
    ) -> Held<Observed> {
        let seen = self.try_to_bring_about(control, more).await?;
        if seen.accepted {
            return Ok(seen);
        }
        Err(did_not_come_about(&seen))
    }

    /// Tries to bring about what the target may refuse: by the binding's own operation, or by the target's. What comes back is
    /// a success or a refusal; that the target fails, is asked too often or does not know the judge is neither.
    pub(crate) async fn try_to_bring_about(
        &mut self,
        control: Control,
        more: &Variables,
    ) -> Held<Observed> {
        let card = self.cards.get(&Who::One);
        let mut variables = card.map_or_else(Variables::new, |card| card.variables.clone());
        variables.extend(more.clone());
        let seen = self.ask_behind(control, &variables).await?;
        if seen.accepted && !seen.fault || seen.refuses_what_was_asked() {
            return Ok(seen);
        }
        Err(did_not_come_about(&seen))
    }

    /// Asks for it, whatever comes of it.
    pub(crate) async fn ask_behind(
        &mut self,
        control: Control,
        variables: &Variables,
    ) -> Held<Observed> {
        let operation = Operation::Control(control);
        let bindings = Arc::clone(&self.bindings);
        let target = Arc::clone(&self.talk.target);
        let binding = self.binding.and_then(|place| bindings.get(place));
        let declared = offering(binding, &target, operation)?;
        let asking = declared.perform(operation, variables, &mut self.talk);
        asking.await
    }

    /// The target declares an operation for it.
    pub(crate) fn can_bring_about(&self, control: Control) -> bool {
        let operation = Operation::Control(control);
        let binding = self.binding.and_then(|place| self.bindings.get(place));
        offering(binding, &self.talk.target, operation).is_ok()
    }

    /// Takes away what the scenario has made, as far as the target allows. Whatever comes of it, it is not kept as evidence and
    /// changes no result.
    pub(crate) async fn clean_up(&mut self) {
        if self.talk.space.is_some() {
            return self.talk.forget_space().await;
        }
        let evidence = self.talk.exchanges.len();
        let last = self.talk.exchanges.last();
        let silent = last.is_none_or(|exchange| exchange.answer.is_err());
        if let Some(endpoint) = self.registered.take() {
            let _unimportant = self
                .bring_about(Control::Unlisten, &endpoint.variables)
                .await;
        }
        let rules = self.armed.drain(..).map(|name| format!("/faults/{name}"));
        for path in rules.collect::<Vec<_>>() {
            let _unimportant = self.talk.control("DELETE", &path, None).await;
        }
        self.talk.by = By::Usual;
        if !silent && !self.talk.target.fresh && self.offers(Operation::Delete) {
            self.delete_made().await;
        }
        self.talk.exchanges.truncate(evidence);
    }
}
