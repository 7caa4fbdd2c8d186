//! What CALM answers, route by route.

use http::StatusCode;
use serde::Serialize;

use super::errors::{self, CalmError};
use super::{messages, requests};
use crate::domain::account::Scope;
use crate::operations::enrolments::{self, Enrolment, NewEnrolment};
use crate::operations::settings::CalmFailure;
use crate::wire::edge::access_token::enter;
use crate::wire::edge::{self, Answer, Request, RequestContext, Route, routes};

/// Every route of CALM.
pub(super) const ROUTES: &[Route] = routes![
    POST "/network-tokens" Provision => enrol,
    GET "/network-tokens/{pan_alias}" ReadToken => read,
    DELETE "/network-tokens/{pan_alias}" DeleteToken => delete,
];

async fn enrol(context: &mut RequestContext, request: &Request) -> Result<Answer, CalmError> {
    let access = enter(context, request, Scope::NetworkTokensWrite)?;
    let new = requests::enrolment(request)?;
    let alias = context.call.as_sent(&new.alias).to_owned();
    let new = NewEnrolment {
        alias: alias.clone(),
        ..new
    };
    let done = enrolments::enrol(&mut context.call, access.owner, new).await?;
    Ok(show(context, &alias, &done, true))
}

async fn read(context: &mut RequestContext, request: &Request) -> Result<Answer, CalmError> {
    let access = enter(context, request, Scope::NetworkTokensRead)?;
    let found = enrolments::read(&context.call, access.owner, &request.id).await?;
    Ok(show(context, &request.id, &found, false))
}

async fn delete(context: &mut RequestContext, request: &Request) -> Result<Answer, CalmError> {
    let access = enter(context, request, Scope::NetworkTokensWrite)?;
    let done = enrolments::delete(&mut context.call, access.owner, &request.id).await?;
    Ok(show(context, &request.id, &done, false))
}

/// A refusal by the network answers the request for it with an error; reading it later answers 200.
fn show(context: &RequestContext, alias: &str, found: &Enrolment, asked_now: bool) -> Answer {
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

fn json(status: StatusCode, body: &impl Serialize) -> Answer {
    edge::json(status, serde_json::to_vec(body).unwrap_or_default())
}
