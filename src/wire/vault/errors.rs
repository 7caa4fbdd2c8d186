//! Error bodies of the vault API: a list of status, title and detail.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;

use crate::domain::account::Scope;
use crate::domain::rejection::Rejection;
use crate::operations::access::Invalid;
use crate::wire::Refused;
use crate::wire::body::Problem;

/// Why a call is refused.
#[derive(Debug)]
pub enum VaultError {
    NoToken,
    Token(Invalid),
    Scope(Scope),
    MediaType,
    Payload(String),
    Members(Vec<Problem>),
    Rejected(Rejection),
    /// The value at this place of the list cannot be vaulted.
    Value(usize, Rejection),
    NoSuchPage,
    Method,
    TooLarge,
}

impl VaultError {
    fn details(&self) -> (StatusCode, Vec<Cow<'static, str>>) {
        let (status, detail) = match self {
            Self::NoToken => (
                StatusCode::UNAUTHORIZED,
                "Send an access token in the Authorization header, as Bearer".into(),
            ),
            Self::Token(why) => (
                StatusCode::UNAUTHORIZED,
                format!("The access token {why}").into(),
            ),
            Self::Scope(scope) => (
                StatusCode::FORBIDDEN,
                format!("The access token lacks the scope {}", scope.text()).into(),
            ),
            Self::MediaType => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "The content type must be application/json".into(),
            ),
            Self::Payload(what) => (StatusCode::BAD_REQUEST, what.clone().into()),
            Self::Members(problems) => {
                let each = problems
                    .iter()
                    .map(|p| format!("{} {}", p.pointer, p.due).into());
                return (StatusCode::BAD_REQUEST, each.collect());
            }
            Self::Rejected(rejection) => rejected(*rejection),
            Self::Value(place, rejection) => {
                let (status, detail) = rejected(*rejection);
                let member = if *rejection == Rejection::AliasTaken {
                    "alias"
                } else {
                    "value"
                };
                (status, format!("/data/{place}/{member}: {detail}").into())
            }
            Self::NoSuchPage => (StatusCode::NOT_FOUND, "There is no such resource".into()),
            Self::Method => (
                StatusCode::METHOD_NOT_ALLOWED,
                "Method not allowed here".into(),
            ),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "The body is larger than 1 MiB".into(),
            ),
        };
        (status, vec![detail])
    }
}

/// How the vault words what the records refuse. Only aliases and card numbers can come up here.
fn rejected(rejection: Rejection) -> (StatusCode, Cow<'static, str>) {
    let status = if rejection == Rejection::AliasUnknown {
        StatusCode::NOT_FOUND
    } else if rejection == Rejection::AliasTaken {
        StatusCode::CONFLICT
    } else if matches!(
        rejection,
        Rejection::Contention | Rejection::StoreUnavailable
    ) {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::BAD_REQUEST
    };
    let mut detail = rejection.to_string();
    if rejection == Rejection::NotATestCard {
        detail.push_str("; to accept numbers like it, start standin with --allow-pan PREFIX");
    }
    (status, detail.into())
}

impl Refused for VaultError {
    fn reason(&self) -> Cow<'static, str> {
        if let Self::Rejected(rejection) | Self::Value(_, rejection) = self {
            return rejection.word().into();
        }
        self.details().1.join("; ").into()
    }
}

impl IntoResponse for VaultError {
    fn into_response(self) -> Response {
        let (status, details) = self.details();
        let title = status.canonical_reason().unwrap_or_default();
        let error = |detail: &Cow<'static, str>| serde_json::json!({ "status": status.as_u16(), "title": title, "detail": detail });
        let errors: Vec<_> = details.iter().map(error).collect();
        let body = serde_json::json!({ "errors": errors }).to_string();
        (status, [(CONTENT_TYPE, "application/json")], body).into_response()
    }
}

/// What the vault says of a body beyond the bound.
pub fn too_large() -> Response {
    VaultError::TooLarge.into_response()
}
