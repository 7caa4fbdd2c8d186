//! What an earlier scenario, or an earlier run, has left at the target: tokens that are taken away when a scenario ends, tokens in
//! a state that nobody expects, and cards that can hardly be used any more.

use std::collections::BTreeSet;

use super::authorise::By;
use super::binding::template::{Variables, shown};
use super::binding::{Observed, Operation, State};
use super::broken::Held;
use super::world::{Who, World};

impl World {
    /// Enrols one of the scenario's cards. Where somebody has left its token suspended or deleted, that is deleted, and the card
    /// is enrolled once more.
    pub(crate) async fn enrol(&mut self, who: Who) -> Held<Observed> {
        let seen = self.perform(Operation::Enrol, who).await?;
        let left = matches!(seen.state, Some(State::Suspended | State::Deleted));
        let may_delete = !self.talk.target.fresh && self.offers(Operation::Delete);
        if !(left && seen.accepted && may_delete) {
            return Ok(seen);
        }
        let _whatever = self.perform(Operation::Delete, who).await;
        if let Some(card) = self.cards.get_mut(&who) {
            card.token = None;
        }
        self.perform(Operation::Enrol, who).await
    }

    /// Deletes every token that the scenario has been given, and remembers the cards of which one is left. Whatever comes of it
    /// changes no result.
    pub(crate) async fn delete_made(&mut self) {
        let made = std::mem::take(&mut self.made);
        let mut done: BTreeSet<String> = BTreeSet::new();
        // What was told last names the token best.
        for (by, variables) in made.iter().rev() {
            let name = format!("{by:?} {}", name_of(variables));
            if !done.insert(name) {
                continue;
            }
            self.talk.by = *by;
            let deleted = self.perform_with(Operation::Delete, variables).await;
            let Ok(deleted) = deleted else {
                self.lease.leave(variables.get("pan").map(shown));
                break;
            };
            // One that is not there is not left.
            if !deleted.accepted && ![404, 410].contains(&deleted.status) {
                self.lease.leave(variables.get("pan").map(shown));
            }
        }
        self.talk.by = By::Usual;
    }
}

/// What tells one token from another.
fn name_of(variables: &Variables) -> String {
    let names = ["reference", "token_number", "card", "pan"];
    let mut told = names.iter().filter_map(|name| variables.get(*name));
    told.next().map(shown).unwrap_or_default()
}
