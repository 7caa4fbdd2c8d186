//! A payment as it is kept: what was asked, what was answered and why, and where its money is.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::dispute::Dispute;
use super::reason::{DeclineReason, Warning};
use super::reference::{Nti, Tlid};
use super::request::{Authentication, Initiator, RequestId};
use super::response::Response;
use crate::domain::card::{Expiry, Network, Pan, PresentedNumber, TokenNumber};
use crate::domain::cryptogram::CryptogramKind;
use crate::domain::id::{DraftId, PaymentId, TokenReference};
use crate::domain::moment::Moment;
use crate::domain::money::Amount;
use crate::domain::persona::funding::Issued;
use crate::domain::written::{self, Word};

/// What a payment was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaidWith {
    Token(TokenReference, #[serde(with = "written")] TokenNumber),
    Card(#[serde(with = "written")] Pan),
    Unknown(#[serde(with = "written")] PresentedNumber),
}

impl PaidWith {
    pub fn last4(&self) -> String {
        match self {
            Self::Token(_, number) => number.last4(),
            Self::Card(pan) => pan.last4(),
            Self::Unknown(number) => number.last4(),
        }
    }

    /// All digits.
    pub fn expose(&self) -> String {
        match self {
            Self::Token(_, number) => number.expose(),
            Self::Card(pan) => pan.expose(),
            Self::Unknown(number) => number.expose(),
        }
    }
}

/// A payment, declined or approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    pub id: PaymentId,
    pub merchant: String,
    /// The payment service at which it was made; nobody finds it at another.
    #[serde(with = "written")]
    pub service: Word,
    pub paid_with: PaidWith,
    /// As it was sent.
    pub expiry: Expiry,
    /// Payment account reference; None when the number led nowhere.
    pub account: Option<String>,
    pub network: Option<Network>,
    /// Of the card behind the token that paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued: Option<Box<Issued>>,
    pub initiator: Initiator,
    /// What was asked for, and unless it was declined is authorized.
    pub authorized: Amount,
    pub captured_minor: u64,
    pub refunded_minor: u64,
    pub voided: bool,
    /// Nothing more will be captured.
    pub closed: bool,
    /// No money was asked for: the issuer was asked whether the card is good.
    #[serde(default)]
    pub verification: bool,
    /// When the authorization ends for what nobody has captured; None when all was captured at once.
    pub hold_ends: Option<Moment>,
    /// What is held then is captured and not let go.
    pub captures_itself: bool,
    /// It ended with nothing captured.
    pub expired: bool,
    /// The exact reason inside. A surface shows what its vendor would.
    pub decline: Option<DeclineReason>,
    /// What the payment service publishes that its issuer answers, where that has been answered.
    pub published: Option<Arc<Response>>,
    pub warnings: BTreeSet<Warning>,
    /// What has come of authenticating the customer for it.
    #[serde(
        default,
        alias = "authenticated",
        deserialize_with = "Authentication::kept"
    )]
    pub authentication: Authentication,
    /// Under which name it waited for that, where the service has told a name by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waited_as: Option<DraftId>,
    /// The kind of the field in which a proof for a token came.
    pub cryptogram: Option<CryptogramKind>,
    pub eci: Option<String>,
    /// None when no network was asked.
    pub nti: Option<Nti>,
    /// Mastercard only.
    pub tlid: Option<Tlid>,
    /// The payment that this one quoted.
    pub quoted: Option<PaymentId>,
    pub request: Option<RequestId>,
    /// What the payment service wants to keep with it, in its own form.
    pub note: Option<Box<str>>,
    /// Captures, voids and refunds, in order.
    pub moves: Vec<Move>,
    /// What its customer has against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispute: Option<Box<Dispute>>,
    pub created: Moment,
    pub updated: Moment,
}

/// The kind of a move that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoveKind {
    Capture,
    Void,
    Refund,
    /// Nobody captured in time, and what was still held was let go.
    Expire,
}

/// A move that was made. Its place in the payment's list is its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    pub kind: MoveKind,
    pub minor: u64,
    pub request: Option<RequestId>,
    /// What the payment service wants to keep with it, in its own form.
    pub note: Option<Box<str>>,
    pub at: Moment,
}

/// Where a payment stands. The snake_case word is used in the journal and in our own payment API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaymentState {
    Declined,
    Authorized,
    /// The card is good, and no money was asked for.
    Verified,
    PartiallyCaptured,
    Captured,
    Voided,
    /// Nobody captured it in time.
    Expired,
    PartiallyRefunded,
    Refunded,
}

impl PaymentState {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Declined => "declined",
            Self::Authorized => "authorized",
            Self::Verified => "verified",
            Self::PartiallyCaptured => "partially_captured",
            Self::Captured => "captured",
            Self::Voided => "voided",
            Self::Expired => "expired",
            Self::PartiallyRefunded => "partially_refunded",
            Self::Refunded => "refunded",
        }
    }
}

impl Payment {
    pub const fn approved(&self) -> bool {
        self.decline.is_none()
    }

    /// What the issuer of an approved payment calls it: six digits.
    pub fn authorization_code(&self) -> Option<String> {
        let [.., a, b, c, d] = *self.id.bytes();
        let digits = u32::from_be_bytes([a, b, c, d]) % 1_000_000;
        self.approved().then(|| format!("{digits:06}"))
    }

    /// Follows from the amounts, so the two cannot disagree.
    pub const fn state(&self) -> PaymentState {
        if self.decline.is_some() {
            PaymentState::Declined
        } else if self.verification {
            PaymentState::Verified
        } else if self.refunded_minor > 0 && self.refunded_minor == self.captured_minor {
            PaymentState::Refunded
        } else if self.refunded_minor > 0 {
            PaymentState::PartiallyRefunded
        } else if self.voided {
            PaymentState::Voided
        } else if self.expired {
            PaymentState::Expired
        } else if self.closed
            || self.captured_minor > 0 && self.captured_minor == self.authorized.minor
        {
            PaymentState::Captured
        } else if self.captured_minor > 0 {
            PaymentState::PartiallyCaptured
        } else {
            PaymentState::Authorized
        }
    }

    /// Minor units that can still be captured.
    pub const fn capturable_minor(&self) -> u64 {
        if self.decline.is_some() || self.voided || self.expired || self.closed || self.verification
        {
            0
        } else {
            self.authorized.minor - self.captured_minor
        }
    }

    /// Minor units that can still be refunded.
    pub const fn refundable_minor(&self) -> u64 {
        self.captured_minor - self.refunded_minor
    }
}
