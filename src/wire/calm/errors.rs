//! Error bodies of CALM: a list of errors for a request that cannot be understood, and a FAILED enrolment, or one of two
//! other shapes that the documentation also has, for one that the network refuses.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};

use crate::domain::account::Scope;
use crate::domain::card::Network;
use crate::domain::enrolment_failure::EnrolmentFailure;
use crate::domain::rejection::Rejection;
use crate::operations::access::Invalid;
use crate::operations::settings::CalmFailure;
use crate::wire::Refused;
use crate::wire::body::{Flaw, Problem};

/// Why a call is refused before any enrolment exists.
#[derive(Debug)]
pub enum CalmError {
    NoToken,
    Token(Invalid),
    Scope(Scope),
    MediaType,
    Payload(String),
    Members(Vec<Problem>),
    Rejected(Rejection),
    NoSuchPage,
    Method,
    TooLarge,
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

impl CalmError {
    fn wording(&self) -> (StatusCode, &'static str, Cow<'static, str>) {
        match self {
            Self::NoToken => (
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                "Send an access token in the Authorization header, as Bearer".into(),
            ),
            Self::Token(why) => (
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                format!("The access token {why}").into(),
            ),
            Self::Scope(scope) => (
                StatusCode::FORBIDDEN,
                "forbidden",
                format!("The access token lacks the scope {}", scope.text()).into(),
            ),
            Self::MediaType => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "The content type must be application/json".into(),
            ),
            Self::Payload(what) => (
                StatusCode::BAD_REQUEST,
                "invalid-payload",
                what.clone().into(),
            ),
            Self::Members(_) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid-format",
                "".into(),
            ),
            Self::Rejected(rejection) => rejected(*rejection),
            Self::NoSuchPage => (
                StatusCode::NOT_FOUND,
                "not-found",
                "There is no such resource".into(),
            ),
            Self::Method => (
                StatusCode::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "Method not allowed here".into(),
            ),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "invalid-payload",
                "The body is larger than 1 MiB".into(),
            ),
        }
    }
}

/// How CALM words what the records refuse.
fn rejected(rejection: Rejection) -> (StatusCode, &'static str, Cow<'static, str>) {
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
        Rejection::StoreUnavailable => (StatusCode::SERVICE_UNAVAILABLE, "service-unavailable"),
        Rejection::IssuerUnavailable
        | Rejection::ServiceUnavailable
        | Rejection::SystemError
        | Rejection::TokenNumbersExhausted
        | Rejection::Contention => (StatusCode::INTERNAL_SERVER_ERROR, "internal-server-error"),
    };
    (status, code, rejection.to_string().into())
}

impl Refused for CalmError {
    fn reason(&self) -> Cow<'static, str> {
        if let Self::Members(problems) = self {
            let each: Vec<_> = problems
                .iter()
                .map(|p| format!("{} {}", p.pointer, p.due))
                .collect();
            return each.join("; ").into();
        }
        if let Self::Rejected(rejection) = self {
            return rejection.word().into();
        }
        self.wording().2
    }
}

impl IntoResponse for CalmError {
    fn into_response(self) -> Response {
        let (status, code, detail) = self.wording();
        let errors: Vec<_> = if let Self::Members(problems) = &self {
            problems.iter().map(member).collect()
        } else {
            vec![error(status, code, &detail, None)]
        };
        let mut response = error_list(status, &errors);
        if matches!(self, Self::NoToken | Self::Token(_)) {
            let challenge = HeaderValue::from_static("Bearer realm=\"vgs\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

fn member(problem: &Problem) -> serde_json::Value {
    let code = match problem.flaw {
        Flaw::Missing => "required-fields-missing",
        Flaw::Type | Flaw::Value | Flaw::TooLong => "invalid-format",
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
pub(super) fn failure_as_list(failure: &Failure) -> Response {
    let code = failure.code.replace('_', "-");
    let detail = format!("{} {}", failure.description, failure.additional_info);
    error_list(
        failure.status,
        &[error(failure.status, &code, &detail, None)],
    )
}

fn error_list(status: StatusCode, errors: &[serde_json::Value]) -> Response {
    let body = serde_json::json!({ "errors": errors }).to_string();
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}

/// What CALM says of a body beyond the bound.
pub fn too_large() -> Response {
    CalmError::TooLarge.into_response()
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
