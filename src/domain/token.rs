//! The records of cards and network tokens, and what is read off them.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::card::{Expiry, Network, Pan, TokenNumber};
use super::cryptogram::COUNTER_MAX;
use super::id::{CardId, Owner, TokenReference};
use super::lifecycle::{State, TokenStatus};
use super::moment::Moment;
use super::money::Amount;
use super::rejection::Rejection;
use super::replay::Spent;
use super::subscription::Subscription;
use super::written;
use crate::crypto::encoding::base58;
use crate::limits::LIVE_SHORT_CRYPTOGRAMS_MAX;
use crate::seed::{Purpose, Seed};

/// A vaulted card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardRecord {
    pub id: CardId,
    pub owner: Owner,
    #[serde(with = "written")]
    pub pan: Pan,
    pub expiry: Expiry,
    pub has_cvc: bool,
    pub created: Moment,
    pub updated: Moment,
    /// The token that the card has now or had last.
    pub token: Option<TokenReference>,
    /// How many tokens have been asked for, refused ones included. The next reference is derived from it.
    pub tokens_asked: u32,
    /// What only some cards have; boxed so that a million plain cards stay small.
    pub more: Option<Box<CardDetails>>,
}

/// What only some cards have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardDetails {
    /// The alias under which the card was enrolled, where a surface knows it by that.
    pub alias: Option<String>,
    /// Cardholder object as given, JSON text.
    pub cardholder: Option<String>,
    /// The user's own name-value pairs as given, JSON text. They never change.
    pub metadata: Option<String>,
    /// The number before the issuer replaced it. The PAR stays that of the first one.
    #[serde(with = "written", default)]
    pub first_pan: Option<Pan>,
    /// Whose card it is, where an orchestrator says so.
    pub customer: Option<String>,
    /// To the account updater.
    pub subscription: Option<Subscription>,
    /// The issuer has closed the account.
    pub closed: bool,
}

impl CardRecord {
    /// The payment account reference: 29 characters, of which the first four name the BIN controller. It follows the
    /// account, so it is the same for every token of a card and survives a new number.
    pub fn payment_account_reference(&self, seed: &Seed) -> String {
        let first = self
            .more
            .as_ref()
            .and_then(|more| more.first_pan)
            .unwrap_or(self.pan);
        payment_account_reference(seed, &first)
    }

    /// Forty-four base58 letters that stay the same for a number within an account.
    pub fn fingerprint(&self, seed: &Seed, account: &str) -> String {
        let number = self.pan.expose();
        let inputs: [&[u8]; 2] = [account.as_bytes(), number.as_bytes()];
        let (head, tail) = seed.derive_pair(Purpose::CardFingerprint, &inputs);
        base58(head.to_be_bytes()) + &base58(tail.to_be_bytes())
    }

    /// To the account updater, whether or not it took the card.
    pub fn subscription(&self) -> Option<&Subscription> {
        self.more.as_ref()?.subscription.as_ref()
    }

    /// Whether the account updater watches the card.
    pub fn is_enrolled(&self) -> bool {
        self.subscription().is_some_and(|found| found.enrolled)
    }

    /// Whether the issuer has closed the account.
    pub fn is_closed(&self) -> bool {
        self.more.as_ref().is_some_and(|more| more.closed)
    }

    pub fn details_mut(&mut self) -> &mut CardDetails {
        self.more.get_or_insert_default()
    }
}

/// See [`CardRecord::payment_account_reference`]. Visa's begin with V001 and Mastercard's with 5001 (public samples); the
/// controllers of the others are our own choice.
pub fn payment_account_reference(seed: &Seed, pan: &Pan) -> String {
    let controller = match pan.network() {
        Some(Network::Visa) | None => "V001",
        Some(Network::Mastercard) => "5001",
        Some(Network::Amex) => "A001",
        Some(Network::Discover) => "D001",
    };
    let (head, tail) = seed.derive_pair(Purpose::Par, &[pan.expose().as_bytes()]);
    let (head, tail) = (head % 10_u128.pow(12), tail % 10_u128.pow(13));
    format!("{controller}{head:012}{tail:013}")
}

/// A network token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRecord {
    pub reference: TokenReference,
    pub card: CardId,
    pub owner: Owner,
    pub network: Network,
    /// None when provisioning failed.
    #[serde(with = "written", default)]
    pub number: Option<TokenNumber>,
    pub expiry: Expiry,
    pub status: TokenStatus,
    pub latest: LatestChange,
    /// Why provisioning failed.
    pub failure: Option<Rejection>,
    pub created: Moment,
    pub updated: Moment,
    pub usage: Usage,
}

/// What happened to a token last. Some surfaces word the state by it: a token that came back from suspension reads
/// `activated` there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LatestChange {
    Provisioned,
    Activated,
    Suspended,
    Resumed,
    Deleted,
    ExpiryUpdated,
    PanReplaced,
}

/// The counter of a token's cryptograms and which of them can still be used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// The counter that the next cryptogram gets. It starts at zero and is shared by long and short ones.
    pub next: u32,
    pub spent: Spent,
    /// Unexpired short cryptograms, oldest first. Those whose counter is spent stay while there is room, so that a replay
    /// is told from a guess.
    pub short: Vec<LiveShort>,
}

/// A short cryptogram that has not expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveShort {
    pub counter: u32,
    pub issued: Moment,
    pub limit: Option<Amount>,
}

impl TokenRecord {
    /// Why the token cannot be used at `now`, if it cannot.
    pub fn usable(&self, now: Moment) -> Result<(), Rejection> {
        match self.status.state {
            State::Active if self.expiry.is_past(now) => Err(Rejection::TokenExpired),
            State::Active => Ok(()),
            State::Inactive => Err(Rejection::TokenInactive),
            State::Suspended => Err(Rejection::TokenSuspended),
            State::Deleted => Err(Rejection::TokenDeleted),
            State::Failed => Err(Rejection::TokenMissing),
        }
    }

    /// A token that is neither deleted nor failed.
    pub fn is_live(&self) -> bool {
        matches!(
            self.status.state,
            State::Inactive | State::Active | State::Suspended
        )
    }
}

impl Usage {
    /// Takes the next counter for a cryptogram issued at `now`.
    pub fn take(&mut self, now: Moment, lifetime: Duration) -> Result<u32, Rejection> {
        let counter = self.next;
        if counter > COUNTER_MAX {
            return Err(Rejection::CryptogramsExhausted);
        }
        self.next += 1;
        self.spent.observe(self.next, now, lifetime);
        Ok(counter)
    }

    /// Lists a short cryptogram and forgets those that have expired, and where room is short the oldest spent one.
    pub fn list_short(&mut self, short: LiveShort, lifetime: Duration) -> Result<(), Rejection> {
        self.short
            .retain(|live| short.issued.since(live.issued) <= lifetime);
        if self.short.len() >= LIVE_SHORT_CRYPTOGRAMS_MAX {
            let spent = self
                .short
                .iter()
                .position(|listed| self.spent.contains(listed.counter))
                .ok_or(Rejection::ShortCryptogramsOutstanding)?;
            self.short.remove(spent);
        }
        self.short.push(short);
        Ok(())
    }
}
