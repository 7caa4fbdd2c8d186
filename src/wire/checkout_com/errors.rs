//! Checkout.com's errors: a type and a list of codes, or for the plainest ones no body at all.

use std::borrow::Cow;

use http::StatusCode;
use serde_json::json;

use super::ids::receipt;
use crate::domain::payment::moves::MoveRefusal;
use crate::domain::payment::reason::{DeclineReason, Warning};
use crate::domain::rejection::Rejection;
use crate::wire::edge::payment::StrictWording;
use crate::wire::edge::read::{Flaw, Nulls, Problem};
use crate::wire::edge::{self, Answer, Exchange, HttpProblem, KeyProblem, Refusal, Wording, empty};

/// Why a call is refused.
pub(super) type CheckoutError = Refusal<Own>;

/// The reasons that are Checkout.com's own.
#[derive(Debug)]
pub enum Own {
    Unauthorized,
    Forbidden,
    /// The client or secret of a request for an access token, its grant type, or its scope.
    Access(&'static str),
    /// A payment with a token that the customer starts, without a cryptogram.
    CryptogramMissing,
    /// The payment that is quoted is none of this merchant's.
    Previous,
    Move(MoveRefusal),
    /// No payment or token of the merchant's has this id.
    Unknown,
    /// Nothing that has paid for this merchant has this id.
    SourceUnknown,
    /// Part of an authorization is to be voided.
    PartOfVoid,
    /// The payment still waits for its customer.
    Waits,
    /// Strict rules refuse what would be let pass with this warning.
    Contradicted(Warning),
}

impl From<Own> for CheckoutError {
    fn from(own: Own) -> Self {
        Self::Own(own)
    }
}

/// What is said of a refusal.
struct Words {
    status: StatusCode,
    body: Body,
    /// For the journal. The client is told codes and no sentence.
    message: Cow<'static, str>,
}

enum Body {
    None,
    /// A type and codes.
    Codes(&'static str, Vec<String>),
    /// The code of a refused access token (RFC 6749, section 5.2).
    Access(&'static str),
}

impl Words {
    fn bare(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            body: Body::None,
            message: message.into(),
        }
    }

    fn invalid(code: impl Into<String>, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            body: Body::Codes("request_invalid", vec![code.into()]),
            message: message.into(),
        }
    }
}

impl StrictWording for Own {
    fn contradicted(warning: Warning) -> Self {
        Self::Contradicted(warning)
    }
}

impl Wording for Own {
    /// Checkout.com's libraries write a null for what is not set.
    const NULLS: Nulls = Nulls::Absent;

    fn message(refusal: &CheckoutError) -> Cow<'static, str> {
        words(refusal).message
    }

    fn answer(refusal: &CheckoutError, exchange: Exchange<'_>) -> Answer {
        // What fails in front of the surface has not given the request a name, and says that it sends JSON even where it
        // sends nothing.
        let in_front = refusal.is_in_front();
        let Words { status, body, .. } = words(refusal);
        let body = match body {
            Body::None if in_front => return edge::json(status, ""),
            Body::None => return empty(status),
            Body::Codes(kind, codes) => {
                let request = if in_front {
                    String::new()
                } else {
                    receipt(exchange)
                };
                json!({ "request_id": request, "error_type": kind, "error_codes": codes })
            }
            Body::Access(code) => json!({ "error": code }),
        };
        edge::json(status, body.to_string())
    }

    fn reason(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::CryptogramMissing => Some(DeclineReason::CryptogramMissing.word().into()),
            Self::Contradicted(warning) => Some(warning.word().into()),
            Self::Unauthorized
            | Self::Forbidden
            | Self::Access(_)
            | Self::Previous
            | Self::Move(_)
            | Self::Unknown
            | Self::SourceUnknown
            | Self::PartOfVoid
            | Self::Waits => None,
        }
    }
}

fn words(refusal: &CheckoutError) -> Words {
    match refusal {
        Refusal::Http(problem) => http(problem),
        Refusal::Malformed(what) => Words {
            body: Body::Codes(
                "request_malformed",
                vec!["request_body_malformed".to_owned()],
            ),
            ..Words::bare(StatusCode::UNPROCESSABLE_ENTITY, what.to_string())
        },
        Refusal::Members(problems) => Words {
            body: Body::Codes("request_invalid", problems.iter().map(code).collect()),
            ..Words::bare(StatusCode::UNPROCESSABLE_ENTITY, "")
        },
        Refusal::Rejected(rejection) => rejected(*rejection),
        Refusal::Key(problem) => key(*problem),
        Refusal::Own(own) => own_words(own),
    }
}

fn own_words(own: &Own) -> Words {
    match own {
        Own::Unauthorized => Words::bare(StatusCode::UNAUTHORIZED, "unknown key or token"),
        Own::Forbidden => Words::bare(
            StatusCode::FORBIDDEN,
            "the token's scope does not cover this",
        ),
        Own::Access(code) => Words {
            body: Body::Access(code),
            ..Words::bare(StatusCode::BAD_REQUEST, *code)
        },
        Own::CryptogramMissing => Words::invalid("cryptogram_required", "there is no cryptogram"),
        Own::Previous => Words::invalid(
            "previous_payment_id_invalid",
            "the quoted payment is unknown",
        ),
        Own::Move(refusal) => refused(*refusal),
        Own::Contradicted(warning) => Words::invalid(contradicted(*warning), warning.to_string()),
        Own::SourceUnknown => Words::invalid("source_id_unknown", "no source has this id"),
        Own::PartOfVoid => {
            Words::invalid("amount_invalid", "an authorization is voided as a whole")
        }
        Own::Waits => Words::bare(
            StatusCode::FORBIDDEN,
            "the payment waits for its customer to be authenticated",
        ),
        Own::Unknown => Words::bare(StatusCode::NOT_FOUND, "no such resource"),
    }
}

/// The code of what strict rules refuse, formed like those of Checkout.com's list, which has none for these.
const fn contradicted(warning: Warning) -> &'static str {
    match warning {
        Warning::UnneededCryptogram => "cryptogram_invalid",
        Warning::CodeIgnored => "cvv_invalid",
        Warning::TlidMissing => "processing_scheme_transaction_link_id_required",
        Warning::TlidMismatch => "processing_scheme_transaction_link_id_invalid",
        Warning::EciMismatch => "eci_invalid",
        Warning::NetworkMismatch => "token_type_invalid",
        Warning::Last4Mismatch
        | Warning::AccountMismatch
        | Warning::NotAuthenticated
        | Warning::SecureValueIgnored
        | Warning::ReturnUrlMissing => "payment_source_invalid",
    }
}

/// Only 422 has a body.
fn http(problem: &HttpProblem) -> Words {
    let status = problem.status();
    if status == StatusCode::UNPROCESSABLE_ENTITY {
        Words::invalid(problem.code('_'), problem.text())
    } else {
        Words::bare(status, problem.in_small_letters())
    }
}

/// A member's code: its path behind the source, and whether it is missing or wrong.
fn code(problem: &Problem) -> String {
    let path = problem.pointer.trim_start_matches('/');
    let member = path
        .strip_prefix("source/")
        .unwrap_or(path)
        .replace('/', "_");
    // A card's members have their object in front, and the number of a token is called token.
    let member = match member.as_str() {
        "number" | "expiry_month" | "expiry_year" => format!("card_{member}"),
        "source" => "payment_source".to_owned(),
        "type" | "id" => format!("source_{member}"),
        // Of a list, as checkout-sdk-node's tests of disputes have it.
        "limit" | "skip" => format!("paging_{member}"),
        _ => member,
    };
    let flaw = match problem.flaw {
        Flaw::Missing => "required",
        Flaw::Null | Flaw::Type | Flaw::Value | Flaw::TooLong => "invalid",
    };
    format!("{member}_{flaw}")
}

fn key(problem: KeyProblem) -> Words {
    let invalid = |message: &'static str| Words::invalid("idempotency_key_invalid", message);
    match problem {
        KeyProblem::Busy => Words {
            status: StatusCode::TOO_MANY_REQUESTS,
            ..Words::invalid(
                "duplicate_request_detected",
                "the first request with this key is being answered",
            )
        },
        KeyProblem::Other => Words::invalid(
            "idempotency_key_reused",
            "the key came with another request",
        ),
        KeyProblem::Contention => rejected(Rejection::Contention),
        KeyProblem::Empty => invalid("the idempotency key is empty"),
        KeyProblem::TooLong => invalid("the idempotency key is too long"),
        KeyProblem::Unreadable => invalid("the idempotency key is not printable ASCII"),
        KeyProblem::Several => invalid("there is more than one idempotency key"),
    }
}

/// Why a move is not possible. What the state forbids has no body.
fn refused(refusal: MoveRefusal) -> Words {
    let why = refusal.to_string();
    match refusal {
        MoveRefusal::Declined
        | MoveRefusal::Voided
        | MoveRefusal::Expired
        | MoveRefusal::AlreadyCaptured
        | MoveRefusal::NothingCaptured
        | MoveRefusal::NothingToCapture
        | MoveRefusal::NothingToRefund
        | MoveRefusal::Disputed
        | MoveRefusal::TooMany => Words::bare(StatusCode::FORBIDDEN, why),
        MoveRefusal::TooMuch { .. } => Words::invalid("amount_exceeds_balance", why),
        MoveRefusal::Zero => Words::invalid("amount_invalid", why),
        MoveRefusal::Currency => Words::invalid("currency_invalid", why),
    }
}

/// What is answered instead of a token or cryptogram. The meanings are those of Checkout.com's list for network tokens;
/// the spelling of the codes is ours where its pages do not show it.
fn rejected(rejection: Rejection) -> Words {
    let why = rejection.to_string();
    let code = match rejection {
        Rejection::CardUnknown | Rejection::TokenUnknown | Rejection::TokenMissing => {
            return Words::bare(StatusCode::NOT_FOUND, why);
        }
        Rejection::Contention | Rejection::StoreUnavailable | Rejection::StoreFull => {
            return Words::bare(StatusCode::SERVICE_UNAVAILABLE, why);
        }
        Rejection::IssuerUnavailable | Rejection::ServiceUnavailable => {
            return Words::bare(StatusCode::GATEWAY_TIMEOUT, why);
        }
        Rejection::SystemError | Rejection::TokenNumbersExhausted => {
            return Words::bare(StatusCode::BAD_GATEWAY, why);
        }
        Rejection::CardNumberInvalid | Rejection::NotATestCard | Rejection::AliasUnknown => {
            "card_number_invalid"
        }
        Rejection::CardExpired => "card_expired",
        Rejection::NetworkNotSupported
        | Rejection::CardNotEligible
        | Rejection::CardNotAllowed
        | Rejection::ProvisionNotAllowed => "pan_ineligible",
        Rejection::CardVerificationFailed => "card_verification_failed",
        Rejection::Declined | Rejection::ProvisionDataExpired | Rejection::InvalidRequest => {
            "token_provisioning_declined"
        }
        Rejection::AliasTaken => "duplicate_request",
        Rejection::InvalidTokenStatus
        | Rejection::StateForbids
        | Rejection::TokenDeleted
        | Rejection::TokenSuspended
        | Rejection::TokenInactive
        | Rejection::TokenExpired => "token_not_active",
        Rejection::ShortCryptogramsOutstanding | Rejection::CryptogramsExhausted => {
            "cryptogram_limit_reached"
        }
    };
    Words::invalid(code, why)
}
