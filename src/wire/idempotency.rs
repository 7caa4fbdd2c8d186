//! Answering an idempotency key once, the same at every surface that takes them. What a surface says when a key cannot be
//! used is its own business.

use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use http::header::CONTENT_LENGTH;
use http::{HeaderName, HeaderValue, StatusCode};
use http_body_util::{BodyExt, Collected};

pub(super) use super::edge::KeyProblem;
use super::request::Request;
use super::{Refused, RequestContext};
use crate::domain::claim::{Answer, ClaimKey, ClaimStatus};
use crate::domain::payment::request::RequestId;
use crate::domain::rejection::Rejection;
use crate::operations::idempotency::{self, Keyed, Turn};

/// What a surface promises of keys.
#[derive(Debug)]
pub(super) struct Terms {
    /// The keys of two services have nothing to do with each other, and neither have those of two senders.
    pub(super) service: &'static str,
    /// In which header a key comes. One that stands further back counts when those before it are missing.
    pub(super) headers: &'static [&'static str],
    /// How long a key may be.
    pub(super) bytes_max: usize,
    pub(super) lifetime: Duration,
    /// Whether a refusal is kept as well, or leaves the key free.
    pub(super) refusals_too: bool,
}

impl Terms {
    /// The key of a request, if it has one.
    pub(super) fn key<'a>(&self, request: &'a Request) -> Option<&'a str> {
        self.headers.iter().find_map(|name| request.header(name))
    }
}

/// How it goes on.
#[derive(Debug)]
pub(super) enum Claimed {
    /// Carry the request out and then call [`end`].
    InFlight(InFlight),
    /// This was answered when the request first came.
    Replayed(Response),
}

/// A request that is being carried out.
#[derive(Debug)]
pub(super) struct InFlight {
    /// To be handed to the operation, so that it has one effect however often it is carried out.
    pub(super) request: Option<RequestId>,
    held: Option<idempotency::Held>,
    refusals_too: bool,
}

/// Claims the key of a request, if it has one. `fingerprint` is of what it asks for.
pub(super) async fn begin(
    context: &RequestContext,
    request: &Request,
    (terms, sender): (&Terms, &str),
    fingerprint: [u8; 32],
) -> Result<Claimed, KeyProblem> {
    let Some(key) = terms.key(request) else {
        return Ok(Claimed::InFlight(InFlight {
            request: None,
            held: None,
            refusals_too: false,
        }));
    };
    if key.is_empty() {
        return Err(KeyProblem::Empty);
    }
    if key.len() > terms.bytes_max {
        return Err(KeyProblem::TooLong);
    }
    let keyed = Keyed {
        key: ClaimKey::of(&format!("{}:{sender}", terms.service), key),
        fingerprint,
        lifetime: terms.lifetime,
    };
    match idempotency::claim(&context.call, &keyed).await {
        Ok(Turn::First(held)) => Ok(Claimed::InFlight(InFlight {
            request: Some(held.request()),
            held: Some(held),
            refusals_too: terms.refusals_too,
        })),
        Ok(Turn::Met(ClaimStatus::Answered(answer))) => Ok(Claimed::Replayed(again(&answer))),
        Ok(Turn::Met(ClaimStatus::Busy)) => Err(KeyProblem::Busy),
        Ok(Turn::Met(ClaimStatus::Other)) => Err(KeyProblem::Other),
        Err(Rejection::StoreUnavailable) => Err(KeyProblem::Contention),
        Ok(Turn::Met(ClaimStatus::Expired | ClaimStatus::Abandoned)) | Err(_) => {
            Err(KeyProblem::Contention)
        }
    }
}

/// Keeps the answer, unless it says that something failed on this side or the surface keeps no refusals: then the key may
/// be used again.
pub(super) async fn end<E: Refused>(
    context: &mut RequestContext,
    in_flight: InFlight,
    result: Result<Response, E>,
) -> Response {
    let response = result.unwrap_or_else(|error| {
        context.note(error.reason());
        error.into_response()
    });
    let Some(held) = in_flight.held else {
        return response;
    };
    let status = response.status();
    let kept = status.is_success() || (in_flight.refusals_too && status.is_client_error());
    // Nothing has happened that could be told again.
    let kept = kept && !context.call.is_withheld();
    if !kept {
        unsettled(idempotency::release(&context.call, held).await);
        return response;
    }
    let (parts, body) = response.into_parts();
    let body = body.collect().await.map(Collected::to_bytes);
    let body = body.unwrap_or_default();
    let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let headers = parts
        .headers
        .iter()
        .filter(|(name, _)| *name != CONTENT_LENGTH);
    let answer = Answer {
        status: parts.status.as_u16(),
        headers: headers
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        body: body.to_vec(),
    };
    unsettled(idempotency::keep(&context.call, held, answer).await);
    Response::from_parts(parts, Body::from(body))
}

/// What was answered holds although the store has gone away since and the key stays claimed. Whoever repeats the request
/// finds the key busy until its claim is abandoned, and then the same outcome, by the id of the request.
fn unsettled(settled: Result<(), Rejection>) {
    if let Err(why) = settled {
        tracing::warn!(%why, "an idempotency key stays claimed");
    }
}

fn again(answer: &Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body.clone()));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    for (name, value) in &answer.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// Adds a header that says so to an answer that is given again.
pub(super) fn marked(mut response: Response, name: &'static str) -> Response {
    let name = HeaderName::from_static(name);
    response
        .headers_mut()
        .insert(name, HeaderValue::from_static("true"));
    response
}
