//! A payment in full: what was asked for, what the network answered, and why.

use serde_json::{Value, json};

use crate::domain::id::PaymentId;
use crate::domain::payment::reason::{DeclineReason, Warning};
use crate::domain::payment::record::{Move, MoveKind, PaidWith, Payment};
use crate::domain::payment::request::Initiator;
use crate::operations::SharedConfig;

/// `PAY` and 22 letters.
pub(super) fn payment_id(id: &PaymentId) -> String {
    format!("PAY{}", id.base58())
}

pub(super) fn parse_payment_id(text: &str) -> Option<PaymentId> {
    PaymentId::from_base58(text.strip_prefix("PAY")?)
}

/// The payment, with the exact reason for which it was declined.
pub(super) fn payment(config: &SharedConfig, payment: &Payment) -> Value {
    let response = config.responses.of(payment).map(|response| {
        json!({
            "code": response.de39,
            "merchant_advice": response.merchant_advice,
            "token_result": response.token_result,
        })
    });
    let warnings: Vec<_> = payment
        .warnings
        .iter()
        .map(|warning| Warning::word(*warning))
        .collect();
    json!({
        "id": payment_id(&payment.id),
        "merchant": payment.merchant,
        "approved": payment.approved(),
        "state": payment.state().word(),
        "reason": payment.decline.map(DeclineReason::word),
        "reason_text": payment.decline.map(|reason| reason.to_string()),
        "row": payment.decline.map(DeclineReason::row),
        "warnings": warnings,
        "response": response,
        "amount": payment.authorized.minor,
        "captured": payment.captured_minor,
        "refunded": payment.refunded_minor,
        "currency": payment.authorized.currency.code(),
        "initiator": match payment.initiator {
            Initiator::Customer => "customer",
            Initiator::Merchant => "merchant",
        },
        "network": payment.network,
        "paid_with": paid_with(payment),
        "eci": payment.eci,
        "payment_account_reference": payment.account,
        "network_transaction_id": payment.nti.as_ref().map(|nti| nti.text()),
        "transaction_link_id": payment.tlid.as_ref().map(|tlid| tlid.text()),
        "reference": payment.note,
        "moves": payment.moves.iter().map(one_move).collect::<Vec<_>>(),
        "created_at": payment.created.rfc3339_micros(),
        "updated_at": payment.updated.rfc3339_micros(),
    })
}

fn paid_with(payment: &Payment) -> Value {
    let (kind, token) = match payment.paid_with {
        PaidWith::Token(reference, _) => {
            ("network_token", Some(format!("NTK{}", reference.base58())))
        }
        PaidWith::Card(_) => ("card", None),
        PaidWith::Unknown(_) => ("unknown", None),
    };
    json!({
        "kind": kind,
        "token": token,
        "last4": payment.paid_with.last4(),
        "exp_month": payment.expiry.month(),
        "exp_year": payment.expiry.year(),
    })
}

fn one_move(made: &Move) -> Value {
    json!({
        "kind": match made.kind {
            MoveKind::Capture => "capture",
            MoveKind::Void => "void",
            MoveKind::Refund => "refund",
            MoveKind::Expire => "expiry",
        },
        "amount": made.minor,
        "at": made.at.rfc3339_micros(),
    })
}
