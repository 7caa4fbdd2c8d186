//! What the token endpoint answers.

use std::sync::Arc;

use http::header::{CACHE_CONTROL, HOST};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::errors::{OAuthError, Own};
use super::messages::{TokenAnswer, discovery, key_set};
use crate::operations::{Space, SpaceName, access};
use crate::wire::edge::{
    self, Answer, HttpProblem, Request, RequestContext, Route, oauth_client, routes,
};

const FORM: &str = "application/x-www-form-urlencoded";

/// Every route of the realm.
pub(super) const ROUTES: &[Route] = routes![
    POST "/auth/realms/vgs/protocol/openid-connect/token" IssueAccessToken => token,
    GET "/auth/realms/vgs/protocol/openid-connect/certs" ReadKeys => certs,
    GET "/auth/realms/vgs/.well-known/openid-configuration" ReadKeys => configuration,
];

async fn token(context: &mut RequestContext, request: &Request) -> Result<Answer, OAuthError> {
    if !request.is_of_type(FORM) {
        return Err(HttpProblem::MediaType(FORM).into());
    }
    oauth_client::check(&request.body).map_err(|problem| Own::Form(problem.to_string()))?;
    let form = oauth_client::form(&request.body);
    match form.get("grant_type").map(String::as_str) {
        Some("client_credentials") => {}
        Some(_) => return Err(Own::GrantType.into()),
        None => return Err(Own::Missing("grant_type").into()),
    }
    let client = oauth_client::client(&request.headers, &form).ok_or(Own::NoClient)?;
    let refused = |refusal| Own::Refused(refusal, client.by_basic);
    let space = Arc::clone(&context.call.space);
    let (owner, account) =
        access::authenticate(&space.config, &client.id, client.secret.as_deref())
            .map_err(refused)?;
    context.recognise(owner);
    let scope = form.get("scope").map(String::as_str);
    let issuer = issuer(&space, &request.headers);
    let issued = access::issue(&space, account, &client.id, scope, issuer, context.call.now)
        .map_err(refused)?;
    let answer = TokenAnswer::new(issued.token, issued.scopes.text());
    Ok(json(serde_json::to_string(&answer).unwrap_or_default()))
}

async fn certs(context: &mut RequestContext, _: &Request) -> Result<Answer, OAuthError> {
    let config = &context.call.space.config;
    let refused = |refusal| Own::Refused(refusal, false);
    let id = access::key_id(config).map_err(refused)?;
    let key = config.keyring.access_tokens();
    let key = key.map_err(access::AccessRefusal::Key).map_err(refused)?;
    Ok(json(key_set(&id, key.public()).to_string()))
}

async fn configuration(_: &mut RequestContext, request: &Request) -> Result<Answer, OAuthError> {
    let issuer = issuer(&request.space, &request.headers);
    Ok(json(discovery(&issuer).to_string()))
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

fn json(body: String) -> Answer {
    let mut answer = edge::json(StatusCode::OK, body);
    let no_store = HeaderValue::from_static("no-store");
    answer.headers_mut().insert(CACHE_CONTROL, no_store);
    answer
}
