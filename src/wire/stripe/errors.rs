//! Stripe's errors: one object with type, code, message and the parameter that is wrong.

use std::borrow::Cow;

use http::StatusCode;
use serde_json::{Value, json};

use super::idempotency::KEYS;
use crate::domain::payment::moves::MoveRefusal;
use crate::domain::payment::reason::{DeclineReason, Warning};
use crate::domain::rejection::Rejection;
use crate::masking;
use crate::wire::edge::payment::StrictWording;
use crate::wire::edge::{
    self, Answer, Exchange, HttpProblem, KeyProblem, Refusal, Request, Wording,
};

/// Why a call is refused.
pub(super) type StripeError = Refusal<Own>;

/// The reasons that are Stripe's own.
#[derive(Debug)]
pub enum Own {
    NoKey,
    /// The key, with all but its ends hidden.
    WrongKey(String),
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
    NotAnArray(&'static str),
    /// A parameter with a code of its own.
    Parameter {
        name: &'static str,
        code: &'static str,
        message: String,
    },
    /// Something about the card that is wrong on the face of it, with the code and the parameter.
    Card {
        name: &'static str,
        code: &'static str,
        message: &'static str,
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
    /// No such version of the API.
    Version(String),
    /// An empty value for a parameter that cannot be unset.
    Empty(String),
    /// Strict rules refuse what would be let pass with this warning.
    Contradicted(Warning),
    /// What was to be written out and cannot be, in a sentence.
    Expansion(String),
    /// A parameter that the call does not have.
    UnknownParameter(String),
    /// What the payment intent has come to does not allow it, because of this.
    Unexpected(&'static str),
}

impl Own {
    pub(super) fn wrong_key(key: &str) -> Self {
        let kept = |count: usize| key.chars().take(count).collect::<String>();
        Self::WrongKey(format!("{}***", kept(7.min(key.len() / 2))))
    }
}

impl From<Own> for StripeError {
    fn from(own: Own) -> Self {
        Self::Own(own)
    }
}

impl StrictWording for Own {
    fn contradicted(warning: Warning) -> Self {
        Self::Contradicted(warning)
    }
}

impl Wording for Own {
    fn message(refusal: &StripeError) -> Cow<'static, str> {
        words(refusal, None).message.into_owned().into()
    }

    fn answer(refusal: &StripeError, exchange: Exchange<'_>) -> Answer {
        let words = words(refusal, Some(exchange.request));
        let error = if let Refusal::Own(Self::Declined { error, .. }) = refusal {
            (**error).clone()
        } else {
            words.error()
        };
        edge::json(words.status, json!({ "error": error }).to_string())
    }

    fn reason(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Declined { reason, .. } => Some((*reason).into()),
            Self::State { refusal, .. } => Some(refusal.to_string().into()),
            Self::CryptogramMissing(_) => Some(DeclineReason::CryptogramMissing.word().into()),
            Self::Contradicted(warning) => Some(warning.word().into()),
            Self::Expansion(_) => Some(Warning::UnknownExpansion.word().into()),
            Self::NoKey
            | Self::WrongKey(_)
            | Self::Missing(_)
            | Self::NotAnArray(_)
            | Self::NotAnInteger { .. }
            | Self::NotABoolean { .. }
            | Self::Parameter { .. }
            | Self::Card { .. }
            | Self::NoSuch { .. }
            | Self::Version(_)
            | Self::Empty(_)
            | Self::UnknownParameter(_)
            | Self::Unexpected(_) => None,
        }
    }
}

const NO_KEY: &str = "No API key came with the request. Send the secret key in the Authorization header, as Bearer or as the user of Basic.";
const KEY_IN_USE: &str = "Another request with this idempotency key is still being answered.";
const KEY_USED: &str = "came with other parameters before. Another request needs another key.";
const UNAVAILABLE: &str = "The service is unavailable. Try again later.";
const CONTENTION: &str = "Others kept changing this object.";

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
            kind: if status.is_server_error() {
                "api_error"
            } else {
                "invalid_request_error"
            },
            code: None,
            param: None,
            message: message.into(),
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

    fn error(&self) -> Value {
        let mut error = json!({ "message": self.message, "type": self.kind });
        for (name, value) in [("code", self.code), ("param", self.param)] {
            if let Some(value) = value {
                error[name] = value.into();
            }
        }
        error
    }
}

/// The client is told of its own request what the journal has beside the reason: then the request is there.
fn words<'a>(refusal: &'a StripeError, request: Option<&Request>) -> Words<'a> {
    let bad = StatusCode::BAD_REQUEST;
    match refusal {
        // A method that a path does not take is as good as no such path.
        Refusal::Http(HttpProblem::NoSuchPath | HttpProblem::Method(_)) => {
            let page = request.map(|request| {
                // It may be a log's next, and a secret may stand in it.
                let path = masking::path(request.uri.path());
                format!(" ({}: {path})", request.method)
            });
            let message = format!("Unrecognized request URL{}.", page.unwrap_or_default());
            Words::plain(StatusCode::NOT_FOUND, message)
        }
        Refusal::Http(problem @ HttpProblem::MediaType(_)) => Words::plain(bad, problem.sentence()),
        Refusal::Http(problem) => http(problem),
        // A form can always be read, and what is wrong with its parameters is Stripe's own.
        Refusal::Malformed(_) | Refusal::Members(_) => status(bad),
        Refusal::Rejected(rejection) => rejected(*rejection),
        Refusal::Key(problem) => key(*problem, request),
        Refusal::Own(own) => own_words(own),
    }
}

fn own_words(own: &Own) -> Words<'_> {
    let bad = StatusCode::BAD_REQUEST;
    let unauthorized = StatusCode::UNAUTHORIZED;
    match own {
        Own::NoKey => Words::plain(unauthorized, NO_KEY),
        Own::WrongKey(key) => {
            Words::plain(unauthorized, format!("Invalid API Key provided: {key}"))
        }
        Own::Missing(name) | Own::CryptogramMissing(name) => {
            Words::plain(bad, format!("Missing required param: {name}."))
                .about("parameter_missing", name)
        }
        Own::NotAnInteger { name, given } => Words::plain(bad, format!("Invalid integer: {given}"))
            .about("parameter_invalid_integer", name),
        Own::NotAnArray(name) => Words {
            param: Some(name),
            ..Words::plain(bad, "Invalid array")
        },
        Own::NotABoolean { name, given } => Words::plain(bad, format!("Invalid boolean: {given}"))
            .about("parameter_invalid_enum", name),
        Own::Parameter {
            name,
            code,
            message,
        } => Words::plain(bad, message.as_str()).about(code, name),
        Own::Card {
            name,
            code,
            message,
        } => Words {
            kind: "card_error",
            ..Words::plain(StatusCode::PAYMENT_REQUIRED, *message).about(code, name)
        },
        Own::NoSuch { what, name, id } => {
            Words::plain(missing(name), format!("No such {what}: '{id}'"))
                .about("resource_missing", name)
        }
        // Its error is made elsewhere.
        Own::Declined { reason, .. } => Words::plain(StatusCode::PAYMENT_REQUIRED, *reason),
        Own::State {
            code,
            message,
            param,
            ..
        } => Words {
            param: *param,
            ..Words::coded(bad, code, message.as_str())
        },
        Own::Version(given) => Words::plain(bad, format!("Invalid Stripe API version: {given}")),
        Own::Empty(name) => {
            let message = format!(
                "You sent an empty string for '{name}'. An empty string unsets a parameter, and '{name}' cannot be unset. Leave it out, or give it a value."
            );
            Words::plain(bad, message).about("parameter_invalid_empty", name)
        }
        Own::Contradicted(warning) => {
            let name = contradicted(*warning);
            Words::plain(bad, format!("{name}: {warning}.")).about("parameter_invalid_string", name)
        }
        // Neither code nor parameter come with it (https://github.com/gitpod-io/gitpod/issues/13035).
        Own::Expansion(message) => Words::plain(bad, message.as_str()),
        Own::UnknownParameter(name) => {
            Words::plain(bad, format!("Received unknown parameter: {name}"))
                .about("parameter_unknown", name)
        }
        Own::Unexpected(why) => {
            let message = format!("This cannot be done with this PaymentIntent: {why}.");
            Words::coded(bad, "payment_intent_unexpected_state", message)
        }
    }
}

/// A customer that a parameter names is a bad parameter to applications that catch it, as a price is
/// (<https://github.com/MarcinusX/flutter_stripe_demo/issues/4>).
fn missing(name: &str) -> StatusCode {
    if name == "customer" {
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::NOT_FOUND
    }
}

/// The parameter that strict rules refuse. Stripe's documents are silent about these.
const fn contradicted(warning: Warning) -> &'static str {
    match warning {
        Warning::UnneededCryptogram | Warning::SecureValueIgnored | Warning::NotAuthenticated => {
            "payment_method_options[card][network_token][cryptogram]"
        }
        Warning::CodeIgnored => "payment_method_data[card][cvc]",
        Warning::TlidMissing | Warning::TlidMismatch => {
            "payment_method_options[card][mit_exemption][transaction_link_id]"
        }
        Warning::EciMismatch => {
            "payment_method_options[card][network_token][electronic_commerce_indicator]"
        }
        Warning::NetworkMismatch => "payment_method_options[card][network]",
        Warning::Last4Mismatch => "payment_method_data[card][last4]",
        Warning::AccountMismatch => {
            "payment_method_data[card][network_token][payment_account_reference]"
        }
        Warning::UnknownExpansion => "expand",
        Warning::ReturnUrlMissing => "return_url",
    }
}

/// A status and nothing more.
fn http(problem: &HttpProblem) -> Words<'static> {
    let status = problem.status();
    Words {
        code: (status == StatusCode::TOO_MANY_REQUESTS).then_some("rate_limit"),
        ..Words::plain(status, problem.sentence())
    }
}

fn status(status: StatusCode) -> Words<'static> {
    http(&HttpProblem::Status(status))
}

/// A payment is declined and not refused, so what gets here is that others were quicker, or that the records are away.
fn rejected(rejection: Rejection) -> Words<'static> {
    let unavailable = StatusCode::SERVICE_UNAVAILABLE;
    match rejection {
        Rejection::StoreUnavailable | Rejection::StoreFull => {
            Words::plain(unavailable, UNAVAILABLE)
        }
        Rejection::Contention
        | Rejection::CardNumberInvalid
        | Rejection::NotATestCard
        | Rejection::NetworkNotSupported
        | Rejection::CardExpired
        | Rejection::CardNotEligible
        | Rejection::CardNotAllowed
        | Rejection::CardVerificationFailed
        | Rejection::Declined
        | Rejection::ProvisionDataExpired
        | Rejection::ProvisionNotAllowed
        | Rejection::InvalidTokenStatus
        | Rejection::InvalidRequest
        | Rejection::IssuerUnavailable
        | Rejection::ServiceUnavailable
        | Rejection::SystemError
        | Rejection::CardUnknown
        | Rejection::AliasUnknown
        | Rejection::AliasTaken
        | Rejection::TokenUnknown
        | Rejection::TokenMissing
        | Rejection::TokenDeleted
        | Rejection::TokenSuspended
        | Rejection::TokenInactive
        | Rejection::StateForbids
        | Rejection::TokenExpired
        | Rejection::ShortCryptogramsOutstanding
        | Rejection::CryptogramsExhausted
        | Rejection::TokenNumbersExhausted => Words::coded(unavailable, "lock_timeout", CONTENTION),
    }
}

fn key(problem: KeyProblem, request: Option<&Request>) -> Words<'static> {
    let bad = StatusCode::BAD_REQUEST;
    match problem {
        KeyProblem::Busy => {
            Words::coded(StatusCode::CONFLICT, "idempotency_key_in_use", KEY_IN_USE)
        }
        KeyProblem::Other => {
            let key = request.and_then(|request| KEYS.key(request).ok().flatten());
            let key = key.map(|key| format!(" '{key}'")).unwrap_or_default();
            Words {
                kind: "idempotency_error",
                ..Words::plain(bad, format!("The idempotency key{key} {KEY_USED}"))
            }
        }
        KeyProblem::Contention => rejected(Rejection::Contention),
        KeyProblem::Empty => Words::plain(bad, "The idempotency key is empty."),
        KeyProblem::TooLong => Words::plain(bad, "Idempotency keys have 1 to 255 characters."),
        KeyProblem::Unreadable => Words::plain(
            bad,
            "The idempotency key must be of printable ASCII characters.",
        ),
        KeyProblem::Several => Words::plain(bad, "There is more than one idempotency key."),
    }
}
