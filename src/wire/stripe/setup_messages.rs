//! Setup intents, as Stripe's API writes them (Stripe, API reference, the SetupIntent object).

use serde_json::{Value, json};

use super::errors::StripeError;
use super::form::Form;
use super::intents::{draft_id, waiting_status};
use super::messages::{asked_method, card_error};
use super::next_action::next_action;
use super::{attempts, kept, method};
use crate::domain::payment::draft::{Draft, DraftStatus};
use crate::domain::payment::record::Payment;
use crate::operations::{Space, derived_ids};

/// Where it stands.
struct Stands<'a> {
    reason: Option<&'a str>,
    created: i64,
    error: Option<Value>,
    method: Option<String>,
    /// The one that was made last, or waits.
    attempt: Option<String>,
    status: &'static str,
    next: Value,
}

/// One for which the issuer has been asked.
pub(super) fn setup(space: &Space, payment: &Payment) -> Value {
    let note = kept::of(payment);
    let stands = Stands {
        reason: None,
        created: note["created"]
            .as_i64()
            .unwrap_or(payment.created.seconds()),
        error: payment.decline.map(|_| card_error(&space.config, payment)),
        method: payment.approved().then(|| method::name(payment, &note)),
        attempt: attempts::of_payment(payment),
        status: if payment.approved() {
            "succeeded"
        } else {
            "requires_payment_method"
        },
        next: Value::Null,
    };
    worded(
        space,
        note["intent"].as_str().unwrap_or_default(),
        &note,
        stands,
    )
}

/// One that is not ready. `declined` is what came of asking the issuer last, if it was asked.
pub(super) fn waiting(
    space: &Space,
    draft: &Draft,
    declined: Option<&Payment>,
) -> Result<Value, StripeError> {
    let form = Form::of(&draft.asked);
    let note = kept::noted(&form)?;
    let cancelled = draft.status == DraftStatus::Cancelled;
    let has_method = form.has_method();
    let stands = Stands {
        reason: form.text("cancellation_reason").filter(|_| cancelled),
        created: draft.created.seconds(),
        error: declined.map(|payment| card_error(&space.config, payment)),
        method: has_method.then(|| asked_method(draft, &form)),
        attempt: attempts::of_draft(draft).or_else(|| attempts::of_payment(declined?)),
        status: waiting_status(draft, has_method),
        next: next_action(draft, &form),
    };
    Ok(worded(space, &draft_id(draft), &note, stands))
}

fn worded(space: &Space, id: &str, note: &Value, stands: Stands<'_>) -> Value {
    json!({
        "id": id,
        "object": "setup_intent",
        "application": null,
        "automatic_payment_methods": note["automatic_payment_methods"],
        "cancellation_reason": stands.reason,
        "client_secret": format!("{id}_secret_{}", derived_ids::client_secret(space, id)),
        "created": stands.created,
        "customer": note["customer"],
        "description": note["description"],
        "flow_directions": null,
        "last_setup_error": stands.error,
        "latest_attempt": stands.attempt,
        "livemode": false,
        "mandate": null,
        "metadata": note["metadata"],
        "next_action": stands.next,
        "on_behalf_of": note["on_behalf_of"],
        "payment_method": stands.method,
        "payment_method_options": {
            "card": {
                "mandate_options": null,
                "network": note["options"]["network"],
                "request_three_d_secure": note["options"]["request_three_d_secure"],
            },
        },
        "payment_method_types": note["payment_method_types"],
        "single_use_mandate": null,
        "status": stands.status,
        "usage": note["usage"],
    })
}
