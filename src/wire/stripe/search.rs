//! Looking for payment intents, charges and customers (Stripe, API reference, search; docs.stripe.com/search). What was just
//! made is found at once here; Stripe takes up to a minute.

use serde_json::{Value, json};

use super::calls::{ok, query_of};
use super::errors::{Conflict, StripeError};
use super::expansions::{self, Object, written_out};
use super::form::Form;
use super::listed::{self, Row};
use super::lists::limit;
use super::search_query::{Fields, OF_CHARGES, OF_CUSTOMERS, OF_INTENTS, Query};
use super::{customers, parameters_kept};
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Answer, Request, RequestContext};

const TOTAL: &str = "total_count";

/// What is looked for, and where.
struct Resource {
    name: &'static str,
    object: Object,
    fields: Fields,
}

pub(super) async fn intents(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let resource = Resource {
        name: "payment_intents",
        object: Object::Intent,
        fields: OF_INTENTS,
    };
    let account = super::auth::enter(context, request)?;
    let (query, found) = asked(request, &resource)?;
    let rows = listed::every_intent(context, request, account).await?;
    answer(context, account, &resource, &query, &found, rows).await
}

pub(super) async fn charges(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let resource = Resource {
        name: "charges",
        object: Object::Charge,
        fields: OF_CHARGES,
    };
    let account = super::auth::enter(context, request)?;
    let (query, found) = asked(request, &resource)?;
    let rows = listed::every_charge(context, account).await?;
    answer(context, account, &resource, &query, &found, rows).await
}

pub(super) async fn customers(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let resource = Resource {
        name: "customers",
        object: Object::Customer,
        fields: OF_CUSTOMERS,
    };
    let account = super::auth::enter(context, request)?;
    let (query, found) = asked(request, &resource)?;
    let rows = customers::every(context, account).await?;
    answer(context, account, &resource, &query, &found, rows).await
}

/// The query string, and the query in it.
fn asked(request: &Request, resource: &Resource) -> Result<(Form, Query), StripeError> {
    let query = query_of(request, parameters_kept::SEARCH)?;
    let mut expanded = query.pairs().to_vec();
    expanded.retain(|(_, path)| path != TOTAL);
    expansions::of_list(&Form::of(&expanded), resource.object)?;
    let text = query.required("query")?;
    let found = Query::parse(text, resource.name, resource.fields);
    Ok((query, found.map_err(|message| refused(message, "query"))?))
}

fn refused(message: String, param: &'static str) -> StripeError {
    Conflict {
        refusal: None,
        code: None,
        message,
        param: Some(param),
        intent: None,
    }
    .into()
}

async fn answer(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    resource: &Resource,
    query: &Form,
    found: &Query,
    rows: Vec<Row>,
) -> Result<Answer, StripeError> {
    let mut rows = listed::newest_first(rows);
    rows.retain(|row| found.finds(row));
    let total = rows.len();
    let from = match query.text("page") {
        None => 0,
        // A page begins behind the last object of the one before.
        Some(page) => {
            let seen = rows.iter().position(|row| row["id"] == page);
            1 + seen.ok_or_else(|| refused("Invalid page".to_owned(), "page"))?
        }
    };
    let limit = limit(query)?;
    let more = total > from + limit;
    let page: Vec<Value> = rows.into_iter().skip(from).take(limit).collect();
    let next = page.last().filter(|_| more).map(|row| row["id"].clone());
    let mut body = json!({
        "object": "search_result",
        "data": page,
        "has_more": more,
        "next_page": next,
        "url": format!("/v1/{}/search", resource.name),
    });
    if query.expands(TOTAL) {
        body[TOTAL] = total.into();
    }
    Ok(ok(&written_out(context, account, query, body).await?))
}
