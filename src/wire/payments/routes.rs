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
use crate::wire::asked::Asked;
use crate::wire::body::{Flaw, Members, Problem};
use crate::wire::once::{self, Begun, Terms};
use crate::wire::{Visit, fingerprint};

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

async fn pay(mut asked: Asked) -> Response {
    let mut visit = asked.visit("pay").await;
    let result = make_payment(&mut visit, &asked).await;
    visit.finish(result)
}

async fn make_payment(visit: &mut Visit, asked: &Asked) -> Result<Response, PaymentsError> {
    let merchant = enter(visit, asked)?;
    let body = requests::document(asked)?;
    let credential = requests::credential(&body)?;
    let mut request = match credential {
        None => requests::members(&body, |body| requests::payment(body, &merchant.name))?,
        Some(id) => {
            let with = delegated(visit, &id).await?;
            requests::members(&body, |body| {
                requests::delegated(body, &merchant.name, with)
            })?
        }
    };
    let going = match begin(visit, asked, merchant, &body).await? {
        Begun::Again(response) => return Ok(once::marked(response, REPLAYED)),
        Begun::Go(going) => going,
    };
    request.id = going.request;
    let paid = authorize(&mut visit.call, request, credential).await;
    let result = paid
        .map(|payment| show(visit, StatusCode::CREATED, &payment))
        .map_err(|_| PaymentsError::Contention);
    Ok(once::end(visit, going, result).await)
}

/// What a credential was given for.
async fn delegated(visit: &Visit, id: &CredentialId) -> Result<Delegated, PaymentsError> {
    let found = delegation::find(&visit.call, id).await;
    let with = found.and_then(|credential| credential.delegated);
    with.ok_or_else(|| {
        PaymentsError::Members(vec![Problem {
            pointer: "/credential".to_owned(),
            flaw: Flaw::Value,
            due: "names no delegated payment".into(),
        }])
    })
}

async fn read(mut asked: Asked) -> Response {
    let mut visit = asked.visit("read payment").await;
    let result = read_payment(&mut visit, &asked, &asked.id).await;
    visit.finish(result)
}

async fn read_payment(
    visit: &mut Visit,
    asked: &Asked,
    id: &str,
) -> Result<Response, PaymentsError> {
    let merchant = enter(visit, asked)?;
    let found = payments::find(&visit.call, counter(&merchant.name), &known(id)?).await;
    let payment = found.ok_or(PaymentsError::Unknown)?.record;
    Ok(json(
        StatusCode::OK,
        &messages::payment(&asked.desk.world, &payment),
    ))
}

async fn capture(asked: Asked) -> Response {
    advance("capture", asked, requests::capture).await
}

async fn void(asked: Asked) -> Response {
    advance("void", asked, |_| Some(Step::Void)).await
}

async fn refund(asked: Asked) -> Response {
    advance("refund", asked, requests::refund).await
}

async fn advance(
    operation: &'static str,
    mut asked: Asked,
    step: fn(&Members<'_>) -> Option<Step>,
) -> Response {
    let mut visit = asked.visit(operation).await;
    let result = make_move(&mut visit, &asked, &asked.id, step).await;
    visit.finish(result)
}

async fn make_move(
    visit: &mut Visit,
    asked: &Asked,
    id: &str,
    step: fn(&Members<'_>) -> Option<Step>,
) -> Result<Response, PaymentsError> {
    let merchant = enter(visit, asked)?;
    let id = known(id)?;
    let body = requests::document(asked)?;
    let step = requests::members(&body, step)?;
    let going = match begin(visit, asked, merchant, &body).await? {
        Begun::Again(response) => return Ok(once::marked(response, REPLAYED)),
        Begun::Go(going) => going,
    };
    let counter = counter(&merchant.name);
    let moved = payments::advance(&mut visit.call, counter, &id, step, going.request).await;
    let result = moved
        .map(|moved| show(visit, StatusCode::OK, &moved.payment))
        .map_err(PaymentsError::from);
    Ok(once::end(visit, going, result).await)
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
    visit: &Visit,
    asked: &Asked,
    merchant: &Merchant,
    body: &Value,
) -> Result<Begun, PaymentsError> {
    let fingerprint = fingerprint::of_json(asked.uri.path(), body);
    Ok(once::begin(visit, asked, (&KEYS, &merchant.name), fingerprint).await?)
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
pub(super) fn show(visit: &mut Visit, status: StatusCode, payment: &Payment) -> Response {
    if let Some(reason) = payment.decline {
        visit.note(reason.word().into());
    }
    json(status, &messages::payment(&visit.call.desk.world, payment))
}

fn json(status: StatusCode, body: &Value) -> Response {
    (
        status,
        [(CONTENT_TYPE, "application/json")],
        body.to_string(),
    )
        .into_response()
}
