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
use crate::wire::Visit;
use crate::wire::asked::Asked;

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

async fn enrol(mut asked: Asked) -> Response {
    let mut visit = asked.visit("enrol").await;
    let result = enrol_card(&mut visit, &asked).await;
    visit.finish(result)
}

async fn enrol_card(visit: &mut Visit, asked: &Asked) -> Result<Response, CalmError> {
    let access = enter(visit, asked, Scope::NetworkTokensWrite)?;
    let new = requests::enrolment(asked)?;
    let alias = new.alias.clone();
    let done = enrolments::enrol(&mut visit.call, access.owner, new).await?;
    Ok(show(visit, &alias, &done, true))
}

async fn read(mut asked: Asked) -> Response {
    let mut visit = asked.visit("read enrolment").await;
    let result = read_enrolment(&mut visit, &asked).await;
    visit.finish(result)
}

async fn read_enrolment(visit: &mut Visit, asked: &Asked) -> Result<Response, CalmError> {
    let access = enter(visit, asked, Scope::NetworkTokensRead)?;
    let found = enrolments::read(&visit.call, access.owner, &asked.id).await?;
    Ok(show(visit, &asked.id, &found, false))
}

async fn remove(mut asked: Asked) -> Response {
    let mut visit = asked.visit("delete enrolment").await;
    let result = delete_enrolment(&mut visit, &asked).await;
    visit.finish(result)
}

async fn delete_enrolment(visit: &mut Visit, asked: &Asked) -> Result<Response, CalmError> {
    let access = enter(visit, asked, Scope::NetworkTokensWrite)?;
    let done = enrolments::delete(&mut visit.call, access.owner, &asked.id).await?;
    Ok(show(visit, &asked.id, &done, false))
}

/// A refusal by the network answers the request for it with an error; reading it later answers 200.
fn show(visit: &Visit, alias: &str, found: &Enrolment, asked_now: bool) -> Response {
    let table = visit.call.desk.world.settings.calm.failure;
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
