//! What the status of an intent does not allow: the error says which status it has and which it would have to have, and carries
//! the intent as it stands (Stripe, error codes, `payment_intent_unexpected_state` and `setup_intent_unexpected_state`; the
//! sentences as they are reported, <https://github.com/exercism/website/issues/7062> among others).

use serde_json::Value;

use super::errors::{Conflict, StripeError};

/// What somebody wants to do with an intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    Confirm,
    /// The same, and there is nothing to pay with.
    ConfirmWithoutMethod,
    Cancel,
    /// The same, and part of the money has been taken.
    CancelPartlyCaptured,
    Capture,
    /// To change this parameter.
    Update(&'static str),
}

/// The statuses of what nobody has paid.
const OPEN: &str = "requires_payment_method, requires_confirmation, requires_action";

/// Why that cannot be done with this intent, which is shown in the error.
pub(super) fn unexpected(wish: Wish, intent: Value) -> StripeError {
    let (object, code) = if intent["object"] == "setup_intent" {
        ("setup_intent", "setup_intent_unexpected_state")
    } else {
        ("payment_intent", "payment_intent_unexpected_state")
    };
    let message = sentence(wish, object, intent["status"].as_str().unwrap_or_default());
    Conflict {
        refusal: None,
        code: Some(code),
        message,
        param: None,
        intent: Some((object, intent)),
    }
    .into()
}

fn sentence(wish: Wish, object: &str, status: &str) -> String {
    let is_setup = object == "setup_intent";
    let name = if is_setup {
        "SetupIntent"
    } else {
        "PaymentIntent"
    };
    match wish {
        Wish::Confirm if status == "succeeded" && is_setup => {
            format!("You cannot confirm this {name} because it has already succeeded.")
        }
        Wish::Confirm if status == "succeeded" => format!(
            "You cannot confirm this {name} because it has already succeeded after being previously confirmed."
        ),
        Wish::Confirm => format!(
            "You cannot confirm this {name} because it has a status of {status}. Only a {name} with one of the following statuses may be confirmed: {OPEN}."
        ),
        Wish::ConfirmWithoutMethod => format!(
            "You cannot confirm this {name} because it's missing a payment method. You can either update the {name} with a payment method and then confirm it again, or confirm it again directly with a payment method."
        ),
        Wish::Cancel => {
            let more = if is_setup {
                ""
            } else {
                ", requires_capture, processing"
            };
            format!(
                "You cannot cancel this {name} because it has a status of {status}. Only a {name} with one of the following statuses may be canceled: {OPEN}{more}."
            )
        }
        // That status allows it otherwise, so the sentence is about what forbids it (Stripe's documents are silent about this).
        Wish::CancelPartlyCaptured => format!(
            "You cannot cancel this {name} because part of its amount has already been captured. Release the rest with a last capture, whose final_capture is true, and refund what was captured."
        ),
        Wish::Capture => format!(
            "This {name} could not be captured because it has a status of {status}. Only a {name} with one of the following statuses may be captured: requires_capture."
        ),
        Wish::Update(param) => format!(
            "This {name}'s {param} could not be updated because it has a status of {status}. You may only update the {param} of a {name} with one of the following statuses: {OPEN}."
        ),
    }
}
