//! The errors that hyperswitch reads: a message, and a code with a message for developers.

use std::borrow::Cow;

use http::StatusCode;
use serde_json::json;

use crate::crypto::jwe::JweError;
use crate::domain::rejection::Rejection;
use crate::wire::edge::read::{Nulls, Problem};
use crate::wire::edge::{Answer, Exchange, Refusal, Wording, Words, json as json_answer};

/// Why a call is refused.
pub(super) type TokenServiceError = Refusal<Own>;

/// The reasons that are the service's own.
#[derive(Debug)]
pub enum Own {
    Unauthorized,
    /// The card data does not open.
    Sealed(JweError),
    /// The server could not make its keys.
    NoKeys,
}

impl From<Own> for TokenServiceError {
    fn from(own: Own) -> Self {
        Self::Own(own)
    }
}

impl Wording for Own {
    /// hyperswitch writes a null for what it does not have.
    const NULLS: Nulls = Nulls::Absent;

    fn message(refusal: &TokenServiceError) -> Cow<'static, str> {
        let Words { code, message, .. } = words(refusal);
        format!("{code}: {message}").into()
    }

    fn answer(refusal: &TokenServiceError, _: Exchange<'_>) -> Answer {
        let Words {
            status,
            code,
            message,
        } = words(refusal);
        let body = json!({
            "error_message": message,
            "error_info": { "code": code, "developer_message": message },
        });
        json_answer(status, body.to_string())
    }
}

fn words(refusal: &TokenServiceError) -> Words {
    match refusal {
        Refusal::Http(problem) => Words::of_http(problem),
        Refusal::Malformed(what) => invalid(what.in_small_letters()),
        Refusal::Members(problems) => members(problems),
        Refusal::Rejected(rejection) => Words::new(
            status_of(*rejection),
            rejection.word(),
            rejection.to_string(),
        ),
        // The service takes no idempotency keys.
        Refusal::Key(_) => Words::of_status(StatusCode::CONFLICT),
        Refusal::Own(own) => own_words(own),
    }
}

fn own_words(own: &Own) -> Words {
    match own {
        Own::Unauthorized => Words::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "the Authorization header must be the service's key, without a scheme",
        ),
        Own::Sealed(error) => Words::new(
            StatusCode::BAD_REQUEST,
            "invalid_card_data",
            format!("cardData cannot be opened: {error}"),
        ),
        Own::NoKeys => Words::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "no_keys",
            "the server could not make its keys",
        ),
    }
}

/// The first problem is answered.
fn members(problems: &[Problem]) -> Words {
    let Some(problem) = problems.first() else {
        return invalid("incomplete".to_owned());
    };
    let path = problem.pointer.trim_start_matches('/').replace('/', ".");
    invalid(format!("{path} {}", problem.due))
}

fn invalid(message: String) -> Words {
    Words::new(StatusCode::BAD_REQUEST, "invalid_request", message)
}

const fn status_of(rejection: Rejection) -> StatusCode {
    match rejection {
        Rejection::TokenUnknown | Rejection::CardUnknown | Rejection::TokenMissing => {
            StatusCode::NOT_FOUND
        }
        Rejection::Contention
        | Rejection::IssuerUnavailable
        | Rejection::ServiceUnavailable
        | Rejection::StoreUnavailable
        | Rejection::StoreFull => StatusCode::SERVICE_UNAVAILABLE,
        Rejection::CardNumberInvalid
        | Rejection::NotATestCard
        | Rejection::NetworkNotSupported
        | Rejection::CardExpired
        | Rejection::CardNotEligible
        | Rejection::CardNotAllowed
        | Rejection::CardVerificationFailed
        | Rejection::Declined
        | Rejection::ProvisionDataExpired
        | Rejection::ProvisionNotAllowed
        | Rejection::InvalidTokenStatus
        | Rejection::InvalidRequest
        | Rejection::SystemError
        | Rejection::AliasUnknown
        | Rejection::AliasTaken
        | Rejection::TokenDeleted
        | Rejection::TokenSuspended
        | Rejection::TokenInactive
        | Rejection::StateForbids
        | Rejection::TokenExpired
        | Rejection::ShortCryptogramsOutstanding
        | Rejection::CryptogramsExhausted
        | Rejection::TokenNumbersExhausted => StatusCode::UNPROCESSABLE_ENTITY,
    }
}
