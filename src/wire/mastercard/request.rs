//! A request to MDES as its handlers see it: who asks, and the two members that every answer carries.

use http::StatusCode;
use serde_json::{Map, Value};

use super::errors::{MdesError, Own};
use crate::domain::id::Owner;
use crate::operations::{derived_ids, requestors};
use crate::wire::edge::{Answer, Request, RequestContext, json};

/// Lets a requestor in.
pub(super) async fn enter(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Owner, MdesError> {
    let entered = requestors::enter(&context.call, &request.signed()).await;
    let owner = entered.map_err(Own::NotLetIn)?;
    context.recognise(owner);
    Ok(owner)
}

/// Which host to go on talking to: the one that was asked for.
pub(super) fn response_host(request: &Request) -> String {
    request.host().unwrap_or("standin").to_owned()
}

/// Follows from what was asked and when.
pub(super) fn response_id(request: &Request, context: &RequestContext) -> String {
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
) -> Answer {
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
    json(StatusCode::OK, Value::Object(members).to_string())
}
