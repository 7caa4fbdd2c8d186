//! What Checkout.com tells of a payment: `payment_approved` and its kin, with the payment's data as they were then
//! (Checkout.com, webhook event types). A card that is only verified has names of its own.

use serde_json::{Value, json};

use super::ids::{Action, action_id, name};
use super::messages::{self, Base};
use crate::crypto::base32::base32;
use crate::domain::payment::event::PaymentEvent;
use crate::domain::payment::told::PaymentThen;
use crate::domain::webhook::Profile;
use crate::operations::derived_ids;
use crate::wire::edge::webhook::Telling;

/// Where the links of an event lead. Whoever is told has not asked this server anything, so that it is the name that the
/// sandbox has in the world.
const SANDBOX: &str = "https://api.sandbox.checkout.com";

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
    let mut data = if matches!(event, PaymentEvent::Approved | PaymentEvent::Declined) {
        messages::told(space, payment)
    } else {
        json!({})
    };
    let action = match payment.moves.len().checked_sub(1) {
        Some(place) => Action::Move(place),
        None if event == PaymentEvent::Captured => Action::Capture,
        None => Action::Authorization,
    };
    let amount = payment.moves.last().map(|made| made.minor);
    let (code, summary) = messages::code(&space.config, payment);
    let always = json!({
        "id": name(payment),
        "action_id": action_id(payment, action),
        "amount": amount.unwrap_or(payment.authorized.minor),
        "currency": payment.authorized.currency.code(),
        "processed_on": telling.notice().at.rfc3339(),
        "response_code": code,
        "response_summary": summary,
        "balances": messages::balances(payment),
    });
    if let (Some(data), Value::Object(always)) = (data.as_object_mut(), always) {
        data.extend(always);
        data.extend(messages::named(payment));
        // A capture or refund may have a name of its own.
        let latest = payment.moves.last();
        data.extend(messages::parsed(
            latest.and_then(|made| made.note.as_deref()),
        ));
    }
    let id = format!(
        "evt_{}",
        base32(&derived_ids::event_name(space, telling.notice())?)
    );
    let base = Base(SANDBOX.to_owned());
    let mut links = json!({
        "self": { "href": format!("{SANDBOX}/workflows/events/{id}") },
        "payment": messages::link(&base, payment, ""),
        "payment_actions": messages::link(&base, payment, "/actions"),
    });
    messages::add_steps(&mut links, &base, payment);
    Some(json!({
        "id": id,
        "type": kind,
        "version": "1.0.0",
        "created_on": telling.notice().at.rfc3339(),
        "data": data,
        "_links": links,
    }))
}
