//! What a scenario asks of the target, and what it remembers of the answers.

use std::sync::Arc;

use super::binding::template::{Variables, shown};
use super::binding::{Binding, Fact, Observed, Operation, Outcome, Psp, State};
use super::broken::{Broken, Held};
use super::conversation::{By, encode_form};
use super::given::begin_series;
use super::target::webhooks::Kind;
use super::world::{Who, World};

impl World {
    /// Carries out an operation on one of the scenario's cards, and keeps what came back.
    pub(crate) async fn perform(&mut self, operation: Operation, who: Who) -> Held<Observed> {
        let variables = self.card(who)?.variables.clone();
        let elsewhere = operation == Operation::Psp(Psp::Elsewhere) && !self.offers(operation);
        let seen = if elsewhere {
            // The other merchant asks as the first one does.
            self.talk.by = By::Other;
            let seen = self
                .perform_with(Operation::Psp(Psp::Long), &variables)
                .await;
            self.talk.by = By::Usual;
            seen?
        } else {
            let seen = self.perform_with(operation, &variables).await;
            seen.map_err(|broken| self.of_nothing(who, broken))?
        };
        if let Some(on_file) = self.cards.get_mut(&who) {
            seen.tell(&mut on_file.variables);
            if operation.pays() && operation != Operation::Psp(Psp::Stored) {
                begin_series(&mut on_file.variables);
            }
            if operation == Operation::Enrol && on_file.token.is_none() {
                on_file.token = Some(seen.clone());
            }
            let first = operation == Operation::Enrol && who == Who::One;
            let new = !self.happened.contains(&Kind::Provisioned);
            if first && new && seen.state == Some(State::Active) {
                self.happened.push(Kind::Provisioned);
            }
            if operation == Operation::Enrol {
                self.ledger.enter(&on_file.variables);
                let by = self.talk.by;
                self.made.push((by, on_file.variables.clone()));
            }
        }
        Ok(seen)
    }

    /// Where an enrolment failed there need be no token, and then none that anything could be asked of.
    fn of_nothing(&self, who: Who, broken: Broken) -> Broken {
        let on_file = self.cards.get(&who);
        let token = on_file.and_then(|on_file| on_file.token.as_ref());
        let failed =
            token.is_some_and(|token| token.state == Some(State::Failed) || !token.accepted);
        if let Broken::Unready(why) = &broken
            && failed
            && why.contains("{reference}")
        {
            let why = "a failed enrolment tells no facts.reference, so nothing can be asked of it";
            return Broken::NotDeclared(why.to_owned());
        }
        broken
    }

    /// Carries out an operation with given variables.
    pub(crate) async fn perform_with(
        &mut self,
        operation: Operation,
        variables: &Variables,
    ) -> Held<Observed> {
        let bindings = Arc::clone(&self.bindings);
        let binding = self.its(&bindings)?;
        self.asked_from = self.talk.exchanges.len();
        let seen = binding
            .perform(operation, variables, &mut self.talk)
            .await?;
        if seen.too_fast() {
            return Err(Broken::asked_too_often(&seen.summary()));
        }
        self.asked_by = self.talk.by;
        self.heed(&seen);
        Ok(seen)
    }

    /// The scenario's binding, among those of the run.
    pub(crate) fn its<'a>(&self, bindings: &'a [Binding]) -> Held<&'a Binding> {
        let binding = self.binding.and_then(|place| bindings.get(place));
        binding.ok_or_else(|| {
            Broken::Suite("a behaviour step in a scenario without a binding".to_owned())
        })
    }

    /// Remembers what an answer proves, and what of it must not be shown.
    pub(crate) fn heed(&mut self, seen: &Observed) {
        for fact in [Fact::Cryptogram, Fact::TokenNumber, Fact::Secret] {
            if let Some(secret) = seen.facts.get(&fact) {
                let secret = shown(secret);
                self.talk.secrets.learn(&secret);
                // As it stands in a form.
                let pair = encode_form(&[("", &secret)]);
                self.talk.secrets.learn(pair.trim_start_matches('='));
            }
        }
        let tells = seen.state == Some(State::Active)
            || seen.outcome == Some(Outcome::Approved)
            || seen.facts.contains_key(&Fact::Cryptogram)
            || seen.facts.contains_key(&Fact::Card);
        if seen.accepted && tells {
            self.proof.push(seen.operation.word().to_owned());
        }
        if let Some(cryptogram) = seen.text(Fact::Cryptogram).filter(|_| seen.accepted) {
            self.cryptograms.push(cryptogram);
        }
        if seen.operation == Operation::Enrol && seen.accepted {
            let card = self.cards.get(&Who::One);
            let mut variables = card.map_or_else(Variables::new, |card| card.variables.clone());
            seen.tell(&mut variables);
            self.made.push((self.talk.by, variables));
        }
        self.last = Some(seen.clone());
    }
}
