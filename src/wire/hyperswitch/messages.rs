//! What hyperswitch reads.

use serde_json::{Value, json};

use crate::domain::card::Network;
use crate::domain::lifecycle::State;
use crate::domain::moment::Moment;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::operations::Space;

/// A token that was made for a customer's card.
pub(super) struct Generated<'a> {
    pub(super) card: &'a CardRecord,
    pub(super) token: &'a TokenRecord,
    pub(super) customer: &'a str,
    /// What names the request.
    pub(super) receipt: &'a str,
    pub(super) now: Moment,
}

/// What a new token is, before it is sealed.
pub(super) fn generated(space: &Space, generated: &Generated<'_>) -> Value {
    let Generated {
        card,
        token,
        customer,
        receipt,
        now,
    } = *generated;
    let number = token
        .number
        .map(|number| number.expose())
        .unwrap_or_default();
    json!({
        "cardBrand": brand(token.network),
        "cardReference": reference(token),
        "correlationId": receipt,
        "customerId": customer,
        "par": card.payment_account_reference(&space.seed),
        "token": number,
        "tokenExpiryMonth": format!("{:02}", token.expiry.month()),
        "tokenExpiryYear": token.expiry.year().to_string(),
        "tokenIsin": number.get(..6).unwrap_or_default(),
        "tokenLastFour": last4(token),
        "tokenStatus": status(token, now),
    })
}

/// A token with a cryptogram of its own.
pub(super) fn fetched(space: &Space, card: &CardRecord, token: &TokenRecord, value: &str) -> Value {
    json!({
        "authentication_details": {
            "cryptogram": value,
            "token": token.number.map(|number| number.expose()),
        },
        "network": brand(token.network),
        "token_details": {
            "exp_month": format!("{:02}", token.expiry.month()),
            "exp_year": token.expiry.year().to_string(),
        },
        "eci": eci(token.network),
        "card_details": { "par": card.payment_account_reference(&space.seed) },
    })
}

/// Where a token stands.
pub(super) fn status_document(card: &CardRecord, token: &TokenRecord, now: Moment) -> Value {
    json!({
        "payload": {
            "tokenStatus": status(token, now),
            "tokenExpiryMonth": format!("{:02}", token.expiry.month()),
            "tokenExpiryYear": token.expiry.year().to_string(),
            "tokenLastFour": last4(token),
            "cardExpiryMonth": format!("{:02}", card.expiry.month()),
            "cardExpiryYear": card.expiry.year().to_string(),
            "cardLastFour": card.pan.last4(),
        },
    })
}

pub(super) fn reference(token: &TokenRecord) -> String {
    format!("NTK{}", token.reference.base58())
}

fn last4(token: &TokenRecord) -> Option<String> {
    token.number.map(|number| number.last4())
}

/// The names that hyperswitch's card networks have in capitals.
const fn brand(network: Network) -> &'static str {
    match network {
        Network::Visa => "VISA",
        Network::Mastercard => "MASTERCARD",
        Network::Amex => "AMERICANEXPRESS",
        Network::Discover => "DISCOVER",
    }
}

/// Card on file: what the gateway says of the same cryptogram.
const fn eci(network: Network) -> &'static str {
    match network {
        Network::Mastercard => "06",
        Network::Visa | Network::Amex | Network::Discover => "07",
    }
}

fn status(token: &TokenRecord, now: Moment) -> &'static str {
    match token.status.state {
        State::Active if token.expiry.is_past(now) => "EXPIRED",
        State::Active => "ACTIVE",
        State::Inactive | State::Failed => "INACTIVE",
        State::Suspended => "SUSPENDED",
        State::Deleted => "DELETED",
    }
}
