//! Payment intents, charges and refunds, as Stripe's API writes them.

use serde_json::{Value, json};

use super::declines::{Decline, decline};
use super::errors::StripeError;
use super::form::Form;
use super::intents::{charge_id, draft_id, intent_id, refund_id, status, waiting_status};
use super::method::brand;
use super::next_action::{next_action, not_authenticated};
use super::{kept, method, requests, version};
use crate::domain::cryptogram::Kind;
use crate::domain::moment::Moment;
use crate::domain::payment::draft::{Draft, DraftStatus};
use crate::domain::payment::moves::{Move, MoveKind};
use crate::domain::payment::record::{PaidWith, Payment};
use crate::domain::payment::request::Authentication;
use crate::operations::{SharedConfig, Space, derived_ids};
use crate::wire::edge::Request;

/// How much of an intent's objects is written out in place of their ids.
#[derive(Debug, Clone, Copy)]
pub(super) struct View {
    charge: bool,
    method: bool,
    /// The version is so old that an intent lists its charges.
    charges: bool,
}

impl View {
    /// As it stands in an event.
    pub(super) const PLAIN: Self = Self {
        charge: false,
        method: false,
        charges: false,
    };

    pub(super) fn of(request: &Request, form: &Form) -> Self {
        Self {
            charge: form.expands("latest_charge"),
            method: form.expands("payment_method"),
            charges: version::lists_charges(&request.headers),
        }
    }
}

/// A payment intent.
pub(super) fn intent(space: &Space, payment: &Payment, view: View) -> Value {
    let config = &space.config;
    let note = kept::of(payment);
    let id = name_of(payment, &note);
    let over = payment.voided || payment.expired;
    let stands = Stands {
        amount: payment.authorized.minor,
        capturable: payment.capturable_minor(),
        received: payment.captured_minor,
        cancelled: over.then(|| payment.updated.seconds()),
        reason: cancellation_reason(payment),
        created: note["created"]
            .as_i64()
            .unwrap_or(payment.created.seconds()),
        currency: currency(payment),
        error: payment.decline.map(|_| card_error(config, payment)),
        charge: if view.charge {
            charge(config, payment)
        } else {
            charge_id(&payment.id).into()
        },
        method: payment.approved().then(|| {
            if view.method {
                method::method(payment, &note)
            } else {
                method::name(payment, &note).into()
            }
        }),
        status: status(payment),
        next: Value::Null,
    };
    let mut intent = worded(space, &id, &note, stands);
    if view.charges {
        intent["charges"] = json!({
            "object": "list",
            "data": [charge(config, payment)],
            "has_more": false,
            "total_count": 1,
            "url": format!("/v1/charges?payment_intent={id}"),
        });
    }
    intent
}

/// An intent as it was before it was confirmed in the call that created it. None when it was there before.
pub(super) fn as_created(space: &Space, payment: &Payment) -> Option<Value> {
    if !kept::of(payment)["intent"].is_null() {
        return None;
    }
    let mut intent = intent(space, payment, View::PLAIN);
    intent["amount_capturable"] = 0.into();
    intent["amount_received"] = 0.into();
    intent["last_payment_error"] = Value::Null;
    intent["latest_charge"] = Value::Null;
    intent["status"] = "requires_confirmation".into();
    Some(intent)
}

/// Where an intent stands, be it paid or not.
struct Stands<'a> {
    amount: u64,
    capturable: u64,
    received: u64,
    cancelled: Option<i64>,
    reason: Option<&'a str>,
    created: i64,
    currency: String,
    error: Option<Value>,
    charge: Value,
    method: Option<Value>,
    status: &'static str,
    next: Value,
}

fn worded(space: &Space, id: &str, note: &Value, stands: Stands<'_>) -> Value {
    let mut intent = json!({
        "id": id,
        "object": "payment_intent",
        "amount": stands.amount,
        "amount_capturable": stands.capturable,
        "amount_details": { "tip": {} },
        "amount_received": stands.received,
        "application": null,
        "application_fee_amount": note["application_fee_amount"],
        "automatic_payment_methods": note["automatic_payment_methods"],
        "canceled_at": stands.cancelled,
        "cancellation_reason": stands.reason,
        "capture_method": note["capture_method"],
        "client_secret": format!("{id}_secret_{}", derived_ids::client_secret(space, id)),
        "confirmation_method": note["confirmation_method"],
        "created": stands.created,
        "currency": stands.currency,
        "customer": note["customer"],
        "description": note["description"],
        "last_payment_error": stands.error,
        "latest_charge": stands.charge,
        "livemode": false,
        "metadata": note["metadata"],
        "next_action": stands.next,
        "on_behalf_of": note["on_behalf_of"],
        "payment_method": stands.method,
        "payment_method_options": { "card": note["options"] },
        "payment_method_types": note["payment_method_types"],
        "processing": null,
        "receipt_email": note["receipt_email"],
        "review": null,
        "setup_future_usage": note["setup_future_usage"],
        "shipping": note["shipping"],
        "statement_descriptor": null,
        "statement_descriptor_suffix": note["statement_descriptor_suffix"],
        "status": stands.status,
        "transfer_data": note["transfer_data"],
        "transfer_group": note["transfer_group"],
    });
    for name in ["customer_account", "excluded_payment_method_types"] {
        if !note[name].is_null() {
            intent[name] = note[name].clone();
        }
    }
    intent
}

/// The merchant's, or Stripe's own word where nobody captured in time.
fn cancellation_reason(payment: &Payment) -> Option<&str> {
    if payment.expired {
        return Some("automatic");
    }
    let void = payment
        .moves
        .iter()
        .find(|made| made.kind == MoveKind::Void);
    void?.note.as_deref()
}

/// What an error says of a declined payment, without the intent, which may stand inside the error or around it.
pub(super) fn card_error(config: &SharedConfig, payment: &Payment) -> Value {
    if payment.authentication == Authentication::Failed {
        return not_authenticated(payment);
    }
    let response = config.responses.of(payment);
    let Decline {
        code,
        decline_code,
        message,
        advice,
    } = decline(payment.network, response);
    let mut error = json!({
        "type": "card_error",
        "code": code,
        "decline_code": decline_code,
        "message": message,
    });
    if !payment.verification {
        error["charge"] = charge_id(&payment.id).into();
    }
    if let Some(advice) = advice {
        error["advice_code"] = advice.into();
    }
    if let Some(response) = response {
        error["network_decline_code"] = response.de39.clone().into();
        if let Some(advice) = &response.merchant_advice {
            error["network_advice_code"] = advice.clone().into();
        }
    }
    if code == "incorrect_cvc" {
        error["param"] = "cvc".into();
    }
    error
}

/// The charge of a payment intent.
pub(super) fn charge(config: &SharedConfig, payment: &Payment) -> Value {
    let note = kept::of(payment);
    let response = config.responses.of(payment);
    let words = payment.decline.map(|_| decline(payment.network, response));
    let radar = note["radar_session"]
        .as_str()
        .map(|session| json!({ "session": session }));
    json!({
        "id": charge_id(&payment.id),
        "object": "charge",
        "amount": payment.authorized.minor,
        "amount_captured": payment.captured_minor,
        "amount_refunded": payment.refunded_minor,
        "application": null,
        "application_fee_amount": note["application_fee_amount"],
        "balance_transaction": null,
        "billing_details": note["method"]["billing_details"],
        "captured": payment.captured_minor > 0,
        "created": payment.created.seconds(),
        "currency": currency(payment),
        "customer": note["customer"],
        "description": note["description"],
        "disputed": false,
        "failure_code": words.map(|words| words.code),
        "failure_message": words.map(|words| words.message),
        "livemode": false,
        "metadata": note["metadata"],
        "on_behalf_of": note["on_behalf_of"],
        "outcome": {
            "advice_code": words.and_then(|words| words.advice),
            "network_advice_code": response.and_then(|response| response.merchant_advice.clone()),
            "network_decline_code": words.and(response.map(|response| response.de39.clone())),
            "network_status": if words.is_some() { "declined_by_network" } else { "approved_by_network" },
            "reason": words.map(|words| words.decline_code),
            "risk_level": "normal",
            "seller_message": words.map_or("Payment complete.", |_| "The bank declined the payment."),
            "type": if words.is_some() { "issuer_declined" } else { "authorized" },
        },
        "paid": payment.approved(),
        "payment_intent": name_of(payment, &note),
        "payment_method": method::name(payment, &note),
        "payment_method_details": { "type": "card", "card": card(payment, &note, words.as_ref()) },
        "radar_options": radar,
        "receipt_email": note["receipt_email"],
        "refunded": payment.refunded_minor > 0 && payment.refunded_minor == payment.captured_minor,
        "shipping": note["shipping"],
        "statement_descriptor_suffix": note["statement_descriptor_suffix"],
        "status": if payment.approved() { "succeeded" } else { "failed" },
        "transfer_data": note["transfer_data"],
        "transfer_group": note["transfer_group"],
    })
}

fn card(payment: &Payment, note: &Value, declined: Option<&Decline>) -> Value {
    let brand = brand(payment.network);
    // Several captures are possible at any time, of less than was authorized and never of more.
    let asked = note["options"]["request_multicapture"] == "if_available";
    let multicapture = if asked { "available" } else { "unavailable" };
    let code_check = match declined {
        Some(words) => (words.code == "incorrect_cvc").then_some("fail"),
        None => (payment.cryptogram == Some(Kind::Short)).then_some("pass"),
    };
    let held = payment.capturable_minor() > 0;
    let hold_ends = payment.hold_ends.filter(|_| held).map(Moment::seconds);
    let used = matches!(payment.paid_with, PaidWith::Token(..));
    let nti = payment
        .nti
        .as_ref()
        .filter(|_| payment.approved())
        .map(|nti| nti.text());
    let tlid = payment
        .tlid
        .as_ref()
        .filter(|_| payment.approved())
        .map(|tlid| tlid.text());
    let mut card = json!({
        "amount_authorized": payment.approved().then_some(payment.authorized.minor),
        "brand": brand,
        "checks": { "address_line1_check": null, "address_postal_code_check": null, "cvc_check": code_check },
        "country": "US",
        "exp_month": payment.expiry.month(),
        "exp_year": payment.expiry.year(),
        "extended_authorization": { "status": "disabled" },
        "funding": "credit",
        "incremental_authorization": { "status": "unavailable" },
        "last4": payment.paid_with.last4(),
        "multicapture": { "status": multicapture },
        "network": brand,
        "network_token": { "used": used },
        "network_transaction_id": nti,
        "overcapture": {
            "maximum_amount_capturable": payment.authorized.minor,
            "status": "unavailable",
        },
        "transaction_link_id": tlid,
        "three_d_secure": null,
        "wallet": null,
    });
    if let Some(end) = hold_ends {
        card["capture_before"] = end.into();
    }
    card
}

/// A refund, which is one of the payment's moves.
pub(super) fn refund(payment: &Payment, place: usize) -> Option<Value> {
    let made: &Move = payment
        .moves
        .get(place)
        .filter(|made| made.kind == MoveKind::Refund)?;
    let own = made.note.as_deref().unwrap_or("{}");
    let own: Value = serde_json::from_str(own).unwrap_or_default();
    Some(json!({
        "id": refund_id(&payment.id, place),
        "object": "refund",
        "amount": made.minor,
        "balance_transaction": null,
        "charge": charge_id(&payment.id),
        "created": made.at.seconds(),
        "currency": currency(payment),
        "metadata": own["metadata"].as_object().cloned().unwrap_or_default(),
        "payment_intent": name_of(payment, &kept::of(payment)),
        "reason": own["reason"],
        "receipt_number": null,
        "source_transfer_reversal": null,
        "status": "succeeded",
        "transfer_reversal": null,
    }))
}

/// An intent that has come to no payment.
pub(super) fn waiting(space: &Space, draft: &Draft) -> Result<Value, StripeError> {
    let form = Form::of(&draft.asked);
    let amount = requests::unconfirmed(&form)?;
    let note = kept::noted(&form)?;
    let has_method = form.has_method();
    let cancelled = draft.status == DraftStatus::Cancelled;
    let stands = Stands {
        amount: amount.minor,
        capturable: 0,
        received: 0,
        cancelled: cancelled.then(|| draft.updated.seconds()),
        reason: form.text("cancellation_reason"),
        created: draft.created.seconds(),
        currency: amount.currency.code().to_ascii_lowercase(),
        error: None,
        charge: Value::Null,
        method: has_method.then(|| asked_method(draft, &form).into()),
        status: waiting_status(draft, has_method),
        next: next_action(draft, &form),
    };
    Ok(worded(space, &draft_id(draft), &note, stands))
}

/// What an intent is to be paid with: as it is on file, or after the intent.
pub(super) fn asked_method(draft: &Draft, form: &Form) -> String {
    let on_file = form.text("payment_method").map(str::to_owned);
    on_file.unwrap_or_else(|| format!("pm_{}", draft.id.base58()))
}

/// What the intent of a payment is called: after the payment, or as it was before it was confirmed.
fn name_of(payment: &Payment, note: &Value) -> String {
    let kept = note["intent"].as_str().map(str::to_owned);
    kept.unwrap_or_else(|| intent_id(&payment.id))
}

fn currency(payment: &Payment) -> String {
    payment.authorized.currency.code().to_ascii_lowercase()
}
