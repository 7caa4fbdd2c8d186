//! Adyen's errors: status, error code, message, type, and the reference of the request.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde_json::json;

use crate::domain::rejection::Rejection;
use crate::wire::Refused;
use crate::wire::body::{Flaw, Problem};
use crate::wire::idempotency::KeyProblem;

/// Why a call is refused.
#[derive(Debug)]
pub enum AdyenError {
    Unauthorized,
    /// The key does not go with this merchant account.
    Account,
    MediaType,
    Document(String),
    /// Adyen names one problem at a time: the first.
    Member(Problem),
    /// A payment with a token that the shopper starts, without a cryptogram.
    CryptogramMissing,
    /// No payment of this merchant has the reference.
    Unknown,
    /// The first request with the key is still being answered.
    KeyBusy,
    /// The key came with another request.
    KeyUsed,
    KeyTooLong,
    NoSuchPage,
    Method,
    TooLarge,
    Contention,
    Unavailable,
}

impl From<Rejection> for AdyenError {
    fn from(rejection: Rejection) -> Self {
        if rejection == Rejection::StoreUnavailable {
            Self::Unavailable
        } else {
            Self::Contention
        }
    }
}

impl AdyenError {
    const fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Account => StatusCode::FORBIDDEN,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Document(_) => StatusCode::BAD_REQUEST,
            Self::KeyBusy => StatusCode::CONFLICT,
            Self::Member(_)
            | Self::CryptogramMissing
            | Self::Unknown
            | Self::KeyUsed
            | Self::KeyTooLong => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NoSuchPage => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Contention | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    const fn kind(&self) -> &'static str {
        match self.status() {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => "security",
            StatusCode::SERVICE_UNAVAILABLE => "internal",
            _ => "validation",
        }
    }

    /// Error code and message.
    fn wording(&self) -> (&'static str, Cow<'static, str>) {
        match self {
            Self::Unauthorized => ("000", "HTTP Status Response - Unauthorized".into()),
            Self::Account => ("901", "Invalid Merchant Account".into()),
            Self::MediaType => ("702", "The content type must be application/json".into()),
            Self::Document(what) => ("702", what.clone().into()),
            Self::Member(problem) => {
                let (code, message) = member(problem);
                (code, message.into())
            }
            Self::CryptogramMissing => ("130", required(CRYPTOGRAM).into()),
            Self::Unknown => (
                "167",
                "Original pspReference required for this operation".into(),
            ),
            Self::KeyBusy => ("704", "request already processed or in progress".into()),
            Self::KeyUsed => (
                "704",
                "the idempotency key came with another request".into(),
            ),
            Self::KeyTooLong => ("702", "An idempotency key has 1 to 64 characters".into()),
            Self::NoSuchPage => ("000", "There is no such resource".into()),
            Self::Method => ("000", "This resource takes another method".into()),
            Self::TooLarge => ("000", "The body is larger than 1 MiB".into()),
            Self::Contention => ("905", "Others kept changing the same record".into()),
            Self::Unavailable => ("905", "The service is unavailable".into()),
        }
    }

    /// The response, which names the request by its reference.
    pub(super) fn named(self, reference: &str) -> Response {
        self.respond(Some(reference))
    }

    fn respond(self, reference: Option<&str>) -> Response {
        let (status, (code, message)) = (self.status(), self.wording());
        let mut body = json!({
            "status": status.as_u16(),
            "errorCode": code,
            "message": message,
            "errorType": self.kind(),
        });
        if let Some(reference) = reference {
            body["pspReference"] = reference.into();
        }
        let mut response = (
            status,
            [(CONTENT_TYPE, "application/json")],
            body.to_string(),
        )
            .into_response();
        if matches!(self, Self::KeyBusy | Self::Contention | Self::Unavailable) {
            let yes = HeaderValue::from_static("true");
            response.headers_mut().insert(TRANSIENT, yes);
        }
        response
    }
}

/// Says that the same request with the same key may be sent again later (Adyen on idempotency).
const TRANSIENT: &str = "transient-error";

/// Codes of Adyen's list of API errors where it has one for the member, else the code of a required or malformed field.
fn member(problem: &Problem) -> (&'static str, String) {
    let path = problem.pointer.trim_start_matches('/').replace('/', ".");
    let missing = problem.flaw == Flaw::Missing;
    match path.as_str() {
        "amount" | "amount.value" if missing => ("100", "No amount specified".to_owned()),
        "amount.value" => ("137", "Invalid amount specified".to_owned()),
        "amount.currency" => ("138", "Currency missing or invalid".to_owned()),
        "paymentMethod.number" => ("101", "Invalid card number".to_owned()),
        "paymentMethod.cvc" => ("103", "CVC is not the right length".to_owned()),
        "paymentMethod.expiryMonth" => (
            "140",
            "Expiry month should be between 1 and 12 inclusive".to_owned(),
        ),
        "paymentMethod.expiryYear" => (
            "141",
            "Expiry year should be four digits from 2000".to_owned(),
        ),
        _ if missing => ("130", required(&path)),
        _ => ("702", format!("Field '{path}' {}", problem.due)),
    }
}

const CRYPTOGRAM: &str = "mpiData.tokenAuthenticationVerificationValue";

fn required(path: &str) -> String {
    format!("Required field '{path}' is not provided.")
}

impl From<KeyProblem> for AdyenError {
    fn from(problem: KeyProblem) -> Self {
        match problem {
            KeyProblem::Busy => Self::KeyBusy,
            KeyProblem::Other => Self::KeyUsed,
            KeyProblem::Contention => Self::Contention,
            KeyProblem::Empty | KeyProblem::TooLong | KeyProblem::Unreadable => Self::KeyTooLong,
        }
    }
}

impl Refused for AdyenError {
    fn reason(&self) -> Cow<'static, str> {
        match self {
            Self::CryptogramMissing => "cryptogram_missing".into(),
            Self::Unavailable => Rejection::StoreUnavailable.word().into(),
            Self::Member(problem) => format!("{} {}", problem.pointer, problem.due).into(),
            Self::Unauthorized
            | Self::Account
            | Self::MediaType
            | Self::Document(_)
            | Self::Unknown
            | Self::KeyBusy
            | Self::KeyUsed
            | Self::KeyTooLong
            | Self::NoSuchPage
            | Self::Method
            | Self::TooLarge
            | Self::Contention => self.wording().1,
        }
    }
}

impl IntoResponse for AdyenError {
    fn into_response(self) -> Response {
        self.respond(None)
    }
}

/// What Adyen says of a body beyond the bound.
pub fn too_large() -> Response {
    AdyenError::TooLarge.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_passes_by_itself_is_transient() {
        let rows = [
            (KeyProblem::Busy, 409, true),
            (KeyProblem::Other, 422, false),
            (KeyProblem::Contention, 503, true),
        ];
        for (problem, status, transient) in rows {
            let response = AdyenError::from(problem).named("ABCDEFGHIJKLMNOP");
            assert_eq!(response.status(), status);
            assert_eq!(response.headers().contains_key(TRANSIENT), transient);
        }
    }
}
