//! Error bodies of Visa's token service: `errorResponse` with a camelCase reason (raw samples in the documents of Cardtokens
//! and in visa/mcp), and `responseStatus` for a request that Visa's gateway does not let in (Visa Developer Community,
//! "VTS X-Pay-Token Troubleshooting Guide").

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

use super::answers::json as answer;
use crate::crypto::xpay::PayTokenError;
use crate::domain::rejection::Rejection;
use crate::domain::step_up::StepUpRefusal;
use crate::operations::step_up::Refusal;
use crate::wire::Refused;
use crate::wire::body::Problem;

/// Why a call is refused.
#[derive(Debug)]
pub enum VisaError {
    NotLetIn(NotLetIn),
    MediaType,
    /// The body is not JSON, or no object; the text says which.
    Body(String),
    Members(Vec<Problem>),
    Rejected(Rejection),
    StepUp(StepUpRefusal),
    /// An envelope could not be sealed.
    Sealing,
    NoSuchPage,
    Method,
    TooLarge,
}

/// Why the gateway lets nobody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotLetIn {
    #[error("the query names no apiKey")]
    NoKey,
    #[error("the apiKey is unknown")]
    Key,
    #[error("the apiKey is for another space")]
    OtherSpace,
    #[error("there is no x-pay-token")]
    NoToken,
    #[error("x-pay-token: {0}")]
    Token(PayTokenError),
}

impl NotLetIn {
    /// The gateway's code: one for a key that it does not know, another for a token that does not fit the request.
    const fn code(self) -> &'static str {
        match self {
            Self::NoKey | Self::Key | Self::OtherSpace => "9201",
            Self::NoToken | Self::Token(_) => "9159",
        }
    }
}

impl From<NotLetIn> for VisaError {
    fn from(why: NotLetIn) -> Self {
        Self::NotLetIn(why)
    }
}

impl From<Rejection> for VisaError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl From<Refusal> for VisaError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::StepUp(refusal) => Self::StepUp(refusal),
            Refusal::Rejected(rejection) => Self::Rejected(rejection),
        }
    }
}

struct Wording(StatusCode, &'static str, Cow<'static, str>);

impl VisaError {
    fn wording(&self) -> Wording {
        let plain = |status, reason, message: &'static str| Wording(status, reason, message.into());
        match self {
            Self::NotLetIn(_) => plain(
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                "Token Validation Failed",
            ),
            Self::MediaType => plain(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupportedMediaType",
                "Content-Type must be application/json",
            ),
            Self::Body(what) => Wording(
                StatusCode::BAD_REQUEST,
                "invalidParameter",
                what.clone().into(),
            ),
            Self::Members(problems) => {
                Wording(StatusCode::BAD_REQUEST, "invalidParameter", first(problems))
            }
            Self::Rejected(rejection) => rejected(*rejection),
            Self::StepUp(refusal) => step_up(*refusal),
            Self::Sealing => plain(
                StatusCode::INTERNAL_SERVER_ERROR,
                "systemError",
                "The answer could not be encrypted",
            ),
            Self::NoSuchPage => plain(
                StatusCode::NOT_FOUND,
                "notFound",
                "There is no such resource",
            ),
            Self::Method => plain(
                StatusCode::METHOD_NOT_ALLOWED,
                "methodNotAllowed",
                "The method is not allowed here",
            ),
            Self::TooLarge => plain(
                StatusCode::PAYLOAD_TOO_LARGE,
                "invalidParameter",
                "The body is larger than 1 MiB",
            ),
        }
    }
}

/// How Visa words what the inside refuses. Status 403 is seen for cardNotEligible only; the other refusals of a card are
/// listed without one (Cybersource, Pagos) and get the same.
fn rejected(rejection: Rejection) -> Wording {
    use Rejection as R;
    let (status, reason) = match rejection {
        R::CardNotEligible => (StatusCode::FORBIDDEN, "cardNotEligible"),
        R::CardNotAllowed => (StatusCode::FORBIDDEN, "cardNotAllowed"),
        R::CardVerificationFailed
        | R::CardNumberInvalid
        | R::NotATestCard
        | R::NetworkNotSupported
        | R::CardExpired => (StatusCode::FORBIDDEN, "cardVerificationFailed"),
        R::Declined => (StatusCode::FORBIDDEN, "declined"),
        R::ProvisionDataExpired => (StatusCode::FORBIDDEN, "provisionDataExpired"),
        R::ProvisionNotAllowed => (StatusCode::FORBIDDEN, "provisionNotAllowed"),
        R::InvalidTokenStatus
        | R::TokenDeleted
        | R::TokenSuspended
        | R::TokenInactive
        | R::TokenExpired
        | R::StateForbids
        | R::ShortCryptogramsOutstanding
        | R::CryptogramsExhausted => (StatusCode::FORBIDDEN, "invalidTokenStatus"),
        R::InvalidRequest | R::AliasUnknown | R::AliasTaken => {
            (StatusCode::BAD_REQUEST, "invalidParameter")
        }
        R::CardUnknown | R::TokenUnknown | R::TokenMissing => (StatusCode::NOT_FOUND, "notFound"),
        R::IssuerUnavailable | R::ServiceUnavailable | R::StoreUnavailable | R::Contention => {
            (StatusCode::SERVICE_UNAVAILABLE, "serviceUnavailable")
        }
        R::SystemError | R::TokenNumbersExhausted => {
            (StatusCode::INTERNAL_SERVER_ERROR, "systemError")
        }
    };
    Wording(status, reason, message(rejection))
}

/// The one message that a sample shows, and for the rest what the inside says.
fn message(rejection: Rejection) -> Cow<'static, str> {
    if rejection == Rejection::CardNotEligible {
        return "Further operations are no longer allowed. Please contact your bank to resolve the issue.".into();
    }
    let mut message = sentence(&rejection.to_string());
    if rejection == Rejection::NotATestCard {
        message.push_str("; to accept numbers like it, start standin with --allow-pan PREFIX");
    }
    message.into()
}

/// No source shows what a refused code is answered but that it is an error response, so the reasons are standin's own.
fn step_up(refusal: StepUpRefusal) -> Wording {
    let (status, reason) = match refusal {
        StepUpRefusal::MethodUnknown => (StatusCode::BAD_REQUEST, "invalidParameter"),
        StepUpRefusal::NotSent => (StatusCode::FORBIDDEN, "otpNotRequested"),
        StepUpRefusal::Expired => (StatusCode::FORBIDDEN, "otpExpired"),
        StepUpRefusal::WrongCode => (StatusCode::FORBIDDEN, "otpVerificationFailed"),
        StepUpRefusal::GuessesExhausted => {
            (StatusCode::FORBIDDEN, "otpVerificationAttemptsExceeded")
        }
        StepUpRefusal::CodesExhausted => (StatusCode::FORBIDDEN, "otpRequestAttemptsExceeded"),
    };
    Wording(status, reason, sentence(&refusal.to_string()).into())
}

fn first(problems: &[Problem]) -> Cow<'static, str> {
    let said = problems.first();
    said.map_or_else(String::new, |problem| {
        format!("{} {}", location(problem), problem.due)
    })
    .into()
}

/// Where a member stands, in dots: a sample calls it a list of fields.
fn location(problem: &Problem) -> String {
    problem.pointer.trim_start_matches('/').replace('/', ".")
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

impl Refused for VisaError {
    fn reason(&self) -> Cow<'static, str> {
        match self {
            Self::NotLetIn(why) => why.to_string().into(),
            Self::Members(problems) => {
                let each: Vec<_> = problems
                    .iter()
                    .map(|p| format!("{} {}", p.pointer, p.due))
                    .collect();
                each.join("; ").into()
            }
            Self::Rejected(rejection) => rejection.word().into(),
            Self::StepUp(refusal) => refusal.to_string().into(),
            Self::MediaType
            | Self::Body(_)
            | Self::Sealing
            | Self::NoSuchPage
            | Self::Method
            | Self::TooLarge => self.wording().2,
        }
    }
}

impl IntoResponse for VisaError {
    fn into_response(self) -> Response {
        let Wording(status, reason, message) = self.wording();
        if let Self::NotLetIn(why) = self {
            let body = json!({ "responseStatus": {
                "status": status.as_u16(),
                "code": why.code(),
                "severity": "ERROR",
                "message": message,
                "info": "",
            }});
            return answer(status, &body);
        }
        let mut body = json!({ "errorResponse": {
            "status": status.as_u16(),
            "reason": reason,
            "message": message,
        }});
        if let Self::Members(problems) = &self {
            let details: Vec<Value> = problems.iter().map(detail).collect();
            body["errorResponse"]["details"] = details.into();
        }
        answer(status, &body)
    }
}

fn detail(problem: &Problem) -> Value {
    json!({ "location": location(problem), "message": format!("{} {}", problem.member(), problem.due) })
}

/// What Visa says of a body beyond the bound.
pub fn too_large() -> Response {
    VisaError::TooLarge.into_response()
}
