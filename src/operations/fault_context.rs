//! What fault rules say about a request: asked once for each thing that the request is about to do, before anything of it
//! is committed, and carried along so that every step of it knows.

use std::sync::Arc;

use super::space::{Call, Space};
use crate::domain::card::{Expiry, Pan};
use crate::domain::id::CardId;
use crate::domain::operation::Operation;
use crate::domain::payment::record::Payment;
use crate::domain::payment::request::PaymentRequest;
use crate::domain::persona::IssuerAnswer;
use crate::domain::rejection::Rejection;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::faults::choose::{Choice, RuleSet};
use crate::faults::commit::Commit;
use crate::faults::cryptogram::Cryptogram;
use crate::faults::facts::{Facts, Field, Stage};
use crate::faults::outcome::Outcome;
use crate::faults::plan::Plan;
use crate::faults::why::Miss;
use crate::store::Versioned;

/// The space that a request has come to, and what is asked about it there.
#[derive(Debug, Clone)]
pub struct Arrival {
    pub space: Arc<Space>,
    /// None as long as no rule is armed, so that nobody gathers facts for none.
    pub faults: Option<Box<FaultContext>>,
}

/// See the module.
#[derive(Debug, Clone)]
pub struct FaultContext {
    /// What is known of the request whatever it does.
    facts: Facts,
    /// A rule that came with the request itself.
    own: Option<Arc<RuleSet>>,
    asked: Option<Operation>,
    pub plan: Plan,
    pub nearest: Option<Miss>,
}

impl FaultContext {
    pub fn new(facts: Facts, own: Option<RuleSet>) -> Self {
        Self {
            facts,
            own: own.map(Arc::new),
            asked: None,
            plan: Plan::default(),
            nearest: None,
        }
    }

    /// Adds what is known by now.
    pub fn tell(&mut self, field: Field, value: &str) {
        self.facts.add(field, value);
    }

    /// Lets the rules of a stage decide.
    pub fn ask(&mut self, space: &Space, stage: Stage) {
        let now = space.clock.now();
        let of_space = space.faults.choose(stage, &self.facts, now, &space.seed);
        self.take(of_space);
        if let Some(own) = self.own.clone() {
            self.take(own.choose(stage, &self.facts, now, &space.seed));
        }
    }

    /// The same with what is known of one thing that the request does, and forgotten when it does the next.
    fn ask_about(&mut self, space: &Space, stage: Stage, about: impl FnOnce(&mut Facts)) {
        let known = self.facts.len();
        about(&mut self.facts);
        self.ask(space, stage);
        self.facts.truncate(known);
    }

    /// What has been said so far, without what it was said about.
    #[must_use]
    pub fn outline(&self) -> Self {
        Self {
            facts: Facts::default(),
            own: None,
            asked: self.asked,
            plan: self.plan.clone(),
            nearest: self.nearest.clone(),
        }
    }

    /// Whether any rule has fired or come near.
    pub fn has_matched(&self) -> bool {
        !self.plan.is_empty() || self.nearest.is_some()
    }

    fn take(&mut self, choice: Choice) {
        self.plan.add(choice.fired);
        let nearer = match (&self.nearest, &choice.nearest) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(known), Some(found)) => found.why.distance() < known.why.distance(),
        };
        if nearer {
            self.nearest = choice.nearest;
        }
    }
}

impl Call {
    /// Asks the fault rules about what is to be done next. Asking again about the same thing, after a conflict or from a step
    /// inside, changes nothing.
    ///
    /// # Errors
    /// When nothing is to happen. The answer is then the server's to give, whatever a surface makes of the error.
    pub fn consult(
        &mut self,
        operation: Operation,
        about: impl FnOnce(&mut Facts),
    ) -> Result<(), Rejection> {
        self.operations = self.operations.with(operation);
        let Some(faults) = &mut self.faults else {
            return Ok(());
        };
        if faults.asked != Some(operation) {
            faults.asked = Some(operation);
            faults.ask_about(&self.space, Stage::Operation, |facts| {
                facts.add(Field::Operation, operation.word());
                about(facts);
            });
        }
        if self.is_withheld() {
            return Err(Rejection::SystemError);
        }
        Ok(())
    }

    /// The same, for what the network or the issuer can refuse in so many words.
    pub fn consult_or_refuse(
        &mut self,
        operation: Operation,
        about: impl FnOnce(&mut Facts),
    ) -> Result<(), Rejection> {
        self.consult(operation, about)?;
        self.refusal().map_or(Ok(()), Err)
    }

    /// Asks about a request that reads, by its method or because its surface says so: nothing is left to be known of it when
    /// it is answered.
    pub fn consult_reading(&mut self, operation: Option<Operation>, only_reads: bool) {
        let Some(faults) = &mut self.faults else {
            return;
        };
        let method = faults.facts.first(Field::Method);
        let reads = only_reads || matches!(method, Some("GET" | "HEAD"));
        if reads && faults.asked.is_none() {
            faults.ask_about(&self.space, Stage::Operation, |facts| {
                if let Some(operation) = operation {
                    facts.add(Field::Operation, operation.word());
                }
            });
        }
    }

    /// Whether nothing is to happen.
    pub fn is_withheld(&self) -> bool {
        self.faults.as_ref().is_some_and(|faults| {
            let plan = &faults.plan;
            plan.status.is_some() || matches!(plan.commit, Some(Commit::LostBeforeCommit { .. }))
        })
    }

    /// What the network is to refuse.
    pub(super) fn refusal(&self) -> Option<Rejection> {
        match self.outcome()? {
            Outcome::Refuse { reason } => Some(reason),
            Outcome::StepUp | Outcome::IssuerAnswer { .. } => None,
        }
    }

    /// What the issuer is to answer to a payment.
    pub(super) fn issuer_answer(&self) -> Option<IssuerAnswer> {
        match self.outcome()? {
            Outcome::IssuerAnswer { answer } => Some(answer),
            Outcome::Refuse { .. } | Outcome::StepUp => None,
        }
    }

    /// Whether the cardholder is to be verified first.
    pub(super) fn steps_up(&self) -> bool {
        self.outcome() == Some(Outcome::StepUp)
    }

    /// What is to be wrong with a cryptogram.
    pub(super) fn cryptogram_fault(&self) -> Option<Cryptogram> {
        self.faults.as_ref()?.plan.cryptogram
    }

    fn outcome(&self) -> Option<Outcome> {
        self.faults.as_ref()?.plan.outcome
    }
}

/// What a card tells of itself.
pub fn card(facts: &mut Facts, pan: &Pan, expiry: Expiry) {
    facts.add_card(pan, Some(expiry));
}

/// What a vaulted card tells of itself.
pub fn vaulted(facts: &mut Facts, record: &CardRecord) {
    card(facts, &record.pan, record.expiry);
    facts.add(Field::Card, record.id.base58());
}

/// The same of a card that may be gone.
pub fn card_of(facts: &mut Facts, id: &CardId, found: Option<&Versioned<CardRecord>>) {
    match found {
        Some(card) => vaulted(facts, &card.record),
        None => facts.add(Field::Card, id.base58()),
    }
}

/// What a token tells of itself. Its card tells for itself.
pub fn token(facts: &mut Facts, record: &TokenRecord) {
    facts.add(Field::Token, record.reference.base58());
    if let Some(number) = &record.number {
        facts.add(Field::Token, number.expose());
    }
    facts.add(Field::Network, record.network.word());
}

/// What a payment that is asked for tells of itself.
pub(super) fn asked_payment(facts: &mut Facts, request: &PaymentRequest) {
    facts.add(Field::Merchant, request.merchant.as_str());
    facts.add(Field::Amount, request.amount.minor.to_string());
    facts.add(Field::Currency, request.amount.currency.code());
    facts.add_card(&request.number.as_pan(), None);
}

/// What a payment that was made tells of itself.
pub(super) fn made_payment(facts: &mut Facts, payment: &Payment) {
    facts.add(Field::Payment, payment.id.base58());
    facts.add(Field::Merchant, payment.merchant.as_str());
    facts.add(Field::Amount, payment.authorized.minor.to_string());
    facts.add(Field::Currency, payment.authorized.currency.code());
}
