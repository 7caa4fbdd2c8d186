//! What each of Stripe's errors says: its status, type, code, parameter and message.

use std::borrow::Cow;

use http::StatusCode;
use serde_json::{Value, json};

use super::errors::{Own, StripeError};
use super::idempotency::KEYS;
use crate::domain::payment::reason::Warning;
use crate::domain::rejection::Rejection;
use crate::masking;
use crate::wire::edge::{HttpProblem, KeyProblem, Refusal, Request};

const NO_KEY: &str = "No API key came with the request. Send the secret key in the Authorization header, as Bearer or as the user of Basic.";
const KEY_IN_USE: &str = "Another request with this idempotency key is still being answered.";
const KEY_USED: &str = "came with other parameters before. Another request needs another key.";
const UNAVAILABLE: &str = "The service is unavailable. Try again later.";
const CONTENTION: &str = "Others kept changing this object.";

/// What an error says.
pub(super) struct Words<'a> {
    pub(super) status: StatusCode,
    kind: &'static str,
    code: Option<&'a str>,
    param: Option<&'a str>,
    pub(super) message: Cow<'a, str>,
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

    pub(super) fn error(&self) -> Value {
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
pub(super) fn words<'a>(refusal: &'a StripeError, request: Option<&Request>) -> Words<'a> {
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
        // No code comes with it (https://github.com/stripe/stripe-python/issues/487).
        Own::NotABoolean { name, given } => Words {
            param: Some(name),
            ..Words::plain(bad, format!("Invalid boolean: {given}"))
        },
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
        Own::State(conflict) => Words {
            code: conflict.code,
            param: conflict.param,
            ..Words::plain(bad, conflict.message.as_str())
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
