//! What Stripe answers, route by route.

use http::StatusCode;
use serde_json::Value;

use super::errors::{Own, StripeError};
use super::form::Form;
use super::intents::parse_intent_id;
use super::rules::Row;
use super::{
    again, attempts, balance, challenge, charge_calls, customers, dispute_calls, disputes,
    endpoints, events, intent_calls, later, listed, methods, objects, parameters, refunds, rules,
    search, setups, tokens,
};
use crate::domain::id::PaymentId;
use crate::domain::money::{AMOUNT_MINOR_MAX, Amount};
use crate::domain::payment::draft::Draft;
use crate::domain::payment::record::Payment;
use crate::domain::rejection::Rejection;
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Answer, HttpProblem, Request, RequestContext, Route, json, routes};

/// Every route of Stripe that standin imitates.
pub(super) const ROUTES: &[Route] = routes![
    POST "/v1/payment_intents" CreateIntent => intent_calls::create,
    GET "/v1/payment_intents" ReadPayment => listed::intents,
    GET "/v1/payment_intents/search" ReadPayment => search::intents,
    GET "/v1/payment_intents/{id}" ReadPayment => intent_calls::read,
    POST "/v1/payment_intents/{id}" UpdateIntent => later::update,
    POST "/v1/payment_intents/{id}/confirm" Authorize => later::confirm,
    POST "/v1/payment_intents/{id}/capture" Capture => intent_calls::capture,
    POST "/v1/payment_intents/{id}/cancel" Cancel => intent_calls::cancel,
    POST "/v1/setup_intents" CreateSetup => setups::create,
    GET "/v1/setup_intents" ReadSetup => setups::list,
    GET "/v1/setup_intents/{id}" ReadSetup => setups::read,
    POST "/v1/setup_intents/{id}" UpdateSetup => setups::update,
    POST "/v1/setup_intents/{id}/confirm" VerifyCard => setups::confirm,
    POST "/v1/setup_intents/{id}/cancel" CancelSetup => setups::cancel,
    GET "/v1/setup_attempts" ReadSetup => attempts::list,
    GET "/v1/3d_secure/{id}" ReadPayment => challenge::page,
    POST "/v1/3d_secure/{id}" Authorize => challenge::answered,
    POST "/v1/payment_methods" CreatePaymentMethod => methods::create,
    GET "/v1/payment_methods" ReadPaymentMethod => methods::list,
    GET "/v1/payment_methods/{id}" ReadPaymentMethod => methods::read,
    POST "/v1/payment_methods/{id}" UpdatePaymentMethod => methods::update,
    POST "/v1/payment_methods/{id}/attach" AttachPaymentMethod => methods::attach,
    POST "/v1/payment_methods/{id}/detach" DetachPaymentMethod => methods::detach,
    POST "/v1/customers" CreateCustomer => customers::create,
    GET "/v1/customers" ReadCustomer => customers::list,
    GET "/v1/customers/search" ReadCustomer => search::customers,
    GET "/v1/customers/{id}" ReadCustomer => customers::read,
    POST "/v1/customers/{id}" UpdateCustomer => customers::update,
    DELETE "/v1/customers/{id}" DeleteCustomer => customers::delete,
    GET "/v1/customers/{id}/payment_methods" ReadPaymentMethod => methods::list_of_customer,
    POST "/v1/charges" Authorize => charge_calls::create,
    GET "/v1/charges" ReadPayment => listed::charges,
    GET "/v1/charges/search" ReadPayment => search::charges,
    GET "/v1/charges/{id}" ReadPayment => charge_calls::read,
    POST "/v1/charges/{id}" UpdateCharge => again::say_of_charge,
    POST "/v1/charges/{id}/capture" Capture => charge_calls::capture,
    GET "/v1/charges/{id}/refunds" ReadRefund => charge_calls::refunds,
    POST "/v1/refunds" Refund => refunds::refund,
    GET "/v1/refunds" ReadRefund => listed::refunds,
    GET "/v1/refunds/{id}" ReadRefund => refunds::read,
    POST "/v1/refunds/{id}" UpdateRefund => again::say_of_refund,
    GET "/v1/balance_transactions" ReadPayment => balance::list,
    GET "/v1/balance_transactions/{id}" ReadPayment => balance::read,
    GET "/v1/disputes" ReadPayment => disputes::list,
    GET "/v1/disputes/{id}" ReadPayment => disputes::read,
    POST "/v1/disputes/{id}" UpdateDispute => dispute_calls::update,
    POST "/v1/disputes/{id}/close" CloseDispute => dispute_calls::close,
    POST "/v1/tokens" CreateCardToken => tokens::create,
    GET "/v1/tokens/{id}" ReadPaymentMethod => tokens::read,
    GET "/v1/events" ReadEvent => events::list,
    GET "/v1/events/{id}" ReadEvent => events::read,
    POST "/v1/webhook_endpoints" RegisterEndpoint => endpoints::create,
    GET "/v1/webhook_endpoints" ReadEndpoint => endpoints::list,
    GET "/v1/webhook_endpoints/{id}" ReadEndpoint => endpoints::read,
    POST "/v1/webhook_endpoints/{id}" UpdateEndpoint => endpoints::update,
    DELETE "/v1/webhook_endpoints/{id}" DeleteEndpoint => endpoints::delete,
];

/// What an intent's name leads to.
pub(super) enum Found {
    Payment(Box<Payment>),
    /// Nobody has paid; with the payment that was tried last, if one was.
    Draft(Box<Draft>, Option<Box<Payment>>),
}

pub(super) async fn find_intent(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    id: &str,
) -> Result<Option<Found>, Rejection> {
    let Some(draft) = later::find(context, account, id).await? else {
        let payment = find(context, account, parse_intent_id(id)).await?;
        return Ok(payment.map(|payment| Found::Payment(payment.into())));
    };
    let payment = later::payment_of(context, account, &draft).await?;
    Ok(Some(objects::found(draft, payment)))
}

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
