//! VGS's envelope, around the details of a network token event or of an account updater event (VGS, notifications; an
//! integrator's receiver of the latter). The details of CMP's network token events are not published and follow those of the
//! older API. Nobody publishes whether an account updater event carries whole numbers; here it does not, and who may read the
//! new one reads the card.

use serde_json::{Value, json};

use crate::crypto::digest::sha256;
use crate::crypto::encoding::hex;
use crate::crypto::webhook::Scheme;
use crate::domain::card::{Expiry, Pan};
use crate::domain::notice::{CardEvent, Event};
use crate::domain::webhook::Profile;
use crate::wire::edge::webhook::{Telling, WebhookProfile};

pub(super) const PROFILE: WebhookProfile = WebhookProfile {
    profile: Profile::Vgs,
    word: |telling| event(telling).map(Into::into),
    sign: |signing| signing.by(Scheme::Vgs),
    within: None,
    signs: true,
    stamps: true,
    over: "{time}.BODY, HMAC-SHA256 in hexadecimal digits",
};

/// None of a payment, which is nothing of the gateway's.
fn event(telling: &Telling<'_>) -> Option<Value> {
    let notice = telling.notice();
    let card_id = notice.card_name()?;
    Some(match notice.event {
        Event::Card(event) => {
            let (name, text) = updater(event);
            let event = format!("cmp_au_card.{name}");
            let about = format!("{text}: {card_id}");
            enveloped(telling, &event, text, &about, card(telling, name, text))
        }
        Event::Provisioned
        | Event::ProvisioningFailed
        | Event::Activated
        | Event::Suspended
        | Event::Resumed
        | Event::Deleted
        | Event::ExpiryUpdated
        | Event::PanReplaced
        | Event::Used => {
            let (_, reason) = state(notice.event);
            let about = format!("{reason} for card {card_id}");
            let what = "A network token has changed";
            enveloped(
                telling,
                "cmp_network_token.updated",
                what,
                &about,
                token(telling),
            )
        }
        Event::Payment(_) => return None,
    })
}

fn enveloped(
    telling: &Telling<'_>,
    event: &str,
    description: &str,
    summary: &str,
    details: Value,
) -> Value {
    let notice = telling.notice();
    let id = telling.name();
    let account = telling.account();
    json!({
        "id": uuid::Uuid::from_bytes(id).to_string(),
        "event": event,
        "description": description,
        "summary": summary,
        "timestamp": notice.at.rfc3339_micros(),
        "scope": "vault",
        "grouping": "every_single",
        "occurrence": 1,
        "fingerprint": hex(&sha256(&id)),
        "tenant": account.map_or("", |account| &account.client_id),
        "producer": { "application_name": "standin", "application_protocol": "http" },
        "details": details,
    })
}

fn token(telling: &Telling<'_>) -> Value {
    let notice = telling.notice();
    let (state, reason) = state(notice.event);
    let mut details = json!({
        "card_id": notice.card_name(),
        "network_token": "",
        "network_token_id": notice.token().map(|token| format!("NTK{}", token.base58())),
        "state": state,
        "reason_code": reason,
    });
    if let Some(card) = telling.card() {
        details["card_bin"] = json!(card.pan.first(6));
        details["card_last4"] = json!(card.pan.last4());
        details["card_exp_month"] = json!(format!("{:02}", card.expiry.month()));
        details["card_exp_year"] = json!(card.expiry.year().to_string());
        details["payment_account_reference"] =
            json!(card.payment_account_reference(&telling.space.seed));
    }
    if let Some(token) = telling.token() {
        details["exp_month"] = json!(format!("{:02}", token.expiry.month()));
        details["exp_year"] = json!(token.expiry.year().to_string());
        details["network_token_last4"] = json!(token.number.map(|number| number.last4()));
        details["created_at"] = json!(token.created.rfc3339_micros());
        details["updated_at"] = json!(notice.at.rfc3339_micros());
    }
    details
}

/// The members of an integrator's receiver. The values of reason code and text are standin's own.
fn card(telling: &Telling<'_>, reason: &str, text: &str) -> Value {
    let notice = telling.notice();
    let account = telling.account();
    let mut details = json!({
        "card_id": notice.card_name(),
        "reason_code": reason,
        "reason_text": text,
        "occurred_at": notice.at.rfc3339_micros(),
    });
    let Some(change) = &notice.change else {
        return details;
    };
    let (old, new) = (change.old, change.new);
    details["card_bin"] = json!(new.pan.first(6));
    details["card_first8"] = json!(new.pan.first(8));
    details["card_last4"] = json!(new.pan.last4());
    if let Some(card) = telling.card() {
        let fingerprint =
            card.fingerprint(&telling.space.seed, account.map_or("", |a| &a.client_id));
        details["card_fingerprint"] = json!(fingerprint);
    }
    details["fingerprint_matches"] = json!((old.pan == new.pan).to_string());
    if old != new {
        details["old_account_number"] = json!(masked(&old.pan));
        details["new_account_number"] = json!(masked(&new.pan));
        details["old_expiration_date"] = json!(month_year(old.expiry));
        details["new_expiration_date"] = json!(month_year(new.expiry));
    }
    details
}

fn masked(pan: &Pan) -> String {
    format!("{}******{}", pan.first(6), pan.last4())
}

/// `MMYY`
fn month_year(expiry: Expiry) -> String {
    format!("{:02}{:02}", expiry.month(), expiry.year_two_digits())
}

/// VGS's pairs of state and reason code (VGS, network token events).
const fn state(event: Event) -> (&'static str, &'static str) {
    match event {
        Event::Provisioned | Event::Used | Event::Card(_) | Event::Payment(_) => {
            ("active", "cmp_network_token.provisioned")
        }
        Event::ProvisioningFailed => ("failed", "cmp_network_token.provisioning_failed"),
        Event::Activated | Event::Resumed => ("activated", "cmp_network_token.activated"),
        Event::Suspended => ("suspended", "cmp_network_token.suspended"),
        Event::Deleted => ("deleted", "cmp_network_token.deleted"),
        Event::ExpiryUpdated | Event::PanReplaced => ("card_updated", "cmp_card_updated"),
    }
}

/// The name behind `cmp_au_card.` (VGS, notifications), and what it means.
const fn updater(event: CardEvent) -> (&'static str, &'static str) {
    match event {
        CardEvent::Enrolled => ("enrolled", "The card has been enrolled"),
        CardEvent::EnrolmentFailed => ("enrollment_failed", "The card could not be enrolled"),
        CardEvent::OptedOut => ("opt_out", "The card is not enrolled any more"),
        CardEvent::Updated => ("updated", "The card has new card data"),
        CardEvent::Expired => ("expired", "The card has expired"),
        CardEvent::Closed => ("closed", "The account has been closed"),
        CardEvent::NonParticipating => ("non_participating", "The issuer does not take part"),
        CardEvent::ContactCardholder => (
            "contact_cardholder_advice",
            "The cardholder should be asked for new card data",
        ),
    }
}
