//! What the alias API answers, route by route.

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::auth::enter;
use super::errors::VaultError;
use super::messages;
use crate::domain::account::Scope;
use crate::domain::rejection::Rejection;
use crate::operations::aliases;
use crate::wire::RequestContext;
use crate::wire::request::Request;

/// Every route of the alias API.
pub fn router() -> Router {
    Router::new()
        .route("/aliases", post(create))
        .route("/aliases/{alias}", get(read).delete(remove))
        .fallback(async || VaultError::NoSuchPage)
        .method_not_allowed_fallback(async || VaultError::Method)
}

impl From<Rejection> for VaultError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

async fn create(mut request: Request) -> Response {
    let mut context = request.begin("create aliases").await;
    let result = create_aliases(&mut context, &request).await;
    context.finish(result)
}

async fn create_aliases(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Response, VaultError> {
    enter(context, request, Scope::CardsWrite)?;
    if !request.is_of_type("application/json") {
        return Err(VaultError::MediaType);
    }
    let values = messages::values(&request.body)?;
    for (place, value) in values.iter().enumerate() {
        let refused = |rejection| VaultError::Value(place, rejection);
        aliases::check(&context.call, value)
            .await
            .map_err(refused)?;
    }
    let mut rows = Vec::new();
    for value in values {
        let (alias, record) = aliases::create(&mut context.call, value).await?;
        // Whoever sent the value may see it again.
        rows.push(messages::row(&alias, &record, true));
    }
    Ok(data(StatusCode::CREATED, &rows))
}

async fn read(mut request: Request) -> Response {
    let mut context = request.begin("read alias").await;
    let result = read_alias(&mut context, &request).await;
    context.finish(result)
}

async fn read_alias(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Response, VaultError> {
    let access = enter(context, request, Scope::CardsRead)?;
    let record = aliases::find(&context.call, &request.id)
        .await?
        .ok_or(Rejection::AliasUnknown)?;
    let reveal = access.scopes.contains(Scope::CardsReadPci);
    Ok(data(
        StatusCode::OK,
        &[messages::row(&request.id, &record, reveal)],
    ))
}

async fn remove(mut request: Request) -> Response {
    let mut context = request.begin("delete alias").await;
    let result = delete_alias(&mut context, &request).await;
    context.finish(result)
}

async fn delete_alias(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Response, VaultError> {
    enter(context, request, Scope::CardsWrite)?;
    aliases::delete(&mut context.call, &request.id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn data(status: StatusCode, rows: &[Value]) -> Response {
    let body = json!({ "data": rows }).to_string();
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}
