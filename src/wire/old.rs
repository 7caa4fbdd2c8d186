//! What surfaces need as long as their routes are not rows yet. Goes with the last of them.

use std::borrow::Cow;

use axum::extract::{FromRequest, FromRequestParts, Path};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{StatusCode, Uri};

use super::edge::{EdgeRefusal, Exchange, LogRecord, Request, RequestContext, SurfaceRefused};
use crate::operations::{Arrival, Call};

/// The router of a surface, and what it says of a body that is too large.
#[derive(Debug, Clone, Copy)]
pub struct Old {
    pub router: fn() -> axum::Router,
    pub too_large: fn() -> Response,
}

/// What the server hands a surface beside the head of a request, as an extension of it.
#[derive(Debug, Clone)]
pub struct Received {
    pub arrival: Arrival,
    pub sent: Uri,
    pub body: Bytes,
}

/// A surface's refusal: the response that the client gets, and the true reason for the journal.
pub trait Refused: IntoResponse {
    fn reason(&self) -> Cow<'static, str>;
}

impl<S: Send + Sync> FromRequest<S> for Request {
    /// The server has left something out.
    type Rejection = StatusCode;

    async fn from_request(request: axum::extract::Request, state: &S) -> Result<Self, StatusCode> {
        let (mut parts, _) = request.into_parts();
        let Received {
            arrival,
            sent,
            body,
        } = parts
            .extensions
            .remove()
            .ok_or(StatusCode::INTERNAL_SERVER_ERROR)?;
        let id = Path::<String>::from_request_parts(&mut parts, state).await;
        Ok(Self {
            space: arrival.space,
            now: arrival.now,
            faults: arrival.faults,
            method: parts.method,
            sent,
            uri: parts.uri,
            id: id.map(|Path(id)| id).unwrap_or_default(),
            headers: parts.headers,
            body,
        })
    }
}

impl Request {
    /// Begins what the request asks for, under the name that the journal has for it.
    #[expect(clippy::unused_async, reason = "its callers become rows")]
    pub async fn begin(&mut self, word: &'static str) -> RequestContext {
        RequestContext::with_word(Call::arrive(self.arrival()), word)
    }
}

impl RequestContext {
    /// The response, with what the journal is to know.
    pub fn finish<E: Refused>(mut self, result: Result<Response, E>) -> Response {
        if result.is_ok() {
            self.consult_reading();
        }
        let reason = result.as_ref().err().map(Refused::reason);
        let mut response = result.unwrap_or_else(IntoResponse::into_response);
        let record: LogRecord = self.into_record(reason);
        response.extensions_mut().insert(record);
        response
    }
}

/// No edge asks this of a surface whose routes are not rows.
pub fn refuse(_: EdgeRefusal, _: Exchange<'_>) -> SurfaceRefused {
    SurfaceRefused {
        answer: super::edge::empty(StatusCode::NOT_FOUND),
        reason: "not routed by rows".into(),
    }
}
