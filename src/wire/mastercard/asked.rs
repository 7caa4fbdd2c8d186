//! A request to MDES as its handlers see it: who asks, and the two members that every answer carries.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use super::errors::{MdesError, Shape, Worded};
use crate::domain::id::Owner;
use crate::operations::settings::ApplicationErrorStatus;
use crate::operations::{drawn, requestors};
use crate::wire::Visit;
use crate::wire::asked::Asked;

/// Lets a requestor in.
pub(super) async fn enter(visit: &mut Visit, asked: &Asked) -> Result<Owner, MdesError> {
    let entered = requestors::enter(&visit.call, &asked.signed()).await;
    let owner = entered.map_err(MdesError::NotLetIn)?;
    visit.recognise(owner);
    Ok(owner)
}

/// The answer, or the refusal in the shape that the route has for it.
pub(super) fn finish(
    asked: &Asked,
    visit: Visit,
    result: Result<Response, MdesError>,
    shape: Shape,
) -> Response {
    let status = match visit
        .call
        .desk
        .world
        .settings
        .mastercard
        .application_error_status
    {
        ApplicationErrorStatus::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
        ApplicationErrorStatus::Ok => StatusCode::OK,
    };
    let result = result.map_err(|error| Worded {
        error,
        shape,
        status,
        response_host: response_host(asked),
        response_id: response_id(asked, &visit),
    });
    visit.finish(result)
}

/// Which host to go on talking to: the one that was asked.
fn response_host(asked: &Asked) -> String {
    asked.host().unwrap_or("standin").to_owned()
}

/// Follows from what was asked and when.
fn response_id(asked: &Asked, visit: &Visit) -> String {
    let target = asked
        .sent
        .path_and_query()
        .map_or("", |target| target.as_str());
    let signature = asked.header("authorization").unwrap_or_default();
    let inputs: [&[u8]; 3] = [target.as_bytes(), signature.as_bytes(), &asked.body];
    drawn::correlation_id(&visit.call.desk, visit.call.now, &inputs)
}

/// Whether an answer names the host to go on talking to. The one to getToken does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Host {
    Named,
    Unnamed,
}

/// A body of JSON behind the members that every answer begins with.
pub(super) fn answer(asked: &Asked, visit: &Visit, host: Host, body: Value) -> Response {
    let mut members = Map::new();
    if host == Host::Named {
        members.insert("responseHost".to_owned(), response_host(asked).into());
    }
    members.insert("responseId".to_owned(), response_id(asked, visit).into());
    if let Value::Object(more) = body {
        members.extend(more);
    }
    json(StatusCode::OK, &Value::Object(members))
}

pub(super) fn json(status: StatusCode, body: &Value) -> Response {
    let kind = [(CONTENT_TYPE, "application/json")];
    (status, kind, body.to_string()).into_response()
}
