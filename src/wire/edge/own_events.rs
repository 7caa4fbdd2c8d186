//! standin's own events, for receivers that have no words for what happened: `{type, timestamp, data}`, as Standard Webhooks
//! advises.

use serde_json::{Value, json};

use super::webhook::Telling;
use crate::domain::enrolment_failure::EnrolmentFailure;
use crate::domain::lifecycle::State;
use crate::domain::notice::{CardEvent, Event, Face};
use crate::domain::payment::reason::DeclineReason;
use crate::domain::payment::told::PaymentThen;

/// The event that a message tells.
pub(in crate::wire) fn event(telling: &Telling<'_>) -> Value {
    let notice = telling.notice();
    let (kind, data) = match notice.event {
        Event::Card(event) => (format!("card.{}", card_event(event)), card(telling)),
        Event::Payment(event) => (
            event.word().replacen('_', ".", 1),
            telling.payment().map(payment).unwrap_or_default(),
        ),
        Event::Provisioned
        | Event::ProvisioningFailed
        | Event::Activated
        | Event::Suspended
        | Event::Resumed
        | Event::Deleted
        | Event::ExpiryUpdated
        | Event::PanReplaced
        | Event::Used => (
            format!("network_token.{}", notice.event.word()),
            token(telling),
        ),
    };
    json!({
        "id": telling.id,
        "type": kind,
        "timestamp": notice.at.rfc3339_micros(),
        "data": data,
    })
}

fn token(telling: &Telling<'_>) -> Value {
    let notice = telling.notice();
    let mut data = json!({
        "token_reference": notice.token().map(|token| format!("NTK{}", token.base58())),
        "card_id": notice.card_name(),
        "state": null,
    });
    if let Some(token) = telling.token() {
        data["state"] = json!(state(token.status.state));
        data["network"] = json!(token.network.word());
        data["expires_at"] = json!(token.expiry.year_month());
        if let Some(number) = &token.number {
            data["last4"] = json!(number.last4());
        }
        if let Some(failure) = token.failure {
            data["error_code"] = json!(EnrolmentFailure::of(failure).code());
        }
    }
    if let Some(card) = telling.card() {
        data["payment_account_reference"] =
            json!(card.payment_account_reference(&telling.space.seed));
        data["card"] = json!({ "last4": card.pan.last4(), "expires_at": card.expiry.year_month() });
    }
    data
}

/// A card, and where it has changed what it was before.
fn card(telling: &Telling<'_>) -> Value {
    let notice = telling.notice();
    let mut data = json!({
        "card_id": notice.card_name(),
        "network": notice.network,
    });
    let face =
        |face: &Face| json!({ "last4": face.pan.last4(), "expires_at": face.expiry.year_month() });
    if let Some(change) = &notice.change {
        data["card"] = face(&change.new);
        if change.old != change.new {
            data["previous"] = face(&change.old);
        }
    }
    data
}

/// A payment by its id and amounts; whoever wants more of it asks for it.
fn payment(then: &PaymentThen) -> Value {
    let Some(payment) = then.payment() else {
        return Value::Null;
    };
    json!({
        "payment": format!("PAY{}", payment.id.base58()),
        "merchant": payment.merchant,
        "state": payment.state().word(),
        "reason": payment.decline.map(DeclineReason::word),
        "network": payment.network,
        "amount": payment.authorized.minor,
        "captured": payment.captured_minor,
        "refunded": payment.refunded_minor,
        "currency": payment.authorized.currency.code(),
    })
}

fn card_event(event: CardEvent) -> &'static str {
    let word = event.word();
    word.strip_prefix("card_").unwrap_or(word)
}

/// The state that the token came into.
const fn state(state: State) -> &'static str {
    match state {
        State::Inactive => "inactive",
        State::Active => "active",
        State::Suspended => "suspended",
        State::Deleted => "deleted",
        State::Failed => "failed",
    }
}
