//! Error bodies of our own payment API: a code, a sentence, and the members that are wrong.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::json;

use crate::domain::payment::moves::MoveRefusal;
use crate::domain::rejection::Rejection;
use crate::operations::payments::MoveError;
use crate::wire::Refused;
use crate::wire::body::Problem;
use crate::wire::idempotency::KeyProblem;

/// Why a call is refused. A declined payment is no such reason.
#[derive(Debug)]
pub enum PaymentsError {
    NoKey,
    WrongKey,
    MediaType,
    Document(String),
    Members(Vec<Problem>),
    KeyTooLong,
    InFlight,
    KeyUsed,
    Move(MoveRefusal),
    Unknown,
    NoSuchPage,
    Method,
    TooLarge,
    Contention,
    Unavailable,
}

impl From<Rejection> for PaymentsError {
    fn from(rejection: Rejection) -> Self {
        if rejection == Rejection::StoreUnavailable {
            Self::Unavailable
        } else {
            Self::Contention
        }
    }
}

impl PaymentsError {
    fn wording(&self) -> (StatusCode, &'static str, Cow<'static, str>) {
        match self {
            Self::NoKey => (
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                "send the merchant's key in the Authorization header, as Bearer".into(),
            ),
            Self::WrongKey => (
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                "no merchant has this key".into(),
            ),
            Self::MediaType => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "the content type must be application/json".into(),
            ),
            Self::Document(what) => (StatusCode::BAD_REQUEST, "bad_body", what.clone().into()),
            Self::Members(_) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "bad_members",
                "some members of the body cannot be used".into(),
            ),
            Self::KeyTooLong => (
                StatusCode::BAD_REQUEST,
                "idempotency_key_too_long",
                "the idempotency key has more than 255 characters, or is empty".into(),
            ),
            Self::InFlight => (
                StatusCode::CONFLICT,
                "idempotency_in_flight",
                "the first request with this idempotency key is still being answered".into(),
            ),
            Self::KeyUsed => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_conflict",
                "this idempotency key came with another request before".into(),
            ),
            Self::Move(refusal) => (
                StatusCode::CONFLICT,
                code(*refusal),
                refusal.to_string().into(),
            ),
            Self::Unknown => (StatusCode::NOT_FOUND, "not_found", "no such payment".into()),
            Self::NoSuchPage => (
                StatusCode::NOT_FOUND,
                "not_found",
                "no such resource".into(),
            ),
            Self::Method => (
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "this path takes another method".into(),
            ),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "body_too_large",
                "the body is larger than 1 MiB".into(),
            ),
            Self::Contention => (
                StatusCode::SERVICE_UNAVAILABLE,
                "contention",
                "others kept changing the same record; try again".into(),
            ),
            Self::Unavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "service_unavailable",
                "the service is unavailable; try again later".into(),
            ),
        }
    }
}

/// The code of a move that is not possible.
const fn code(refusal: MoveRefusal) -> &'static str {
    match refusal {
        MoveRefusal::Declined => "declined",
        MoveRefusal::Voided => "voided",
        MoveRefusal::AlreadyCaptured => "already_captured",
        MoveRefusal::NothingCaptured => "nothing_captured",
        MoveRefusal::NothingToCapture => "nothing_to_capture",
        MoveRefusal::NothingToRefund => "nothing_to_refund",
        MoveRefusal::TooMuch { .. } => "too_much",
        MoveRefusal::Zero => "zero",
        MoveRefusal::Currency => "currency",
        MoveRefusal::TooMany => "too_many",
    }
}

impl From<KeyProblem> for PaymentsError {
    fn from(problem: KeyProblem) -> Self {
        match problem {
            KeyProblem::Busy => Self::InFlight,
            KeyProblem::Other => Self::KeyUsed,
            KeyProblem::Contention => Self::Contention,
            KeyProblem::Empty | KeyProblem::TooLong | KeyProblem::Unreadable => Self::KeyTooLong,
        }
    }
}

impl From<MoveError> for PaymentsError {
    fn from(error: MoveError) -> Self {
        match error {
            MoveError::Unknown => Self::Unknown,
            MoveError::Refused(refusal) => Self::Move(refusal),
            MoveError::Contention => Self::Contention,
            MoveError::Unavailable => Self::Unavailable,
        }
    }
}

impl Refused for PaymentsError {
    fn reason(&self) -> Cow<'static, str> {
        if let Self::Members(problems) = self {
            let each = problems.iter().map(|p| format!("{} {}", p.pointer, p.due));
            return each.collect::<Vec<_>>().join("; ").into();
        }
        if matches!(self, Self::Unavailable) {
            return Rejection::StoreUnavailable.word().into();
        }
        self.wording().1.into()
    }
}

impl IntoResponse for PaymentsError {
    fn into_response(self) -> Response {
        let (status, code, message) = self.wording();
        let mut error = json!({ "code": code, "message": message });
        if let Self::Members(problems) = &self {
            let member = |p: &Problem| {
                let message = format!("{} {}", p.member(), p.due);
                json!({ "pointer": p.pointer, "message": message })
            };
            error["members"] = problems.iter().map(member).collect();
        }
        let body = json!({ "error": error }).to_string();
        (status, [(CONTENT_TYPE, "application/json")], body).into_response()
    }
}

/// What the API says of a body beyond the bound.
pub fn too_large() -> Response {
    PaymentsError::TooLarge.into_response()
}
