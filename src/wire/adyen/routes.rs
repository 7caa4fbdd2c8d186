//! What Adyen answers, route by route. Every version of the API is answered alike.

use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

use super::auth::enter;
use super::errors::AdyenError;
use super::messages;
use super::modifications::{Modification, modify};
use super::requests;
use crate::domain::id::PaymentId;
use crate::domain::merchant::Merchant;
use crate::domain::payment::request::{Initiator, Proof, Slot};
use crate::limits::{IDEMPOTENCY_KEY_BYTES_ADYEN_MAX, IDEMPOTENCY_LIFETIME_ADYEN};
use crate::operations::authorize::authorize;
use crate::wire::asked::Asked;
use crate::wire::once::{self, Begun, Terms};
use crate::wire::{Refused, Visit, fingerprint};

/// Under this name payments are kept.
pub(super) const SERVICE: &str = "adyen";

/// Every route of Adyen that standin imitates.
pub fn router() -> Router {
    Router::new()
        .route("/{version}/payments", post(pay))
        .route("/{version}/payments/{reference}/captures", post(capture))
        .route("/{version}/payments/{reference}/cancels", post(cancel))
        .route("/{version}/payments/{reference}/refunds", post(refund))
        .route("/{version}/payments/{reference}/reversals", post(reverse))
        .fallback(async || AdyenError::NoSuchPage)
        .method_not_allowed_fallback(async || AdyenError::Method)
}

async fn pay(mut asked: Asked) -> Response {
    let mut visit = asked.visit("pay").await;
    let result = make_payment(&mut visit, &asked).await;
    finish(visit, &asked, result)
}

async fn make_payment(visit: &mut Visit, asked: &Asked) -> Result<Response, AdyenError> {
    let merchant = enter(visit, asked)?;
    let body = requests::document(asked)?;
    let read = requests::members(&body, merchant, |body| requests::payment(body, merchant));
    let mut request = read?;
    let by_shopper = request.initiator == Initiator::Customer;
    if by_shopper && request.slot == Slot::Token && request.proof == Proof::default() {
        return Err(AdyenError::CryptogramMissing);
    }
    let going = match begin(visit, asked, merchant, &body).await? {
        Begun::Again(response) => return Ok(response),
        Begun::Go(going) => going,
    };
    request.id = going.request;
    let result = match authorize(&mut visit.call, request, None).await {
        Ok(payment) => {
            if let Some(reason) = payment.decline {
                visit.note(reason.word().into());
            }
            let reference = messages::psp_reference(&payment.id);
            let body = messages::payment(&asked.desk, &payment);
            Ok(json_response(StatusCode::OK, &reference, &body))
        }
        Err(_) => Err(AdyenError::Contention),
    };
    Ok(once::end(visit, going, result).await)
}

type Named = Path<(String, String)>;

async fn capture(Path((_, reference)): Named, asked: Asked) -> Response {
    modified("capture", &reference, asked, Modification::Capture).await
}

async fn cancel(Path((_, reference)): Named, asked: Asked) -> Response {
    modified("cancel", &reference, asked, Modification::Cancel).await
}

async fn refund(Path((_, reference)): Named, asked: Asked) -> Response {
    modified("refund", &reference, asked, Modification::Refund).await
}

async fn reverse(Path((_, reference)): Named, asked: Asked) -> Response {
    modified("reverse", &reference, asked, Modification::Reversal).await
}

async fn modified(
    operation: &'static str,
    reference: &str,
    mut asked: Asked,
    kind: Modification,
) -> Response {
    let mut visit = asked.visit(operation).await;
    let result = modify(&mut visit, &asked, reference, kind).await;
    finish(visit, &asked, result)
}

/// Of idempotency keys.
const KEYS: Terms = Terms {
    service: SERVICE,
    headers: &["idempotency-key"],
    bytes_max: IDEMPOTENCY_KEY_BYTES_ADYEN_MAX,
    lifetime: IDEMPOTENCY_LIFETIME_ADYEN,
    refusals_too: true,
};

pub(super) async fn begin(
    visit: &Visit,
    asked: &Asked,
    merchant: &Merchant,
    body: &Value,
) -> Result<Begun, AdyenError> {
    let fingerprint = fingerprint::of_json(asked.uri.path(), body);
    Ok(once::begin(visit, asked, (&KEYS, &merchant.name), fingerprint).await?)
}

/// An answer with its reference, which stands in the body too.
pub(super) fn json_response(status: StatusCode, reference: &str, body: &Value) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (PSP_REFERENCE, reference),
    ];
    (status, headers, body.to_string()).into_response()
}

const PSP_REFERENCE: HeaderName = HeaderName::from_static("pspreference");
const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Names an error by its request, and says which key was taken note of.
fn finish(visit: Visit, asked: &Asked, result: Result<Response, AdyenError>) -> Response {
    let receipt = asked.receipt(&visit.call);
    let mut head = [0; PaymentId::HEAD];
    head.copy_from_slice(&receipt[..PaymentId::HEAD]);
    let reference = messages::reference_of(&head);
    let mut response = match result {
        Ok(response) => visit.finish(Ok::<_, AdyenError>(response)),
        Err(error) => {
            let mut visit = visit;
            visit.note(error.reason());
            visit.finish(Ok::<_, AdyenError>(error.named(&reference)))
        }
    };
    if let Some(key) = asked.headers.get(KEY) {
        response.headers_mut().insert(KEY, key.clone());
    }
    if let Ok(reference) = HeaderValue::from_str(&reference) {
        let headers = response.headers_mut();
        headers.entry(PSP_REFERENCE).or_insert(reference);
    }
    response
}
