//! What is known about a request when a fault is chosen for it. Facts are texts under a closed set of names; they are
//! gathered as the request is understood, and one that is not known matches nothing.

use std::fmt;

use smol_str::SmolStr;

use crate::domain::card::{Expiry, Pan};
use crate::domain::vocabulary::words;
use crate::masking;

words! {
    /// When facts are known, and so when a rule that asks for them is decided.
    pub enum Stage {
        /// The head of a request has arrived; nobody has looked at credentials or body.
        Arrival = "arrival",
        /// The request is understood and the records it is about are loaded; nothing is committed.
        Operation = "operation",
        /// A webhook is about to be sent.
        Webhook = "webhook",
    }
}

words! {
    /// What can be known about a request or a webhook.
    pub enum Field {
        Space = "space",
        Surface = "surface",
        Method = "method",
        Path = "path",
        IdempotencyKey = "idempotency_key",
        Operation = "operation",
        Client = "client",
        Requestor = "requestor",
        Merchant = "merchant",
        Network = "network",
        Card = "card",
        Bin = "bin",
        Last4 = "last4",
        ExpiryYear = "expiry_year",
        Token = "token",
        Payment = "payment",
        Amount = "amount",
        Currency = "currency",
        Event = "event",
        Endpoint = "endpoint",
    }
}

impl Field {
    /// The earliest stage at which the fact can be known.
    pub const fn stage(self) -> Stage {
        match self {
            Self::Space | Self::Surface | Self::Method | Self::Path | Self::IdempotencyKey => {
                Stage::Arrival
            }
            Self::Operation
            | Self::Client
            | Self::Requestor
            | Self::Merchant
            | Self::Network
            | Self::Card
            | Self::Bin
            | Self::Last4
            | Self::ExpiryYear
            | Self::Token
            | Self::Payment
            | Self::Amount
            | Self::Currency => Stage::Operation,
            Self::Event | Self::Endpoint => Stage::Webhook,
        }
    }

    /// Whether a webhook has such a fact. It is sent, so it has neither method nor idempotency key to match; and it is about
    /// a token or a card, never about a payment.
    pub const fn known_of_webhooks(self) -> bool {
        !matches!(
            self,
            Self::Surface
                | Self::Method
                | Self::Path
                | Self::IdempotencyKey
                | Self::Operation
                | Self::Payment
                | Self::Amount
                | Self::Currency
        )
    }
}

/// Facts about one request or webhook. A field can have several values: a token has a reference and a number, a card an
/// identifier and a number, and a rule may name either.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Facts(Vec<(Field, SmolStr)>);

/// How many facts most requests have.
const MOST: usize = 24;

impl Facts {
    pub fn new() -> Self {
        Self(Vec::with_capacity(MOST))
    }

    /// Adds a value. Words of closed sets go in as their `word` functions have them.
    pub fn add(&mut self, field: Field, value: impl AsRef<str>) {
        let value = value.as_ref();
        if !self.values(field).any(|known| known == value) {
            self.0.push((field, SmolStr::new(value)));
        }
    }

    #[must_use]
    pub fn with(mut self, field: Field, value: impl AsRef<str>) -> Self {
        self.add(field, value);
        self
    }

    /// Adds what a card number tells: the number, its BIN at both lengths in use, its last four digits and its network.
    pub fn add_card(&mut self, pan: &Pan, expiry: Option<Expiry>) {
        let number = pan.expose();
        self.add(Field::Bin, &number[..6]);
        self.add(Field::Bin, &number[..8]);
        self.add(Field::Last4, &number[number.len() - 4..]);
        self.add(Field::Card, number);
        if let Some(network) = pan.network() {
            self.add(Field::Network, network.word());
        }
        if let Some(expiry) = expiry {
            self.add(Field::ExpiryYear, expiry.year().to_string());
        }
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Forgets all but the first `len` values.
    pub fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    pub fn values(&self, field: Field) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(known, _)| *known == field)
            .map(|(_, value)| value.as_str())
    }

    /// The value that was added first, which is the name under which things are counted.
    pub fn first(&self, field: Field) -> Option<&str> {
        self.values(field).next()
    }

    pub fn iter(&self) -> impl Iterator<Item = (Field, &str)> {
        self.0.iter().map(|(field, value)| (*field, value.as_str()))
    }
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self
            .iter()
            .map(|(field, value)| (field.word(), masking::value(value)));
        f.debug_map().entries(shown).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_do_not_show_a_card_number() {
        let mut facts = Facts::new().with(Field::Surface, "cmp");
        facts.add_card(
            &Pan::parse("4111111111111111").unwrap(),
            Expiry::new(12, 30).ok(),
        );
        let shown = format!("{facts:?}");
        assert!(!shown.contains("4111111111111111"), "{shown}");
        assert!(
            shown.contains("411111******1111") && shown.contains("visa"),
            "{shown}"
        );
        assert_eq!(
            facts.values(Field::Bin).collect::<Vec<_>>(),
            ["411111", "41111111"]
        );
        assert_eq!(facts.first(Field::ExpiryYear), Some("2030"));
    }

    #[test]
    fn a_value_is_known_once() {
        let facts = Facts::new().with(Field::Token, "a").with(Field::Token, "a");
        assert_eq!(facts.iter().count(), 1);
    }
}
