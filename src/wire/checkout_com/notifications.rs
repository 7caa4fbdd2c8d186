//! What Checkout.com tells of a network token: `network_token_update`, whatever has changed (Checkout.com, network token
//! webhooks). What it tells of payments is in `payment_events`. The members are published; the words of the state are those of the token's own answers. Delivery is not
//! decided here.

use serde_json::{Value, json};

use super::ids::token_id;
use super::payment_events as payments;
use super::token_messages::state;
use crate::crypto::base32::base32;
use crate::crypto::webhook::Scheme;
use crate::domain::lifecycle::State;
use crate::domain::notice::Event;
use crate::domain::webhook::Profile;
use crate::wire::edge::own_events::event;
use crate::wire::edge::webhook::{Telling, WebhookProfile};

pub(super) const PROFILE: WebhookProfile = WebhookProfile {
    profile: Profile::Checkout,
    word: |telling| {
        if let (Event::Payment(event), Some(then)) = (telling.notice().event, telling.payment()) {
            return payments::event(telling, event, then).map(Into::into);
        }
        let own = || event(telling);
        Some(network_token_update(telling).unwrap_or_else(own).into())
    },
    sign: |signing| signing.by(Scheme::Checkout),
    within: None,
    signs: true,
    stamps: false,
    over: "BODY, HMAC-SHA256 in hexadecimal digits",
};

/// The event of that name, whose id is made of `id`. None for what Checkout.com has no event for.
fn network_token_update(telling: &Telling<'_>) -> Option<Value> {
    let (notice, space) = (telling.notice(), telling.space);
    let (card, token) = (telling.card()?, telling.token()?);
    let then = match notice.event {
        Event::Activated | Event::Resumed => State::Active,
        Event::Suspended => State::Suspended,
        Event::Deleted => State::Deleted,
        Event::ExpiryUpdated | Event::PanReplaced => token.status.state,
        Event::Provisioned
        | Event::ProvisioningFailed
        | Event::Used
        | Event::Card(_)
        | Event::Payment(_) => return None,
    };
    Some(json!({
        "id": format!("evt_{}", base32(&telling.name())),
        "type": "network_token_update",
        "version": "1.0.0",
        "created_on": notice.at.rfc3339(),
        "data": {
            "scheme": notice.network,
            "card": {
                "last_four": card.pan.last4(),
                "expiry_month": card.expiry.month(),
                "expiry_year": card.expiry.year(),
            },
            "network_token": {
                "id": token_id(&token.reference),
                "state": state(then),
                "expiry_month": token.expiry.month(),
                "expiry_year": token.expiry.year(),
                "payment_account_reference": card.payment_account_reference(&space.seed),
            },
        },
    }))
}
