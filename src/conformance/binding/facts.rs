//! What an answer may tell, and the suite's own words for states, outcomes and reasons.

use serde::Deserialize;

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
    /// The network of card and token.
    Network,
    /// What a payment was made for, in minor units.
    PaidAmount,
    /// The merchant's tokens, in a list.
    Tokens,
    /// The merchant's cards on file, in a list.
    Cards,
    /// What a refusal says is wrong with the request.
    Field,
    /// What an endpoint for webhooks is called.
    Endpoint,
    /// What webhooks to the endpoint are signed with.
    Secret,
}

impl Fact {
    /// The variable that it becomes once it is told.
    pub(super) fn variable(self) -> Option<&'static str> {
        let told = super::vocabulary::TOLD.iter();
        let mut found = told.filter(|(_, fact)| *fact == self);
        found.next().map(|(name, _)| *name)
    }
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
    /// The word that a target file uses.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::NotUsable => "not-usable",
            Self::Invalid => "invalid",
            Self::CardNotAllowed => "card-not-allowed",
            Self::Declined => "declined",
            Self::VerificationFailed => "verification-failed",
            Self::NotPossible => "not-possible",
        }
    }

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
