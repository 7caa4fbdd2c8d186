//! What a binding saw, in the suite's words.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::Operation;
use super::template::shown;

/// One thing that an answer may tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fact {
    /// What the card on file is called.
    Card,
    /// What the token is called.
    Reference,
    /// The token's state, in the target's word.
    State,
    /// Why it was refused, in the target's word.
    Reason,
    /// The token number.
    TokenNumber,
    /// Its last four digits.
    TokenLast4,
    /// The token's expiry in one text, `YYYY-MM`.
    TokenExpires,
    /// The month of the token's expiry.
    TokenExpMonth,
    /// The year of the token's expiry, two digits or four.
    TokenExpYear,
    /// The payment account reference.
    Par,
    /// The last four digits of the card.
    CardLast4,
    /// The cryptogram.
    Cryptogram,
    /// The electronic commerce indicator.
    Eci,
    /// Whether a payment was approved, in the target's word.
    Outcome,
    /// What the payment is called.
    Payment,
    /// The network transaction id.
    Nti,
    /// The transaction link id.
    Tlid,
}

/// What became of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Outcome {
    Approved,
    Declined,
}

impl Outcome {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Declined => "declined",
        }
    }
}

/// A token's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    Active,
    Suspended,
    Deleted,
    Failed,
    Pending,
}

impl State {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Deleted => "deleted",
            Self::Failed => "failed",
            Self::Pending => "pending",
        }
    }
}

/// Why something was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reason {
    NotFound,
    NotUsable,
    Invalid,
    CardNotAllowed,
    Declined,
    VerificationFailed,
    NotPossible,
}

impl Reason {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::NotFound => "not found",
            Self::NotUsable => "token not usable",
            Self::Invalid => "invalid request",
            Self::CardNotAllowed => "card not allowed",
            Self::Declined => "declined",
            Self::VerificationFailed => "card could not be verified",
            Self::NotPossible => "not possible with this payment",
        }
    }
}

/// What came back from one operation.
#[derive(Clone, Debug)]
pub(crate) struct Observed {
    pub(crate) operation: Operation,
    pub(crate) status: u16,
    /// The status is one that the binding declares for success.
    pub(crate) accepted: bool,
    pub(crate) facts: BTreeMap<Fact, Value>,
    /// The facts that an answer to this operation is declared to tell.
    pub(crate) declared: BTreeSet<Fact>,
    pub(crate) state: Option<State>,
    pub(crate) reason: Option<Reason>,
    pub(crate) outcome: Option<Outcome>,
}

impl Observed {
    /// A fact as text.
    pub(crate) fn text(&self, fact: Fact) -> Option<String> {
        self.facts.get(&fact).map(shown)
    }

    /// The token's expiry as year and month, however the target writes it.
    pub(crate) fn expiry(&self) -> Option<(u16, u8)> {
        let (year, month) = match self.text(Fact::TokenExpires) {
            Some(text) => {
                let (year, month) = text.split_once('-')?;
                (year.parse::<u16>().ok()?, month.parse::<u8>().ok()?)
            }
            None => (
                self.text(Fact::TokenExpYear)?.parse().ok()?,
                self.text(Fact::TokenExpMonth)?.parse().ok()?,
            ),
        };
        let year = if year < 100 { year + 2000 } else { year };
        (1..=12).contains(&month).then_some((year, month))
    }

    /// One line for a report: what the target said.
    pub(crate) fn summary(&self) -> String {
        let mut words = vec![format!("status {}", self.status)];
        match (self.outcome, self.text(Fact::Outcome)) {
            (Some(outcome), _) => words.push(format!("payment {}", outcome.word())),
            (None, Some(word)) => words.push(format!("the unknown outcome {word:?}")),
            (None, None) => {}
        }
        match (self.state, self.text(Fact::State)) {
            (Some(state), _) => words.push(format!("state {}", state.word())),
            (None, Some(word)) => words.push(format!("the unknown state {word:?}")),
            (None, None) if matches!(self.operation, Operation::Psp(_)) => {}
            (None, None) => words.push("no state".to_owned()),
        }
        match (self.reason, self.text(Fact::Reason)) {
            (_, Some(word)) => words.push(format!("reason {word:?}")),
            (Some(reason), None) => words.push(format!("meaning {}", reason.word())),
            (None, None) => {}
        }
        format!("{} to {}", words.join(", "), self.operation.word())
    }
}
