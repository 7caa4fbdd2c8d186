//! The test cards that must get no token: each is enrolled once, and the answer must be a refusal whose reason can be read.

use super::super::binding::{Fact, Observed, Operation};
use super::super::broken::Held;
use super::super::steps::cards::is_failed_enrolment;
use super::super::target::Condition;
use super::super::world::Who;
use super::report::Entry;
use super::session::{Session, by_status};

/// Of these the suite knows which reason must be told.
const REFUSED: [Condition; 3] = [
    Condition::CardNotAllowed,
    Condition::Declined,
    Condition::VerificationFailed,
];

impl Session {
    /// See the module. A file need not declare any such card.
    pub(super) async fn ask_for_refused_cards(&mut self) {
        for condition in REFUSED {
            let network = self.network.as_deref();
            let Ok(card) = self.world.test_card(Who::Other, condition, network) else {
                continue;
            };
            self.world.take(Who::Other, card);
            let from = self.world.talk.exchanges.len();
            let seen = self.enrol_other().await;
            let entry = self.refusal(condition, &seen, from);
            self.entries.push(entry);
        }
    }

    async fn enrol_other(&mut self) -> Held<Observed> {
        if self.world.offers(Operation::Store) {
            let stored = self.world.perform(Operation::Store, Who::Other).await?;
            if !stored.accepted {
                return Ok(stored);
            }
        }
        self.world.perform(Operation::Enrol, Who::Other).await
    }

    fn refusal(&self, condition: Condition, seen: &Held<Observed>, from: usize) -> Entry {
        let secrets = &self.world.talk.secrets;
        let mut entry = self.asked(Operation::Enrol, from);
        entry.card = Some(condition.word());
        match seen {
            Ok(seen) => {
                entry.accepted = Some(seen.accepted);
                let reasons = seen.declared.iter();
                let reasons = reasons.filter(|fact| [Fact::State, Fact::Reason].contains(fact));
                entry
                    .facts
                    .extend(reasons.map(|fact| self.told(seen, *fact)));
                entry.by_status.extend(by_status(seen));
                entry
                    .problems
                    .extend(wrong(condition, seen).map(|why| secrets.text(&why)));
            }
            Err(broken) => entry.problems.push(secrets.text(&broken.to_string())),
        }
        if !entry.is_right() {
            entry.answer = self.last_body(from);
        }
        entry
    }
}

/// What is wrong with the answer, as the scenarios in `refusals.feature` would see it.
fn wrong(condition: Condition, seen: &Observed) -> Option<String> {
    let word = condition.word();
    let reason = seen.reason.map(|reason| reason.key());
    if seen.operation == Operation::Store {
        Some(format!(
            "status {}: the card must be put on file, and its enrolment refused",
            seen.status
        ))
    } else if seen.is_active() {
        Some(format!(
            "it got a token: is another card {word}, or is that another state in binding.states?"
        ))
    } else if seen.fault {
        Some(format!(
            "status {} is an error of the target's own and no refusal",
            seen.status
        ))
    } else if !is_failed_enrolment(seen) {
        let state = seen.state.map_or("none", |state| state.word());
        Some(format!(
            "status {} with the state {state} is no failed enrolment",
            seen.status
        ))
    } else if reason == Some(word) {
        None
    } else if let Some(other) = reason {
        Some(format!(
            "the reason is read as {other}: is it a word of reasons.{word}?"
        ))
    } else if seen.declared.contains(&Fact::Reason) {
        Some(format!("no word of reasons.{word} was told"))
    } else {
        Some(format!(
            "enrol declares no facts.reason, so nothing can tell that the card is {word}"
        ))
    }
}
