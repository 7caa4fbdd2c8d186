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
use crate::wire::Visit;
use crate::wire::asked::Asked;

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

async fn create(mut asked: Asked) -> Response {
    let mut visit = asked.visit("create aliases").await;
    let result = create_aliases(&mut visit, &asked).await;
    visit.finish(result)
}

async fn create_aliases(visit: &mut Visit, asked: &Asked) -> Result<Response, VaultError> {
    enter(visit, asked, Scope::CardsWrite)?;
    if !asked.is_of_type("application/json") {
        return Err(VaultError::MediaType);
    }
    let values = messages::values(&asked.body)?;
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

async fn read(mut asked: Asked) -> Response {
    let mut visit = asked.visit("read alias").await;
    let result = read_alias(&mut visit, &asked).await;
    visit.finish(result)
}

async fn read_alias(visit: &mut Visit, asked: &Asked) -> Result<Response, VaultError> {
    let access = enter(visit, asked, Scope::CardsRead)?;
    let record = aliases::find(&visit.call, &asked.id)
        .await
        .ok_or(Rejection::AliasUnknown)?;
    let reveal = access.scopes.contains(Scope::CardsReadPci);
    Ok(data(
        StatusCode::OK,
        &[messages::row(&asked.id, &record, reveal)],
    ))
}

async fn remove(mut asked: Asked) -> Response {
    let mut visit = asked.visit("delete alias").await;
    let result = delete_alias(&mut visit, &asked).await;
    visit.finish(result)
}

async fn delete_alias(visit: &mut Visit, asked: &Asked) -> Result<Response, VaultError> {
    enter(visit, asked, Scope::CardsWrite)?;
    aliases::delete(&mut visit.call, &asked.id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn data(status: StatusCode, rows: &[Value]) -> Response {
    let body = json!({ "data": rows }).to_string();
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}
