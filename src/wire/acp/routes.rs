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
use crate::wire::asked::Asked;
use crate::wire::once::{self, Begun, Terms};
use crate::wire::{Visit, fingerprint};

const REPLAYED: &str = "idempotent-replayed";

/// Every route of the protocol.
pub fn router() -> Router {
    Router::new()
        .route("/agentic_commerce/delegate_payment", post(delegate_payment))
        .fallback(async || AcpError::NoSuchPage)
        .method_not_allowed_fallback(async || AcpError::Method)
}

async fn delegate_payment(mut asked: Asked) -> Response {
    let mut visit = asked.visit("delegate payment").await;
    let result = give(&mut visit, &asked).await;
    visit.finish(result)
}

async fn give(visit: &mut Visit, asked: &Asked) -> Result<Response, AcpError> {
    let merchant = enter(visit, asked)?;
    check_headers(asked)?;
    let body = requests::document(asked)?;
    let wanted = requests::read(&body, &asked.desk.world.merchants)?;
    let fingerprint = fingerprint::of_json(asked.uri.path(), &body);
    let begun = once::begin(visit, asked, (&KEYS, &merchant.name), fingerprint).await?;
    let going = match begun {
        Begun::Again(response) => return Ok(once::marked(response, REPLAYED)),
        Begun::Go(going) => going,
    };
    let (delegated, allowance) = (wanted.delegated, wanted.allowance);
    let given = delegate(&visit.call, delegated, allowance, going.request).await;
    let result = given.map_err(AcpError::from).map(|credential| {
        let body = json!({
            "id": format!("vt_{}", credential.id.base58()),
            "created": credential.created.rfc3339(),
            "metadata": wanted.metadata,
        });
        let kind = [(CONTENT_TYPE, "application/json")];
        (StatusCode::CREATED, kind, body.to_string()).into_response()
    });
    Ok(once::end(visit, going, result).await)
}

/// Of idempotency keys. Checkout.com takes them in a header of its own.
const KEYS: Terms = Terms {
    service: "acp",
    headers: &["idempotency-key", "cko-idempotency-key"],
    bytes_max: IDEMPOTENCY_KEY_BYTES_MAX,
    lifetime: IDEMPOTENCY_LIFETIME,
    refusals_too: true,
};

fn check_headers(asked: &Asked) -> Result<(), AcpError> {
    match asked.desk.world.settings.payments.delegation_headers {
        DelegationHeaders::Strict if KEYS.key(asked).is_none() => Err(AcpError::KeyRequired),
        DelegationHeaders::Strict if asked.header("api-version").is_none() => {
            Err(AcpError::NoVersion)
        }
        DelegationHeaders::Strict | DelegationHeaders::Lenient => Ok(()),
    }
}
