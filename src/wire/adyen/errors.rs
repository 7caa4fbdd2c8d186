//! Adyen's errors: status, error code, message, type, and the reference of the request.

use std::borrow::Cow;

use http::{HeaderValue, StatusCode};
use serde_json::json;

use super::messages::request_reference;
use crate::domain::payment::reason::{DeclineReason, Warning};
use crate::domain::rejection::Rejection;
use crate::wire::edge::payment::StrictWording;
use crate::wire::edge::read::{Flaw, Nulls, Problem};
use crate::wire::edge::sentence::capitalised;
use crate::wire::edge::{
    Answer, Exchange, HttpProblem, KeyProblem, Malformed, Refusal, Wording, Words,
    json as json_answer,
};

/// Why a call is refused.
pub(super) type AdyenError = Refusal<Own>;

/// The reasons that are Adyen's own.
#[derive(Debug, Clone)]
pub enum Own {
    Unauthorized,
    /// The key does not go with this merchant account.
    Account,
    /// A payment with a token that the shopper starts, without a cryptogram.
    CryptogramMissing,
    /// A payment has these members, which are none.
    Structure(String),
    /// There is no such version of the API.
    Version,
    /// No payment of this merchant has the reference.
    Unknown,
    /// A shopper is to be sent away, and nobody says where it comes back to.
    ReturnUrl,
    /// Nothing says which payment the details are of.
    PaymentData,
    /// This member of the details is none that was handed out.
    Details(&'static str),
    /// The word for how an authentication ended is none.
    TransStatus,
    /// Strict rules refuse what would be let pass with this warning.
    Contradicted(Warning),
}

impl From<Own> for AdyenError {
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
    /// Adyen's own libraries write a null for what is not set.
    const NULLS: Nulls = Nulls::Absent;

    fn message(refusal: &AdyenError) -> Cow<'static, str> {
        words(refusal).message
    }

    fn answer(refusal: &AdyenError, exchange: Exchange<'_>) -> Answer {
        let words = words(refusal);
        let mut body = json!({
            "status": words.status.as_u16(),
            "errorCode": words.code,
            "message": words.message,
            "errorType": kind(words.status),
        });
        // What fails in front of the API gives no reference.
        if !refusal.is_in_front() {
            body["pspReference"] = request_reference(exchange.request, exchange.context).into();
        }
        let mut answer = json_answer(words.status, body.to_string());
        if is_transient(refusal) {
            let yes = HeaderValue::from_static("true");
            answer.headers_mut().insert(TRANSIENT, yes);
        }
        answer
    }

    fn reason(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::CryptogramMissing => Some(DeclineReason::CryptogramMissing.word().into()),
            Self::Contradicted(warning) => Some(warning.word().into()),
            Self::Unauthorized
            | Self::Account
            | Self::Structure(_)
            | Self::Version
            | Self::Unknown
            | Self::ReturnUrl
            | Self::PaymentData
            | Self::Details(_)
            | Self::TransStatus => None,
        }
    }
}

fn words(refusal: &AdyenError) -> Words {
    match refusal {
        Refusal::Http(problem) => http(problem),
        Refusal::Malformed(what) => Words::new(StatusCode::BAD_REQUEST, "702", unexpected(what)),
        Refusal::Members(problems) => members(problems),
        Refusal::Rejected(rejection) => rejected(*rejection),
        Refusal::Key(problem) => key(*problem),
        Refusal::Own(own) => own_words(own),
    }
}

fn unexpected(what: &Malformed) -> String {
    match what {
        Malformed::NotJson(error) => format!("Unexpected input: {error}"),
        Malformed::NotAnObject => "Unexpected input: the body must be an object".to_owned(),
        Malformed::Other(what) => format!("Unexpected input: {what}"),
    }
}

fn own_words(own: &Own) -> Words {
    let invalid = StatusCode::UNPROCESSABLE_ENTITY;
    match own {
        Own::Unauthorized => Words::new(
            StatusCode::UNAUTHORIZED,
            "000",
            "HTTP Status Response - Unauthorized",
        ),
        Own::Account => Words::new(StatusCode::FORBIDDEN, "901", "Invalid Merchant Account"),
        Own::CryptogramMissing => Words::new(invalid, "158", required(CRYPTOGRAM)),
        // Code, status and sentence as adyen-ruby-api-library's tests have them, the name as commercetools' integration was told it.
        Own::Structure(unknown) => Words::new(
            StatusCode::BAD_REQUEST,
            "702",
            format!(
                "Structure of PaymentRequest contains the following unknown fields: [{unknown}]"
            ),
        ),
        Own::Version => Words::new(
            StatusCode::NOT_FOUND,
            "000",
            "There is no such version of this API",
        ),
        Own::Unknown => Words::new(
            invalid,
            "167",
            "Original pspReference required for this operation",
        ),
        Own::ReturnUrl => Words::new(invalid, "158", required("returnUrl")),
        // https://github.com/Adyen/adyen-java-api-library/issues/914 has the code and the sentence.
        Own::PaymentData => Words::new(
            invalid,
            "14_002",
            "Required field 'paymentData' is not provided.",
        ),
        // The sentence is that of https://github.com/Adyen/adyen-ios/issues/1545; its code and those below are ours.
        Own::TransStatus => Words::new(invalid, "702", "Invalid transStatus"),
        Own::Details(member) => Words::new(
            invalid,
            "702",
            format!("Field 'details.{member}': is none that was handed out"),
        ),
        Own::Contradicted(warning) => Words::new(
            invalid,
            "702",
            format!("Field '{}': {warning}", field(*warning)),
        ),
    }
}

/// The member that strict rules refuse. Adyen lists no error for these, so code and sentence are ours.
const fn field(warning: Warning) -> &'static str {
    match warning {
        Warning::UnneededCryptogram => CRYPTOGRAM,
        Warning::CodeIgnored => "paymentMethod.cvc",
        Warning::TlidMissing | Warning::TlidMismatch => "additionalData.transactionLinkId",
        Warning::EciMismatch => "mpiData.eci",
        Warning::NetworkMismatch => "paymentMethod.brand",
        Warning::NotAuthenticated => "mpiData.authenticationResponse",
        Warning::SecureValueIgnored => "mpiData.cavv",
        Warning::Last4Mismatch | Warning::AccountMismatch | Warning::ReturnUrlMissing => "",
    }
}

fn key(problem: KeyProblem) -> Words {
    let invalid = StatusCode::UNPROCESSABLE_ENTITY;
    match problem {
        KeyProblem::Busy => Words::new(
            StatusCode::CONFLICT,
            "704",
            "request already processed or in progress",
        ),
        KeyProblem::Other => Words::new(
            invalid,
            "704",
            "the idempotency key came with another request",
        ),
        KeyProblem::Contention => rejected(Rejection::Contention),
        KeyProblem::Empty => Words::new(invalid, "702", "The idempotency key is empty"),
        KeyProblem::TooLong => {
            Words::new(invalid, "702", "An idempotency key has 1 to 64 characters")
        }
        KeyProblem::Unreadable => Words::new(
            invalid,
            "702",
            "The idempotency key must be printable ASCII",
        ),
        KeyProblem::Several => Words::new(invalid, "702", "There is more than one idempotency key"),
    }
}

/// What the inside refuses here passes by itself: a payment that cannot be made is refused by the issuer.
fn rejected(rejection: Rejection) -> Words {
    let message = capitalised(&rejection.to_string());
    Words::new(StatusCode::SERVICE_UNAVAILABLE, "905", message)
}

/// Adyen has a code for what cannot be read (its list of error codes).
fn http(problem: &HttpProblem) -> Words {
    let code = match problem {
        HttpProblem::MediaType(_) | HttpProblem::Header(_) => "702",
        HttpProblem::NoSuchPath
        | HttpProblem::Method(_)
        | HttpProblem::TooLarge
        | HttpProblem::TooSlow
        | HttpProblem::Status(_) => "000",
    };
    Words::new(problem.status(), code, problem.text())
}

fn kind(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => "security",
        _ if status.is_server_error() => "internal",
        _ => "validation",
    }
}

const fn is_transient(refusal: &AdyenError) -> bool {
    matches!(
        refusal,
        Refusal::Rejected(_) | Refusal::Key(KeyProblem::Busy | KeyProblem::Contention)
    )
}

/// Says that the same request with the same key may be sent again later (Adyen on idempotency).
const TRANSIENT: &str = "transient-error";

/// Adyen names one problem at a time: the first.
fn members(problems: &[Problem]) -> Words {
    let (code, message) = problems
        .first()
        .map_or(("702", "Unexpected input".to_owned()), member);
    Words::new(StatusCode::UNPROCESSABLE_ENTITY, code, message)
}

/// Codes of Adyen's list of API errors where it has one for the member, else the code of a required or malformed field. Those of
/// what is missing are told in <https://github.com/Adyen/adyen-go-api-library/pull/581> and
/// <https://github.com/Adyen/adyen-python-api-library/issues/238>.
fn member(problem: &Problem) -> (&'static str, String) {
    let path = problem.pointer.trim_start_matches('/').replace('/', ".");
    let missing = problem.flaw == Flaw::Missing;
    // What is said of a card's members below would not be true of one that only has the wrong type.
    if problem.flaw == Flaw::Type && path.starts_with("paymentMethod.") {
        let message = format!("Unexpected input: field '{path}' {}", problem.due);
        return ("702", message);
    }
    match path.as_str() {
        "metadata" if problem.flaw == Flaw::TooLong => {
            ("177", "Metadata size exceeds limit".to_owned())
        }
        sealed if sealed.starts_with("paymentMethod.encrypted") => {
            ("174", "Unable to decrypt data".to_owned())
        }
        "amount" | "amount.value" if missing => ("100", "No amount specified".to_owned()),
        "amount.value" => ("137", "Invalid amount specified".to_owned()),
        "amount.currency" => ("138", "Currency missing or invalid".to_owned()),
        "paymentMethod.number" => ("101", "Invalid card number".to_owned()),
        "paymentMethod.cvc" => ("103", "CVC is not the right length".to_owned()),
        "paymentMethod.expiryMonth" => (
            "140",
            "Expiry month should be between 1 and 12 inclusive".to_owned(),
        ),
        "paymentMethod.expiryYear" => (
            "141",
            "Expiry year should be four digits from 2000".to_owned(),
        ),
        "merchantAccount" if missing => (
            "901",
            format!("Invalid Merchant Account. {}", required(&path)),
        ),
        "reference" if missing => ("130", format!("Reference Missing. {}", required(&path))),
        // Code 177 is told in the reference of `metadata`, and these two in older editions of it.
        pair if pair.starts_with("metadata.") && problem.flaw == Flaw::Value => {
            ("178", "Metadata key size exceeds limit".to_owned())
        }
        pair if pair.starts_with("metadata.") && problem.flaw == Flaw::TooLong => {
            ("179", "Metadata value size exceeds limit".to_owned())
        }
        _ if missing => ("158", required(&path)),
        _ => ("702", format!("Field '{path}' {}", problem.due)),
    }
}

const CRYPTOGRAM: &str = "mpiData.tokenAuthenticationVerificationValue";

fn required(path: &str) -> String {
    format!("Required field '{path}' is not provided.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_passes_by_itself_is_transient() {
        let rows = [
            (KeyProblem::Busy, 409, true),
            (KeyProblem::Other, 422, false),
            (KeyProblem::Contention, 503, true),
        ];
        for (problem, status, transient) in rows {
            let refusal = AdyenError::from(problem);
            assert_eq!(words(&refusal).status, status);
            assert_eq!(is_transient(&refusal), transient);
        }
    }
}
