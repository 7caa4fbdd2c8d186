//! What happened, before a surface words it for a webhook. A notice is committed with the change that it tells of.

use std::fmt;
use std::sync::Arc;

use serde::de::{self, Deserializer, EnumAccess, VariantAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::card::{Expiry, Network, Pan};
use super::id::{CardId, Owner, PaymentId, TokenReference};
use super::moment::Moment;
use super::payment::event::PaymentEvent;
use super::payment::told::PaymentThen;
use super::token::{CardRecord, TokenRecord};
use super::webhook_profile::Profile;
use super::written;

/// Something happened to a token, to a card that somebody has the account updater watch, or to a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub event: Event,
    /// Of one subject everything is told in order.
    pub subject: Subject,
    /// The card of the vault; None of a payment, like its owner.
    pub card: Option<CardId>,
    pub owner: Option<Owner>,
    /// None when a payment's number led to no network.
    pub network: Option<Network>,
    pub at: Moment,
    /// What the card was and is, when that is what is told.
    pub change: Option<Box<CardChange>>,
    /// The token as it was committed with this. A message tells of this instant, however late it is worded.
    pub token_then: Option<Arc<TokenRecord>>,
    /// The card as it was then, if it was still there.
    pub card_then: Option<Arc<CardRecord>>,
    /// The payment as it was committed with this.
    pub payment_then: Option<Arc<PaymentThen>>,
    /// None of what time, an issuer or a tester brought about, and where the payment service does not tell it.
    pub cause: Option<Arc<Cause>>,
}

/// The merchant's call that brought something about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// The payment service's name for the call.
    pub request: Box<str>,
    pub idempotency_key: Option<Box<str>>,
}

impl Notice {
    /// Something that happened to a token, with what it has become and its card.
    pub fn of_token(
        event: Event,
        token: &TokenRecord,
        card: Option<&CardRecord>,
        at: Moment,
    ) -> Self {
        Self {
            event,
            subject: Subject::Token(token.reference),
            card: Some(token.card),
            owner: Some(token.owner),
            network: Some(token.network),
            at,
            change: None,
            token_then: Some(Arc::new(token.clone())),
            card_then: card.cloned().map(Arc::new),
            payment_then: None,
            cause: None,
        }
    }

    /// Those of these events that the payment's service tells of.
    pub fn of_payment(events: &[PaymentEvent], then: PaymentThen, at: Moment) -> Vec<Self> {
        let Some(profile) = Profile::of_service(then.counter().1) else {
            return Vec::new();
        };
        let subject = Subject::Payment(match &then {
            PaymentThen::Made(payment) => payment.id,
            PaymentThen::Refused(refused) => refused.payment.id,
            PaymentThen::Waits(draft) => PaymentId::from_bytes(*draft.id.bytes()),
            PaymentThen::Customer(customer) => PaymentId::from_bytes(*customer.id.bytes()),
            PaymentThen::Method(method) => PaymentId::from_bytes(*method.id.bytes()),
        });
        let then = Arc::new(then);
        let told = events.iter().copied();
        let told = told.filter(|event| profile.tells_of(*event, &then));
        let notice = |event| Self {
            event: Event::Payment(event),
            subject,
            card: None,
            owner: None,
            network: then.payment().and_then(|payment| payment.network),
            at,
            change: None,
            token_then: None,
            card_then: None,
            payment_then: Some(Arc::clone(&then)),
            cause: None,
        };
        told.map(notice).collect()
    }

    /// The card of the vault, as the gateway names it.
    pub fn card_name(&self) -> Option<String> {
        self.card.map(|card| format!("CRD{}", card.base58()))
    }

    /// The token, when it happened to one.
    pub const fn token(&self) -> Option<TokenReference> {
        match self.subject {
            Subject::Token(token) => Some(token),
            Subject::Card(_) | Subject::Payment(_) => None,
        }
    }
}

/// The card before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardChange {
    pub old: Face,
    pub new: Face,
}

/// What is printed on a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Face {
    #[serde(with = "written")]
    pub pan: Pan,
    pub expiry: Expiry,
}

impl Face {
    pub const fn of(card: &CardRecord) -> Self {
        Self {
            pan: card.pan,
            expiry: card.expiry,
        }
    }
}

/// What notices are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Token(TokenReference),
    Card(CardId),
    Payment(PaymentId),
}

impl Subject {
    /// A token's 22 letters, or `CRD` or `PAY` and those of a card or payment.
    pub fn text(&self) -> String {
        match self {
            Self::Token(token) => token.base58(),
            Self::Card(card) => format!("CRD{}", card.base58()),
            Self::Payment(payment) => format!("PAY{}", payment.base58()),
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let card = text.strip_prefix("CRD").and_then(CardId::from_base58);
        let payment = text.strip_prefix("PAY").and_then(PaymentId::from_base58);
        card.map(Self::Card)
            .or(payment.map(Self::Payment))
            .or_else(|| TokenReference::from_base58(text).map(Self::Token))
    }
}

/// What happened. The snake_case word is used in the journal and by the control plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "&'static str")]
pub enum Event {
    Provisioned,
    ProvisioningFailed,
    Activated,
    Suspended,
    Resumed,
    Deleted,
    ExpiryUpdated,
    PanReplaced,
    /// A payment with the token was approved.
    Used,
    /// The account updater says something about a card.
    Card(CardEvent),
    /// A payment service tells of a payment.
    Payment(PaymentEvent),
}

/// What the account updater says about a card (VGS, account updater notifications).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CardEvent {
    Enrolled,
    EnrolmentFailed,
    OptedOut,
    Updated,
    Expired,
    Closed,
    NonParticipating,
    ContactCardholder,
}

impl Event {
    pub const ALL: [Self; 49] = [
        Self::Provisioned,
        Self::ProvisioningFailed,
        Self::Activated,
        Self::Suspended,
        Self::Resumed,
        Self::Deleted,
        Self::ExpiryUpdated,
        Self::PanReplaced,
        Self::Used,
        Self::Card(CardEvent::Enrolled),
        Self::Card(CardEvent::EnrolmentFailed),
        Self::Card(CardEvent::OptedOut),
        Self::Card(CardEvent::Updated),
        Self::Card(CardEvent::Expired),
        Self::Card(CardEvent::Closed),
        Self::Card(CardEvent::NonParticipating),
        Self::Card(CardEvent::ContactCardholder),
        Self::Payment(PaymentEvent::IntentCreated),
        Self::Payment(PaymentEvent::IntentCapturable),
        Self::Payment(PaymentEvent::IntentPaid),
        Self::Payment(PaymentEvent::IntentFailed),
        Self::Payment(PaymentEvent::IntentRequiresAction),
        Self::Payment(PaymentEvent::IntentCancelled),
        Self::Payment(PaymentEvent::Approved),
        Self::Payment(PaymentEvent::Declined),
        Self::Payment(PaymentEvent::Captured),
        Self::Payment(PaymentEvent::CaptureFailed),
        Self::Payment(PaymentEvent::Voided),
        Self::Payment(PaymentEvent::VoidFailed),
        Self::Payment(PaymentEvent::RefundCreated),
        Self::Payment(PaymentEvent::Refunded),
        Self::Payment(PaymentEvent::RefundFailed),
        Self::Payment(PaymentEvent::Expired),
        Self::Payment(PaymentEvent::SetupCreated),
        Self::Payment(PaymentEvent::SetupRequiresAction),
        Self::Payment(PaymentEvent::SetupSucceeded),
        Self::Payment(PaymentEvent::SetupFailed),
        Self::Payment(PaymentEvent::SetupCancelled),
        Self::Payment(PaymentEvent::CustomerCreated),
        Self::Payment(PaymentEvent::CustomerUpdated),
        Self::Payment(PaymentEvent::CustomerDeleted),
        Self::Payment(PaymentEvent::MethodAttached),
        Self::Payment(PaymentEvent::MethodDetached),
        Self::Payment(PaymentEvent::MethodUpdated),
        Self::Payment(PaymentEvent::DisputeCreated),
        Self::Payment(PaymentEvent::DisputeWithdrawn),
        Self::Payment(PaymentEvent::DisputeUpdated),
        Self::Payment(PaymentEvent::DisputeReinstated),
        Self::Payment(PaymentEvent::DisputeClosed),
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Provisioned => "provisioned",
            Self::ProvisioningFailed => "provisioning_failed",
            Self::Activated => "activated",
            Self::Suspended => "suspended",
            Self::Resumed => "resumed",
            Self::Deleted => "deleted",
            Self::ExpiryUpdated => "expiry_updated",
            Self::PanReplaced => "pan_replaced",
            Self::Used => "used",
            Self::Card(event) => event.word(),
            Self::Payment(event) => event.word(),
        }
    }

    /// The event of this word, or of this name at a payment service that has one event of that name.
    fn find(word: &str) -> Option<Self> {
        let own = Self::ALL.into_iter().find(|event| event.word() == word);
        own.or_else(|| match Self::named(word).as_slice() {
            [event] => Some(*event),
            _ => None,
        })
    }

    /// Everything that some payment service calls so: Adyen has one name for what was approved and what was declined.
    pub fn named(name: &str) -> Vec<Self> {
        let called = |event: PaymentEvent| {
            let mut profiles = Profile::ALL.into_iter();
            profiles.any(|profile| profile.name_of(event) == Some(name))
        };
        let all = PaymentEvent::ALL.iter().copied();
        all.filter(|event| called(*event))
            .map(Self::Payment)
            .collect()
    }
}

impl CardEvent {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Enrolled => "card_enrolled",
            Self::EnrolmentFailed => "card_enrolment_failed",
            Self::OptedOut => "card_opted_out",
            Self::Updated => "card_updated",
            Self::Expired => "card_expired",
            Self::Closed => "card_closed",
            Self::NonParticipating => "card_non_participating",
            Self::ContactCardholder => "card_contact_cardholder",
        }
    }
}

impl From<Event> for &'static str {
    fn from(event: Event) -> Self {
        event.word()
    }
}

/// Every word, as serde wants to be told them so that whoever reads one can name the others.
const WORDS: [&str; Event::ALL.len()] = {
    let mut words = [""; Event::ALL.len()];
    let mut place = 0;
    while place < words.len() {
        words[place] = Event::ALL[place].word();
        place += 1;
    }
    words
};

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_enum("Event", &WORDS, Word)
    }
}

/// Takes one of the words.
struct Word;

impl<'de> Visitor<'de> for Word {
    type Value = Event;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the word of an event")
    }

    fn visit_enum<A: EnumAccess<'de>>(self, word: A) -> Result<Event, A::Error> {
        let (word, nothing_else) = word.variant::<String>()?;
        nothing_else.unit_variant()?;
        Event::find(&word).ok_or_else(|| de::Error::unknown_variant(&word, &WORDS))
    }
}
