//! A request to Visa as its handlers see it, and the header that every answer carries.

use axum::extract::rejection::ExtensionRejection;
use axum::extract::{Extension, FromRequest, FromRequestParts, Path, Request};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use serde::Serialize;

use super::errors::VisaError;
use crate::domain::moment::Moment;
use crate::operations::drawn;
use crate::operations::inquiry::Arrival;
use crate::wire::{SentTo, Visit};

/// By what Visa finds an exchange again (logged by visa/mcp and visa/vic-reference-agent).
const CORRELATION_ID: HeaderName = HeaderName::from_static("x-correlation-id");

/// See the module.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) desk: Arrival,
    method: Method,
    /// As it was sent, with the prefix that chose the space.
    pub(super) sent: Uri,
    /// The path without that prefix.
    pub(super) path: String,
    /// The one parameter of the path; empty where the route has none.
    pub(super) id: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Asked {
    type Rejection = ExtensionRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, ExtensionRejection> {
        let (mut parts, body) = request.into_parts();
        let Extension(desk) = Extension::<Arrival>::from_request_parts(&mut parts, state).await?;
        let Extension(SentTo(sent)) =
            Extension::<SentTo>::from_request_parts(&mut parts, state).await?;
        let id = Path::<String>::from_request_parts(&mut parts, state).await;
        let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
        let headers = parts.headers.clone();
        // The server has read the body before, so here it is in one piece.
        let body = Bytes::from_request(Request::from_parts(parts, body), state).await;
        Ok(Self {
            desk,
            method,
            sent,
            path,
            id: id.map(|Path(id)| id).unwrap_or_default(),
            headers,
            body: body.unwrap_or_default(),
        })
    }
}

impl Asked {
    /// The answer with the name by which it can be spoken of.
    pub(super) fn finish(&self, visit: Visit, result: Result<Response, VisaError>) -> Response {
        let now = visit.call.now;
        self.correlated(now, visit.finish(result))
    }

    fn correlated(&self, now: Moment, mut response: Response) -> Response {
        let header = |name: &str| {
            self.headers
                .get(name)
                .map_or(&[][..], HeaderValue::as_bytes)
        };
        let asked: [&[u8]; 4] = [
            self.method.as_str().as_bytes(),
            self.sent
                .path_and_query()
                .map_or("", |t| t.as_str())
                .as_bytes(),
            header("x-request-id"),
            header("x-pay-token"),
        ];
        let id = drawn::correlation_id(&self.desk, now, &asked);
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(CORRELATION_ID, id);
        }
        response
    }
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
