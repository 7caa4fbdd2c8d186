//! What may be done with an authorized payment: capture all or part, void, refund; and what happens to it when nobody does
//! anything. Pure, with the bounds.

use super::record::{Move, MoveKind, Payment};
use super::request::RequestId;
use crate::domain::moment::Moment;
use crate::domain::money::Amount;
use crate::limits::PAYMENT_MOVES_MAX;

/// What the merchant wants done. Without an amount it is all that is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    Capture {
        amount: Option<Amount>,
        /// Lets go of what is not captured now.
        last: bool,
    },
    Void,
    Refund {
        amount: Option<Amount>,
    },
}

/// Why a move is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoveRefusal {
    #[error("the payment was declined")]
    Declined,
    #[error("the payment is voided")]
    Voided,
    #[error("the authorization has expired")]
    Expired,
    #[error("part of the payment has been captured; refund it instead")]
    AlreadyCaptured,
    #[error("nothing has been captured")]
    NothingCaptured,
    #[error("nothing is left to capture")]
    NothingToCapture,
    #[error("nothing is left to refund")]
    NothingToRefund,
    #[error("the customer disputes the payment, and the money is withdrawn")]
    Disputed,
    #[error("the amount is more than the {left} minor units that are left")]
    TooMuch { left: u64 },
    #[error("the amount must be more than zero")]
    Zero,
    #[error("the currency is not that of the payment")]
    Currency,
    #[error("the payment has had {PAYMENT_MOVES_MAX} captures and refunds, which is the limit")]
    TooMany,
}

/// The move that a request made when it first arrived, if it has been here before.
pub fn made_by(payment: &Payment, request: RequestId) -> Option<(usize, &Move)> {
    let mut moves = payment.moves.iter().enumerate();
    moves.find(|(_, made)| made.request == Some(request))
}

/// Carries out a step and lists it.
pub fn apply(
    mut payment: Payment,
    step: Step,
    request: Option<RequestId>,
    now: Moment,
) -> Result<Payment, MoveRefusal> {
    if payment.decline.is_some() {
        return Err(MoveRefusal::Declined);
    }
    if payment.moves.len() >= PAYMENT_MOVES_MAX {
        return Err(MoveRefusal::TooMany);
    }
    let (kind, minor) = match step {
        Step::Capture { amount, last } => (MoveKind::Capture, capture(&mut payment, amount, last)?),
        Step::Void => (MoveKind::Void, void(&mut payment)?),
        Step::Refund { amount } => (MoveKind::Refund, refund(&mut payment, amount)?),
    };
    payment.moves.push(Move {
        kind,
        minor,
        request,
        note: None,
        at: now,
    });
    payment.updated = now;
    Ok(payment)
}

/// Ends the authorization of what nobody has captured in time: lets go of it, or captures it where that was asked for. None
/// when nothing is held any more.
pub fn expire(mut payment: Payment, now: Moment) -> Option<Payment> {
    let minor = payment.capturable_minor();
    if minor == 0 {
        return None;
    }
    let kind = if payment.captures_itself {
        payment.captured_minor += minor;
        MoveKind::Capture
    } else {
        MoveKind::Expire
    };
    payment.expired = payment.captured_minor == 0;
    payment.closed = !payment.expired;
    payment.moves.push(Move {
        kind,
        minor,
        request: None,
        note: None,
        at: now,
    });
    payment.updated = now;
    Some(payment)
}

fn capture(payment: &mut Payment, amount: Option<Amount>, last: bool) -> Result<u64, MoveRefusal> {
    held(payment)?;
    let left = payment.capturable_minor();
    if left == 0 {
        return Err(MoveRefusal::NothingToCapture);
    }
    let minor = within(payment, amount, left)?;
    payment.captured_minor += minor;
    payment.closed = last || minor == left;
    Ok(minor)
}

/// Whether the authorization still stands.
const fn held(payment: &Payment) -> Result<(), MoveRefusal> {
    if payment.voided {
        Err(MoveRefusal::Voided)
    } else if payment.expired {
        Err(MoveRefusal::Expired)
    } else {
        Ok(())
    }
}

fn void(payment: &mut Payment) -> Result<u64, MoveRefusal> {
    held(payment)?;
    if payment.captured_minor > 0 {
        return Err(MoveRefusal::AlreadyCaptured);
    }
    payment.voided = true;
    Ok(payment.authorized.minor)
}

fn refund(payment: &mut Payment, amount: Option<Amount>) -> Result<u64, MoveRefusal> {
    if payment.captured_minor == 0 {
        return Err(MoveRefusal::NothingCaptured);
    }
    let left = payment.refundable_minor();
    if left == 0 {
        return Err(MoveRefusal::NothingToRefund);
    }
    let dispute = payment.dispute.as_deref();
    if dispute.is_some_and(|dispute| !dispute.is_refundable()) {
        return Err(MoveRefusal::Disputed);
    }
    let minor = within(payment, amount, left)?;
    payment.refunded_minor += minor;
    Ok(minor)
}

/// The amount of a move, of which no more than `left` is possible.
fn within(payment: &Payment, amount: Option<Amount>, left: u64) -> Result<u64, MoveRefusal> {
    let Some(amount) = amount else {
        return Ok(left);
    };
    if amount.currency != payment.authorized.currency {
        return Err(MoveRefusal::Currency);
    }
    if amount.minor == 0 {
        return Err(MoveRefusal::Zero);
    }
    if amount.minor > left {
        return Err(MoveRefusal::TooMuch { left });
    }
    Ok(amount.minor)
}
