//! Stripe's errors: one object with type, code, message and the parameter that is wrong.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use crate::domain::payment::moves::MoveRefusal;
use crate::domain::rejection::Rejection;
use crate::wire::Refused;
use crate::wire::idempotency::KeyProblem;

/// Why a call is refused.
#[derive(Debug)]
pub enum StripeError {
    NoKey,
    /// The key, with all but its ends hidden.
    WrongKey(String),
    MediaType,
    Missing(&'static str),
    /// A payment with a token that the customer starts, without a cryptogram, which this parameter would have.
    CryptogramMissing(&'static str),
    NotAnInteger {
        name: &'static str,
        given: String,
    },
    NotABoolean {
        name: &'static str,
        given: String,
    },
    /// A parameter with a code of its own.
    Parameter {
        name: &'static str,
        code: &'static str,
        message: String,
    },
    NoSuch {
        what: &'static str,
        name: &'static str,
        id: String,
    },
    /// A declined payment, with all that the error says of it.
    Declined {
        reason: &'static str,
        error: Box<Value>,
    },
    /// A step that the payment intent's status does not allow.
    State {
        refusal: MoveRefusal,
        code: &'static str,
        message: String,
        param: Option<&'static str>,
    },
    /// A parameter that the call does not have.
    UnknownParameter(String),
    /// What the payment intent has come to does not allow it, because of this.
    Unexpected(&'static str),
    KeyInUse,
    KeyUsed(String),
    KeyTooLong,
    NoSuchPage(String),
    TooLarge,
    Contention,
    Unavailable,
}

impl From<Rejection> for StripeError {
    fn from(rejection: Rejection) -> Self {
        if rejection == Rejection::StoreUnavailable {
            Self::Unavailable
        } else {
            Self::Contention
        }
    }
}

const INVALID: &str = "invalid_request_error";

impl StripeError {
    pub(super) fn wrong_key(key: &str) -> Self {
        let kept = |count: usize| key.chars().take(count).collect::<String>();
        Self::WrongKey(format!("{}***", kept(7.min(key.len() / 2))))
    }

    pub(super) fn key(problem: KeyProblem, key: Option<&str>) -> Self {
        match problem {
            KeyProblem::Busy => Self::KeyInUse,
            KeyProblem::Other => Self::KeyUsed(key.unwrap_or_default().to_owned()),
            KeyProblem::Contention => Self::Contention,
            KeyProblem::Empty | KeyProblem::TooLong | KeyProblem::Unreadable => Self::KeyTooLong,
        }
    }

    fn wording(&self) -> Words<'_> {
        let bad = StatusCode::BAD_REQUEST;
        let unauthorized = StatusCode::UNAUTHORIZED;
        match self {
            Self::NoKey => Words::plain(unauthorized, NO_KEY),
            Self::WrongKey(key) => {
                Words::plain(unauthorized, format!("Invalid API Key provided: {key}"))
            }
            Self::MediaType => Words::plain(bad, NOT_A_FORM),
            Self::Missing(name) | Self::CryptogramMissing(name) => {
                Words::plain(bad, format!("Missing required param: {name}."))
                    .about("parameter_missing", name)
            }
            Self::NotAnInteger { name, given } => {
                Words::plain(bad, format!("Invalid integer: {given}"))
                    .about("parameter_invalid_integer", name)
            }
            Self::NotABoolean { name, given } => {
                Words::plain(bad, format!("Invalid boolean: {given}"))
                    .about("parameter_invalid_enum", name)
            }
            Self::Parameter {
                name,
                code,
                message,
            } => Words::plain(bad, message.as_str()).about(code, name),
            Self::NoSuch { what, name, id } => {
                Words::plain(StatusCode::NOT_FOUND, format!("No such {what}: '{id}'"))
                    .about("resource_missing", name)
            }
            // Its error is made elsewhere.
            Self::Declined { reason, .. } => Words::plain(StatusCode::PAYMENT_REQUIRED, *reason),
            Self::State {
                code,
                message,
                param,
                ..
            } => Words {
                param: *param,
                ..Words::coded(bad, code, message.as_str())
            },
            Self::UnknownParameter(name) => {
                Words::plain(bad, format!("Received unknown parameter: {name}"))
                    .about("parameter_unknown", name)
            }
            Self::Unexpected(why) => {
                let message = format!("This cannot be done with this PaymentIntent: {why}.");
                Words::coded(bad, "payment_intent_unexpected_state", message)
            }
            Self::KeyInUse => {
                Words::coded(StatusCode::CONFLICT, "idempotency_key_in_use", KEY_IN_USE)
            }
            Self::KeyUsed(key) => Words {
                kind: "idempotency_error",
                ..Words::plain(bad, format!("The idempotency key '{key}' {KEY_USED}"))
            },
            Self::KeyTooLong => Words::plain(bad, "Idempotency keys have 1 to 255 characters."),
            Self::NoSuchPage(what) => {
                let message = format!("Unrecognized request URL ({what}).");
                Words::plain(StatusCode::NOT_FOUND, message)
            }
            Self::TooLarge => {
                Words::plain(StatusCode::PAYLOAD_TOO_LARGE, "The request is too large.")
            }
            Self::Contention => Words {
                kind: "api_error",
                ..Words::coded(StatusCode::SERVICE_UNAVAILABLE, "lock_timeout", CONTENTION)
            },
            Self::Unavailable => Words::unavailable(),
        }
    }
}

const NO_KEY: &str = "No API key came with the request. Send the secret key in the Authorization header, as Bearer or as the user of Basic.";
const NOT_A_FORM: &str = "The content type must be application/x-www-form-urlencoded.";
const KEY_IN_USE: &str = "Another request with this idempotency key is still being answered.";
const UNAVAILABLE: &str = "The service is unavailable. Try again later.";
const CONTENTION: &str = "Others kept changing this object.";
const KEY_USED: &str = "came with other parameters before. Another request needs another key.";

/// What an error says.
struct Words<'a> {
    status: StatusCode,
    kind: &'static str,
    code: Option<&'a str>,
    param: Option<&'a str>,
    message: Cow<'a, str>,
}

impl<'a> Words<'a> {
    fn plain(status: StatusCode, message: impl Into<Cow<'a, str>>) -> Self {
        Self {
            status,
            kind: INVALID,
            code: None,
            param: None,
            message: message.into(),
        }
    }

    fn unavailable() -> Self {
        Self {
            kind: "api_error",
            ..Self::plain(StatusCode::SERVICE_UNAVAILABLE, UNAVAILABLE)
        }
    }

    fn coded(status: StatusCode, code: &'a str, message: impl Into<Cow<'a, str>>) -> Self {
        Self {
            code: Some(code),
            ..Self::plain(status, message)
        }
    }

    fn about(self, code: &'a str, param: &'a str) -> Self {
        Self {
            code: Some(code),
            param: Some(param),
            ..self
        }
    }
}

impl Refused for StripeError {
    fn reason(&self) -> Cow<'static, str> {
        match self {
            Self::Declined { reason, .. } => (*reason).into(),
            Self::State { refusal, .. } => refusal.to_string().into(),
            Self::CryptogramMissing(_) => "cryptogram_missing".into(),
            Self::Unavailable => Rejection::StoreUnavailable.word().into(),
            Self::NoKey
            | Self::WrongKey(_)
            | Self::MediaType
            | Self::Missing(_)
            | Self::NotAnInteger { .. }
            | Self::NotABoolean { .. }
            | Self::Parameter { .. }
            | Self::NoSuch { .. }
            | Self::UnknownParameter(_)
            | Self::Unexpected(_)
            | Self::KeyInUse
            | Self::KeyUsed(_)
            | Self::KeyTooLong
            | Self::NoSuchPage(_)
            | Self::TooLarge
            | Self::Contention => self.wording().message.into_owned().into(),
        }
    }
}

impl IntoResponse for StripeError {
    fn into_response(self) -> Response {
        let words = self.wording();
        let error = if let Self::Declined { error, .. } = &self {
            (**error).clone()
        } else {
            let mut error = json!({ "message": words.message, "type": words.kind });
            for (name, value) in [("code", words.code), ("param", words.param)] {
                if let Some(value) = value {
                    error[name] = value.into();
                }
            }
            error
        };
        let body = json!({ "error": error }).to_string();
        (words.status, [(CONTENT_TYPE, "application/json")], body).into_response()
    }
}

/// What Stripe says of a body beyond the bound.
pub fn too_large() -> Response {
    StripeError::TooLarge.into_response()
}
