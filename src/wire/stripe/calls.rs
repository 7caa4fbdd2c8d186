//! What the calls of every object have in common: how form and query are read, how a payment is found, and what is answered
//! where nothing is.

use http::StatusCode;
use serde_json::Value;

use super::errors::{Own, StripeError};
use super::form::Form;
use super::rules::Row;
use super::{parameters, rules};
use crate::domain::id::PaymentId;
use crate::domain::money::{AMOUNT_MINOR_MAX, Amount};
use crate::domain::payment::record::Payment;
use crate::domain::rejection::Rejection;
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Answer, HttpProblem, Request, RequestContext, json};

pub(super) fn query(request: &Request) -> Result<Form, StripeError> {
    query_of(request, parameters::READ)
}

/// The query, in which only these may stand.
pub(super) fn query_of(request: &Request, known: &[Row]) -> Result<Form, StripeError> {
    let query = Form::parse(request.uri.query().unwrap_or_default().as_bytes());
    rules::check_query(&query, &[known])?;
    Ok(query)
}

pub(super) fn form(request: &Request) -> Result<Form, StripeError> {
    if request.body.is_empty() || request.is_of_type("application/x-www-form-urlencoded") {
        return Ok(Form::parse(&request.body));
    }
    Err(HttpProblem::MediaType("application/x-www-form-urlencoded").into())
}

pub(super) async fn find(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    id: Option<PaymentId>,
) -> Result<Option<Payment>, Rejection> {
    let Some(id) = id else {
        return Ok(None);
    };
    // A verification is no charge.
    let found = account.find(context, &id).await?;
    Ok(found.filter(|payment| !payment.verification))
}

/// Minor units of the payment's currency; more than there can be is as good as the most.
pub(super) fn of(payment: &Payment, minor: u64) -> Amount {
    Amount {
        minor: minor.min(AMOUNT_MINOR_MAX),
        currency: payment.authorized.currency,
    }
}

pub(super) fn no_such_intent(name: &'static str, id: &str) -> StripeError {
    no_such("payment_intent", name, id)
}

pub(super) fn no_such(what: &'static str, name: &'static str, id: &str) -> StripeError {
    Own::NoSuch {
        what,
        name,
        id: id.chars().take(100).collect(),
    }
    .into()
}

pub(super) fn ok(body: &Value) -> Answer {
    json(StatusCode::OK, body.to_string())
}
