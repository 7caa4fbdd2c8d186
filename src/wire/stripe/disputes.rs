//! `/v1/disputes`: what comes of Stripe's test cards for that (docs.stripe.com/testing, disputes). The dispute is there as soon
//! as the money was taken, and waits for the merchant's answer, which is not imitated.

use serde_json::{Value, json};

use super::charges::{currency, intent_of};
use super::errors::StripeError;
use super::expansions::{Object, written_out};
use super::intents::charge_id;
use super::routes::{find, no_such, ok};
use super::{kept, listed, opening, parameters, published};
use crate::domain::id::PaymentId;
use crate::domain::payment::record::Payment;
use crate::operations::SharedConfig;
use crate::wire::edge::{Answer, Request, RequestContext};

const PREFIX: &str = "dp_";
/// How long a merchant has to answer (Stripe, how disputes work: seven to twenty-one days).
const ANSWER_WITHIN_S: i64 = 7 * 24 * 60 * 60;

/// After the charge.
pub(super) fn name_of(payment: &Payment) -> String {
    format!("{PREFIX}{}", payment.id.base58())
}

pub(super) fn parse(text: &str) -> Option<PaymentId> {
    PaymentId::from_base58(text.strip_prefix(PREFIX)?)
}

/// The dispute of a payment, if its customer disputes it.
pub(super) fn of(config: &SharedConfig, payment: &Payment) -> Option<Value> {
    let reason = published::disputed(config, payment)?;
    // It is only asked after (Stripe, how disputes work).
    let asked = reason == "general";
    let created = payment.created.seconds();
    Some(json!({
        "id": name_of(payment),
        "object": "dispute",
        "amount": payment.captured_minor,
        "balance_transactions": [],
        "charge": charge_id(&payment.id),
        "created": created,
        "currency": currency(payment),
        "enhanced_eligibility_types": [],
        "evidence": {},
        "evidence_details": {
            "due_by": created + ANSWER_WITHIN_S,
            "has_evidence": false,
            "past_due": false,
            "submission_count": 0,
        },
        "is_charge_refundable": asked,
        "livemode": false,
        "metadata": {},
        "payment_intent": intent_of(payment, &kept::of(payment)),
        "reason": reason,
        "status": if asked { "warning_needs_response" } else { "needs_response" },
    }))
}

pub(super) async fn read(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, query) = opening::of_one(context, request, Object::Dispute)?;
    let unknown = || no_such("dispute", "id", &request.id);
    let payment = find(context, account, parse(&request.id)).await?;
    let dispute = payment.and_then(|payment| of(&request.space.config, &payment));
    let dispute = dispute.ok_or_else(unknown)?;
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
        if let Some(dispute) = of(&request.space.config, &payment) {
            rows.push(order.row(dispute, payment.created, &payment.id, None));
        }
    }
    let page = listed::list(rows, "dispute", "/v1/disputes", &query)?;
    Ok(ok(&written_out(context, account, &query, page).await?))
}
