//! What every answer of Visa has in common.

use http::header::HeaderName;
use http::{HeaderValue, StatusCode};
use serde::Serialize;

use crate::operations::derived_ids;
use crate::wire::edge::{self, Answer, Exchange};

/// By what Visa finds an exchange again (logged by visa/mcp and visa/vic-reference-agent).
const CORRELATION_ID: HeaderName = HeaderName::from_static("x-correlation-id");

/// Adds the name by which the exchange can be spoken of.
pub(super) fn finish(answer: &mut Answer, Exchange { request, context }: Exchange<'_>) {
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
    let id = derived_ids::correlation_id(&request.space, context.call.now, &parts);
    if let Ok(id) = HeaderValue::from_str(&id) {
        answer.headers_mut().insert(CORRELATION_ID, id);
    }
}

/// A body of JSON. There is always one: clients parse every answer.
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Answer {
    edge::json(status, serde_json::to_vec(body).unwrap_or_default())
}

/// What a change is answered: nothing is documented but that it is JSON.
pub(super) fn done() -> Answer {
    json(StatusCode::OK, &serde_json::json!({}))
}
