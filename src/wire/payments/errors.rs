//! Error bodies of our own payment API: a code, a sentence, and the members that are wrong.

use std::borrow::Cow;

use http::StatusCode;
use serde_json::json;

use crate::domain::payment::moves::MoveRefusal;
use crate::domain::payment::reason::Warning;
use crate::domain::rejection::Rejection;
use crate::operations::payments::MoveError;
use crate::wire::edge::payment::StrictWording;
use crate::wire::edge::read::Problem;
use crate::wire::edge::{
    Answer, Exchange, KeyProblem, Refusal, Wording, Words, json as json_answer,
};

/// Why a call is refused. A declined payment is no such reason.
pub(super) type PaymentsError = Refusal<Own>;

/// The reasons that are this API's own.
#[derive(Debug, Clone, Copy)]
pub enum Own {
    NoKey,
    WrongKey,
    /// The merchant has no such payment.
    Unknown,
    Move(MoveRefusal),
    /// Strict rules refuse what would be let pass with this warning.
    Contradicted(Warning),
}

impl From<Own> for PaymentsError {
    fn from(own: Own) -> Self {
        Self::Own(own)
    }
}

impl From<MoveError> for PaymentsError {
    fn from(error: MoveError) -> Self {
        match error {
            MoveError::Unknown => Own::Unknown.into(),
            MoveError::Refused(refusal) => Own::Move(refusal).into(),
            MoveError::Contention => Rejection::Contention.into(),
            MoveError::Unavailable(why) => why.into(),
        }
    }
}

impl StrictWording for Own {
    fn contradicted(warning: Warning) -> Self {
        Self::Contradicted(warning)
    }
}

impl Wording for Own {
    /// The code says it all.
    fn message(refusal: &PaymentsError) -> Cow<'static, str> {
        words(refusal).code
    }

    fn answer(refusal: &PaymentsError, _: Exchange<'_>) -> Answer {
        let Words {
            status,
            code,
            message,
        } = words(refusal);
        let mut error = json!({ "code": code, "message": message });
        if let Refusal::Members(problems) = refusal {
            let member = |p: &Problem| {
                let message = format!("{} {}", p.member(), p.due);
                json!({ "pointer": p.pointer, "message": message })
            };
            error["members"] = problems.iter().map(member).collect();
        }
        json_answer(status, json!({ "error": error }).to_string())
    }
}

fn words(refusal: &PaymentsError) -> Words {
    match refusal {
        Refusal::Http(problem) => Words::of_http(problem),
        Refusal::Malformed(what) => {
            Words::new(StatusCode::BAD_REQUEST, "bad_body", what.in_small_letters())
        }
        Refusal::Members(_) => Words::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "bad_members",
            "some members of the body cannot be used",
        ),
        Refusal::Rejected(rejection) => rejected(*rejection),
        Refusal::Key(problem) => key(*problem),
        Refusal::Own(own) => own_words(*own),
    }
}

fn own_words(own: Own) -> Words {
    match own {
        Own::NoKey => Words::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "send the merchant's key in the Authorization header, as Bearer",
        ),
        Own::WrongKey => Words::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "no merchant has this key",
        ),
        Own::Unknown => Words::new(StatusCode::NOT_FOUND, "not_found", "no such payment"),
        Own::Move(refusal) => Words::new(StatusCode::CONFLICT, code(refusal), refusal.to_string()),
        Own::Contradicted(warning) => Words::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            warning.word(),
            warning.to_string(),
        ),
    }
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
            "idempotency_key_empty",
            "the idempotency key is empty",
        ),
        KeyProblem::TooLong => (
            StatusCode::BAD_REQUEST,
            "idempotency_key_too_long",
            "the idempotency key has more than 255 characters",
        ),
        KeyProblem::Unreadable => (
            StatusCode::BAD_REQUEST,
            "idempotency_key_unreadable",
            "the idempotency key must be printable ASCII",
        ),
        KeyProblem::Several => (
            StatusCode::BAD_REQUEST,
            "idempotency_key_repeated",
            "there is more than one idempotency key",
        ),
    };
    Words::new(status, code, message)
}

/// What the inside refuses here passes by itself: a payment that cannot be made is declined.
fn rejected(rejection: Rejection) -> Words {
    Words::new(
        StatusCode::SERVICE_UNAVAILABLE,
        rejection.word(),
        format!("{rejection}; try again"),
    )
}

/// The code of a move that is not possible.
const fn code(refusal: MoveRefusal) -> &'static str {
    match refusal {
        MoveRefusal::Declined => "declined",
        MoveRefusal::Voided => "voided",
        MoveRefusal::Expired => "expired",
        MoveRefusal::AlreadyCaptured => "already_captured",
        MoveRefusal::NothingCaptured => "nothing_captured",
        MoveRefusal::NothingToCapture => "nothing_to_capture",
        MoveRefusal::NothingToRefund => "nothing_to_refund",
        MoveRefusal::Disputed => "disputed",
        MoveRefusal::TooMuch { .. } => "too_much",
        MoveRefusal::Zero => "zero",
        MoveRefusal::Currency => "currency",
        MoveRefusal::TooMany => "too_many",
    }
}
