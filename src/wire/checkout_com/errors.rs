//! Checkout.com's errors: a type and a list of codes, or for the plainest ones no body at all.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::json;

use crate::domain::payment::moves::MoveRefusal;
use crate::domain::rejection::Rejection;
use crate::wire::Refused;
use crate::wire::body::{Flaw, Problem};
use crate::wire::idempotency::KeyProblem;

/// Why a call is refused.
#[derive(Debug)]
pub enum CheckoutError {
    Unauthorized,
    Forbidden,
    /// The client or secret of a request for an access token, or its grant type.
    Access(&'static str),
    NotJson,
    Malformed,
    Members(Vec<Problem>),
    /// A payment with a token that the customer starts, without a cryptogram.
    CryptogramMissing,
    /// The payment that is quoted is none of this merchant's.
    Previous,
    Move(MoveRefusal),
    /// What the network or the records say, about a token above all.
    Token(Rejection),
    InFlight,
    KeyUsed,
    KeyTooLong,
    Unknown,
    Method,
    TooLarge,
    Contention,
}

impl CheckoutError {
    /// Why a payment came to nothing.
    pub(super) fn unpaid(rejection: Rejection) -> Self {
        rejection.worded(|| Self::Contention)
    }

    /// Status, type and codes. An empty type means no body.
    fn wording(&self) -> (StatusCode, &'static str, Vec<String>) {
        let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
        let invalid = |code: &str| (unprocessable, "request_invalid", vec![code.to_owned()]);
        match self {
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "", Vec::new()),
            Self::Forbidden => (StatusCode::FORBIDDEN, "", Vec::new()),
            Self::Access(code) => (StatusCode::BAD_REQUEST, "access", vec![(*code).to_owned()]),
            Self::NotJson => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "", Vec::new()),
            Self::Malformed => (
                unprocessable,
                "request_malformed",
                vec!["request_body_malformed".to_owned()],
            ),
            Self::Members(problems) => (
                unprocessable,
                "request_invalid",
                problems.iter().map(code).collect(),
            ),
            Self::CryptogramMissing => invalid("cryptogram_required"),
            Self::Previous => invalid("previous_payment_id_invalid"),
            Self::Move(refusal) => refused(*refusal),
            Self::Token(rejection) => token(*rejection),
            Self::InFlight => (
                StatusCode::TOO_MANY_REQUESTS,
                "request_invalid",
                vec!["duplicate_request_detected".to_owned()],
            ),
            Self::KeyUsed => invalid("idempotency_key_reused"),
            Self::KeyTooLong => invalid("idempotency_key_invalid"),
            Self::Unknown => (StatusCode::NOT_FOUND, "", Vec::new()),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "", Vec::new()),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "", Vec::new()),
            Self::Contention => (StatusCode::SERVICE_UNAVAILABLE, "", Vec::new()),
        }
    }

    /// The response, which names the request.
    pub(super) fn named(self, receipt: &str) -> Response {
        let (status, kind, codes) = self.wording();
        if kind.is_empty() {
            return status.into_response();
        }
        let body = match &self {
            Self::Access(code) => json!({ "error": code }),
            Self::Unauthorized
            | Self::Forbidden
            | Self::NotJson
            | Self::Malformed
            | Self::Members(_)
            | Self::CryptogramMissing
            | Self::Previous
            | Self::Move(_)
            | Self::Token(_)
            | Self::InFlight
            | Self::KeyUsed
            | Self::KeyTooLong
            | Self::Unknown
            | Self::Method
            | Self::TooLarge
            | Self::Contention => {
                json!({ "request_id": receipt, "error_type": kind, "error_codes": codes })
            }
        };
        (
            status,
            [(CONTENT_TYPE, "application/json")],
            body.to_string(),
        )
            .into_response()
    }
}

/// A member's code: its path behind the source, and whether it is missing or wrong.
fn code(problem: &Problem) -> String {
    let path = problem.pointer.trim_start_matches('/');
    let member = path
        .strip_prefix("source/")
        .unwrap_or(path)
        .replace('/', "_");
    // A card's members have their object in front, and the number of a token is called token.
    let member = match member.as_str() {
        "number" | "expiry_month" | "expiry_year" => format!("card_{member}"),
        "source" => "payment_source".to_owned(),
        "type" => "source_type".to_owned(),
        _ => member,
    };
    let flaw = match problem.flaw {
        Flaw::Missing => "required",
        Flaw::Type | Flaw::Value | Flaw::TooLong => "invalid",
    };
    format!("{member}_{flaw}")
}

/// Why a move is not possible. What the state forbids has no body.
fn refused(refusal: MoveRefusal) -> (StatusCode, &'static str, Vec<String>) {
    let invalid = |code: &str| {
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            "request_invalid",
            vec![code.to_owned()],
        )
    };
    match refusal {
        MoveRefusal::Declined
        | MoveRefusal::Voided
        | MoveRefusal::AlreadyCaptured
        | MoveRefusal::NothingCaptured
        | MoveRefusal::NothingToCapture
        | MoveRefusal::NothingToRefund
        | MoveRefusal::TooMany => (StatusCode::FORBIDDEN, "", Vec::new()),
        MoveRefusal::TooMuch { .. } => invalid("amount_exceeds_balance"),
        MoveRefusal::Zero => invalid("amount_invalid"),
        MoveRefusal::Currency => invalid("currency_invalid"),
    }
}

/// What is answered instead of a token or cryptogram. The meanings are those of Checkout.com's list for network tokens;
/// the spelling of the codes is ours where its pages do not show it.
fn token(rejection: Rejection) -> (StatusCode, &'static str, Vec<String>) {
    let code = match rejection {
        Rejection::CardUnknown | Rejection::TokenUnknown | Rejection::TokenMissing => {
            return (StatusCode::NOT_FOUND, "", Vec::new());
        }
        Rejection::Contention | Rejection::StoreUnavailable => {
            return (StatusCode::SERVICE_UNAVAILABLE, "", Vec::new());
        }
        Rejection::IssuerUnavailable | Rejection::ServiceUnavailable => {
            return (StatusCode::GATEWAY_TIMEOUT, "", Vec::new());
        }
        Rejection::SystemError | Rejection::TokenNumbersExhausted => {
            return (StatusCode::BAD_GATEWAY, "", Vec::new());
        }
        Rejection::CardNumberInvalid | Rejection::NotATestCard | Rejection::AliasUnknown => {
            "card_number_invalid"
        }
        Rejection::CardExpired => "card_expired",
        Rejection::NetworkNotSupported
        | Rejection::CardNotEligible
        | Rejection::CardNotAllowed
        | Rejection::ProvisionNotAllowed => "pan_ineligible",
        Rejection::CardVerificationFailed => "card_verification_failed",
        Rejection::Declined | Rejection::ProvisionDataExpired | Rejection::InvalidRequest => {
            "token_provisioning_declined"
        }
        Rejection::AliasTaken => "duplicate_request",
        Rejection::InvalidTokenStatus
        | Rejection::StateForbids
        | Rejection::TokenDeleted
        | Rejection::TokenSuspended
        | Rejection::TokenInactive
        | Rejection::TokenExpired => "token_not_active",
        Rejection::ShortCryptogramsOutstanding | Rejection::CryptogramsExhausted => {
            "cryptogram_limit_reached"
        }
    };
    (
        StatusCode::UNPROCESSABLE_ENTITY,
        "request_invalid",
        vec![code.to_owned()],
    )
}

impl From<KeyProblem> for CheckoutError {
    fn from(problem: KeyProblem) -> Self {
        match problem {
            KeyProblem::Busy => Self::InFlight,
            KeyProblem::Other => Self::KeyUsed,
            KeyProblem::Contention => Self::Contention,
            KeyProblem::Empty | KeyProblem::TooLong | KeyProblem::Unreadable => Self::KeyTooLong,
        }
    }
}

impl From<Rejection> for CheckoutError {
    fn from(rejection: Rejection) -> Self {
        Self::Token(rejection)
    }
}

impl Refused for CheckoutError {
    fn reason(&self) -> Cow<'static, str> {
        match self {
            Self::Members(problems) => {
                let each = problems.iter().map(|p| format!("{} {}", p.pointer, p.due));
                each.collect::<Vec<_>>().join("; ").into()
            }
            Self::CryptogramMissing => "cryptogram_missing".into(),
            Self::Move(refusal) => refusal.to_string().into(),
            Self::Token(rejection) => rejection.word().into(),
            Self::Unauthorized => "unknown key or token".into(),
            Self::Forbidden => "the token's scope does not cover this".into(),
            Self::Access(code) => (*code).into(),
            Self::NotJson => "the content type must be application/json".into(),
            Self::Malformed => "the body is not a JSON object".into(),
            Self::Previous => "the quoted payment is unknown".into(),
            Self::InFlight => "the first request with this key is being answered".into(),
            Self::KeyUsed => "the key came with another request".into(),
            Self::KeyTooLong => "the key is empty or too long".into(),
            Self::Unknown => "no such resource".into(),
            Self::Method => "method not allowed".into(),
            Self::TooLarge => "the body is larger than 1 MiB".into(),
            Self::Contention => "others kept changing the same record".into(),
        }
    }
}

impl IntoResponse for CheckoutError {
    fn into_response(self) -> Response {
        self.named("")
    }
}

/// What Checkout.com says of a body beyond the bound.
pub fn too_large() -> Response {
    CheckoutError::TooLarge.into_response()
}
