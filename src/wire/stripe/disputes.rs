//! `/v1/disputes`: what comes of Stripe's test cards for that (docs.stripe.com/testing, disputes). The dispute is there as soon
//! as the money was taken. How it is answered is in [`super::dispute_calls`].

use serde_json::{Value, json};

use super::calls::{find, no_such, ok};
use super::charges::{currency, intent_of};
use super::errors::StripeError;
use super::expansions::{Object, written_out};
use super::intents::charge_id;
use super::method::brand;
use super::{balance, evidence, kept, listed, opening, parameters};
use crate::domain::id::PaymentId;
use crate::domain::moment::Moment;
use crate::domain::payment::dispute::{Dispute, DisputeStatus};
use crate::domain::payment::record::Payment;
use crate::operations::SharedConfig;
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Answer, Request, RequestContext};

const PREFIX: &str = "du_";

/// After the charge.
pub(super) fn name_of(payment: &Payment) -> String {
    format!("{PREFIX}{}", payment.id.base58())
}

pub(super) fn parse(text: &str) -> Option<PaymentId> {
    PaymentId::from_base58(text.strip_prefix(PREFIX)?)
}

/// The dispute of a payment as it stands, if its customer disputes it.
pub(super) fn of(config: &SharedConfig, payment: &Payment, now: Moment) -> Option<Value> {
    let dispute = payment.dispute.as_deref()?;
    let note = kept::parsed(dispute.note.as_deref());
    Some(json!({
        "id": name_of(payment),
        "object": "dispute",
        "amount": dispute.minor,
        "balance_transactions": balance::of_dispute(config, payment, now),
        "charge": charge_id(&payment.id),
        "created": dispute.created.seconds(),
        "currency": currency(payment),
        "enhanced_eligibility_types": [],
        "evidence": evidence::shown(&note["evidence"]),
        "evidence_details": {
            "due_by": dispute.due_by.seconds(),
            "enhanced_eligibility": {},
            "has_evidence": evidence::is_there(&note["evidence"]),
            "past_due": dispute.is_past_due(),
            "submission_count": dispute.submissions,
        },
        "is_charge_refundable": dispute.is_refundable(),
        "livemode": false,
        "metadata": note["metadata"].as_object().cloned().unwrap_or_default(),
        "payment_intent": intent_of(payment, &kept::of(payment)),
        "payment_method_details": {
            "type": "card",
            "card": {
                "brand": brand(payment.network),
                "case_type": case_type(dispute),
                "network_reason_code": null,
            },
        },
        "reason": dispute.reason,
        "status": status(dispute.status),
    }))
}

/// Stripe, API reference, the Dispute object.
const fn status(status: DisputeStatus) -> &'static str {
    match status {
        DisputeStatus::InquiryOpen => "warning_needs_response",
        DisputeStatus::InquiryAnswered => "warning_under_review",
        DisputeStatus::InquiryClosed => "warning_closed",
        DisputeStatus::Open => "needs_response",
        DisputeStatus::Answered => "under_review",
        DisputeStatus::Won => "won",
        DisputeStatus::Lost => "lost",
    }
}

/// Stripe, API reference, the Dispute object: how a network calls such a case.
fn case_type(dispute: &Dispute) -> &'static str {
    if dispute.status.is_inquiry() {
        "inquiry"
    } else if dispute.reason == "noncompliant" {
        "compliance"
    } else {
        "chargeback"
    }
}

/// The disputed payment that the path names.
pub(super) async fn named(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    request: &Request,
) -> Result<Payment, StripeError> {
    let found = find(context, account, parse(&request.id)).await?;
    let disputed = found.filter(|payment| payment.dispute.is_some());
    disputed.ok_or_else(|| no_such("dispute", "dispute", &request.id))
}

pub(super) async fn read(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, query) = opening::of_one(context, request, Object::Dispute)?;
    let payment = named(context, account, request).await?;
    let dispute = of(&request.space.config, &payment, request.now).unwrap_or_default();
    Ok(ok(&written_out(context, account, &query, dispute).await?))
}

pub(super) async fn list(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let known = parameters::PAYMENTS;
    let (account, query) = opening::of_list(context, request, known, Object::Dispute)?;
    let order = listed::Order::of(context, account).await?;
    let mut rows = Vec::new();
    for payment in listed::made(context, account).await? {
        let made = payment.dispute.as_deref().map(|dispute| dispute.created);
        let shown = of(&request.space.config, &payment, request.now);
        if let Some((dispute, made)) = shown.zip(made) {
            rows.push(order.row(dispute, made, &payment.id, None));
        }
    }
    let page = listed::list(rows, "dispute", "/v1/disputes", &query)?;
    Ok(ok(&written_out(context, account, &query, page).await?))
}
