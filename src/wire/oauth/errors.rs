//! Error bodies of RFC 6749 section 5.2.

use std::borrow::Cow;

use http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};

use crate::operations::access::Refusal as NoToken;
use crate::wire::edge::{Answer, Exchange, Refusal, Wording, json, title_of};

/// Why no token is given.
pub(super) type OAuthError = Refusal<Own>;

/// The reasons that are the token endpoint's own.
#[derive(Debug, PartialEq, Eq)]
pub enum Own {
    Missing(&'static str),
    /// What is wrong with the form, as a sentence.
    Form(String),
    GrantType,
    NoClient,
    /// The flag says that the client named itself by Basic.
    Refused(NoToken, bool),
}

impl From<Own> for OAuthError {
    fn from(own: Own) -> Self {
        Self::Own(own)
    }
}

type Words = (StatusCode, &'static str, Cow<'static, str>);

fn words(refusal: &OAuthError) -> Words {
    let invalid = |status, text: &'static str| (status, "invalid_request", text.into());
    match refusal {
        Refusal::NoSuchPath => (
            StatusCode::NOT_FOUND,
            "not_found",
            "The realm is vgs; its token endpoint is /auth/realms/vgs/protocol/openid-connect/token"
                .into(),
        ),
        Refusal::Method(_) => invalid(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed here"),
        Refusal::MediaType => invalid(
            StatusCode::BAD_REQUEST,
            "The request must be a form of type application/x-www-form-urlencoded",
        ),
        Refusal::Header(problem) => (
            problem.status(),
            "invalid_request",
            problem.to_string().into(),
        ),
        Refusal::TooLarge => invalid(StatusCode::PAYLOAD_TOO_LARGE, "The form is too large"),
        Refusal::TooSlow => status(StatusCode::REQUEST_TIMEOUT),
        Refusal::Malformed(what) => (
            StatusCode::BAD_REQUEST,
            "invalid_request",
            what.to_string().into(),
        ),
        Refusal::Members(_) | Refusal::Key(_) => status(StatusCode::BAD_REQUEST),
        Refusal::Rejected(_) => status(StatusCode::SERVICE_UNAVAILABLE),
        Refusal::Status(number) => status(*number),
        Refusal::Own(own) => own_words(own),
    }
}

fn own_words(own: &Own) -> Words {
    let bad = |code, text: String| (StatusCode::BAD_REQUEST, code, text.into());
    let unauthorized =
        |text: &'static str| (StatusCode::UNAUTHORIZED, "invalid_client", text.into());
    match own {
        Own::Missing(member) => bad(
            "invalid_request",
            format!("Missing form parameter: {member}"),
        ),
        Own::Form(problem) => bad("invalid_request", problem.clone()),
        Own::GrantType => bad(
            "unsupported_grant_type",
            "Unsupported grant_type; the only one is client_credentials".to_owned(),
        ),
        Own::NoClient => {
            unauthorized("Missing client_id: send it with client_secret in the form or by Basic")
        }
        Own::Refused(NoToken::Client, _) => {
            unauthorized("Invalid client or Invalid client credentials")
        }
        Own::Refused(NoToken::Space(why), _) => bad("invalid_request", format!("client_id: {why}")),
        Own::Refused(NoToken::Scope(scope), _) => {
            bad("invalid_scope", format!("Invalid scopes: {scope}"))
        }
        Own::Refused(NoToken::Key(_), _) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "server_error",
            "The signing key could not be made".into(),
        ),
    }
}

/// RFC 6749, section 5.2, has no code for a server that fails; 4.1.2.1 lends its own.
fn status(status: StatusCode) -> Words {
    let code = match status.as_u16() {
        503 | 429 => "temporarily_unavailable",
        500.. => "server_error",
        _ => "invalid_request",
    };
    (status, code, title_of(status).into())
}

impl Wording for Own {
    fn message(refusal: &OAuthError) -> Cow<'static, str> {
        words(refusal).2
    }

    fn answer(refusal: &OAuthError, _: Exchange<'_>) -> Answer {
        let (status, error, description) = words(refusal);
        let body = serde_json::json!({ "error": error, "error_description": description });
        let mut answer = json(status, body.to_string());
        let headers = answer.headers_mut();
        if !matches!(refusal, Refusal::Status(_)) {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        let challenged = matches!(
            refusal,
            Refusal::Own(Self::NoClient | Self::Refused(NoToken::Client, true))
        );
        if challenged {
            let challenge = HeaderValue::from_static("Basic realm=\"vgs\"");
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        answer
    }

    fn reason(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Refused(why, _) => Some(why.to_string().into()),
            Self::Missing(_) | Self::Form(_) | Self::GrantType | Self::NoClient => None,
        }
    }
}
