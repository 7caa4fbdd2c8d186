//! What Adyen tells of a stored token: `recurring.token.created`, `.updated` and `.disabled` (Adyen, tokenization webhooks).
//! The names are published; of the envelope only what every event of that family has is imitated, and the id of the stored
//! payment method is the token's own reference. What it tells of payments is in `items`. Delivery is not decided here.

use serde_json::{Value, json};

use super::{items, messages};
use crate::crypto::base32::base32;
use crate::crypto::webhook::{Scheme, is_notification};
use crate::domain::notice::Event;
use crate::domain::webhook::Profile;
use crate::wire::edge::own_events;
use crate::wire::edge::webhook::{Telling, WebhookProfile};

pub(super) const PROFILE: WebhookProfile = WebhookProfile {
    profile: Profile::Adyen,
    word: |telling| {
        if let (Event::Payment(event), Some(then)) = (telling.notice().event, telling.payment()) {
            return items::notification(telling, event, then).map(Into::into);
        }
        let own = || own_events::event(telling);
        Some(recurring_token(telling).unwrap_or_else(own).into())
    },
    sign: |signing| {
        // What is told of payments is signed inside.
        if is_notification(signing.body) {
            return Vec::new();
        }
        signing.by(Scheme::AdyenPayload)
    },
    within: Some(items::signed),
    signs: true,
    stamps: false,
    over: "BODY or the values of the item, HMAC-SHA256 in base64",
};

/// The event, whose id is made of `id`. None for what Adyen has no event for.
fn recurring_token(telling: &Telling<'_>) -> Option<Value> {
    let (notice, space) = (telling.notice(), telling.space);
    let operation = match notice.event {
        Event::Provisioned => "created",
        Event::Activated
        | Event::Suspended
        | Event::Resumed
        | Event::ExpiryUpdated
        | Event::PanReplaced => "updated",
        Event::Deleted => "disabled",
        Event::ProvisioningFailed | Event::Used | Event::Card(_) | Event::Payment(_) => {
            return None;
        }
    };
    let token = notice.token()?;
    let account = telling.account();
    let merchant = account.and_then(|account| space.config.merchants.named(&account.merchant));
    let brand = messages::brand(notice.network);
    let mut event = base32(&telling.name()).to_ascii_uppercase();
    event.truncate(16);
    Some(json!({
        "type": format!("recurring.token.{operation}"),
        "environment": "test",
        "eventId": event,
        "createdAt": notice.at.rfc3339(),
        "data": {
            "merchantAccount": merchant.map(|merchant| &merchant.adyen_account),
            "operation": operation,
            "shopperReference": notice.card_name(),
            "storedPaymentMethodId": format!("NTK{}", token.base58()),
            "type": brand,
        },
    }))
}
