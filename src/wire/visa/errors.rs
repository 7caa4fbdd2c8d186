//! Error bodies of Visa's token service: `errorResponse` with a camelCase reason (raw samples in the documents of Cardtokens
//! and in visa/mcp), and `responseStatus` for a request that Visa's gateway does not let in (Visa Developer Community,
//! "VTS X-Pay-Token Troubleshooting Guide").

use std::borrow::Cow;

use http::StatusCode;
use serde_json::{Value, json};

use super::answers::json as answer;
use crate::crypto::xpay::PayTokenError;
use crate::domain::rejection::Rejection;
use crate::domain::step_up::StepUpRefusal;
use crate::operations::step_up;
use crate::wire::edge::read::Problem;
use crate::wire::edge::sentence::{capitalised, said};
use crate::wire::edge::{Answer, Exchange, HttpProblem, Refusal, Wording};

/// Why a call is refused.
pub(super) type VisaError = Refusal<Own>;

/// The reasons that are Visa's own.
#[derive(Debug)]
pub enum Own {
    NotLetIn(NotLetIn),
    StepUp(StepUpRefusal),
    /// An envelope could not be sealed.
    Sealing,
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
    #[error("the x-pay-token is not accepted, as {0}")]
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

impl From<Own> for VisaError {
    fn from(own: Own) -> Self {
        Self::Own(own)
    }
}

impl From<NotLetIn> for VisaError {
    fn from(why: NotLetIn) -> Self {
        Self::Own(Own::NotLetIn(why))
    }
}

impl From<step_up::StepUpError> for VisaError {
    fn from(refusal: step_up::StepUpError) -> Self {
        match refusal {
            step_up::StepUpError::StepUp(refusal) => Self::Own(Own::StepUp(refusal)),
            step_up::StepUpError::Rejected(rejection) => Self::Rejected(rejection),
        }
    }
}

/// What is said of a refusal.
struct Words {
    status: StatusCode,
    reason: &'static str,
    message: Cow<'static, str>,
}

impl Words {
    fn new(
        status: StatusCode,
        reason: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            status,
            reason,
            message: message.into(),
        }
    }
}

impl Wording for Own {
    fn message(refusal: &VisaError) -> Cow<'static, str> {
        words(refusal).message
    }

    fn answer(refusal: &VisaError, _: Exchange<'_>) -> Answer {
        let Words {
            status,
            reason,
            message,
        } = words(refusal);
        if let Refusal::Own(Self::NotLetIn(why)) = refusal {
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
        if let Refusal::Members(problems) = refusal {
            let details: Vec<Value> = problems.iter().map(detail).collect();
            body["errorResponse"]["details"] = details.into();
        }
        answer(status, &body)
    }

    fn reason(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::NotLetIn(why) => Some(why.to_string().into()),
            Self::StepUp(refusal) => Some(refusal.to_string().into()),
            Self::Sealing => None,
        }
    }
}

fn words(refusal: &VisaError) -> Words {
    match refusal {
        Refusal::Http(problem) => http(problem),
        Refusal::Malformed(what) => Words::new(
            StatusCode::BAD_REQUEST,
            "invalidParameter",
            what.to_string(),
        ),
        Refusal::Members(problems) => {
            Words::new(StatusCode::BAD_REQUEST, "invalidParameter", first(problems))
        }
        Refusal::Rejected(rejection) => rejected(*rejection),
        // Visa takes no idempotency keys.
        Refusal::Key(_) => http(&HttpProblem::Status(StatusCode::CONFLICT)),
        Refusal::Own(Own::NotLetIn(_)) => Words::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "Token Validation Failed",
        ),
        Refusal::Own(Own::StepUp(refusal)) => refused_step_up(*refusal),
        Refusal::Own(Own::Sealing) => Words::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "systemError",
            "The answer could not be encrypted",
        ),
    }
}

/// A status and nothing more.
fn http(problem: &HttpProblem) -> Words {
    let reason = match problem {
        HttpProblem::NoSuchPath => "notFound",
        HttpProblem::Method(_) => "methodNotAllowed",
        HttpProblem::MediaType(_) => "unsupportedMediaType",
        HttpProblem::Header(_) | HttpProblem::TooLarge => "invalidParameter",
        HttpProblem::Status(status) if status.is_server_error() => "serviceUnavailable",
        HttpProblem::TooSlow | HttpProblem::Status(_) => "invalidRequest",
    };
    Words::new(problem.status(), reason, problem.text())
}

/// How Visa words what the inside refuses. Status 403 is seen for cardNotEligible only; the other refusals of a card are
/// listed without one (Cybersource, Pagos) and get the same.
fn rejected(rejection: Rejection) -> Words {
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
        R::IssuerUnavailable
        | R::ServiceUnavailable
        | R::StoreUnavailable
        | R::StoreFull
        | R::Contention => (StatusCode::SERVICE_UNAVAILABLE, "serviceUnavailable"),
        R::SystemError | R::TokenNumbersExhausted => {
            (StatusCode::INTERNAL_SERVER_ERROR, "systemError")
        }
    };
    Words::new(status, reason, message(rejection))
}

/// The one message that a sample shows, and for the rest what the inside says.
fn message(rejection: Rejection) -> Cow<'static, str> {
    if rejection == Rejection::CardNotEligible {
        return "Further operations are no longer allowed. Please contact your bank to resolve the issue.".into();
    }
    capitalised(&said(rejection)).into()
}

/// No source shows what a refused code is answered but that it is an error response, so the reasons are standin's own.
fn refused_step_up(refusal: StepUpRefusal) -> Words {
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
    Words::new(status, reason, capitalised(&refusal.to_string()))
}

/// The first of several problems. Where it is stands in dots: a sample calls it a list of fields.
fn first(problems: &[Problem]) -> String {
    let said = problems.first();
    said.map_or_else(String::new, |problem| {
        format!("{} {}", problem.dotted(), problem.due)
    })
}

fn detail(problem: &Problem) -> Value {
    json!({ "location": problem.dotted(), "message": format!("{} {}", problem.member(), problem.due) })
}
