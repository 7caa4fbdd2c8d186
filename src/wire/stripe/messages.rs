//! Payment intents, charges and refunds, as Stripe's API writes them.

use serde_json::{Value, json};

use super::declines::{Decline, decline};
use super::errors::StripeError;
use super::form::Form;
use super::intents::{
    charge_id, draft_id, intent_id, method_id, refund_id, status, waiting_status,
};
use super::requests;
use crate::domain::card::Network;
use crate::domain::cryptogram::Kind;
use crate::domain::moment::Moment;
use crate::domain::payment::draft::{Draft, DraftStatus};
use crate::domain::payment::moves::{Move, MoveKind};
use crate::domain::payment::record::{PaidWith, Payment};
use crate::operations::SharedConfig;

/// A payment intent. The charge is its id unless it is to be written out.
pub(super) fn intent(config: &SharedConfig, payment: &Payment, whole_charge: bool) -> Value {
    let note = note(payment);
    let charge = if whole_charge {
        charge(config, payment)
    } else {
        charge_id(&payment.id).into()
    };
    let over = payment.voided || payment.lapsed;
    let cancelled = over.then(|| payment.updated.seconds());
    let error = payment.decline.map(|_| card_error(config, payment));
    json!({
        "id": name_of(payment, &note),
        "object": "payment_intent",
        "amount": payment.authorized.minor,
        "amount_capturable": payment.capturable_minor(),
        "amount_details": { "tip": {} },
        "amount_received": payment.captured_minor,
        "application": null,
        "application_fee_amount": null,
        "automatic_payment_methods": null,
        "canceled_at": cancelled,
        "cancellation_reason": cancellation_reason(payment),
        "capture_method": note["capture_method"],
        "client_secret": null,
        "confirmation_method": "automatic",
        "created": note["created"].as_i64().unwrap_or(payment.created.seconds()),
        "currency": currency(payment),
        "customer": null,
        "description": note["description"],
        "last_payment_error": error,
        "latest_charge": charge,
        "livemode": false,
        "metadata": note["metadata"],
        "next_action": null,
        "on_behalf_of": null,
        "payment_method": payment.approved().then(|| method_id(&payment.id)),
        "payment_method_options": { "card": { "request_three_d_secure": "automatic" } },
        "payment_method_types": ["card"],
        "processing": null,
        "receipt_email": note["receipt_email"],
        "review": null,
        "setup_future_usage": note["setup_future_usage"],
        "shipping": null,
        "statement_descriptor": note["statement_descriptor"],
        "statement_descriptor_suffix": note["statement_descriptor_suffix"],
        "status": status(payment),
        "transfer_data": null,
        "transfer_group": null,
    })
}

/// The merchant's, or Stripe's own word where nobody captured in time.
fn cancellation_reason(payment: &Payment) -> Option<&str> {
    if payment.lapsed {
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
        "charge": charge_id(&payment.id),
    });
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
    let note = note(payment);
    let response = config.responses.of(payment);
    let words = payment.decline.map(|_| decline(payment.network, response));
    json!({
        "id": charge_id(&payment.id),
        "object": "charge",
        "amount": payment.authorized.minor,
        "amount_captured": payment.captured_minor,
        "amount_refunded": payment.refunded_minor,
        "application": null,
        "balance_transaction": null,
        "billing_details": { "address": null, "email": null, "name": null, "phone": null },
        "captured": payment.captured_minor > 0,
        "created": payment.created.seconds(),
        "currency": currency(payment),
        "customer": null,
        "description": note["description"],
        "disputed": false,
        "failure_code": words.map(|words| words.code),
        "failure_message": words.map(|words| words.message),
        "livemode": false,
        "metadata": note["metadata"],
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
        "payment_method": method_id(&payment.id),
        "payment_method_details": { "type": "card", "card": card(payment, words.as_ref()) },
        "refunded": payment.refunded_minor > 0 && payment.refunded_minor == payment.captured_minor,
        "status": if payment.approved() { "succeeded" } else { "failed" },
    })
}

fn card(payment: &Payment, declined: Option<&Decline>) -> Value {
    let brand = match payment.network {
        Some(Network::Visa) => "visa",
        Some(Network::Mastercard) => "mastercard",
        Some(Network::Amex) => "amex",
        Some(Network::Discover) => "discover",
        None => "unknown",
    };
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
        "funding": "credit",
        "last4": payment.paid_with.last4(),
        "network": brand,
        "network_token": { "used": used },
        "network_transaction_id": nti,
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
        "payment_intent": name_of(payment, &note(payment)),
        "reason": own["reason"],
        "receipt_number": null,
        "source_transfer_reversal": null,
        "status": "succeeded",
        "transfer_reversal": null,
    }))
}

/// An intent that has come to no payment.
pub(super) fn waiting(draft: &Draft) -> Result<Value, StripeError> {
    let form = Form::of(&draft.asked);
    let amount = requests::unconfirmed(&form)?;
    let note = requests::noted(&form);
    let has_method = form.has_below("payment_method_data");
    let cancelled = draft.status == DraftStatus::Cancelled;
    Ok(json!({
        "id": draft_id(&draft.id),
        "object": "payment_intent",
        "amount": amount.minor,
        "amount_capturable": 0,
        "amount_details": { "tip": {} },
        "amount_received": 0,
        "application": null,
        "application_fee_amount": null,
        "automatic_payment_methods": null,
        "canceled_at": cancelled.then(|| draft.updated.seconds()),
        "cancellation_reason": form.text("cancellation_reason"),
        "capture_method": note["capture_method"],
        "client_secret": null,
        "confirmation_method": "automatic",
        "created": draft.created.seconds(),
        "currency": amount.currency.code().to_ascii_lowercase(),
        "customer": null,
        "description": note["description"],
        "last_payment_error": null,
        "latest_charge": null,
        "livemode": false,
        "metadata": note["metadata"],
        "next_action": null,
        "on_behalf_of": null,
        "payment_method": has_method.then(|| format!("pm_{}", draft.id.base58())),
        "payment_method_options": { "card": { "request_three_d_secure": "automatic" } },
        "payment_method_types": ["card"],
        "processing": null,
        "receipt_email": note["receipt_email"],
        "review": null,
        "setup_future_usage": note["setup_future_usage"],
        "shipping": null,
        "statement_descriptor": note["statement_descriptor"],
        "statement_descriptor_suffix": note["statement_descriptor_suffix"],
        "status": waiting_status(draft, has_method),
        "transfer_data": null,
        "transfer_group": null,
    }))
}

/// What the intent of a payment is called: after the payment, or as it was before it was confirmed.
fn name_of(payment: &Payment, note: &Value) -> String {
    let kept = note["intent"].as_str().map(str::to_owned);
    kept.unwrap_or_else(|| intent_id(&payment.id))
}

fn currency(payment: &Payment) -> String {
    payment.authorized.currency.code().to_ascii_lowercase()
}

/// What [`super::requests`] kept.
fn note(payment: &Payment) -> Value {
    let note = payment.note.as_deref().unwrap_or("{}");
    serde_json::from_str(note).unwrap_or_default()
}
