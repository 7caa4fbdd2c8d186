//! What the token service tells hyperswitch of its own accord: that a token, or the card behind it, has a new expiry
//! (juspay hyperswitch, the route `webhooks/network_token_requestor/ref`). Delivery is not decided here.

use serde_json::{Value, json};

use super::messages::reference;
use crate::domain::card::Expiry;
use crate::domain::notice::Event;
use crate::domain::webhook::Profile;
use crate::wire::edge::webhook::{Telling, WebhookProfile};

pub(super) const PROFILE: WebhookProfile = WebhookProfile {
    profile: Profile::Hyperswitch,
    word: |telling| call_back(telling).map(Into::into),
    // It is compared with what hyperswitch is configured with, and nothing else.
    sign: |signing| vec![("authorization", signing.secret.to_owned())],
    within: None,
    signs: true,
    stamps: false,
    over: "nothing; the secret is sent as it is",
};

/// The body of the call-back. None for what hyperswitch is not told, and for a card that is no customer's of its own.
fn call_back(telling: &Telling<'_>) -> Option<Value> {
    let (card, token) = (telling.card()?, telling.token()?);
    let customer = card.more.as_ref()?.customer.as_ref()?;
    let details = |expiry: Expiry| {
        json!({
            "card_reference": reference(token),
            "customer_id": customer,
            "expiry_month": format!("{:02}", expiry.month()),
            "expiry_year": expiry.year().to_string(),
        })
    };
    match telling.notice().event {
        Event::ExpiryUpdated => Some(json!({ "token": details(token.expiry) })),
        Event::PanReplaced => Some(json!({ "card": details(card.expiry) })),
        Event::Provisioned
        | Event::ProvisioningFailed
        | Event::Activated
        | Event::Suspended
        | Event::Resumed
        | Event::Deleted
        | Event::Used
        | Event::Card(_)
        | Event::Payment(_) => None,
    }
}
