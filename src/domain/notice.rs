//! What happened, before a surface words it for a webhook. A notice is committed with the change that it tells of.

use std::fmt;
use std::sync::Arc;

use serde::de::{self, Deserializer, EnumAccess, VariantAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::card::Network;
use super::id::{CardId, Owner, TokenReference};
use super::moment::Moment;
use super::token::{CardRecord, TokenRecord};
use super::updater::CardChange;

/// Something happened to a token, or to a card that somebody has the account updater watch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub event: Event,
    /// None when it happened to the card.
    pub token: Option<TokenReference>,
    pub card: CardId,
    pub owner: Owner,
    pub network: Network,
    pub at: Moment,
    /// What the card was and is, when that is what is told.
    pub change: Option<Box<CardChange>>,
    /// The token as it was committed with this. A message tells of this instant, however late it is worded.
    pub token_then: Option<Arc<TokenRecord>>,
    /// The card as it was then, if it was still there.
    pub card_then: Option<Arc<CardRecord>>,
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
            token: Some(token.reference),
            card: token.card,
            owner: token.owner,
            network: token.network,
            at,
            change: None,
            token_then: Some(Arc::new(token.clone())),
            card_then: card.cloned().map(Arc::new),
        }
    }

    /// What it is about: of one subject everything is told in order.
    pub const fn subject(&self) -> Subject {
        match self.token {
            Some(token) => Subject::Token(token),
            None => Subject::Card(self.card),
        }
    }
}

/// What notices are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Token(TokenReference),
    Card(CardId),
}

impl Subject {
    /// A token's 22 letters, or `CRD` and those of a card.
    pub fn text(&self) -> String {
        match self {
            Self::Token(token) => token.base58(),
            Self::Card(card) => format!("CRD{}", card.base58()),
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let card = text.strip_prefix("CRD").and_then(CardId::from_base58);
        card.map(Self::Card)
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
    pub const ALL: [Self; 17] = [
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
        }
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
        let found = Event::ALL.into_iter().find(|event| event.word() == word);
        found.ok_or_else(|| de::Error::unknown_variant(&word, &WORDS))
    }
}
