//! Names of payment intents, charges and refunds: all are read off the payment that they stand for.

use crate::domain::id::{CustomerId, DraftId, MethodId, PaymentId};
use crate::domain::number::digits;
use crate::domain::payment::draft::{Draft, DraftStatus};
use crate::domain::payment::record::{Payment, PaymentState};

pub(super) fn intent_id(id: &PaymentId) -> String {
    format!("pi_{}", id.base58())
}

/// The name of an intent that is confirmed later, which it keeps.
pub(super) fn draft_id(draft: &Draft) -> String {
    let kind = if draft.setup { "seti" } else { "pi" };
    format!("{kind}_{}", draft.id.base58())
}

pub(super) fn charge_id(id: &PaymentId) -> String {
    format!("ch_{}", id.base58())
}

pub(super) fn method_id(id: &PaymentId) -> String {
    format!("pm_{}", id.base58())
}

pub(super) fn saved_id(id: &MethodId) -> String {
    format!("pm_{}", id.base58())
}

pub(super) fn customer_id(id: &CustomerId) -> String {
    format!("cus_{}", id.base58())
}

/// The refund that is move number `place` of a payment.
pub(super) fn refund_id(id: &PaymentId, place: usize) -> String {
    format!("re_{}{place:03}", id.base58())
}

pub(super) fn parse_intent_id(text: &str) -> Option<PaymentId> {
    PaymentId::from_base58(text.strip_prefix("pi_")?)
}

pub(super) fn parse_draft_id(text: &str) -> Option<DraftId> {
    DraftId::from_base58(text.strip_prefix("pi_")?)
}

pub(super) fn parse_setup_id(text: &str) -> Option<DraftId> {
    DraftId::from_base58(text.strip_prefix("seti_")?)
}

pub(super) fn parse_method_id(text: &str) -> Option<MethodId> {
    MethodId::from_base58(text.strip_prefix("pm_")?)
}

pub(super) fn parse_customer_id(text: &str) -> Option<CustomerId> {
    CustomerId::from_base58(text.strip_prefix("cus_")?)
}

pub(super) fn parse_charge_id(text: &str) -> Option<PaymentId> {
    PaymentId::from_base58(text.strip_prefix("ch_")?)
}

pub(super) fn parse_refund_id(text: &str) -> Option<(PaymentId, usize)> {
    let rest = text.strip_prefix("re_")?;
    let (id, place) = rest.split_at_checked(rest.len().checked_sub(3)?)?;
    Some((PaymentId::from_base58(id)?, digits(place)?))
}

/// The status of the payment intent.
pub(super) fn status(payment: &Payment) -> &'static str {
    match payment.state() {
        PaymentState::Declined => "requires_payment_method",
        PaymentState::Authorized | PaymentState::PartiallyCaptured => "requires_capture",
        PaymentState::Voided | PaymentState::Expired => "canceled",
        PaymentState::Verified => "succeeded",
        PaymentState::Captured | PaymentState::PartiallyRefunded | PaymentState::Refunded => {
            if payment.capturable_minor() > 0 {
                "requires_capture"
            } else {
                "succeeded"
            }
        }
    }
}

/// The status of an intent that has come to no payment.
pub(super) fn waiting_status(draft: &Draft, has_method: bool) -> &'static str {
    match draft.status {
        DraftStatus::Cancelled => "canceled",
        DraftStatus::Confirming { .. } => "processing",
        DraftStatus::Challenged { .. } => "requires_action",
        DraftStatus::Open { .. } | DraftStatus::Paid(_) if has_method => "requires_confirmation",
        DraftStatus::Open { .. } | DraftStatus::Paid(_) => "requires_payment_method",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_back() {
        let id = PaymentId::from_bytes([7; 16]);
        assert_eq!(parse_intent_id(&intent_id(&id)), Some(id));
        assert_eq!(parse_charge_id(&charge_id(&id)), Some(id));
        assert_eq!(parse_refund_id(&refund_id(&id, 12)), Some((id, 12)));
        for text in ["", "pi_", "ch_x", "re_", "re_001", "re_é01", "pm_1"] {
            assert!(
                parse_intent_id(text).is_none() && parse_refund_id(text).is_none(),
                "{text}"
            );
        }
    }
}
