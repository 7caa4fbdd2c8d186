//! Charges and refunds, as Stripe's API writes them (Stripe, API reference, the Charge object and the Refund object).

use serde_json::{Value, json};

use super::attempts::secure;
use super::declines::{Decline, decline};
use super::intents::{charge_id, intent_id, refund_id};
use super::method::brand;
use super::{balance, disputes, kept, method, published};
use crate::domain::cryptogram::CryptogramKind;
use crate::domain::moment::Moment;
use crate::domain::payment::record::{Move, MoveKind, PaidWith, Payment};
use crate::operations::SharedConfig;

/// What was held and let go of again, which Stripe shows as refunded: what no capture has taken, and what was never captured.
pub(super) const fn released(payment: &Payment) -> u64 {
    if payment.voided || payment.expired || payment.closed {
        payment.authorized.minor - payment.captured_minor
    } else {
        0
    }
}

/// The charge of a payment intent.
pub(super) fn charge(config: &SharedConfig, payment: &Payment) -> Value {
    let note = kept::of_charge(payment);
    let response = config.responses.of(payment);
    let words = payment.decline.map(|_| decline(payment.network, response));
    let radar = note["radar_session"]
        .as_str()
        .map(|session| json!({ "session": session }));
    let refunded = payment.refunded_minor + released(payment);
    let (risk_level, risk_score) = published::risk(config, payment);
    let blocked = risk_level == "highest" && words.is_some();
    let disputed = payment.dispute.is_some();
    json!({
        "id": charge_id(&payment.id),
        "object": "charge",
        "amount": payment.authorized.minor,
        "amount_captured": payment.captured_minor,
        "amount_refunded": refunded,
        "application": null,
        "application_fee_amount": note["application_fee_amount"],
        "balance_transaction": balance::name_of_charge(payment),
        "billing_details": note["method"]["billing_details"],
        "captured": payment.captured_minor > 0,
        "created": payment.created.seconds(),
        "currency": currency(payment),
        "customer": note["customer"],
        "description": note["description"],
        "dispute": disputed.then(|| disputes::name_of(payment)),
        "disputed": disputed,
        "failure_code": words.map(|words| words.code),
        "failure_message": words.map(|words| words.message),
        "livemode": false,
        "metadata": note["metadata"],
        "on_behalf_of": note["on_behalf_of"],
        "outcome": {
            "advice_code": words.and_then(|words| words.advice),
            "network_advice_code": response.and_then(|response| response.merchant_advice.clone()),
            "network_decline_code": words.and(response.map(|response| response.de39.clone())),
            "network_status": match words {
                Some(_) if blocked => "not_sent_to_network",
                Some(_) => "declined_by_network",
                None => "approved_by_network",
            },
            "reason": words.map(|words| if blocked { "highest_risk_level" } else { words.decline_code }),
            "risk_level": risk_level,
            "risk_score": risk_score,
            "seller_message": match words {
                Some(_) if blocked => "Stripe blocked this payment as too risky.",
                Some(_) => "The bank declined the payment.",
                None => "Payment complete.",
            },
            "type": match words {
                Some(_) if blocked => "blocked",
                Some(_) => "issuer_declined",
                None => "authorized",
            },
        },
        "paid": payment.approved(),
        "payment_intent": intent_of(payment, &note),
        "payment_method": method::name(payment, &note),
        "payment_method_details": { "type": "card", "card": card(config, payment, &note, words.as_ref()) },
        "radar_options": radar,
        "receipt_email": note["receipt_email"],
        "refunded": payment.approved() && refunded == payment.authorized.minor,
        "shipping": note["shipping"],
        "statement_descriptor_suffix": note["statement_descriptor_suffix"],
        "source": source(config, payment, &note),
        "status": if payment.approved() { "succeeded" } else { "failed" },
        "transfer_data": note["transfer_data"],
        "transfer_group": note["transfer_group"],
    })
}

/// What a charge without an intent was made with, as a card of the time before payment methods.
fn source(config: &SharedConfig, payment: &Payment, note: &Value) -> Option<Value> {
    let (_, id) = note["source"].as_str()?.split_once('_').unwrap_or_default();
    let issued = published::issued_to(config, payment);
    Some(json!({
        "id": format!("card_{id}"),
        "object": "card",
        "brand": brand(payment.network),
        "country": issued.country,
        "customer": note["customer"],
        "exp_month": payment.expiry.month(),
        "exp_year": payment.expiry.year(),
        "funding": issued.funding,
        "last4": payment.paid_with.last4(),
        "metadata": {},
    }))
}

fn card(
    config: &SharedConfig,
    payment: &Payment,
    note: &Value,
    declined: Option<&Decline>,
) -> Value {
    let brand = brand(payment.network);
    // Several captures are possible at any time, of less than was authorized and never of more.
    let asked = note["options"]["request_multicapture"] == "if_available";
    let multicapture = if asked { "available" } else { "unavailable" };
    let mut checks = published::checks(config, payment, &note["method"]);
    if declined.is_some_and(|words| words.code == "incorrect_cvc") {
        checks["cvc_check"] = "fail".into();
    } else if declined.is_none() && payment.cryptogram == Some(CryptogramKind::Short) {
        checks["cvc_check"] = "pass".into();
    }
    let issued = published::issued_to(config, payment);
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
        "checks": checks,
        "country": issued.country,
        "exp_month": payment.expiry.month(),
        "exp_year": payment.expiry.year(),
        "extended_authorization": { "status": "disabled" },
        "funding": issued.funding,
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
        "three_d_secure": payment.waited_as.and_then(|_| secure(payment)),
        "wallet": null,
    });
    if let Some(end) = hold_ends {
        card["capture_before"] = end.into();
    }
    card
}

/// A refund, which is one of the payment's moves.
pub(super) fn refund(
    config: &SharedConfig,
    payment: &Payment,
    place: usize,
    now: Moment,
) -> Option<Value> {
    let made: &Move = payment
        .moves
        .get(place)
        .filter(|made| made.kind == MoveKind::Refund)?;
    let own = kept::parsed(made.note.as_deref());
    let (status, failure) = published::refund_status(config, payment, made, now);
    let mut refund = json!({
        "id": refund_id(&payment.id, place),
        "object": "refund",
        "amount": made.minor,
        "balance_transaction": (status != "pending").then(|| balance::name_of_refund(&payment.id, place)),
        "charge": charge_id(&payment.id),
        "created": made.at.seconds(),
        "currency": currency(payment),
        "metadata": own["metadata"].as_object().cloned().unwrap_or_default(),
        "payment_intent": intent_of(payment, &kept::of(payment)),
        "reason": own["reason"],
        "receipt_number": null,
        "source_transfer_reversal": null,
        "status": status,
        "transfer_reversal": null,
    });
    if let Some(reason) = failure {
        refund["failure_reason"] = reason.into();
    }
    Some(refund)
}

/// Every refund of a charge, newest first, as an object of its own has them.
pub(super) fn refunds(config: &SharedConfig, payment: &Payment, now: Moment) -> Value {
    let places = (0..payment.moves.len()).rev();
    let rows: Vec<_> = places
        .filter_map(|place| refund(config, payment, place, now))
        .collect();
    json!({
        "object": "list",
        "data": rows,
        "has_more": false,
        "url": format!("/v1/charges/{}/refunds", charge_id(&payment.id)),
    })
}

/// What the intent of a payment is called: after the payment, or as it was before it was confirmed. A charge that was made
/// without an intent has none.
pub(super) fn intent_of(payment: &Payment, note: &Value) -> Option<String> {
    if !note["source"].is_null() {
        return None;
    }
    let kept = note["intent"].as_str().map(str::to_owned);
    Some(kept.unwrap_or_else(|| intent_id(&payment.id)))
}

pub(super) fn currency(payment: &Payment) -> String {
    payment.authorized.currency.code().to_ascii_lowercase()
}
