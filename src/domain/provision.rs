//! What a network answers when it is asked for a token.

use super::card::{Expiry, Network, Pan, TokenNumber, with_check_digit};
use super::id::TokenReference;
use super::lifecycle::{State, TokenStatus};
use super::moment::Moment;
use super::notice::{Event, Notice};
use super::rejection::Rejection;
use super::token::{CardRecord, LatestChange, TokenRecord, Usage};
use crate::seed::{Purpose, Seed};

/// Months that a Mastercard token lives from its provisioning (VGS, network token events).
const MASTERCARD_TOKEN_MONTHS: u16 = 36;

/// How the network and the issuer answer a request for a token of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProvisionAnswer {
    Approved,
    /// Provisioned, but the cardholder must be verified before the token becomes active.
    ApprovedAfterStepUp,
    Refused(Rejection),
}

/// The records as they are to be after provisioning, and what to tell.
#[derive(Debug, Clone)]
pub struct Provisioned {
    pub card: CardRecord,
    pub token: TokenRecord,
    pub notice: Notice,
}

/// The leading digits of standin's token numbers, one range for each network. Nobody is issued real cards there that
/// standin would accept, because it accepts listed test numbers only. Discover's has a fifth digit, which keeps it apart
/// from the cards below VGS's test BIN 659999.
pub const fn token_range(network: Network) -> &'static str {
    match network {
        Network::Visa => "4895",
        Network::Mastercard => "5480",
        Network::Amex => "3795",
        Network::Discover => "65990",
    }
}

/// The candidate number of a token. `attempt` counts from zero and grows only when a candidate is taken.
pub fn token_number(
    seed: &Seed,
    network: Network,
    token: &TokenReference,
    attempt: u32,
) -> Option<TokenNumber> {
    let range = token_range(network);
    let length = if network == Network::Amex { 15 } else { 16 };
    let inputs: [&[u8]; 2] = [token.bytes(), &attempt.to_be_bytes()];
    let middle = seed.digits(Purpose::TokenNumber, &inputs, length - range.len() - 1);
    TokenNumber::parse(&with_check_digit(&format!("{range}{middle}"))).ok()
}

/// The reference of the next token of a card.
pub fn token_reference(seed: &Seed, card: &CardRecord) -> TokenReference {
    let inputs: [&[u8]; 2] = [card.id.bytes(), &card.tokens_asked.to_be_bytes()];
    let bytes = seed.derive16(Purpose::TokenReference, &inputs);
    TokenReference::at(card.id.partition(), bytes)
}

/// Whether the network lets the card be tokenized at all, before the issuer is asked.
pub fn check(card: &CardRecord, now: Moment) -> Result<Network, Rejection> {
    let network = card.pan.network().ok_or(Rejection::NetworkNotSupported)?;
    if card.expiry.is_past(now) {
        return Err(Rejection::CardExpired);
    }
    Ok(network)
}

/// Puts the answer into records. `number` is free, or None when the answer is a refusal.
pub fn decide(
    mut card: CardRecord,
    reference: TokenReference,
    number: Option<TokenNumber>,
    answer: ProvisionAnswer,
    now: Moment,
) -> Provisioned {
    let network = card.pan.network().unwrap_or(Network::Visa);
    let (state, failure, event) = match answer {
        ProvisionAnswer::Approved => (State::Active, None, Event::Provisioned),
        ProvisionAnswer::ApprovedAfterStepUp => (State::Inactive, None, Event::Provisioned),
        ProvisionAnswer::Refused(reason) => {
            (State::Failed, Some(reason), Event::ProvisioningFailed)
        }
    };
    let token = TokenRecord {
        reference,
        card: card.id,
        owner: card.owner,
        network,
        number,
        expiry: token_expiry(network, card.expiry, now),
        status: TokenStatus::plain(state),
        latest: LatestChange::Provisioned,
        failure,
        created: now,
        updated: now,
        usage: Usage::default(),
    };
    card.tokens_asked += 1;
    card.token = Some(reference);
    let notice = Notice::of_token(event, &token, Some(&card), now);
    Provisioned {
        card,
        token,
        notice,
    }
}

/// Visa's tokens expire with their card, Mastercard's three years after they are provisioned; the others follow Visa.
fn token_expiry(network: Network, card: Expiry, now: Moment) -> Expiry {
    match network {
        Network::Mastercard => Expiry::of(now).plus_months(MASTERCARD_TOKEN_MONTHS),
        Network::Visa | Network::Amex | Network::Discover => card,
    }
}

/// Whether a number lies in a range of standin's tokens.
pub fn in_token_range(pan: &Pan) -> bool {
    let network = pan.network();
    network.is_some_and(|network| pan.first(4) == token_range(network))
}
