//! Has a customer dispute a payment, and its merchant answer.

use super::dispute::{ANSWER_WITHIN, Dispute, DisputeStatus, Verdict};
use super::event::PaymentEvent as E;
use super::record::Payment;
use crate::domain::moment::Moment;

/// What the merchant does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisputeAnswer {
    /// It keeps something with the dispute, and submits nothing.
    Keeps,
    Submits(Verdict),
    /// It has nothing to say for itself.
    Accepts,
}

/// A payment has no dispute that goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IsOver;

/// Has the customer dispute a payment of which money was taken, unless it has done so before. What is told of it comes back.
pub fn open(payment: &mut Payment, reason: &str, inquiry: bool, now: Moment) -> &'static [E] {
    let left = payment.refundable_minor();
    if left == 0 || payment.dispute.is_some() {
        return &[];
    }
    let mut dispute = Dispute {
        reason: reason.to_owned(),
        status: if inquiry {
            DisputeStatus::InquiryOpen
        } else {
            DisputeStatus::Open
        },
        minor: left,
        created: now,
        due_by: now.plus(ANSWER_WITHIN),
        submissions: 0,
        submitted: None,
        withdrawn: None,
        reinstated: None,
        note: None,
        changes: 0,
    };
    let withdrawn = !inquiry && dispute.withdraw(left, now);
    payment.dispute = Some(Box::new(dispute));
    if withdrawn {
        &[E::DisputeCreated, E::DisputeWithdrawn]
    } else {
        &[E::DisputeCreated]
    }
}

/// Carries out what the merchant does about the dispute of its payment, and says what is told of that. `note` is what is kept
/// with it from now on, if that changes.
///
/// # Errors
/// When it is over, or there is none.
pub fn answer(
    mut payment: Payment,
    answer: DisputeAnswer,
    note: Option<Box<str>>,
    now: Moment,
) -> Result<(Payment, &'static [E]), IsOver> {
    let left = payment.refundable_minor();
    let open = payment.dispute.as_deref_mut();
    let dispute = open
        .filter(|dispute| !dispute.status.is_over())
        .ok_or(IsOver)?;
    let changes = note.is_some();
    if changes {
        dispute.note = note;
    }
    let told: &[E] = match answer {
        DisputeAnswer::Keeps if changes => &[E::DisputeUpdated],
        DisputeAnswer::Keeps => return Ok((payment, &[])),
        DisputeAnswer::Submits(verdict) => {
            dispute.submissions = dispute.submissions.saturating_add(1);
            dispute.submitted = Some(now);
            dispute.decide(verdict, left, now)
        }
        DisputeAnswer::Accepts => {
            dispute.status = if dispute.status.is_inquiry() {
                DisputeStatus::InquiryClosed
            } else {
                DisputeStatus::Lost
            };
            &[E::DisputeClosed]
        }
    };
    dispute.changes = dispute.changes.saturating_add(1);
    payment.updated = now;
    Ok((payment, told))
}
