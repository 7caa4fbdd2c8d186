//! What the control plane says when something is wrong: a code, a sentence, and the member it is about.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;

use crate::domain::rejection::Rejection;
use crate::faults::RuleError;
use crate::faults::choose::ArmError;
use crate::journal::FilterError;
use crate::operations::OpenError;

/// Why the control plane refuses.
#[derive(Debug)]
pub(super) enum ControlError {
    NoSuchPage,
    /// A thing that is not there: the code, and the sentence that says where to look.
    NoSuch(&'static str, &'static str),
    Method,
    MediaType,
    Body(String),
    /// The same, of one of its members.
    BodyAt(String, String),
    Member(&'static str, String),
    /// The same, of a member that only the request knows, with the whole sentence.
    At(String, String),
    /// There is no room for one more: the code, and the sentence.
    Full(&'static str, String),
    /// A thing that cannot be done as things stand: the code, and the sentence that says why.
    Conflict(&'static str, &'static str),
    /// What is said of something by its name: the status, the code, and the sentence.
    Named(StatusCode, &'static str, String),
    /// The same of a member of what was sent that cannot be used: the code, the sentence and the member.
    NamedAt(&'static str, String, String),
    Stopping,
    Rejected(Rejection),
    /// A fault rule that cannot be read.
    Rule(RuleError),
    /// One that cannot be armed.
    NotArmed(ArmError),
}

/// A rejection, or what becomes one, such as a store that is away.
impl<E: Into<Rejection>> From<E> for ControlError {
    fn from(error: E) -> Self {
        Self::Rejected(error.into())
    }
}

impl From<OpenError> for ControlError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Full(full) => Self::Full("spaces_full", full.to_string()),
            OpenError::Rejected(rejection) => Self::Rejected(rejection),
        }
    }
}

impl From<FilterError> for ControlError {
    fn from(error: FilterError) -> Self {
        Self::At(error.field, error.problem)
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let (status, code, message, field) = match self {
            Self::NoSuchPage => (
                StatusCode::NOT_FOUND,
                "not_found".to_owned(),
                "nothing answers at this path; `standin help` has the surfaces' paths on its pages"
                    .to_owned(),
                None,
            ),
            Self::NoSuch(code, sentence) => (
                StatusCode::NOT_FOUND,
                code.to_owned(),
                sentence.to_owned(),
                None,
            ),
            Self::Method => (
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed".to_owned(),
                "this path takes another method".to_owned(),
                None,
            ),
            Self::MediaType => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type".to_owned(),
                "the content type must be application/json".to_owned(),
                None,
            ),
            Self::Body(why) => (
                StatusCode::BAD_REQUEST,
                "bad_body".to_owned(),
                format!("the body cannot be used: {why}"),
                None,
            ),
            Self::BodyAt(name, why) => {
                let message = format!("the body cannot be used: {name}: {why}");
                return worded(StatusCode::BAD_REQUEST, "bad_body", &message, Some(&name));
            }
            Self::Member(name, why) => {
                let message = format!("{name} {why}");
                (
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "bad_member".to_owned(),
                    message,
                    Some(name.to_owned()),
                )
            }
            Self::At(name, message) => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                return worded(status, "bad_member", &message, Some(&name));
            }
            Self::Full(code, why) => (StatusCode::INSUFFICIENT_STORAGE, code.to_owned(), why, None),
            Self::Conflict(code, why) => {
                return worded(StatusCode::CONFLICT, code, why, None);
            }
            Self::Named(status, code, why) => (status, code.to_owned(), why, None),
            Self::NamedAt(code, why, member) => {
                return worded(StatusCode::UNPROCESSABLE_ENTITY, code, &why, Some(&member));
            }
            Self::Rule(error) => return rule(&error),
            Self::NotArmed(error) => {
                return worded(StatusCode::CONFLICT, "not_armed", &error.to_string(), None);
            }
            Self::Stopping => return stopping(),
            Self::Rejected(rejection) => {
                let status = status_of(rejection);
                (status, rejection.word(), rejection.to_string(), None)
            }
        };
        worded(status, &code, &message, field.as_deref())
    }
}

fn status_of(rejection: Rejection) -> StatusCode {
    if matches!(rejection, Rejection::TokenUnknown | Rejection::CardUnknown) {
        StatusCode::NOT_FOUND
    } else if rejection == Rejection::StoreUnavailable {
        StatusCode::SERVICE_UNAVAILABLE
    } else if rejection == Rejection::StoreFull {
        StatusCode::INSUFFICIENT_STORAGE
    } else {
        StatusCode::CONFLICT
    }
}

/// A rule names its place itself.
fn rule(error: &RuleError) -> Response {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    worded(status, "bad_rule", &error.to_string(), Some(&error.place))
}

fn worded(status: StatusCode, code: &str, message: &str, field: Option<&str>) -> Response {
    let mut error = serde_json::json!({ "code": code, "message": message });
    if let Some(field) = field {
        error["field"] = field.into();
    }
    let body = serde_json::json!({ "error": error }).to_string();
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}

fn stopping() -> Response {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    worded(status, "stopping", "the server is being stopped", None)
}
