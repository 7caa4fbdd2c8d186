//! Network tokens as Checkout.com writes them.

use serde_json::{Value, json};

use super::ids::token_id;
use super::messages::Base;
use crate::domain::card::Network;
use crate::domain::lifecycle::State;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::operations::Space;

/// A token with its card.
pub(super) fn token(space: &Space, base: &Base, card: &CardRecord, token: &TokenRecord) -> Value {
    let id = token_id(&token.reference);
    let at = |rest: &str| json!({ "href": format!("{}/network-tokens/{id}{rest}", base.0) });
    let account = space.config.accounts.get(token.owner);
    let mut body = json!({
        "card": {
            "last4": card.pan.last4(),
            "expiry_month": card.expiry.month(),
            "expiry_year": card.expiry.year(),
        },
        "network_token": {
            "id": id,
            "state": state(token.status.state),
            "number": token.number.map(|number| number.expose()),
            "expiry_month": token.expiry.month(),
            "expiry_year": token.expiry.year(),
            "type": kind(token.network),
            "payment_account_reference": card.payment_account_reference(&space.seed),
            "created_on": token.created.rfc3339(),
            "modified_on": token.updated.rfc3339(),
        },
        "token_requestor_id": account.map(|account| account.token_requestor_id.clone()),
        "token_scheme_id": token.reference.hex(),
        "_links": { "self": at("") },
    });
    if token.status.state == State::Active {
        body["_links"]["cryptogram"] = at("/cryptograms");
    }
    body
}

/// A cryptogram with its token's particulars.
pub(super) fn cryptogram(token: &TokenRecord, value: &str) -> Value {
    json!({
        "cryptogram": value,
        "eci": match token.network {
            Network::Mastercard => "02",
            Network::Visa | Network::Amex | Network::Discover => "05",
        },
        "network_token": {
            "id": token_id(&token.reference),
            "state": state(token.status.state),
        },
    })
}

/// The word for a state. Only the type of the member is published; the words are those of the networks.
pub(super) const fn state(state: State) -> &'static str {
    match state {
        State::Inactive => "inactive",
        State::Active => "active",
        State::Suspended => "suspended",
        State::Deleted => "deleted",
        State::Failed => "declined",
    }
}

/// The token service. Checkout.com names two; the others have their network's word.
const fn kind(network: Network) -> &'static str {
    match network {
        Network::Visa => "vts",
        Network::Mastercard => "mdes",
        Network::Amex => "amex",
        Network::Discover => "discover",
    }
}
