//! Error bodies of RFC 6749 section 5.2.

use std::borrow::Cow;

use http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};

use crate::operations::access::AccessRefusal;
use crate::wire::edge::{Answer, Exchange, HttpProblem, Refusal, Wording, json};

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
    Refused(AccessRefusal, bool),
}

impl From<Own> for OAuthError {
    fn from(own: Own) -> Self {
        Self::Own(own)
    }
}

type Words = (StatusCode, &'static str, Cow<'static, str>);

fn words(refusal: &OAuthError) -> Words {
    match refusal {
        Refusal::Http(problem) => http(problem),
        Refusal::Malformed(what) => (
            StatusCode::BAD_REQUEST,
            "invalid_request",
            what.to_string().into(),
        ),
        Refusal::Members(_) | Refusal::Key(_) => status(StatusCode::BAD_REQUEST),
        Refusal::Rejected(_) => status(StatusCode::SERVICE_UNAVAILABLE),
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
        Own::Refused(AccessRefusal::Client, _) => {
            unauthorized("Invalid client or Invalid client credentials")
        }
        Own::Refused(AccessRefusal::Space(why), _) => {
            bad("invalid_request", format!("client_id: {why}"))
        }
        Own::Refused(AccessRefusal::Scope(scope), _) => {
            bad("invalid_scope", format!("Invalid scopes: {scope}"))
        }
        Own::Refused(AccessRefusal::Key(_), _) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "server_error",
            "The signing key could not be made".into(),
        ),
    }
}

/// RFC 6749, section 5.2, has no code for a server that fails; 4.1.2.1 lends its own.
fn http(problem: &HttpProblem) -> Words {
    let status = problem.status();
    let code = match (problem, status.as_u16()) {
        (HttpProblem::NoSuchPath, _) => {
            let there = "The realm is vgs; its token endpoint is /auth/realms/vgs/protocol/openid-connect/token";
            return (status, "not_found", there.into());
        }
        // RFC 6749 has 400 for a request that cannot be understood.
        (HttpProblem::MediaType(_), _) => {
            return (StatusCode::BAD_REQUEST, "invalid_request", problem.text());
        }
        (_, 503 | 429) => "temporarily_unavailable",
        (_, 500..) => "server_error",
        (_, _) => "invalid_request",
    };
    (status, code, problem.text())
}

fn status(status: StatusCode) -> Words {
    http(&HttpProblem::Status(status))
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
        if !refusal.is_in_front() {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        let challenged = matches!(
            refusal,
            Refusal::Own(Self::NoClient | Self::Refused(AccessRefusal::Client, true))
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
