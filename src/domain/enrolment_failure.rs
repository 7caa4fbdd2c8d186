//! The gateway's failure table: the four codes and descriptions with which it tells, on every surface of its own, that a
//! network refused a token (VGS, "Enroll Network Token", descriptions of enrolment failure reasons).

use super::rejection::Rejection;

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnrolmentFailure {
    CardNotAllowed,
    Declined,
    CardEnrollmentFailed,
    InternalServerError,
}

impl EnrolmentFailure {
    /// The row that a reason falls under.
    pub const fn of(reason: Rejection) -> Self {
        use Rejection as R;
        match reason {
            R::CardNotEligible | R::CardNotAllowed | R::ProvisionNotAllowed => Self::CardNotAllowed,
            R::Declined | R::IssuerUnavailable => Self::Declined,
            R::CardVerificationFailed
            | R::ProvisionDataExpired
            | R::InvalidTokenStatus
            | R::InvalidRequest
            | R::CardExpired
            | R::CardNumberInvalid
            | R::NotATestCard => Self::CardEnrollmentFailed,
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
            | R::Contention => Self::InternalServerError,
        }
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::CardNotAllowed => "card_not_allowed",
            Self::Declined => "declined",
            Self::CardEnrollmentFailed => "card_enrollment_failed",
            Self::InternalServerError => "internal_server_error",
        }
    }

    pub const fn description(self) -> &'static str {
        match self {
            Self::CardNotAllowed => {
                "The requested action is not allowed for a given PAN. This card is valid but cannot be used for tokenization."
            }
            Self::Declined => "This card is not eligible for tokenization at this moment.",
            Self::CardEnrollmentFailed => {
                "Invalid payment instrument or data associated with the payment instrument."
            }
            Self::InternalServerError => "Something went wrong while processing the request",
        }
    }
}
