//! What our own payment API answers, route by route.

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::Value;

use super::auth::enter;
use super::errors::PaymentsError;
use super::{messages, page, requests};
use crate::domain::id::{CredentialId, PaymentId};
use crate::domain::merchant::Merchant;
use crate::domain::payment::allowance::Delegated;
use crate::domain::payment::moves::Step;
use crate::domain::payment::record::Payment;
use crate::limits::{IDEMPOTENCY_KEY_BYTES_MAX, IDEMPOTENCY_LIFETIME};
use crate::operations::authorize::authorize;
use crate::operations::delegation;
use crate::operations::payments::{self, Counter};
use crate::wire::body::{Flaw, Members, Problem};
use crate::wire::idempotency::{self, Claimed, Terms};
use crate::wire::request::Request;
use crate::wire::{RequestContext, fingerprint};

/// Under this name payments are kept.
pub(super) const SERVICE: &str = "payments";
/// Says that an answer is one that was given before (ACP and Stripe).
const REPLAYED: &str = "idempotent-replayed";

/// Every route of our own payment API, and the checkout page.
pub fn router() -> Router {
    Router::new()
        .route("/payments", post(pay))
        .route("/payments/{id}", get(read))
        .route("/payments/{id}/captures", post(capture))
        .route("/payments/{id}/voids", post(void))
        .route("/payments/{id}/refunds", post(refund))
        .route("/checkout", get(page::show).post(page::submit))
        .fallback(async || PaymentsError::NoSuchPage)
        .method_not_allowed_fallback(async || PaymentsError::Method)
}

async fn pay(mut request: Request) -> Response {
    let mut context = request.begin("pay").await;
    let result = make_payment(&mut context, &request).await;
    context.finish(result)
}

async fn make_payment(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Response, PaymentsError> {
    let merchant = enter(context, request)?;
    let body = requests::document(request)?;
    let credential = requests::credential(&body)?;
    let mut payment_request = match credential {
        None => requests::members(&body, |body| requests::payment(body, &merchant.name))?,
        Some(id) => {
            let with = delegated(context, &id).await?;
            requests::members(&body, |body| {
                requests::delegated(body, &merchant.name, with)
            })?
        }
    };
    let in_flight = match begin(context, request, merchant, &body).await? {
        Claimed::Replayed(response) => return Ok(idempotency::marked(response, REPLAYED)),
        Claimed::InFlight(in_flight) => in_flight,
    };
    payment_request.id = in_flight.request;
    let paid = authorize(&mut context.call, payment_request, credential).await;
    let result = paid
        .map(|payment| show(context, StatusCode::CREATED, &payment))
        .map_err(PaymentsError::from);
    Ok(idempotency::end(context, in_flight, result).await)
}

/// What a credential was given for.
async fn delegated(
    context: &RequestContext,
    id: &CredentialId,
) -> Result<Delegated, PaymentsError> {
    let found = delegation::find(&context.call, id).await?;
    let with = found.and_then(|credential| credential.delegated);
    with.ok_or_else(|| {
        PaymentsError::Members(vec![Problem {
            pointer: "/credential".to_owned(),
            flaw: Flaw::Value,
            due: "names no delegated payment".into(),
        }])
    })
}

async fn read(mut request: Request) -> Response {
    let mut context = request.begin("read payment").await;
    let result = read_payment(&mut context, &request, &request.id).await;
    context.finish(result)
}

async fn read_payment(
    context: &mut RequestContext,
    request: &Request,
    id: &str,
) -> Result<Response, PaymentsError> {
    let merchant = enter(context, request)?;
    let found = payments::find(&context.call, counter(&merchant.name), &known(id)?).await?;
    let payment = found.ok_or(PaymentsError::Unknown)?.record;
    Ok(json(
        StatusCode::OK,
        &messages::payment(&request.space.config, &payment),
    ))
}

async fn capture(request: Request) -> Response {
    advance("capture", request, requests::capture).await
}

async fn void(request: Request) -> Response {
    advance("void", request, |_| Some(Step::Void)).await
}

async fn refund(request: Request) -> Response {
    advance("refund", request, requests::refund).await
}

async fn advance(
    operation: &'static str,
    mut request: Request,
    step: fn(&Members<'_>) -> Option<Step>,
) -> Response {
    let mut context = request.begin(operation).await;
    let result = make_move(&mut context, &request, &request.id, step).await;
    context.finish(result)
}

async fn make_move(
    context: &mut RequestContext,
    request: &Request,
    id: &str,
    step: fn(&Members<'_>) -> Option<Step>,
) -> Result<Response, PaymentsError> {
    let merchant = enter(context, request)?;
    let id = known(id)?;
    let body = requests::document(request)?;
    let step = requests::members(&body, step)?;
    let in_flight = match begin(context, request, merchant, &body).await? {
        Claimed::Replayed(response) => return Ok(idempotency::marked(response, REPLAYED)),
        Claimed::InFlight(in_flight) => in_flight,
    };
    let counter = counter(&merchant.name);
    let moved = payments::advance(&mut context.call, counter, &id, step, in_flight.request).await;
    let result = moved
        .map(|moved| show(context, StatusCode::OK, &moved.payment))
        .map_err(PaymentsError::from);
    Ok(idempotency::end(context, in_flight, result).await)
}

/// Of idempotency keys.
const KEYS: Terms = Terms {
    service: SERVICE,
    headers: &["idempotency-key"],
    bytes_max: IDEMPOTENCY_KEY_BYTES_MAX,
    lifetime: IDEMPOTENCY_LIFETIME,
    refusals_too: true,
};

async fn begin(
    context: &RequestContext,
    request: &Request,
    merchant: &Merchant,
    body: &Value,
) -> Result<Claimed, PaymentsError> {
    let fingerprint = fingerprint::of_json(request.uri.path(), body);
    Ok(idempotency::begin(context, request, (&KEYS, &merchant.name), fingerprint).await?)
}

const fn counter(merchant: &str) -> Counter<'_> {
    Counter {
        merchant,
        service: SERVICE,
    }
}

fn known(id: &str) -> Result<PaymentId, PaymentsError> {
    messages::parse_payment_id(id).ok_or(PaymentsError::Unknown)
}

/// The payment, whose refusal the journal is told as well.
pub(super) fn show(
    context: &mut RequestContext,
    status: StatusCode,
    payment: &Payment,
) -> Response {
    if let Some(reason) = payment.decline {
        context.note(reason.word().into());
    }
    json(
        status,
        &messages::payment(&context.call.space.config, payment),
    )
}

fn json(status: StatusCode, body: &Value) -> Response {
    (
        status,
        [(CONTENT_TYPE, "application/json")],
        body.to_string(),
    )
        .into_response()
}
