//! The errors that hyperswitch reads: a message, and a code with a message for developers.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::json;

use crate::crypto::jwe::JweError;
use crate::domain::rejection::Rejection;
use crate::wire::Refused;
use crate::wire::body::Problem;

/// Why a call is refused.
#[derive(Debug)]
pub enum TokenServiceError {
    Unauthorized,
    MediaType,
    Document(String),
    Member(Problem),
    /// The card data does not open.
    Sealed(JweError),
    /// What the network or the records say.
    Rejected(Rejection),
    /// The server could not make its keys.
    NoKeys,
    NoSuchPage,
    Method,
    TooLarge,
}

impl TokenServiceError {
    fn wording(&self) -> (StatusCode, String, Cow<'static, str>) {
        let plain = |status, code: &str, text: &'static str| (status, code.to_owned(), text.into());
        let bad = StatusCode::BAD_REQUEST;
        match self {
            Self::Unauthorized => plain(
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                "the Authorization header must be the service's key, without a scheme",
            ),
            Self::MediaType => plain(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "the content type must be application/json",
            ),
            Self::Document(what) => (bad, "invalid_request".to_owned(), what.clone().into()),
            Self::Member(problem) => {
                let path = problem.pointer.trim_start_matches('/').replace('/', ".");
                let text = format!("{path} {}", problem.due);
                (bad, "invalid_request".to_owned(), text.into())
            }
            Self::Sealed(error) => {
                let text = format!("cardData cannot be opened: {error}");
                (bad, "invalid_card_data".to_owned(), text.into())
            }
            Self::Rejected(rejection) => {
                let status = status_of(*rejection);
                (status, rejection.word(), rejection.to_string().into())
            }
            Self::NoKeys => plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "no_keys",
                "the server could not make its keys",
            ),
            Self::NoSuchPage => plain(StatusCode::NOT_FOUND, "not_found", "no such resource"),
            Self::Method => plain(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "this path takes another method",
            ),
            Self::TooLarge => plain(
                StatusCode::PAYLOAD_TOO_LARGE,
                "body_too_large",
                "the body is larger than 1 MiB",
            ),
        }
    }
}

const fn status_of(rejection: Rejection) -> StatusCode {
    match rejection {
        Rejection::TokenUnknown | Rejection::CardUnknown | Rejection::TokenMissing => {
            StatusCode::NOT_FOUND
        }
        Rejection::Contention
        | Rejection::IssuerUnavailable
        | Rejection::ServiceUnavailable
        | Rejection::StoreUnavailable => StatusCode::SERVICE_UNAVAILABLE,
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

impl From<Rejection> for TokenServiceError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl Refused for TokenServiceError {
    fn reason(&self) -> Cow<'static, str> {
        let (_, code, message) = self.wording();
        format!("{code}: {message}").into()
    }
}

impl IntoResponse for TokenServiceError {
    fn into_response(self) -> Response {
        let (status, code, message) = self.wording();
        let body = json!({
            "error_message": message,
            "error_info": { "code": code, "developer_message": message },
        });
        let kind = [(CONTENT_TYPE, "application/json")];
        (status, kind, body.to_string()).into_response()
    }
}

/// What the service says of a body beyond the bound.
pub fn too_large() -> Response {
    TokenServiceError::TooLarge.into_response()
}
