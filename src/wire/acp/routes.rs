//! What the protocol's one call answers.

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::json;

use super::auth::enter;
use super::errors::AcpError;
use super::requests;
use crate::limits::{IDEMPOTENCY_KEY_BYTES_MAX, IDEMPOTENCY_LIFETIME};
use crate::operations::delegation::delegate;
use crate::operations::settings::DelegationHeaders;
use crate::wire::idempotency::{self, Claimed, Terms};
use crate::wire::request::Request;
use crate::wire::{RequestContext, fingerprint};

const REPLAYED: &str = "idempotent-replayed";

/// Every route of the protocol.
pub fn router() -> Router {
    Router::new()
        .route("/agentic_commerce/delegate_payment", post(delegate_payment))
        .fallback(async || AcpError::NoSuchPage)
        .method_not_allowed_fallback(async || AcpError::Method)
}

async fn delegate_payment(mut request: Request) -> Response {
    let mut context = request.begin("delegate payment").await;
    let result = give(&mut context, &request).await;
    context.finish(result)
}

async fn give(context: &mut RequestContext, request: &Request) -> Result<Response, AcpError> {
    let merchant = enter(context, request)?;
    check_headers(request)?;
    let body = requests::document(request)?;
    let wanted = requests::read(&body, &request.space.config.merchants)?;
    let fingerprint = fingerprint::of_json(request.uri.path(), &body);
    let begun = idempotency::begin(context, request, (&KEYS, &merchant.name), fingerprint).await?;
    let in_flight = match begun {
        Claimed::Replayed(response) => return Ok(idempotency::marked(response, REPLAYED)),
        Claimed::InFlight(in_flight) => in_flight,
    };
    let (delegated, allowance) = (wanted.delegated, wanted.allowance);
    let given = delegate(&context.call, delegated, allowance, in_flight.request).await;
    let result = given.map_err(AcpError::from).map(|credential| {
        let body = json!({
            "id": format!("vt_{}", credential.id.base58()),
            "created": credential.created.rfc3339(),
            "metadata": wanted.metadata,
        });
        let kind = [(CONTENT_TYPE, "application/json")];
        (StatusCode::CREATED, kind, body.to_string()).into_response()
    });
    Ok(idempotency::end(context, in_flight, result).await)
}

/// Of idempotency keys. Checkout.com takes them in a header of its own.
const KEYS: Terms = Terms {
    service: "acp",
    headers: &["idempotency-key", "cko-idempotency-key"],
    bytes_max: IDEMPOTENCY_KEY_BYTES_MAX,
    lifetime: IDEMPOTENCY_LIFETIME,
    refusals_too: true,
};

fn check_headers(request: &Request) -> Result<(), AcpError> {
    match request.space.config.settings.payments.delegation_headers {
        DelegationHeaders::Strict if KEYS.key(request).is_none() => Err(AcpError::KeyRequired),
        DelegationHeaders::Strict if request.header("api-version").is_none() => {
            Err(AcpError::NoVersion)
        }
        DelegationHeaders::Strict | DelegationHeaders::Lenient => Ok(()),
    }
}
