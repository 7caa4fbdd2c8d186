//! What the token endpoint answers.

use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST};
use http::{HeaderMap, StatusCode};

use super::auth;
use super::errors::OAuthError;
use super::messages::{TokenAnswer, discovery, key_set};
use crate::operations::{Space, SpaceName, access};
use crate::wire::RequestContext;
use crate::wire::request::Request;

/// Every route of the realm.
pub fn router() -> Router {
    Router::new()
        .route(
            "/auth/realms/vgs/protocol/openid-connect/token",
            post(token),
        )
        .route("/auth/realms/vgs/protocol/openid-connect/certs", get(certs))
        .route(
            "/auth/realms/vgs/.well-known/openid-configuration",
            get(configuration),
        )
        .fallback(async || OAuthError::NoSuchPage)
        .method_not_allowed_fallback(async || OAuthError::Method)
}

async fn token(mut request: Request) -> Response {
    let mut context = request.begin("token").await;
    let result = give_token(&mut context, &request);
    context.finish(result)
}

fn give_token(context: &mut RequestContext, request: &Request) -> Result<Response, OAuthError> {
    if !request.is_of_type("application/x-www-form-urlencoded") {
        return Err(OAuthError::NotAForm);
    }
    let form = auth::form(&request.body);
    match form.get("grant_type").map(String::as_str) {
        Some("client_credentials") => {}
        Some(_) => return Err(OAuthError::GrantType),
        None => return Err(OAuthError::Missing("grant_type")),
    }
    let client = auth::client(&request.headers, &form).ok_or(OAuthError::NoClient)?;
    let refused = |refusal| OAuthError::Refused(refusal, client.by_basic);
    let space = Arc::clone(&context.call.space);
    let (owner, account) =
        access::authenticate(&space.config, &client.id, &client.secret).map_err(refused)?;
    context.recognise(owner);
    let scope = form.get("scope").map(String::as_str);
    let issued = access::issue(
        &space,
        account,
        &client.id,
        scope,
        (issuer(&space, &request.headers), context.call.now),
    )
    .map_err(refused)?;
    let answer = TokenAnswer::new(issued.token, issued.scopes.text());
    Ok(json(serde_json::to_string(&answer).unwrap_or_default()))
}

async fn certs(mut request: Request) -> Response {
    let context = request.begin("keys").await;
    let config = &context.call.space.config;
    let set = access::key_id(config).and_then(|id| {
        let key = config
            .keyring
            .access_tokens()
            .map_err(access::Refusal::Key)?;
        Ok(json(key_set(&id, key.public()).to_string()))
    });
    context.finish(set.map_err(|refusal| OAuthError::Refused(refusal, false)))
}

async fn configuration(mut request: Request) -> Response {
    let issuer = issuer(&request.space, &request.headers);
    let context = request.begin("discovery").await;
    context.finish(Ok::<_, OAuthError>(json(discovery(&issuer).to_string())))
}

/// The realm's own address, as the client reached it.
fn issuer(space: &Space, headers: &HeaderMap) -> String {
    let host = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("localhost");
    let prefix = if space.name == SpaceName::default_space() {
        String::new()
    } else {
        format!("/~{}", space.name)
    };
    format!("http://{host}{prefix}/auth/realms/vgs")
}

fn json(body: String) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "no-store"),
    ];
    (StatusCode::OK, headers, body).into_response()
}
