//! Payment intents, charges and refunds of a merchant, newest first.

use std::borrow::Cow;

use serde_json::Value;

use super::errors::StripeError;
use super::expansions::{Object, written_out};
use super::form::Form;
use super::lists::Rows;
use super::messages::{self, View};
use super::opening;
use super::parameters;
use super::routes::ok;
use crate::domain::payment::draft::{Draft, DraftStatus};
use crate::domain::payment::record::Payment;
use crate::domain::rejection::Rejection;
use crate::operations::counter;
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Answer, Request, RequestContext};

pub(super) async fn intents(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, query) =
        opening::of_list(context, request, parameters::PAYMENTS, Object::Intent)?;
    let view = View::of(request, &query);
    let space = &request.space;
    let drafts = counter::all::<Draft>(&context.call, account.counter()).await?;
    let waiting = drafts
        .iter()
        .filter(|draft| !draft.setup && is_waiting(draft));
    let mut rows = Vec::new();
    for draft in waiting {
        rows.push(messages::waiting(space, draft)?);
    }
    // An intent that was tried more than once is what came of it last.
    let mut payments = made(context, account).await?;
    payments.sort_by_key(|payment| std::cmp::Reverse(payment.created));
    for payment in &payments {
        let intent = messages::intent(space, payment, view);
        if rows.iter().all(|row| row["id"] != intent["id"]) {
            rows.push(intent);
        }
    }
    let page = list(rows, "payment_intent", "/v1/payment_intents", &query)?;
    Ok(ok(&written_out(context, account, &query, page).await?))
}

/// Whether the draft itself is shown, and not the payment that has come of it.
pub(super) const fn is_waiting(draft: &Draft) -> bool {
    matches!(
        draft.status,
        DraftStatus::Open { declined: None }
            | DraftStatus::Confirming { .. }
            | DraftStatus::Challenged { .. }
            | DraftStatus::Cancelled
    )
}

pub(super) async fn charges(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, query) =
        opening::of_list(context, request, parameters::PAYMENTS, Object::Charge)?;
    let config = &request.space.config;
    let payments = made(context, account).await?;
    let rows = payments
        .iter()
        .map(|payment| messages::charge(config, payment));
    let page = list(rows.collect(), "charge", "/v1/charges", &query)?;
    Ok(ok(&written_out(context, account, &query, page).await?))
}

pub(super) async fn refunds(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, query) =
        opening::of_list(context, request, parameters::PAYMENTS, Object::Refund)?;
    let payments = made(context, account).await?;
    let rows = payments.iter().flat_map(|payment| {
        let places = 0..payment.moves.len();
        places.filter_map(|place| messages::refund(payment, place))
    });
    Ok(ok(&list(rows.collect(), "refund", "/v1/refunds", &query)?))
}

/// The page that the query asks for, of what belongs to what it names.
pub(super) fn list(
    mut rows: Vec<Value>,
    what: &'static str,
    url: impl Into<Cow<'static, str>>,
    query: &Form,
) -> Result<Value, StripeError> {
    for name in [
        "payment_intent",
        "charge",
        "customer",
        "payment_method",
        "email",
        "type",
    ] {
        if let Some(wanted) = query.text(name) {
            rows.retain(|row| row[name] == wanted);
        }
    }
    // Of one second the ids decide, so that pages do not overlap.
    rows.sort_by(|one, other| {
        let key = |row: &Value| {
            (
                row["created"].as_i64(),
                row["id"].as_str().map(str::to_owned),
            )
        };
        key(other).cmp(&key(one))
    });
    let url = url.into();
    Rows { what, url, rows }.page(query)
}

async fn made(
    context: &RequestContext,
    account: MerchantAccount<'_>,
) -> Result<Vec<Payment>, Rejection> {
    let mut payments = counter::all::<Payment>(&context.call, account.counter()).await?;
    // A verification is no charge.
    payments.retain(|payment| !payment.verification);
    Ok(payments)
}
