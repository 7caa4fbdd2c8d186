//! A request to MDES as its handlers see it: who asks, and the two members that every answer carries.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use super::errors::{MdesError, Shape, Worded};
use crate::domain::id::Owner;
use crate::operations::settings::ApplicationErrorStatus;
use crate::operations::{derived_ids, requestors};
use crate::wire::RequestContext;
use crate::wire::request::Request;

/// Lets a requestor in.
pub(super) async fn enter(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Owner, MdesError> {
    let entered = requestors::enter(&context.call, &request.signed()).await;
    let owner = entered.map_err(MdesError::NotLetIn)?;
    context.recognise(owner);
    Ok(owner)
}

/// The answer, or the refusal in the shape that the route has for it.
pub(super) fn finish(
    request: &Request,
    context: RequestContext,
    result: Result<Response, MdesError>,
    shape: Shape,
) -> Response {
    let status = match context
        .call
        .space
        .config
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
        response_host: response_host(request),
        response_id: response_id(request, &context),
    });
    context.finish(result)
}

/// Which host to go on talking to: the one that was asked for.
fn response_host(request: &Request) -> String {
    request.host().unwrap_or("standin").to_owned()
}

/// Follows from what was asked and when.
fn response_id(request: &Request, context: &RequestContext) -> String {
    let target = request
        .sent
        .path_and_query()
        .map_or("", |target| target.as_str());
    let signature = request.header("authorization").unwrap_or_default();
    let inputs: [&[u8]; 3] = [target.as_bytes(), signature.as_bytes(), &request.body];
    derived_ids::correlation_id(&context.call.space, context.call.now, &inputs)
}

/// Whether an answer names the host to go on talking to. The one to getToken does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Host {
    Named,
    Unnamed,
}

/// A body of JSON behind the members that every answer begins with.
pub(super) fn answer(
    request: &Request,
    context: &RequestContext,
    host: Host,
    body: Value,
) -> Response {
    let mut members = Map::new();
    if host == Host::Named {
        members.insert("responseHost".to_owned(), response_host(request).into());
    }
    members.insert(
        "responseId".to_owned(),
        response_id(request, context).into(),
    );
    if let Value::Object(more) = body {
        members.extend(more);
    }
    json(StatusCode::OK, &Value::Object(members))
}

pub(super) fn json(status: StatusCode, body: &Value) -> Response {
    let kind = [(CONTENT_TYPE, "application/json")];
    (status, kind, body.to_string()).into_response()
}
