//! Which events follow from what happened to a payment, and the payment as it was when something was told of it.

use serde::{Deserialize, Serialize};

use super::customer::Customer;
use super::draft::{Draft, DraftStatus};
use super::event::PaymentEvent as E;
use super::method::PaymentMethod;
use super::record::{MoveKind, Payment};
use crate::domain::written;

/// What follows from an authorization.
pub const fn of_authorization(payment: &Payment) -> &'static [E] {
    if payment.verification {
        if payment.decline.is_some() {
            &[E::SetupFailed]
        } else {
            &[E::SetupSucceeded]
        }
    } else if payment.decline.is_some() {
        &[E::IntentCreated, E::Declined, E::IntentFailed]
    } else if payment.hold_ends.is_some() {
        &[E::IntentCreated, E::Approved, E::IntentCapturable]
    } else {
        &[E::IntentCreated, E::Approved, E::Captured, E::IntentPaid]
    }
}

/// What follows from a payment's latest move.
pub fn of_latest_move(payment: &Payment) -> &'static [E] {
    match payment.moves.last().map(|made| made.kind) {
        None => &[],
        Some(MoveKind::Capture) if payment.capturable_minor() > 0 => &[E::Captured],
        Some(MoveKind::Capture) => &[E::Captured, E::IntentPaid],
        Some(MoveKind::Void) => &[E::Voided, E::IntentCancelled],
        Some(MoveKind::Refund) => &[E::RefundCreated, E::Refunded],
        Some(MoveKind::Expire) if payment.captured_minor > 0 => &[E::Expired],
        Some(MoveKind::Expire) => &[E::Expired, E::IntentCancelled],
    }
}

/// The same where the customer disputes the payment at once: Stripe tells of that before the order is paid, as a recording of
/// its sandbox shows.
pub fn with_dispute(events: &[E], dispute: &[E]) -> Vec<E> {
    let paid = events.iter().position(|event| *event == E::IntentPaid);
    let (before, after) = events.split_at(paid.unwrap_or(events.len()));
    [before, dispute, after].concat()
}

/// What follows from a move that was taken note of and came to nothing.
pub const fn of_refused_move(kind: MoveKind) -> &'static [E] {
    match kind {
        MoveKind::Capture => &[E::CaptureFailed],
        MoveKind::Void => &[E::VoidFailed],
        MoveKind::Refund => &[E::RefundFailed],
        MoveKind::Expire => &[],
    }
}

/// What follows from asking for money without paying, or from giving that up.
pub const fn of_draft(draft: &Draft) -> &'static [E] {
    match draft.status {
        DraftStatus::Cancelled if draft.setup => &[E::SetupCancelled],
        DraftStatus::Cancelled => &[E::IntentCancelled],
        DraftStatus::Challenged { .. } if draft.setup => &[E::SetupRequiresAction],
        DraftStatus::Challenged { .. } => &[E::IntentRequiresAction],
        DraftStatus::Open { .. } | DraftStatus::Confirming { .. } | DraftStatus::Paid(_)
            if draft.setup =>
        {
            &[E::SetupCreated]
        }
        DraftStatus::Open { .. } | DraftStatus::Confirming { .. } | DraftStatus::Paid(_) => {
            &[E::IntentCreated]
        }
    }
}

/// A payment, or what may become one, as it was when something was told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentThen {
    /// An authorization, or the latest move of one.
    Made(Payment),
    /// A move that the service took note of and that was not possible.
    Refused(RefusedMove),
    Waits(Draft),
    Customer(Customer),
    Method(PaymentMethod),
}

/// A move that came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedMove {
    pub payment: Payment,
    pub kind: MoveKind,
    pub minor: u64,
    /// What the payment service wants to keep with it, in its own form.
    pub note: Option<Box<str>>,
    /// Stands for the request.
    #[serde(with = "written")]
    pub receipt: [u8; 16],
    /// Why.
    pub reason: String,
}

impl PaymentThen {
    pub const fn payment(&self) -> Option<&Payment> {
        match self {
            Self::Made(payment) | Self::Refused(RefusedMove { payment, .. }) => Some(payment),
            Self::Waits(_) | Self::Customer(_) | Self::Method(_) => None,
        }
    }

    /// Whose it is, and at which payment service.
    pub fn counter(&self) -> (&str, &'static str) {
        match self {
            Self::Made(payment) | Self::Refused(RefusedMove { payment, .. }) => {
                (&payment.merchant, payment.service)
            }
            Self::Waits(draft) => (&draft.merchant, draft.service),
            Self::Customer(customer) => (&customer.merchant, customer.service),
            Self::Method(method) => (&method.merchant, method.service),
        }
    }

    /// What tells this from every other time at which the same was told of the same payment.
    pub fn name(&self) -> Vec<u8> {
        let (id, times) = match self {
            Self::Made(payment) => (payment.id.bytes(), payment.moves.len()),
            Self::Refused(refused) => (&refused.receipt, usize::MAX),
            // It can be challenged again and again.
            Self::Waits(draft) => (draft.id.bytes(), draft.confirmations as usize),
            Self::Customer(customer) => (customer.id.bytes(), customer.changes as usize),
            Self::Method(method) => (method.id.bytes(), method.changes as usize),
        };
        let mut name = [id.as_slice(), &times.to_be_bytes()].concat();
        // A dispute goes on without a move.
        let dispute = self.payment().and_then(|made| made.dispute.as_deref());
        if let Some(dispute) = dispute.filter(|dispute| dispute.changes > 0) {
            name.extend(dispute.changes.to_be_bytes());
        }
        name
    }
}
