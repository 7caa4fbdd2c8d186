//! What a letter says: standin's own events, or VGS's.

use std::sync::Arc;

use http::Uri;
use serde_json::{Value, json};

use super::network;
use crate::crypto::encoding::{base58, hex};
use crate::domain::enrolment_failure::EnrolmentFailure;
use crate::domain::moment::Moment;
use crate::domain::notice::Event;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::domain::webhook::{Endpoint, Letter, LetterKey, Profile};
use crate::operations::Desk;
use crate::seed::Purpose;

/// The name of a letter, which stays the same on every try: `msg_` and 22 base58 letters.
pub(super) fn letter_id(desk: &Desk, key: &LetterKey) -> String {
    format!("msg_{}", base58(bytes(desk, key)))
}

fn bytes(desk: &Desk, key: &LetterKey) -> [u8; 16] {
    desk.seed
        .derive16(Purpose::WebhookLetter, &[key.text().as_bytes()])
}

/// A letter as it is posted: the text, and where a network decides that too, path and headers.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) body: String,
    pub(super) path_and_query: Option<String>,
    pub(super) headers: Vec<(&'static str, String)>,
}

/// A letter for the try at `at`. What it says is written from the records as they stand at the first try, and kept.
pub(super) async fn write(
    desk: &Arc<Desk>,
    endpoint: &Endpoint,
    letter: &Letter,
    id: &str,
    at: Moment,
) -> Written {
    if let Some(network) = endpoint.profile.network() {
        let base = Uri::try_from(&endpoint.url).unwrap_or_default();
        let told = network::told(desk, letter, network, base.path().trim_end_matches('/'), at);
        // The endpoint wants nothing else, so there is something to tell of whatever gets here.
        return told.await.unwrap_or_default();
    }
    let body = match &letter.body {
        Some(kept) => kept.to_string(),
        None => first(desk, endpoint, letter, id).await,
    };
    Written {
        body,
        ..Written::default()
    }
}

async fn first(desk: &Desk, endpoint: &Endpoint, letter: &Letter, id: &str) -> String {
    let token = desk.store.get::<TokenRecord>(&letter.notice.token).await;
    let card = desk.store.get::<CardRecord>(&letter.notice.card).await;
    let told = Told {
        desk,
        letter,
        token: token.map(|found| found.record),
        card: card.map(|found| found.record),
    };
    let value = match endpoint.profile {
        Profile::Standard
        | Profile::Stripe
        | Profile::Checkout
        | Profile::Adyen
        | Profile::Visa
        | Profile::Mastercard => told.own(id),
        Profile::Vgs => told.vgs(),
    };
    value.to_string()
}

/// What there is to tell. The card may be gone by now.
struct Told<'a> {
    desk: &'a Desk,
    letter: &'a Letter,
    token: Option<TokenRecord>,
    card: Option<CardRecord>,
}

impl Told<'_> {
    /// `{type, timestamp, data}`, as Standard Webhooks advises.
    fn own(&self, id: &str) -> Value {
        let notice = &self.letter.notice;
        let mut data = json!({
            "token_reference": format!("NTK{}", notice.token.base58()),
            "card_id": format!("CRD{}", notice.card.base58()),
            "state": state(notice.event),
        });
        if let Some(token) = &self.token {
            data["network"] = json!(token.network.word());
            data["expires_at"] = json!(token.expiry.year_month());
            if let Some(number) = &token.number {
                data["last4"] = json!(number.last4());
            }
            if let Some(failure) = token.failure {
                data["error_code"] = json!(EnrolmentFailure::of(failure).code());
            }
        }
        if let Some(card) = &self.card {
            data["payment_account_reference"] =
                json!(card.payment_account_reference(&self.desk.seed));
            data["card"] =
                json!({ "last4": card.pan.last4(), "expires_at": card.expiry.year_month() });
        }
        json!({
            "id": id,
            "type": format!("network_token.{}", notice.event.word()),
            "timestamp": notice.at.rfc3339_micros(),
            "data": data,
        })
    }

    /// VGS's envelope around the details of a network token event (VGS, notifications; the details of CMP's events are not
    /// published and follow those of the older API).
    fn vgs(&self) -> Value {
        let notice = &self.letter.notice;
        let id = bytes(self.desk, &self.letter.key);
        let (state, reason) = vgs_state(notice.event);
        let account = self.desk.world.accounts.get(notice.owner);
        let mut details = json!({
            "card_id": format!("CRD{}", notice.card.base58()),
            "network_token": "",
            "network_token_id": format!("NTK{}", notice.token.base58()),
            "state": state,
            "reason_code": reason,
        });
        if let Some(card) = &self.card {
            details["card_bin"] = json!(card.pan.first(6));
            details["card_last4"] = json!(card.pan.last4());
            details["card_exp_month"] = json!(format!("{:02}", card.expiry.month()));
            details["card_exp_year"] = json!(card.expiry.year().to_string());
            details["payment_account_reference"] =
                json!(card.payment_account_reference(&self.desk.seed));
        }
        if let Some(token) = &self.token {
            details["exp_month"] = json!(format!("{:02}", token.expiry.month()));
            details["exp_year"] = json!(token.expiry.year().to_string());
            details["network_token_last4"] = json!(token.number.map(|number| number.last4()));
            details["created_at"] = json!(token.created.rfc3339_micros());
            details["updated_at"] = json!(notice.at.rfc3339_micros());
        }
        json!({
            "id": uuid(&id),
            "event": "cmp_network_token.updated",
            "description": "A network token has changed",
            "summary": format!("{reason} for card CRD{}", notice.card.base58()),
            "timestamp": notice.at.rfc3339_micros(),
            "scope": "vault",
            "grouping": "every_single",
            "occurrence": 1,
            "fingerprint": hex(&crate::crypto::digest::sha256(&id)),
            "tenant": account.map_or("", |account| &account.client_id),
            "producer": { "application_name": "standin", "application_protocol": "http" },
            "details": details,
        })
    }
}

/// The state that the token came into.
const fn state(event: Event) -> &'static str {
    match event {
        Event::Provisioned
        | Event::Activated
        | Event::Resumed
        | Event::ExpiryUpdated
        | Event::PanReplaced
        | Event::Used => "active",
        Event::ProvisioningFailed => "failed",
        Event::Suspended => "suspended",
        Event::Deleted => "deleted",
    }
}

/// VGS's pairs of state and reason code (VGS, network token events).
const fn vgs_state(event: Event) -> (&'static str, &'static str) {
    match event {
        Event::Provisioned | Event::Used => ("active", "cmp_network_token.provisioned"),
        Event::ProvisioningFailed => ("failed", "cmp_network_token.provisioning_failed"),
        Event::Activated | Event::Resumed => ("activated", "cmp_network_token.activated"),
        Event::Suspended => ("suspended", "cmp_network_token.suspended"),
        Event::Deleted => ("deleted", "cmp_network_token.deleted"),
        Event::ExpiryUpdated | Event::PanReplaced => ("card_updated", "cmp_card_updated"),
    }
}

fn uuid(bytes: &[u8; 16]) -> String {
    let text = hex(bytes);
    let cut = [
        &text[..8],
        &text[8..12],
        &text[12..16],
        &text[16..20],
        &text[20..],
    ];
    cut.join("-")
}
