//! What was done with a payment, as Checkout.com lists it (API reference, get payment actions).

use serde_json::{Value, json};

use super::declines::APPROVED;
use super::ids::{Action, action_id};
use super::messages;
use crate::domain::payment::record::{Move, MoveKind, Payment};
use crate::operations::Space;

/// All of it, newest first.
pub(super) fn actions(space: &Space, payment: &Payment) -> Value {
    let moves = payment.moves.iter().enumerate().rev();
    let moves = moves.filter_map(|(place, made)| {
        let id = Action::Move(place);
        let mut action = action(payment, id, kind(made)?, made.minor);
        action["processed_on"] = made.at.rfc3339().into();
        messages::add_kept(&mut action, made.note.as_deref());
        Some(action)
    });
    let at_once = messages::is_captured_at_once(payment).then(|| {
        action(
            payment,
            Action::Capture,
            "Capture",
            payment.authorized.minor,
        )
    });
    moves
        .chain(at_once)
        .chain([authorization(space, payment)])
        .collect()
}

/// Each in short, as the payment itself shows them.
pub(super) fn summaries(space: &Space, payment: &Payment) -> Value {
    let mut actions = actions(space, payment);
    for action in actions.as_array_mut().into_iter().flatten() {
        if let Some(action) = action.as_object_mut() {
            action.retain(|name, _| SUMMARY.contains(&name.as_str()));
        }
    }
    actions
}

const SUMMARY: [&str; 4] = ["id", "type", "response_code", "response_summary"];

fn authorization(space: &Space, payment: &Payment) -> Value {
    let minor = payment.authorized.minor;
    let kind = if minor == 0 {
        "Card Verification"
    } else {
        "Authorization"
    };
    let (code, summary) = messages::code(&space.config, payment);
    let mut first = action(payment, Action::Authorization, kind, minor);
    first["approved"] = payment.approved().into();
    first["response_code"] = code.into();
    first["response_summary"] = summary.into();
    if let Some(code) = payment.authorization_code() {
        first["auth_code"] = code.into();
        first["authorization_type"] = "Final".into();
    }
    first
}

fn action(payment: &Payment, id: Action, kind: &str, minor: u64) -> Value {
    let mut action = json!({
        "id": action_id(payment, id),
        "type": kind,
        "processed_on": payment.created.rfc3339(),
        "amount": minor,
        "approved": true,
        "response_code": APPROVED.0,
        "response_summary": APPROVED.1,
    });
    for (name, value) in messages::named(payment) {
        action[name] = value;
    }
    action
}

/// That an authorization ended is no action of anybody's; the payment's status says it.
const fn kind(made: &Move) -> Option<&'static str> {
    match made.kind {
        MoveKind::Capture => Some("Capture"),
        MoveKind::Void => Some("Void"),
        MoveKind::Refund => Some("Refund"),
        MoveKind::Expire => None,
    }
}
