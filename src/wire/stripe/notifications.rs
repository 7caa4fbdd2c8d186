//! Stripe's events: what happened to a payment, with the object as it was then (Stripe, API reference, the event object). What
//! happens to tokens has no event of Stripe's, and is told in standin's own words under the same signature.

use serde_json::{Value, json};

use super::messages::{self, View};
use super::version::LATEST;
use super::{charges, customers, disputes, kept, method, setup_messages};
use crate::crypto::encoding::base58;
use crate::crypto::webhook::Scheme;
use crate::domain::notice::{Event, Notice};
use crate::domain::payment::event::PaymentEvent;
use crate::domain::payment::told::PaymentThen;
use crate::domain::webhook::Profile;
use crate::operations::{Space, derived_ids};
use crate::wire::edge::own_events;
use crate::wire::edge::webhook::{WebhookProfile, Worded};

pub(super) const PROFILE: WebhookProfile = WebhookProfile {
    profile: Profile::Stripe,
    word: |telling| {
        if matches!(telling.notice().event, Event::Payment(_)) {
            return event(telling.space, telling.notice()).map(Worded::from);
        }
        Some(own_events::event(telling).into())
    },
    sign: |signing| signing.by(Scheme::Stripe),
    within: None,
    signs: true,
    stamps: true,
    over: "{time}.BODY, HMAC-SHA256 in hexadecimal digits",
};

/// The event that a notice is, by whichever way it is told; None when Stripe has none for it.
pub(super) fn event(space: &Space, notice: &Notice) -> Option<Value> {
    let Event::Payment(event) = notice.event else {
        return None;
    };
    let then = notice.payment_then.as_deref()?;
    let object = object(space, event, then)?;
    let cause = notice.cause.as_deref();
    Some(json!({
        "id": format!("evt_{}", base58(derived_ids::event_name(space, notice)?)),
        "object": "event",
        "api_version": LATEST,
        "created": notice.at.seconds(),
        "data": { "object": object },
        "livemode": false,
        "pending_webhooks": 1,
        "request": {
            "id": cause.map(|cause| &cause.request),
            "idempotency_key": cause.and_then(|cause| cause.idempotency_key.as_ref()),
        },
        "type": Profile::Stripe.name_of(event)?,
    }))
}

/// What the event is about, as it was then.
fn object(space: &Space, event: PaymentEvent, then: &PaymentThen) -> Option<Value> {
    use PaymentEvent as E;
    let payment = match then {
        PaymentThen::Made(payment) => payment,
        PaymentThen::Waits(draft) if draft.setup => {
            return setup_messages::waiting(space, draft, None).ok();
        }
        PaymentThen::Waits(draft) => {
            return messages::waiting(space, draft, None, View::PLAIN).ok();
        }
        PaymentThen::Customer(customer) => return Some(customers::shown(customer)),
        PaymentThen::Method(method) => return method::saved(&space.config, method).ok(),
        PaymentThen::Refused(_) => return None,
    };
    match event {
        E::IntentCreated => messages::as_created(space, payment),
        E::IntentCapturable | E::IntentPaid | E::IntentFailed | E::IntentCancelled => {
            Some(messages::intent(space, payment, View::PLAIN))
        }
        E::Approved | E::Declined | E::Captured | E::Refunded | E::Voided | E::Expired => {
            Some(charges::charge(&space.config, payment))
        }
        E::RefundCreated => {
            let place = payment.moves.len().checked_sub(1)?;
            charges::refund(&space.config, payment, place, payment.updated)
        }
        E::DisputeCreated
        | E::DisputeWithdrawn
        | E::DisputeUpdated
        | E::DisputeReinstated
        | E::DisputeClosed => disputes::of(&space.config, payment, payment.updated),
        // A card that is only given to a customer is set up by no intent.
        E::SetupSucceeded | E::SetupFailed => kept::of(payment)["intent"]
            .is_string()
            .then(|| setup_messages::setup(space, payment)),
        E::CaptureFailed
        | E::VoidFailed
        | E::RefundFailed
        | E::IntentRequiresAction
        | E::SetupCreated
        | E::SetupRequiresAction
        | E::SetupCancelled
        | E::CustomerCreated
        | E::CustomerUpdated
        | E::CustomerDeleted
        | E::MethodAttached
        | E::MethodDetached
        | E::MethodUpdated => None,
    }
}
