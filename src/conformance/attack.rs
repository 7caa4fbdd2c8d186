//! In which ways those can ask who may not, and whether one of them got what they wanted.

use super::authorise::By;
use super::binding::template::shown;
use super::binding::{Binding, Fact, Observed, Operation};
use super::broken::Held;
use super::forged::Attack;
use super::search::is_member;
use super::world::{Who, World};

impl World {
    /// The ways in which somebody can ask for an operation who may not; none is without a attack. The last one shows least that is
    /// forged.
    pub(crate) fn attacks(&self, by: By, operation: Operation) -> Vec<Option<Attack>> {
        let binding = self.binding.and_then(|place| self.bindings.get(place));
        let account = binding.and_then(|binding| binding.asking(operation));
        self.talk.attacks(by, account)
    }

    /// Sends what may be asked once, or by a signature of now, as it may not.
    pub(crate) async fn ask_in(&mut self, attack: Attack, operation: Operation) -> Held<Observed> {
        self.talk.attack = Some(attack);
        let asked = self.perform(operation, Who::One).await;
        self.talk.attack = None;
        asked
    }

    /// Whoever may not has been let in. A list says nothing of another's unless it holds what is the other's.
    pub(crate) fn lets_in(&self, seen: &Observed) -> bool {
        let list = [Fact::Tokens, Fact::Cards].into_iter();
        let list = list.filter_map(|fact| seen.facts.get(&fact)).next();
        let (Some(list), Some(card)) = (list, self.cards.get(&Who::One)) else {
            return !seen.is_refusal();
        };
        let names = ["reference", "card"].into_iter();
        let mut names = names.filter_map(|name| card.variables.get(name)).map(shown);
        seen.fault || names.any(|name| is_member(list, &name))
    }
}

impl Binding {
    /// Who carries an operation out, where the target file says that.
    fn asking(&self, operation: Operation) -> Option<String> {
        self.declared_for(operation)?.asks_as(operation)
    }
}
