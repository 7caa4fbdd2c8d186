//! Error bodies of RFC 6749 section 5.2.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};

use crate::operations::access::Refusal;
use crate::wire::Refused;

/// Why no token is given.
#[derive(Debug, PartialEq, Eq)]
pub enum OAuthError {
    NotAForm,
    Missing(&'static str),
    GrantType,
    NoClient,
    Refused(Refusal, bool),
    NoSuchPage,
    Method,
    TooLarge,
}

impl OAuthError {
    fn wording(&self) -> (StatusCode, &'static str, Cow<'static, str>) {
        let invalid =
            |text: &'static str| (StatusCode::BAD_REQUEST, "invalid_request", text.into());
        match self {
            Self::NotAForm => {
                invalid("The request must be a form of type application/x-www-form-urlencoded")
            }
            Self::Missing(member) => {
                (StatusCode::BAD_REQUEST, "invalid_request", format!("Missing form parameter: {member}").into())
            }
            Self::GrantType => (
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "Unsupported grant_type; the only one is client_credentials".into(),
            ),
            Self::NoClient => (
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                "Missing client_id: send it with client_secret in the form or by Basic".into(),
            ),
            Self::Refused(Refusal::Client, _) => (
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                "Invalid client or Invalid client credentials".into(),
            ),
            Self::Refused(Refusal::Space(why), _) => {
                (StatusCode::BAD_REQUEST, "invalid_request", format!("client_id: {why}").into())
            }
            Self::Refused(Refusal::Scope(scope), _) => {
                (StatusCode::BAD_REQUEST, "invalid_scope", format!("Invalid scopes: {scope}").into())
            }
            Self::Refused(Refusal::Key(_), _) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "server_error",
                "The signing key could not be made".into(),
            ),
            Self::NoSuchPage => (
                StatusCode::NOT_FOUND,
                "not_found",
                "The realm is vgs; its token endpoint is /auth/realms/vgs/protocol/openid-connect/token".into(),
            ),
            Self::Method => {
                (StatusCode::METHOD_NOT_ALLOWED, "invalid_request", "Method not allowed here".into())
            }
            Self::TooLarge => {
                (StatusCode::PAYLOAD_TOO_LARGE, "invalid_request", "The form is too large".into())
            }
        }
    }
}

impl Refused for OAuthError {
    fn reason(&self) -> Cow<'static, str> {
        if let Self::Refused(refusal, _) = self {
            return refusal.to_string().into();
        }
        self.wording().2
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let (status, error, description) = self.wording();
        let body = serde_json::json!({ "error": error, "error_description": description });
        let mut response = (status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if matches!(self, Self::NoClient | Self::Refused(Refusal::Client, true)) {
            let challenge = HeaderValue::from_static("Basic realm=\"vgs\"");
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// What the endpoint says of a form beyond the bound.
pub fn too_large() -> Response {
    OAuthError::TooLarge.into_response()
}
