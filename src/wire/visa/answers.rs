//! What every answer of Visa has in common.

use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderValue, StatusCode};
use serde::Serialize;

use super::errors::VisaError;
use crate::operations::derived_ids;
use crate::wire::RequestContext;
use crate::wire::request::Request;

/// By what Visa finds an exchange again (logged by visa/mcp and visa/vic-reference-agent).
const CORRELATION_ID: HeaderName = HeaderName::from_static("x-correlation-id");

/// The answer with the name by which it can be spoken of.
pub(super) fn finish(
    request: &Request,
    context: RequestContext,
    result: Result<Response, VisaError>,
) -> Response {
    let now = context.call.now;
    let mut response = context.finish(result);
    let header = |name: &str| {
        request
            .headers
            .get(name)
            .map_or(&[][..], HeaderValue::as_bytes)
    };
    let target = request.sent.path_and_query();
    let parts: [&[u8]; 4] = [
        request.method.as_str().as_bytes(),
        target.map_or("", |target| target.as_str()).as_bytes(),
        header("x-request-id"),
        header("x-pay-token"),
    ];
    let id = derived_ids::correlation_id(&request.space, now, &parts);
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(CORRELATION_ID, id);
    }
    response
}

/// A body of JSON. There is always one: clients parse every answer.
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let body = serde_json::to_vec(body).unwrap_or_default();
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}

/// What a change is answered: nothing is documented but that it is JSON.
pub(super) fn done() -> Response {
    json(StatusCode::OK, &serde_json::json!({}))
}
