//! What CALM answers, route by route.

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::Serialize;

use super::auth::enter;
use super::errors::{self, CalmError};
use super::{messages, requests};
use crate::domain::account::Scope;
use crate::domain::rejection::Rejection;
use crate::operations::enrolments::{self, Enrolment};
use crate::operations::settings::CalmFailure;
use crate::wire::RequestContext;
use crate::wire::request::Request;

/// Every route of CALM.
pub fn router() -> Router {
    Router::new()
        .route("/network-tokens", post(enrol))
        .route("/network-tokens/{pan_alias}", get(read).delete(remove))
        .fallback(async || CalmError::NoSuchPage)
        .method_not_allowed_fallback(async || CalmError::Method)
}

impl From<Rejection> for CalmError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

async fn enrol(mut request: Request) -> Response {
    let mut context = request.begin("enrol").await;
    let result = enrol_card(&mut context, &request).await;
    context.finish(result)
}

async fn enrol_card(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Response, CalmError> {
    let access = enter(context, request, Scope::NetworkTokensWrite)?;
    let new = requests::enrolment(request)?;
    let alias = new.alias.clone();
    let done = enrolments::enrol(&mut context.call, access.owner, new).await?;
    Ok(show(context, &alias, &done, true))
}

async fn read(mut request: Request) -> Response {
    let mut context = request.begin("read enrolment").await;
    let result = read_enrolment(&mut context, &request).await;
    context.finish(result)
}

async fn read_enrolment(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Response, CalmError> {
    let access = enter(context, request, Scope::NetworkTokensRead)?;
    let found = enrolments::read(&context.call, access.owner, &request.id).await?;
    Ok(show(context, &request.id, &found, false))
}

async fn remove(mut request: Request) -> Response {
    let mut context = request.begin("delete enrolment").await;
    let result = delete_enrolment(&mut context, &request).await;
    context.finish(result)
}

async fn delete_enrolment(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Response, CalmError> {
    let access = enter(context, request, Scope::NetworkTokensWrite)?;
    let done = enrolments::delete(&mut context.call, access.owner, &request.id).await?;
    Ok(show(context, &request.id, &done, false))
}

/// A refusal by the network answers the request for it with an error; reading it later answers 200.
fn show(context: &RequestContext, alias: &str, found: &Enrolment, asked_now: bool) -> Response {
    let table = context.call.space.config.settings.calm.failure;
    if let Some(token) = &found.token
        && let Some(reason) = token.failure
    {
        let failure = errors::failure(reason, token.network, table);
        if asked_now && table == CalmFailure::Notes {
            return errors::failure_as_list(&failure);
        }
        let status = if asked_now {
            failure.status
        } else {
            StatusCode::OK
        };
        return json(status, &messages::failed(alias, token, &failure));
    }
    json(StatusCode::OK, &messages::enrolment(alias, found))
}

fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let body = serde_json::to_vec(body).unwrap_or_default();
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}
