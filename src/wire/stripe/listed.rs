//! Payment intents, charges and refunds of a merchant, newest first.

use serde_json::Value;

use super::auth::enter;
use super::errors::StripeError;
use super::lists::Rows;
use super::messages::{self, View};
use super::parameters;
use super::routes::{ok, query_of};
use crate::domain::payment::draft::{Draft, DraftStatus};
use crate::domain::payment::record::Payment;
use crate::domain::rejection::Rejection;
use crate::limits::PAGE_ROWS_MAX;
use crate::store::Keyed;
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Answer, Request, RequestContext};

pub(super) async fn intents(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let account = enter(context, request)?;
    let query = query_of(request, parameters::PAYMENTS)?;
    let view = View::of(request, &query);
    let space = &request.space;
    let drafts = all::<Draft>(request, account, |draft| (&draft.merchant, draft.service)).await?;
    let waiting = drafts.iter().filter(|draft| {
        matches!(
            draft.status,
            DraftStatus::Open { declined: None }
                | DraftStatus::Confirming { .. }
                | DraftStatus::Cancelled
        )
    });
    let mut rows = Vec::new();
    for draft in waiting {
        rows.push(messages::waiting(space, draft)?);
    }
    // An intent that was tried more than once is what came of it last.
    let mut payments = payments(request, account).await?;
    payments.sort_by_key(|payment| std::cmp::Reverse(payment.created));
    for payment in &payments {
        let intent = messages::intent(space, payment, view);
        if rows.iter().all(|row| row["id"] != intent["id"]) {
            rows.push(intent);
        }
    }
    list(rows, "payment_intent", "/v1/payment_intents", &query)
}

pub(super) async fn charges(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let account = enter(context, request)?;
    let query = query_of(request, parameters::PAYMENTS)?;
    let config = &request.space.config;
    let payments = payments(request, account).await?;
    let rows = payments
        .iter()
        .map(|payment| messages::charge(config, payment));
    list(rows.collect(), "charge", "/v1/charges", &query)
}

pub(super) async fn refunds(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let account = enter(context, request)?;
    let query = query_of(request, parameters::PAYMENTS)?;
    let payments = payments(request, account).await?;
    let rows = payments.iter().flat_map(|payment| {
        let places = 0..payment.moves.len();
        places.filter_map(|place| messages::refund(payment, place))
    });
    list(rows.collect(), "refund", "/v1/refunds", &query)
}

fn list(
    mut rows: Vec<Value>,
    what: &'static str,
    url: &'static str,
    query: &super::form::Form,
) -> Result<Answer, StripeError> {
    for name in ["payment_intent", "charge", "customer"] {
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
    let rows = Rows { what, url, rows };
    Ok(ok(&rows.page(query)?))
}

async fn payments(
    request: &Request,
    account: MerchantAccount<'_>,
) -> Result<Vec<Payment>, StripeError> {
    all::<Payment>(request, account, |payment| {
        (&payment.merchant, payment.service)
    })
    .await
}

/// Every record of this kind that the merchant has at this service.
async fn all<T: Keyed>(
    request: &Request,
    account: MerchantAccount<'_>,
    whose: fn(&T) -> (&String, &'static str),
) -> Result<Vec<T>, StripeError> {
    let mut own = Vec::new();
    let mut after = None;
    loop {
        let page = request.space.store.scan::<T>(after.as_ref(), PAGE_ROWS_MAX);
        let page = page.await.map_err(Rejection::from)?;
        after = page.rows.last().map(Keyed::key);
        let counter = account.counter();
        own.extend(page.rows.into_iter().filter(|row| {
            let (merchant, service) = whose(row);
            merchant == counter.merchant && service == counter.service
        }));
        if !page.more {
            return Ok(own);
        }
    }
}
