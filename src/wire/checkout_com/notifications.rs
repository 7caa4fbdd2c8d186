//! What Checkout.com tells of a network token: `network_token_update`, whatever has changed (Checkout.com, network token
//! webhooks). The members are published; the words of the state are those of the token's own answers. Delivery is not
//! decided here.

use serde_json::{Value, json};

use super::ids::token_id;
use super::token_messages::state;
use crate::crypto::base32::base32;
use crate::domain::lifecycle::State;
use crate::domain::notice::{Event, Notice};
use crate::domain::token::{CardRecord, TokenRecord};
use crate::operations::Space;

/// The event of that name, whose id is made of `id`. None for what Checkout.com has no event for.
pub fn network_token_update(
    space: &Space,
    notice: &Notice,
    id: &[u8; 16],
    card: &CardRecord,
    token: &TokenRecord,
) -> Option<Value> {
    let then = match notice.event {
        Event::Activated | Event::Resumed => State::Active,
        Event::Suspended => State::Suspended,
        Event::Deleted => State::Deleted,
        Event::ExpiryUpdated | Event::PanReplaced => token.status.state,
        Event::Provisioned | Event::ProvisioningFailed | Event::Used | Event::Card(_) => {
            return None;
        }
    };
    Some(json!({
        "id": format!("evt_{}", base32(id)),
        "type": "network_token_update",
        "version": "1.0.0",
        "created_on": notice.at.rfc3339(),
        "data": {
            "scheme": notice.network.word(),
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
