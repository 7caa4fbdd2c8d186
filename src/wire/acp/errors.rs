//! The protocol's errors: one flat object with type, code, message and the parameter, as a JSON path.

use std::borrow::Cow;

use http::StatusCode;
use serde_json::json;

use super::auth::Rules;
use super::version;
use crate::domain::rejection::Rejection;
use crate::operations::delegation::DelegationError;
use crate::wire::edge::read::{Nulls, Problem};
use crate::wire::edge::{
    Answer, Exchange, KeyProblem, Refusal, Wording, Words, json as json_answer,
};

/// Why a call is refused.
pub(super) type AcpError = Refusal<Own>;

/// The reasons that are the protocol's own.
#[derive(Debug, Clone, Copy)]
pub enum Own {
    NoKey,
    WrongKey,
    NoVersion,
    /// A version that is not spoken here.
    Version(Rules),
    KeyRequired,
    /// The number is neither a network token nor a test card.
    Card,
}

impl From<Own> for AcpError {
    fn from(own: Own) -> Self {
        Self::Own(own)
    }
}

impl From<DelegationError> for AcpError {
    fn from(error: DelegationError) -> Self {
        match error {
            DelegationError::Unavailable(why) => why.into(),
            DelegationError::Number | DelegationError::Unknown => Own::Card.into(),
            DelegationError::Contention => Rejection::Contention.into(),
        }
    }
}

impl Wording for Own {
    /// Checkout.com's libraries, which speak the protocol, write a null for what is not set.
    const NULLS: Nulls = Nulls::Absent;

    fn message(refusal: &AcpError) -> Cow<'static, str> {
        let Words { code, message, .. } = words(refusal);
        format!("{code}: {message}").into()
    }

    fn answer(refusal: &AcpError, _: Exchange<'_>) -> Answer {
        let Words {
            status,
            code,
            message,
        } = words(refusal);
        let mut body = json!({ "type": kind(status), "code": code, "message": message });
        if let Some(param) = param(refusal) {
            body["param"] = param.into();
        }
        if let Refusal::Own(Own::NoVersion) = refusal {
            body["supported_versions"] = json!(version::supported(Rules::Protocol));
        }
        if let Refusal::Own(Own::Version(rules)) = refusal {
            body["supported_versions"] = json!(version::supported(*rules));
        }
        json_answer(status, body.to_string())
    }
}

fn words(refusal: &AcpError) -> Words {
    match refusal {
        Refusal::Http(problem) => Words::of_http(problem),
        Refusal::Malformed(what) => {
            Words::new(StatusCode::BAD_REQUEST, "invalid", what.in_small_letters())
        }
        Refusal::Members(problems) => members(problems),
        Refusal::Rejected(rejection) => rejected(*rejection),
        Refusal::Key(problem) => key(*problem),
        Refusal::Own(own) => own_words(*own),
    }
}

fn own_words(own: Own) -> Words {
    let (status, code, message) = match own {
        Own::NoKey => (
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "send the key in the Authorization header, as Bearer",
        ),
        Own::WrongKey => (
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "no merchant has this key",
        ),
        Own::NoVersion => (
            StatusCode::BAD_REQUEST,
            "missing_api_version",
            "the API-Version header is required",
        ),
        Own::Version(_) => (
            StatusCode::BAD_REQUEST,
            "unsupported_api_version",
            "this version is not spoken here; supported_versions lists those that are",
        ),
        Own::KeyRequired => (
            StatusCode::BAD_REQUEST,
            "idempotency_key_required",
            "the Idempotency-Key header is required",
        ),
        Own::Card => (
            StatusCode::BAD_REQUEST,
            "invalid_card",
            "the number is neither a network token nor a test card",
        ),
    };
    Words::new(status, code, message)
}

/// The protocol names one problem at a time: the first. Its closed list of codes has one word for members that are missing or
/// malformed, wherever they stand; `missing` and `invalid` are words of checkout messages.
fn members(problems: &[Problem]) -> Words {
    let Some(problem) = problems.first() else {
        return Words::new(
            StatusCode::BAD_REQUEST,
            "invalid_card",
            "the body is incomplete",
        );
    };
    let message = format!("{} {}", problem.member(), problem.due);
    Words::new(StatusCode::BAD_REQUEST, "invalid_card", message)
}

fn key(problem: KeyProblem) -> Words {
    let (status, code, message) = match problem {
        KeyProblem::Busy => (
            StatusCode::CONFLICT,
            "idempotency_in_flight",
            "the first request with this idempotency key is still being answered",
        ),
        KeyProblem::Other => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency_conflict",
            "this idempotency key came with another request before",
        ),
        KeyProblem::Contention => return rejected(Rejection::Contention),
        KeyProblem::Empty => (
            StatusCode::BAD_REQUEST,
            "invalid",
            "the idempotency key is empty",
        ),
        KeyProblem::TooLong => (
            StatusCode::BAD_REQUEST,
            "invalid",
            "an idempotency key has 1 to 255 characters",
        ),
        KeyProblem::Unreadable => (
            StatusCode::BAD_REQUEST,
            "invalid",
            "the idempotency key must be printable ASCII",
        ),
        KeyProblem::Several => (
            StatusCode::BAD_REQUEST,
            "invalid",
            "there is more than one idempotency key",
        ),
    };
    Words::new(status, code, message)
}

/// What the inside refuses here passes by itself: a card that cannot be used is another reason.
fn rejected(rejection: Rejection) -> Words {
    Words::new(
        StatusCode::SERVICE_UNAVAILABLE,
        rejection.word(),
        format!("{rejection}; try again"),
    )
}

fn kind(status: StatusCode) -> &'static str {
    match status {
        StatusCode::TOO_MANY_REQUESTS => "rate_limit_exceeded",
        StatusCode::SERVICE_UNAVAILABLE => "service_unavailable",
        _ if status.is_server_error() => "processing_error",
        _ => "invalid_request",
    }
}

/// The parameter that is wrong, as a JSON path.
fn param(refusal: &AcpError) -> Option<String> {
    if let Refusal::Own(Own::Card) = refusal {
        return Some("$.payment_method.number".to_owned());
    }
    let Refusal::Members(problems) = refusal else {
        return None;
    };
    let parts = problems.first()?.pointer.split('/').skip(1);
    let path = parts.map(|part| match part.parse::<usize>() {
        Ok(place) => format!("[{place}]"),
        Err(_) => format!(".{part}"),
    });
    Some(format!("${}", path.collect::<String>()))
}
