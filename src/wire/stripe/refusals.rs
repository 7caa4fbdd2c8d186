//! Why a capture, cancellation or refund is not possible, in Stripe's words (as they are reported:
//! <https://github.com/medusajs/medusa/issues/6554>,
//! <https://github.com/Sylius/StripePlugin/pull/120> and others).

use serde_json::Value;

use super::charges::released;
use super::errors::{Conflict, StripeError};
use super::intents::{charge_id, status};
use super::money;
use super::states::{Wish, unexpected};
use crate::domain::money::Amount;
use crate::domain::payment::moves::{MoveRefusal, Step};
use crate::domain::payment::record::Payment;

/// Why a step is not possible. `intent` is that of the payment as it stands, unless a charge was named that has none; `of_charge`
/// says that a charge was.
pub(super) fn refused(
    step: Step,
    refusal: MoveRefusal,
    payment: &Payment,
    intent: Option<Value>,
    of_charge: bool,
) -> StripeError {
    match (step, refusal) {
        (_, MoveRefusal::Zero) => conflict(
            refusal,
            Some("parameter_invalid_integer"),
            "This value must be greater than or equal to 1.".to_owned(),
            Some(parameter(step, of_charge)),
        ),
        (_, MoveRefusal::Currency | MoveRefusal::TooMany) => {
            conflict(refusal, None, refusal.to_string(), None)
        }
        (Step::Refund { amount }, MoveRefusal::TooMuch { left }) => {
            too_much_back(refusal, amount, left, payment)
        }
        (Step::Refund { .. }, MoveRefusal::Disputed) => conflict(
            refusal,
            Some("charge_disputed"),
            format!(
                "Charge {} has been charged back; cannot issue a refund.",
                charge_id(&payment.id)
            ),
            None,
        ),
        (Step::Refund { .. }, _)
            if refusal == MoveRefusal::NothingToRefund || released(payment) > 0 =>
        {
            conflict(
                refusal,
                Some("charge_already_refunded"),
                format!(
                    "Charge {} has already been refunded.",
                    charge_id(&payment.id)
                ),
                None,
            )
        }
        (Step::Refund { .. }, _) => without_charge(refusal, intent.as_ref(), payment),
        (Step::Capture { .. }, MoveRefusal::TooMuch { left }) => conflict(
            refusal,
            Some("amount_too_large"),
            format!(
                "The amount to capture must be no more than the amount that can be captured, which is {}.",
                money::shown(left, payment.authorized.currency)
            ),
            Some(parameter(step, of_charge)),
        ),
        (Step::Capture { .. }, _) => in_state(Wish::Capture, refusal, payment, intent),
        (Step::Void, _) if payment.captured_minor > 0 && payment.capturable_minor() > 0 => {
            in_state(Wish::CancelPartlyCaptured, refusal, payment, intent)
        }
        (Step::Void, _) => in_state(Wish::Cancel, refusal, payment, intent),
    }
}

/// The parameter that says how much, which a charge that is captured under its own name calls otherwise.
const fn parameter(step: Step, of_charge: bool) -> &'static str {
    match step {
        Step::Capture { .. } if of_charge => "amount",
        Step::Capture { .. } => "amount_to_capture",
        Step::Void => "intent",
        Step::Refund { .. } => "amount",
    }
}

fn conflict(
    refusal: MoveRefusal,
    code: Option<&'static str>,
    message: String,
    param: Option<&'static str>,
) -> StripeError {
    Conflict {
        refusal: Some(refusal),
        code,
        message,
        param,
        intent: None,
    }
    .into()
}

/// The intent's status says it; of a charge without one the charge does.
fn in_state(
    wish: Wish,
    refusal: MoveRefusal,
    payment: &Payment,
    intent: Option<Value>,
) -> StripeError {
    let Some(intent) = intent else {
        let (code, what) = if payment.captured_minor > 0 {
            (Some("charge_already_captured"), "has already been captured")
        } else if payment.expired {
            (
                Some("charge_expired_for_capture"),
                "cannot be captured because the charge has expired",
            )
        } else if payment.voided {
            (Some("charge_already_refunded"), "has already been refunded")
        } else {
            // Nobody has reported a code for it.
            (None, "has not succeeded")
        };
        let message = format!("Charge {} {what}.", charge_id(&payment.id));
        return conflict(refusal, code, message, None);
    };
    let mut error = unexpected(wish, intent);
    if let StripeError::Own(super::errors::Own::State(conflict)) = &mut error {
        conflict.refusal = Some(refusal);
    }
    error
}

/// No code comes with it.
fn too_much_back(
    refusal: MoveRefusal,
    amount: Option<Amount>,
    left: u64,
    payment: &Payment,
) -> StripeError {
    let currency = payment.authorized.currency;
    let wanted = amount.map_or(left, |amount| amount.minor);
    let message = format!(
        "Refund amount ({}) is greater than unrefunded amount on charge ({})",
        money::shown(wanted, currency),
        money::shown(left, currency)
    );
    conflict(refusal, None, message, Some("amount"))
}

/// Nothing was taken that could go back.
fn without_charge(refusal: MoveRefusal, intent: Option<&Value>, payment: &Payment) -> StripeError {
    let message = match intent.and_then(|intent| intent["id"].as_str()) {
        Some(id) => {
            format!("This PaymentIntent ({id}) does not have a successful charge to refund.")
        }
        None => format!(
            "Charge {} has a status of {} and cannot be refunded.",
            charge_id(&payment.id),
            status(payment)
        ),
    };
    conflict(refusal, None, message, None)
}
