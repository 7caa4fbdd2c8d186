//! What fault rules say about a request: asked once for each thing that the request is about to do, before anything of it
//! is committed, and carried along so that every step of it knows.

use std::sync::Arc;

use crate::domain::card::{Expiry, Pan};
use crate::domain::id::CardId;
use crate::domain::operation::Operation;
use crate::domain::payment::record::Payment;
use crate::domain::payment::request::PaymentRequest;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::faults::choose::{Choice, RuleSet};
use crate::faults::facts::{Facts, Field};
use crate::faults::plan::Plan;
use crate::faults::why::Miss;
use crate::store::Versioned;

/// See the module.
#[derive(Debug, Clone)]
pub struct FaultContext {
    /// What is known of the request whatever it does.
    pub(super) facts: Facts,
    /// A rule that came with the request itself.
    pub(super) own: Option<Arc<RuleSet>>,
    pub(super) asked: Option<Operation>,
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

    /// Whether the rules have been asked about an operation.
    pub(super) const fn has_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// Whether any rule has fired or come near.
    pub fn has_matched(&self) -> bool {
        !self.plan.is_empty() || !self.plan.overruled.is_empty() || self.nearest.is_some()
    }

    pub(super) fn take(&mut self, choice: Choice) {
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
