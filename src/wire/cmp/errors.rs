//! Error bodies of CMP: JSON:API error objects. The codes are those of the API's error table; the object around them was
//! never published in full, so its members follow JSON:API.

use std::borrow::Cow;

use http::StatusCode;
use serde::Serialize;

use crate::domain::rejection::Rejection;
use crate::wire::edge::access_token::Denied;
use crate::wire::edge::read::{Flaw, Problem};
use crate::wire::edge::sentence::{capitalised, said};
use crate::wire::edge::{Answer, Exchange, HttpProblem, Refusal, Wording, answer, title_of};

/// The media type of every body.
pub(super) const MEDIA_TYPE: &str = "application/vnd.api+json";

/// Why a call is refused.
pub(super) type CmpError = Refusal<Own>;

/// The reasons that are CMP's own.
#[derive(Debug)]
pub enum Own {
    Denied(Denied),
    /// The token is missing or not active. The flag asks for status 424.
    FailedDependency(Rejection, bool),
    /// A test card that is answered this status.
    Persona(u16),
    /// The account updater does not watch the card.
    NotSubscribed,
}

impl From<Denied> for CmpError {
    fn from(denied: Denied) -> Self {
        Self::Own(Own::Denied(denied))
    }
}

impl From<Own> for CmpError {
    fn from(own: Own) -> Self {
        Self::Own(own)
    }
}

#[derive(Debug, Serialize)]
struct ErrorObject {
    status: String,
    code: Cow<'static, str>,
    title: &'static str,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source>,
}

#[derive(Debug, Serialize)]
struct Source {
    pointer: String,
}

/// What is said of a refusal.
struct Words {
    status: StatusCode,
    code: Cow<'static, str>,
    detail: Cow<'static, str>,
    pointer: Option<&'static str>,
}

impl Words {
    fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            status,
            code: code.into(),
            detail: detail.into(),
            pointer: None,
        }
    }
}

impl Wording for Own {
    fn message(refusal: &CmpError) -> Cow<'static, str> {
        words(refusal).detail
    }

    fn answer(refusal: &CmpError, _: Exchange<'_>) -> Answer {
        if let Refusal::Own(Self::Persona(status @ (502..=504))) = refusal {
            // These are made in front of the application, so their body is not the API's.
            let Words { status, code, .. } = persona(*status);
            let page = format!(
                "<html><body><h1>{} {code}</h1></body></html>\n",
                status.as_u16()
            );
            return answer(status, "text/html; charset=utf-8", page);
        }
        let (status, errors) = objects(refusal);
        let body = serde_json::json!({ "errors": errors }).to_string();
        let mut answer = answer(status, MEDIA_TYPE, body);
        if let Refusal::Own(Self::Denied(denied)) = refusal {
            denied.challenge(&mut answer);
        }
        answer
    }

    fn reason(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::FailedDependency(rejection, _) => Some(rejection.word().into()),
            Self::Denied(_) | Self::Persona(_) | Self::NotSubscribed => None,
        }
    }
}

fn words(refusal: &CmpError) -> Words {
    match refusal {
        Refusal::Http(problem) => http(problem),
        Refusal::Malformed(what) => {
            Words::new(StatusCode::BAD_REQUEST, "bad-request", what.to_string())
        }
        // Each member has an object of its own.
        Refusal::Members(_) => {
            Words::new(StatusCode::UNPROCESSABLE_ENTITY, "validation-failed", "")
        }
        Refusal::Rejected(rejection) => rejected(*rejection),
        // CMP takes no idempotency keys.
        Refusal::Key(_) => http(&HttpProblem::Status(StatusCode::CONFLICT)),
        Refusal::Own(own) => own_words(own),
    }
}

fn own_words(own: &Own) -> Words {
    match own {
        Own::Denied(denied) => {
            let code = match denied {
                Denied::NoToken | Denied::Token(_) => "unauthorized",
                Denied::Scope(_) => "forbidden",
            };
            Words::new(denied.status(), code, denied.to_string())
        }
        Own::FailedDependency(rejection, as_424) => Words::new(
            if *as_424 {
                StatusCode::FAILED_DEPENDENCY
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            },
            "failed-dependency",
            capitalised(&rejection.to_string()),
        ),
        Own::Persona(status) => persona(*status),
        Own::NotSubscribed => Words::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "The card is not subscribed to updates",
        ),
    }
}

/// CMP has a code for a body that is of no use; the others are titles of statuses.
fn http(problem: &HttpProblem) -> Words {
    let code = if matches!(problem, HttpProblem::TooLarge) {
        "bad-request".into()
    } else {
        problem.code('-')
    };
    Words::new(problem.status(), code, problem.text())
}

fn objects(refusal: &CmpError) -> (StatusCode, Vec<ErrorObject>) {
    if let Refusal::Members(problems) = refusal {
        let objects = problems.iter().map(member).collect();
        return (StatusCode::UNPROCESSABLE_ENTITY, objects);
    }
    let words = words(refusal);
    let object = ErrorObject {
        status: words.status.as_u16().to_string(),
        title: if let Refusal::Http(problem) = refusal {
            title_of(problem.status())
        } else {
            title(&words.code)
        },
        code: words.code,
        detail: words.detail.into_owned(),
        source: words.pointer.map(|pointer| Source {
            pointer: pointer.to_owned(),
        }),
    };
    (words.status, vec![object])
}

/// How CMP words what the inside refuses. Reasons that a network gives end up in a token in the failed state and get here
/// only through a fault.
fn rejected(rejection: Rejection) -> Words {
    let pan = Some("/data/attributes/pan");
    let (status, code, pointer) = match rejection {
        Rejection::CardNumberInvalid | Rejection::NotATestCard | Rejection::NetworkNotSupported => {
            (StatusCode::UNPROCESSABLE_ENTITY, "validation-failed", pan)
        }
        Rejection::CardExpired => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "validation-failed",
            Some("/data/attributes/exp_year"),
        ),
        Rejection::AliasUnknown => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "validation-failed",
            Some("/data/attributes/pan_alias"),
        ),
        Rejection::CardNotEligible
        | Rejection::CardNotAllowed
        | Rejection::CardVerificationFailed
        | Rejection::Declined
        | Rejection::ProvisionDataExpired
        | Rejection::ProvisionNotAllowed
        | Rejection::InvalidTokenStatus
        | Rejection::InvalidRequest
        | Rejection::AliasTaken
        | Rejection::StateForbids
        | Rejection::TokenMissing
        | Rejection::TokenDeleted
        | Rejection::TokenSuspended
        | Rejection::TokenInactive
        | Rejection::TokenExpired
        | Rejection::ShortCryptogramsOutstanding
        | Rejection::CryptogramsExhausted => {
            (StatusCode::UNPROCESSABLE_ENTITY, "failed-dependency", None)
        }
        Rejection::CardUnknown | Rejection::TokenUnknown => {
            (StatusCode::NOT_FOUND, "not-found", None)
        }
        Rejection::IssuerUnavailable
        | Rejection::ServiceUnavailable
        | Rejection::StoreUnavailable
        | Rejection::StoreFull
        | Rejection::Contention => (StatusCode::SERVICE_UNAVAILABLE, "service-unavailable", None),
        Rejection::SystemError | Rejection::TokenNumbersExhausted => {
            (StatusCode::INTERNAL_SERVER_ERROR, "server-error", None)
        }
    };
    Words {
        pointer,
        ..Words::new(status, code, capitalised(&said(rejection)))
    }
}

fn persona(status: u16) -> Words {
    let (status, code) = match status {
        401 => (StatusCode::UNAUTHORIZED, "unauthorized"),
        403 => (StatusCode::FORBIDDEN, "forbidden"),
        502 => (StatusCode::BAD_GATEWAY, "bad-gateway"),
        503 => (StatusCode::SERVICE_UNAVAILABLE, "service-unavailable"),
        504 => (StatusCode::GATEWAY_TIMEOUT, "gateway-timeout"),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, "server-error"),
    };
    Words::new(status, code, "This test card is answered so")
}

fn member(problem: &Problem) -> ErrorObject {
    let code = match problem.flaw {
        Flaw::Missing => "missing-required-field",
        Flaw::Null | Flaw::Type | Flaw::Value | Flaw::TooLong => "validation-failed",
    };
    ErrorObject {
        status: "422".to_owned(),
        code: code.into(),
        title: title(code),
        detail: format!("{} {}", problem.member(), problem.due),
        source: Some(Source {
            pointer: problem.pointer.clone(),
        }),
    }
}

fn title(code: &str) -> &'static str {
    match code {
        "bad-request" => "Bad Request",
        "unauthorized" => "Unauthorized",
        "forbidden" => "Forbidden",
        "not-found" => "Not Found",
        "method-not-allowed" => "Method Not Allowed",
        "unsupported-media-type" => "Unsupported Media Type",
        "missing-required-field" => "Missing Required Field",
        "validation-failed" => "Validation Failed",
        "failed-dependency" => "Failed Dependency",
        "service-unavailable" => "Service Unavailable",
        _ => "Server Error",
    }
}
