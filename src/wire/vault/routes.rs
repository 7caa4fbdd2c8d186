//! What the alias API answers, route by route.

use axum::Router;
use axum::extract::{Extension, Path};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::auth::enter;
use super::errors::VaultError;
use super::messages;
use crate::domain::account::Scope;
use crate::domain::rejection::Rejection;
use crate::operations::aliases;
use crate::operations::inquiry::Arrival;
use crate::wire::Visit;

/// Every route of the alias API.
pub fn router() -> Router {
    Router::new()
        .route("/aliases", post(create))
        .route("/aliases/{alias}", get(read).delete(remove))
        .fallback(async || VaultError::NoSuchPage)
        .method_not_allowed_fallback(async || VaultError::Method)
}

type Space = Extension<Arrival>;

impl From<Rejection> for VaultError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

async fn create(Extension(desk): Space, headers: HeaderMap, body: Bytes) -> Response {
    let mut visit = Visit::begin("create aliases", desk).await;
    let result = create_aliases(&mut visit, &headers, &body).await;
    visit.finish(result)
}

async fn create_aliases(
    visit: &mut Visit,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, VaultError> {
    enter(visit, headers, Scope::CardsWrite)?;
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    if !kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .eq_ignore_ascii_case("application/json")
    {
        return Err(VaultError::MediaType);
    }
    let values = messages::values(body)?;
    for (place, value) in values.iter().enumerate() {
        let refused = |rejection| VaultError::Value(place, rejection);
        aliases::check(&visit.call, value).await.map_err(refused)?;
    }
    let mut rows = Vec::new();
    for value in values {
        let (alias, record) = aliases::create(&mut visit.call, value).await?;
        // Whoever sent the value may see it again.
        rows.push(messages::row(&alias, &record, true));
    }
    Ok(data(StatusCode::CREATED, &rows))
}

async fn read(Extension(desk): Space, Path(alias): Path<String>, headers: HeaderMap) -> Response {
    let mut visit = Visit::begin("read alias", desk).await;
    let result = read_alias(&mut visit, &headers, &alias).await;
    visit.finish(result)
}

async fn read_alias(
    visit: &mut Visit,
    headers: &HeaderMap,
    alias: &str,
) -> Result<Response, VaultError> {
    let access = enter(visit, headers, Scope::CardsRead)?;
    let record = aliases::find(&visit.call, alias)
        .await
        .ok_or(Rejection::AliasUnknown)?;
    let reveal = access.scopes.contains(Scope::CardsReadPci);
    Ok(data(
        StatusCode::OK,
        &[messages::row(alias, &record, reveal)],
    ))
}

async fn remove(Extension(desk): Space, Path(alias): Path<String>, headers: HeaderMap) -> Response {
    let mut visit = Visit::begin("delete alias", desk).await;
    let result = delete_alias(&mut visit, &headers, &alias).await;
    visit.finish(result)
}

async fn delete_alias(
    visit: &mut Visit,
    headers: &HeaderMap,
    alias: &str,
) -> Result<Response, VaultError> {
    enter(visit, headers, Scope::CardsWrite)?;
    aliases::delete(&mut visit.call, alias).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn data(status: StatusCode, rows: &[Value]) -> Response {
    let body = json!({ "data": rows }).to_string();
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}
