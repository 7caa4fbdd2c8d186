//! What Checkout.com tells of a payment: `payment_approved` and its kin, with the payment's data as they were then
//! (Checkout.com, webhook event types). A card that is only verified has names of its own.

use serde_json::{Value, json};

use super::ids::{action_id, name};
use super::messages;
use crate::crypto::base32::base32;
use crate::domain::payment::event::{PaymentEvent, PaymentThen};
use crate::domain::webhook::Profile;
use crate::operations::derived_ids;
use crate::wire::edge::webhook::Telling;

/// The event; None for what Checkout.com does not tell.
pub(super) fn event(
    telling: &Telling<'_>,
    event: PaymentEvent,
    then: &PaymentThen,
) -> Option<Value> {
    let PaymentThen::Made(payment) = then else {
        return None;
    };
    let kind = match (event, payment.authorized.minor) {
        (PaymentEvent::Approved, 0) => "card_verified",
        (PaymentEvent::Declined, 0) => "card_verification_declined",
        // Nothing is captured of nothing.
        (PaymentEvent::Captured, 0) => return None,
        _ => Profile::Checkout.name_of(event)?,
    };
    let space = telling.space;
    let config = &space.config;
    let mut data = if matches!(event, PaymentEvent::Approved | PaymentEvent::Declined) {
        messages::told(config, payment)
    } else {
        json!({})
    };
    let place = payment.moves.len().checked_sub(1);
    let amount = payment.moves.last().map(|made| made.minor);
    let (code, summary) = messages::code(config, payment);
    let always = json!({
        "id": name(payment),
        "action_id": action_id(&payment.id, place),
        "amount": amount.unwrap_or(payment.authorized.minor),
        "currency": payment.authorized.currency.code(),
        "processed_on": telling.notice().at.rfc3339(),
        "response_code": code,
        "response_summary": summary,
        "balances": messages::balances(payment),
    });
    if let (Some(data), Value::Object(always)) = (data.as_object_mut(), always) {
        data.extend(always);
        let kept = messages::kept(payment).into_iter();
        let kept = kept.filter(|(name, _)| name == "reference" || name == "metadata");
        data.extend(kept.collect::<Vec<_>>());
    }
    Some(json!({
        "id": format!("evt_{}", base32(&derived_ids::event_name(space, telling.notice())?)),
        "type": kind,
        "version": "1.0.0",
        "created_on": telling.notice().at.rfc3339(),
        "data": data,
    }))
}
