//! Error bodies of CMP: JSON:API error objects. The codes are those of the API's error table; the object around them was
//! never published in full, so its members follow JSON:API.

use std::borrow::Cow;

use axum::response::{Html, IntoResponse, Response};
use http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde::Serialize;

use crate::domain::account::Scope;
use crate::domain::rejection::Rejection;
use crate::operations::access::Invalid;
use crate::wire::Refused;
use crate::wire::body::{Flaw, Problem};

/// The media type of every body.
pub(super) const MEDIA_TYPE: &str = "application/vnd.api+json";

/// Why a call is refused.
#[derive(Debug)]
pub enum CmpError {
    NoToken,
    Token(Invalid),
    Scope(Scope),
    MediaType,
    /// The body is not JSON, or not a JSON:API document; the text says which.
    Document(Cow<'static, str>),
    Members(Vec<Problem>),
    Rejected(Rejection),
    /// The token is missing or not active. The flag asks for status 424.
    FailedDependency(Rejection, bool),
    /// A test card that is answered this status.
    Persona(u16),
    /// The account updater does not watch the card.
    NotSubscribed,
    NoSuchPage,
    Method,
    TooLarge,
}

#[derive(Debug, Serialize)]
struct ErrorObject {
    status: String,
    code: &'static str,
    title: &'static str,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source>,
}

#[derive(Debug, Serialize)]
struct Source {
    pointer: String,
}

struct Wording(
    StatusCode,
    &'static str,
    Cow<'static, str>,
    Option<&'static str>,
);

impl CmpError {
    fn wording(&self) -> Wording {
        let plain = |status, code, detail: &'static str| Wording(status, code, detail.into(), None);
        match self {
            Self::NoToken => plain(
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                "Send an access token in the Authorization header, as Bearer",
            ),
            Self::Token(why) => Wording(
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                format!("The access token {why}").into(),
                None,
            ),
            Self::Scope(scope) => Wording(
                StatusCode::FORBIDDEN,
                "forbidden",
                format!("The access token lacks the scope {}", scope.text()).into(),
                None,
            ),
            Self::MediaType => plain(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "The content type must be application/vnd.api+json",
            ),
            Self::Document(what) => {
                Wording(StatusCode::BAD_REQUEST, "bad-request", what.clone(), None)
            }
            Self::Members(_) => plain(StatusCode::UNPROCESSABLE_ENTITY, "validation-failed", ""),
            Self::Rejected(rejection) => rejected(*rejection),
            Self::FailedDependency(rejection, as_424) => Wording(
                if *as_424 {
                    StatusCode::FAILED_DEPENDENCY
                } else {
                    StatusCode::UNPROCESSABLE_ENTITY
                },
                "failed-dependency",
                capitalised(&rejection.to_string()).into(),
                None,
            ),
            Self::Persona(status) => persona(*status),
            Self::NotSubscribed => plain(
                StatusCode::NOT_FOUND,
                "not-found",
                "The card is not subscribed to updates",
            ),
            Self::NoSuchPage => plain(
                StatusCode::NOT_FOUND,
                "not-found",
                "There is no such resource",
            ),
            Self::Method => plain(
                StatusCode::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "Method not allowed here",
            ),
            Self::TooLarge => plain(
                StatusCode::PAYLOAD_TOO_LARGE,
                "bad-request",
                "The body is larger than 1 MiB",
            ),
        }
    }

    fn objects(&self) -> (StatusCode, Vec<ErrorObject>) {
        if let Self::Members(problems) = self {
            let objects = problems.iter().map(member).collect();
            return (StatusCode::UNPROCESSABLE_ENTITY, objects);
        }
        let Wording(status, code, detail, pointer) = self.wording();
        let object = ErrorObject {
            status: status.as_u16().to_string(),
            code,
            title: title(code),
            detail: detail.into_owned(),
            source: pointer.map(|pointer| Source {
                pointer: pointer.to_owned(),
            }),
        };
        (status, vec![object])
    }
}

/// How CMP words what the inside refuses. Reasons that a network gives end up in a token in the failed state and get here
/// only through a fault.
fn rejected(rejection: Rejection) -> Wording {
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
        | Rejection::Contention => (StatusCode::SERVICE_UNAVAILABLE, "service-unavailable", None),
        Rejection::SystemError | Rejection::TokenNumbersExhausted => {
            (StatusCode::INTERNAL_SERVER_ERROR, "server-error", None)
        }
    };
    let mut detail = capitalised(&rejection.to_string());
    if rejection == Rejection::NotATestCard {
        detail.push_str("; to accept numbers like it, start standin with --allow-pan PREFIX");
    }
    Wording(status, code, detail.into(), pointer)
}

fn persona(status: u16) -> Wording {
    let (status, code) = match status {
        401 => (StatusCode::UNAUTHORIZED, "unauthorized"),
        403 => (StatusCode::FORBIDDEN, "forbidden"),
        502 => (StatusCode::BAD_GATEWAY, "bad-gateway"),
        503 => (StatusCode::SERVICE_UNAVAILABLE, "service-unavailable"),
        504 => (StatusCode::GATEWAY_TIMEOUT, "gateway-timeout"),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, "server-error"),
    };
    Wording(status, code, "This test card is answered so".into(), None)
}

fn member(problem: &Problem) -> ErrorObject {
    let code = match problem.flaw {
        Flaw::Missing => "missing-required-field",
        Flaw::Type | Flaw::Value | Flaw::TooLong => "validation-failed",
    };
    ErrorObject {
        status: "422".to_owned(),
        code,
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

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

impl Refused for CmpError {
    fn reason(&self) -> Cow<'static, str> {
        match self {
            Self::Members(problems) => {
                let each: Vec<_> = problems
                    .iter()
                    .map(|p| format!("{} {}", p.pointer, p.due))
                    .collect();
                each.join("; ").into()
            }
            Self::Rejected(rejection) | Self::FailedDependency(rejection, _) => {
                rejection.word().into()
            }
            Self::NoToken
            | Self::Token(_)
            | Self::Scope(_)
            | Self::MediaType
            | Self::Document(_)
            | Self::Persona(_)
            | Self::NotSubscribed
            | Self::NoSuchPage
            | Self::Method
            | Self::TooLarge => self.wording().2,
        }
    }
}

impl IntoResponse for CmpError {
    fn into_response(self) -> Response {
        if let Self::Persona(status @ (502..=504)) = self {
            // These are made in front of the application, so their body is not the API's.
            let Wording(status, code, ..) = persona(status);
            let page = format!(
                "<html><body><h1>{} {code}</h1></body></html>\n",
                status.as_u16()
            );
            return (status, Html(page)).into_response();
        }
        let (status, errors) = self.objects();
        let body = serde_json::json!({ "errors": errors }).to_string();
        let mut response = (status, [(CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
        if matches!(self, Self::NoToken | Self::Token(_)) {
            let challenge = HeaderValue::from_static("Bearer realm=\"vgs\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// What CMP says of a body beyond the bound.
pub fn too_large() -> Response {
    CmpError::TooLarge.into_response()
}
