//! What fault rules say about a request: asked once for each thing that the request is about to do, before anything of it
//! is committed, and carried along so that every step of it knows.

use std::sync::Arc;

use super::space::Space;
use super::space_state::with_rules;
use crate::domain::card::{Expiry, Pan};
use crate::domain::id::CardId;
use crate::domain::moment::Moment;
use crate::domain::operation::Operation;
use crate::domain::payment::record::Payment;
use crate::domain::payment::request::PaymentRequest;
use crate::domain::rejection::Rejection;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::faults::choose::{Choice, RuleSet};
use crate::faults::facts::{Facts, Field, Stage};
use crate::faults::plan::Plan;
use crate::faults::shared::Rules;
use crate::faults::why::Miss;
use crate::store::Versioned;

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

    /// Whether the rules have been asked about an operation.
    pub(super) const fn has_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// Whether any rule has fired or come near.
    pub fn has_matched(&self) -> bool {
        !self.plan.is_empty() || !self.plan.overruled.is_empty() || self.nearest.is_some()
    }

    fn take(&mut self, choice: Choice) {
        self.plan.add(choice.fired);
        self.plan.overruled.extend(choice.overruled);
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
pub fn made_payment(facts: &mut Facts, payment: &Payment) {
    facts.add(Field::Payment, payment.id.base58());
    facts.add(Field::Merchant, payment.merchant.as_str());
    facts.add(Field::Amount, payment.authorized.minor.to_string());
    facts.add(Field::Currency, payment.authorized.currency.code());
}
