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
use crate::operations::{Desk, SpaceName, access};
use crate::wire::Visit;
use crate::wire::asked::Asked;

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

async fn token(mut asked: Asked) -> Response {
    let mut visit = asked.visit("token").await;
    let result = give_token(&mut visit, &asked);
    visit.finish(result)
}

fn give_token(visit: &mut Visit, asked: &Asked) -> Result<Response, OAuthError> {
    if !asked.is_of_type("application/x-www-form-urlencoded") {
        return Err(OAuthError::NotAForm);
    }
    let form = auth::form(&asked.body);
    match form.get("grant_type").map(String::as_str) {
        Some("client_credentials") => {}
        Some(_) => return Err(OAuthError::GrantType),
        None => return Err(OAuthError::Missing("grant_type")),
    }
    let client = auth::client(&asked.headers, &form).ok_or(OAuthError::NoClient)?;
    let refused = |refusal| OAuthError::Refused(refusal, client.by_basic);
    let desk = Arc::clone(&visit.call.desk);
    let (owner, account) =
        access::authenticate(&desk.world, &client.id, &client.secret).map_err(refused)?;
    visit.recognise(owner);
    let scope = form.get("scope").map(String::as_str);
    let issued = access::issue(
        &desk,
        account,
        &client.id,
        scope,
        issuer(&desk, &asked.headers),
    )
    .map_err(refused)?;
    let answer = TokenAnswer::new(issued.token, issued.scopes.text());
    Ok(json(serde_json::to_string(&answer).unwrap_or_default()))
}

async fn certs(mut asked: Asked) -> Response {
    let visit = asked.visit("keys").await;
    let world = &visit.call.desk.world;
    let set = access::key_id(world).and_then(|id| {
        let key = world
            .keyring
            .access_tokens()
            .map_err(access::Refusal::Key)?;
        Ok(json(key_set(&id, key.public()).to_string()))
    });
    visit.finish(set.map_err(|refusal| OAuthError::Refused(refusal, false)))
}

async fn configuration(mut asked: Asked) -> Response {
    let issuer = issuer(&asked.desk, &asked.headers);
    let visit = asked.visit("discovery").await;
    visit.finish(Ok::<_, OAuthError>(json(discovery(&issuer).to_string())))
}

/// The realm's own address, as the client reached it.
fn issuer(desk: &Desk, headers: &HeaderMap) -> String {
    let host = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("localhost");
    let prefix = if desk.name == SpaceName::default_space() {
        String::new()
    } else {
        format!("/~{}", desk.name)
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
