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
use crate::wire::idempotency::{self, Claimed, Terms};
use crate::wire::request::Request;
use crate::wire::{Refused, RequestContext, fingerprint};

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

async fn pay(mut request: Request) -> Response {
    let mut context = request.begin("pay").await;
    let result = make_payment(&mut context, &request).await;
    finish(context, &request, result)
}

async fn make_payment(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Response, AdyenError> {
    let merchant = enter(context, request)?;
    let body = requests::document(request)?;
    let read = requests::members(&body, merchant, |body| requests::payment(body, merchant));
    let mut payment_request = read?;
    let by_shopper = payment_request.initiator == Initiator::Customer;
    if by_shopper
        && payment_request.slot == Slot::Token
        && payment_request.proof == Proof::default()
    {
        return Err(AdyenError::CryptogramMissing);
    }
    let in_flight = match begin(context, request, merchant, &body).await? {
        Claimed::Replayed(response) => return Ok(response),
        Claimed::InFlight(in_flight) => in_flight,
    };
    payment_request.id = in_flight.request;
    let result = match authorize(&mut context.call, payment_request, None).await {
        Ok(payment) => {
            if let Some(reason) = payment.decline {
                context.note(reason.word().into());
            }
            let reference = messages::psp_reference(&payment.id);
            let body = messages::payment(&request.space, &payment);
            Ok(json_response(StatusCode::OK, &reference, &body))
        }
        Err(rejection) => Err(AdyenError::from(rejection)),
    };
    Ok(idempotency::end(context, in_flight, result).await)
}

type Named = Path<(String, String)>;

async fn capture(Path((_, reference)): Named, request: Request) -> Response {
    modified("capture", &reference, request, Modification::Capture).await
}

async fn cancel(Path((_, reference)): Named, request: Request) -> Response {
    modified("cancel", &reference, request, Modification::Cancel).await
}

async fn refund(Path((_, reference)): Named, request: Request) -> Response {
    modified("refund", &reference, request, Modification::Refund).await
}

async fn reverse(Path((_, reference)): Named, request: Request) -> Response {
    modified("reverse", &reference, request, Modification::Reversal).await
}

async fn modified(
    operation: &'static str,
    reference: &str,
    mut request: Request,
    kind: Modification,
) -> Response {
    let mut context = request.begin(operation).await;
    let result = modify(&mut context, &request, reference, kind).await;
    finish(context, &request, result)
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
    context: &RequestContext,
    request: &Request,
    merchant: &Merchant,
    body: &Value,
) -> Result<Claimed, AdyenError> {
    let fingerprint = fingerprint::of_json(request.uri.path(), body);
    Ok(idempotency::begin(context, request, (&KEYS, &merchant.name), fingerprint).await?)
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
fn finish(
    context: RequestContext,
    request: &Request,
    result: Result<Response, AdyenError>,
) -> Response {
    let receipt = request.receipt(&context.call);
    let mut head = [0; PaymentId::HEAD];
    head.copy_from_slice(&receipt[..PaymentId::HEAD]);
    let reference = messages::reference_of(&head);
    let mut response = match result {
        Ok(response) => context.finish(Ok::<_, AdyenError>(response)),
        Err(error) => {
            let mut context = context;
            context.note(error.reason());
            context.finish(Ok::<_, AdyenError>(error.named(&reference)))
        }
    };
    if let Some(key) = request.headers.get(KEY) {
        response.headers_mut().insert(KEY, key.clone());
    }
    if let Ok(reference) = HeaderValue::from_str(&reference) {
        let headers = response.headers_mut();
        headers.entry(PSP_REFERENCE).or_insert(reference);
    }
    response
}
