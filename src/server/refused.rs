//! What is said before any surface has been chosen.

use axum::response::Response;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, StatusCode};

use super::intake::Bounds;
use crate::limits::MIB;
use crate::wire::edge::{EdgeRefusal, HeaderProblem, HttpProblem};

/// A request that gets no further: the status, the code and the sentence.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) why: String,
    /// A header that tells the client what to do better.
    pub(crate) advice: Option<(HeaderName, HeaderValue)>,
}

impl Refused {
    pub(crate) fn with(status: StatusCode, code: &'static str, why: &impl ToString) -> Box<Self> {
        Box::new(Self {
            status,
            code,
            why: why.to_string(),
            advice: None,
        })
    }

    pub(crate) fn body(&self) -> Bytes {
        let error = serde_json::json!({ "error": { "code": self.code, "message": self.why } });
        error.to_string().into()
    }

    pub(crate) fn answer(self) -> Response<Bytes> {
        let mut answer = Response::new(self.body());
        *answer.status_mut() = self.status;
        let kind = HeaderValue::from_static("application/json");
        answer.headers_mut().insert(CONTENT_TYPE, kind);
        answer.headers_mut().extend(self.advice);
        answer
    }
}

/// A bound is reached that all clients share.
pub(crate) fn no_room(what: &str) -> Box<Refused> {
    let why = format!("there are too many {what} at the moment; try again");
    tracing::warn!("refused, because there are too many {what} at the moment");
    Refused::with(StatusCode::SERVICE_UNAVAILABLE, "no_room", &why)
}

/// What the control plane says of a body that it does not get.
pub(super) fn plainly(refused: &EdgeRefusal, bounds: Bounds<'_>) -> Box<Refused> {
    let wait = bounds.wait;
    if matches!(refused, EdgeRefusal::Http(HttpProblem::TooLarge)) {
        let what = format!("the body is larger than {} MiB", bounds.bytes_max / MIB);
        return Refused::with(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", &what);
    }
    if matches!(refused, EdgeRefusal::Http(HttpProblem::TooSlow)) {
        let what = format!("the body was not there within {} s", wait.as_secs_f64());
        return Refused::with(StatusCode::REQUEST_TIMEOUT, "body_too_slow", &what);
    }
    no_room("bodies")
}

/// The control plane reads bodies as they are.
pub(super) fn encoded(problem: HeaderProblem) -> Box<Refused> {
    let why = problem.in_small_letters();
    let mut refused = Refused::with(problem.status(), "body_encoded", &why);
    refused.advice = problem.advice();
    refused
}
