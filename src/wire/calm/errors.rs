//! Error bodies of CALM: a list of errors for a request that cannot be understood, and a FAILED enrolment, or one of two
//! other shapes that the documentation also has, for one that the network refuses.

use std::borrow::Cow;

use http::StatusCode;

use crate::domain::card::Network;
use crate::domain::enrolment_failure::EnrolmentFailure;
use crate::domain::rejection::Rejection;
use crate::operations::settings::CalmFailure;
use crate::wire::edge::access_token::Denied;
use crate::wire::edge::read::{Flaw, Problem};
use crate::wire::edge::{Answer, Exchange, HttpProblem, Refusal, Wording, json};

/// Why a call is refused before any enrolment exists.
pub(super) type CalmError = Refusal<Own>;

/// The reasons that are CALM's own.
#[derive(Debug)]
pub enum Own {
    Denied(Denied),
}

impl From<Denied> for CalmError {
    fn from(denied: Denied) -> Self {
        Self::Own(Own::Denied(denied))
    }
}

/// A refused enrolment in CALM's words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) description: &'static str,
    /// `Network: Visa. Error: cardNotEligible`
    pub(super) additional_info: String,
}

/// How CALM words a refusal by the network. The status depends on which of the documentation's tables is followed.
pub(super) fn failure(reason: Rejection, network: Network, table: CalmFailure) -> Failure {
    let row = EnrolmentFailure::of(reason);
    let (visa, mastercard) = network_words(reason);
    let error = if network == Network::Mastercard {
        mastercard
    } else {
        visa
    };
    Failure {
        status: status(row, table),
        code: row.code(),
        description: row.description(),
        additional_info: format!("Network: {}. Error: {error}", network.name()),
    }
}

/// How Visa and Mastercard call the reason.
const fn network_words(reason: Rejection) -> (&'static str, &'static str) {
    use Rejection as R;
    match reason {
        R::CardNotEligible => ("cardNotEligible", "PAN_INELIGIBLE"),
        R::CardNotAllowed => ("cardNotAllowed", "PAN_INELIGIBLE"),
        R::ProvisionNotAllowed => ("provisionNotAllowed", "PROVISION_FAILED"),
        R::Declined => ("declined", "ISSUER_DECLINED"),
        R::IssuerUnavailable => ("issuerUnavailable", "NO_RESPONSE_FROM_ISSUER"),
        R::ProvisionDataExpired => ("provisionDataExpired", "PROVISION_FAILED"),
        R::InvalidTokenStatus => ("invalidTokenStatus", "INVALID_TOKEN_STATUS"),
        R::InvalidRequest => ("invalidParameter", "INVALID_FIELD_VALUE"),
        R::CardVerificationFailed | R::CardExpired | R::CardNumberInvalid | R::NotATestCard => {
            ("cardVerificationFailed", "INVALID_PAN")
        }
        R::NetworkNotSupported
        | R::ServiceUnavailable
        | R::StoreUnavailable
        | R::StoreFull
        | R::SystemError
        | R::CardUnknown
        | R::AliasUnknown
        | R::AliasTaken
        | R::TokenUnknown
        | R::TokenMissing
        | R::TokenDeleted
        | R::TokenSuspended
        | R::TokenInactive
        | R::StateForbids
        | R::TokenExpired
        | R::ShortCryptogramsOutstanding
        | R::CryptogramsExhausted
        | R::TokenNumbersExhausted
        | R::Contention => ("systemError", "INTERNAL_SERVICE_FAILURE"),
    }
}

const fn status(row: EnrolmentFailure, table: CalmFailure) -> StatusCode {
    match (row, table) {
        (EnrolmentFailure::InternalServerError, _) => StatusCode::INTERNAL_SERVER_ERROR,
        (_, CalmFailure::Table) => StatusCode::BAD_REQUEST,
        (EnrolmentFailure::Declined, CalmFailure::Notes) => StatusCode::NOT_FOUND,
        (_, CalmFailure::Notes) => StatusCode::UNPROCESSABLE_ENTITY,
        (EnrolmentFailure::CardEnrollmentFailed, CalmFailure::Network) => StatusCode::BAD_REQUEST,
        (_, CalmFailure::Network) => StatusCode::FORBIDDEN,
    }
}

/// What is said of a refusal.
struct Words(StatusCode, Cow<'static, str>, Cow<'static, str>);

fn words(refusal: &CalmError) -> Words {
    let said = |status, code: &'static str, detail: &'static str| {
        Words(status, code.into(), detail.into())
    };
    match refusal {
        Refusal::Http(problem) => http(problem),
        Refusal::Malformed(what) => Words(
            StatusCode::BAD_REQUEST,
            "invalid-payload".into(),
            what.to_string().into(),
        ),
        // Each member has an error of its own.
        Refusal::Members(_) => said(StatusCode::UNPROCESSABLE_ENTITY, "invalid-format", ""),
        Refusal::Rejected(rejection) => rejected(*rejection),
        // CALM takes no idempotency keys.
        Refusal::Key(_) => http(&HttpProblem::Status(StatusCode::CONFLICT)),
        Refusal::Own(Own::Denied(denied)) => {
            let code = match denied {
                Denied::NoToken | Denied::Token(_) => "unauthorized",
                Denied::Scope(_) => "forbidden",
            };
            Words(denied.status(), code.into(), denied.to_string().into())
        }
    }
}

/// CALM has a code for a body that is of no use; the others are titles of statuses.
fn http(problem: &HttpProblem) -> Words {
    let code = if matches!(problem, HttpProblem::TooLarge) {
        "invalid-payload".into()
    } else {
        problem.code('-').into()
    };
    Words(problem.status(), code, problem.text())
}

/// How CALM words what the records refuse.
fn rejected(rejection: Rejection) -> Words {
    let (status, code) = match rejection {
        Rejection::AliasUnknown => (StatusCode::NOT_FOUND, "alias-not-found"),
        Rejection::TokenUnknown
        | Rejection::CardUnknown
        | Rejection::TokenDeleted
        | Rejection::TokenMissing => (StatusCode::NOT_FOUND, "not-found"),
        Rejection::NetworkNotSupported => {
            (StatusCode::UNPROCESSABLE_ENTITY, "card-brand-not-supported")
        }
        Rejection::CardNumberInvalid | Rejection::NotATestCard | Rejection::CardExpired => {
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid-format")
        }
        Rejection::AliasTaken | Rejection::StateForbids | Rejection::TokenInactive => {
            (StatusCode::CONFLICT, "rejected")
        }
        Rejection::CardNotEligible
        | Rejection::CardNotAllowed
        | Rejection::CardVerificationFailed
        | Rejection::Declined
        | Rejection::ProvisionDataExpired
        | Rejection::ProvisionNotAllowed
        | Rejection::InvalidTokenStatus
        | Rejection::InvalidRequest
        | Rejection::TokenSuspended
        | Rejection::TokenExpired
        | Rejection::ShortCryptogramsOutstanding
        | Rejection::CryptogramsExhausted => (StatusCode::UNPROCESSABLE_ENTITY, "rejected"),
        Rejection::StoreUnavailable | Rejection::StoreFull => {
            (StatusCode::SERVICE_UNAVAILABLE, "service-unavailable")
        }
        Rejection::IssuerUnavailable
        | Rejection::ServiceUnavailable
        | Rejection::SystemError
        | Rejection::TokenNumbersExhausted
        | Rejection::Contention => (StatusCode::INTERNAL_SERVER_ERROR, "internal-server-error"),
    };
    Words(status, code.into(), rejection.to_string().into())
}

impl Wording for Own {
    fn message(refusal: &CalmError) -> Cow<'static, str> {
        words(refusal).2
    }

    fn answer(refusal: &CalmError, _: Exchange<'_>) -> Answer {
        let Words(status, code, detail) = words(refusal);
        let errors: Vec<_> = if let Refusal::Members(problems) = refusal {
            problems.iter().map(member).collect()
        } else {
            vec![error(status, &code, &detail, None)]
        };
        let mut answer = error_list(status, &errors);
        if let Refusal::Own(Self::Denied(denied)) = refusal {
            denied.challenge(&mut answer);
        }
        answer
    }
}

fn member(problem: &Problem) -> serde_json::Value {
    let code = match problem.flaw {
        Flaw::Missing => "required-fields-missing",
        Flaw::Null | Flaw::Type | Flaw::Value | Flaw::TooLong => "invalid-format",
    };
    let detail = format!("{} {}", problem.member(), problem.due);
    error(
        StatusCode::UNPROCESSABLE_ENTITY,
        code,
        &detail,
        Some(&problem.pointer),
    )
}

fn error(status: StatusCode, code: &str, detail: &str, pointer: Option<&str>) -> serde_json::Value {
    let mut object =
        serde_json::json!({ "status": status.as_u16(), "code": code, "detail": detail });
    if let Some(pointer) = pointer {
        object["source"] = serde_json::json!({ "pointer": pointer });
    }
    object
}

/// A refused enrolment as a list of errors with a kebab-case code, as the API notes have it.
pub(super) fn failure_as_list(failure: &Failure) -> Answer {
    let code = failure.code.replace('_', "-");
    let detail = format!("{} {}", failure.description, failure.additional_info);
    error_list(
        failure.status,
        &[error(failure.status, &code, &detail, None)],
    )
}

fn error_list(status: StatusCode, errors: &[serde_json::Value]) -> Answer {
    json(status, serde_json::json!({ "errors": errors }).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_failure_sample_of_the_document() {
        let got = failure(
            Rejection::CardNotEligible,
            Network::Visa,
            CalmFailure::Table,
        );
        assert_eq!(got.status, StatusCode::BAD_REQUEST);
        assert_eq!(got.code, "card_not_allowed");
        assert_eq!(got.additional_info, "Network: Visa. Error: cardNotEligible");
    }
}
