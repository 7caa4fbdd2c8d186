//! The protocol's errors: one flat object with type, code, message and the parameter, as a JSON path.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::json;

use crate::domain::rejection::Rejection;
use crate::operations::delegation::DelegationError;
use crate::wire::Refused;
use crate::wire::body::{Flaw, Problem};
use crate::wire::idempotency::KeyProblem;

/// Why a call is refused.
#[derive(Debug)]
pub enum AcpError {
    NoKey,
    WrongKey,
    NoVersion,
    MediaType,
    Document(String),
    /// The protocol names one problem at a time: the first.
    Member(Problem),
    Card,
    KeyRequired,
    KeyTooLong,
    InFlight,
    KeyUsed,
    NoSuchPage,
    Method,
    TooLarge,
    Contention,
    Unavailable,
}

impl AcpError {
    fn wording(&self) -> (StatusCode, &'static str, Cow<'static, str>) {
        let bad = StatusCode::BAD_REQUEST;
        let (status, code, message) = match self {
            Self::NoKey => (
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                "send the key in the Authorization header, as Bearer",
            ),
            Self::WrongKey => (
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                "no merchant has this key",
            ),
            Self::NoVersion => (
                bad,
                "missing_api_version",
                "the API-Version header is required",
            ),
            Self::MediaType => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "the content type must be application/json",
            ),
            Self::Document(what) => return (bad, "invalid", what.clone().into()),
            Self::Member(problem) => {
                let missing = problem.flaw == Flaw::Missing;
                let code = if missing { "missing" } else { "invalid" };
                let message = format!("{} {}", problem.member(), problem.due);
                return (bad, code, message.into());
            }
            Self::Card => (
                bad,
                "invalid_card",
                "the number is neither a network token nor a test card",
            ),
            Self::KeyRequired => (
                bad,
                "idempotency_key_required",
                "the Idempotency-Key header is required",
            ),
            Self::KeyTooLong => (bad, "invalid", "an idempotency key has 1 to 255 characters"),
            Self::InFlight => (
                StatusCode::CONFLICT,
                "idempotency_in_flight",
                "the first request with this idempotency key is still being answered",
            ),
            Self::KeyUsed => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_conflict",
                "this idempotency key came with another request before",
            ),
            Self::NoSuchPage
            | Self::Method
            | Self::TooLarge
            | Self::Contention
            | Self::Unavailable => self.plain_wording(),
        };
        (status, code, message.into())
    }

    /// What has nothing to do with the protocol.
    const fn plain_wording(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Method => (
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "this path takes another method",
            ),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "body_too_large",
                "the body is larger than 1 MiB",
            ),
            Self::Contention => (
                StatusCode::SERVICE_UNAVAILABLE,
                "contention",
                "others kept changing the same record; try again",
            ),
            Self::Unavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "service_unavailable",
                "the service is unavailable; try again later",
            ),
            Self::NoSuchPage
            | Self::NoKey
            | Self::WrongKey
            | Self::NoVersion
            | Self::MediaType
            | Self::Document(_)
            | Self::Member(_)
            | Self::Card
            | Self::KeyRequired
            | Self::KeyTooLong
            | Self::InFlight
            | Self::KeyUsed => (StatusCode::NOT_FOUND, "not_found", "no such resource"),
        }
    }

    /// The parameter that is wrong, as a JSON path.
    fn param(&self) -> Option<String> {
        match self {
            Self::Member(problem) => Some(format!("${}", problem.pointer.replace('/', "."))),
            Self::Card => Some("$.payment_method.number".to_owned()),
            Self::NoKey
            | Self::WrongKey
            | Self::NoVersion
            | Self::MediaType
            | Self::Document(_)
            | Self::KeyRequired
            | Self::KeyTooLong
            | Self::InFlight
            | Self::KeyUsed
            | Self::NoSuchPage
            | Self::Method
            | Self::TooLarge
            | Self::Contention
            | Self::Unavailable => None,
        }
    }
}

impl From<KeyProblem> for AcpError {
    fn from(problem: KeyProblem) -> Self {
        match problem {
            KeyProblem::Busy => Self::InFlight,
            KeyProblem::Other => Self::KeyUsed,
            KeyProblem::Contention => Self::Contention,
            KeyProblem::Empty | KeyProblem::TooLong | KeyProblem::Unreadable => Self::KeyTooLong,
        }
    }
}

impl From<DelegationError> for AcpError {
    fn from(error: DelegationError) -> Self {
        match error {
            DelegationError::Number | DelegationError::Unknown => Self::Card,
            DelegationError::Contention => Self::Contention,
            DelegationError::Unavailable => Self::Unavailable,
        }
    }
}

impl Refused for AcpError {
    fn reason(&self) -> Cow<'static, str> {
        if matches!(self, Self::Unavailable) {
            return Rejection::StoreUnavailable.word().into();
        }
        let (_, code, message) = self.wording();
        format!("{code}: {message}").into()
    }
}

impl IntoResponse for AcpError {
    fn into_response(self) -> Response {
        let (status, code, message) = self.wording();
        let kind = if status == StatusCode::SERVICE_UNAVAILABLE {
            "service_unavailable"
        } else {
            "invalid_request"
        };
        let mut body = json!({ "type": kind, "code": code, "message": message });
        if let Some(param) = self.param() {
            body["param"] = param.into();
        }
        let kind = [(CONTENT_TYPE, "application/json")];
        (status, kind, body.to_string()).into_response()
    }
}

/// What the protocol says of a body beyond the bound.
pub fn too_large() -> Response {
    AcpError::TooLarge.into_response()
}
