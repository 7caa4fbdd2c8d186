//! Why a capture, cancellation or refund is not possible, in Stripe's words.

use super::errors::Own;
use super::intents::status;
use crate::domain::payment::moves::{MoveRefusal, Step};
use crate::domain::payment::record::Payment;

/// Why a step is not possible, in Stripe's words.
pub(super) fn refused(step: Step, refusal: MoveRefusal, payment: &Payment) -> Own {
    let (what, param, needed) = match step {
        Step::Capture { .. } => ("captured", "amount_to_capture", "requires_capture"),
        Step::Void => ("canceled", "intent", "requires_capture"),
        Step::Refund { .. } => ("refunded", "amount", "succeeded"),
    };
    let (code, message, param) = match refusal {
        MoveRefusal::Declined
        | MoveRefusal::Voided
        | MoveRefusal::Expired
        | MoveRefusal::AlreadyCaptured
        | MoveRefusal::NothingCaptured
        | MoveRefusal::NothingToCapture => (
            "payment_intent_unexpected_state",
            format!(
                "This PaymentIntent could not be {what} because it has a status of {}; it needs a status of {needed}.",
                status(payment)
            ),
            None,
        ),
        MoveRefusal::NothingToRefund => (
            "charge_already_refunded",
            "The charge has already been refunded.".to_owned(),
            None,
        ),
        MoveRefusal::TooMuch { left } => (
            "amount_too_large",
            format!("The amount is greater than what can still be {what}: {left}."),
            Some(param),
        ),
        MoveRefusal::Zero => (
            "parameter_invalid_integer",
            "The amount must be greater than or equal to 1.".to_owned(),
            Some(param),
        ),
        MoveRefusal::Currency | MoveRefusal::TooMany => {
            ("resource_already_exists", refusal.to_string(), None)
        }
    };
    Own::State {
        refusal,
        code,
        message,
        param,
    }
}
