//! How Checkout Solutions refuses: a status, a reason that names its kind, and details that name causes and places.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

use super::request::{Wrong, json as answer};
use crate::domain::rejection::Rejection;
use crate::operations::requestors::NotLetIn;
use crate::operations::sealing::SealError;
use crate::wire::Refused;
use crate::wire::body::{Flaw, Problem};

const MALFORMED: &str =
    "Cannot process the request because it is malformed or has incorrect/missing fields or values.";

/// Why a call is refused.
#[derive(Debug)]
pub enum CheckoutError {
    NotLetIn(NotLetIn),
    NoSuchPage,
    Method,
    MediaType,
    TooLarge,
    /// The body is no JSON object.
    Body(String),
    Members(Vec<Problem>),
    /// A member of the path or the query.
    Member(Place, &'static str, Wrong),
    /// A member cannot be opened.
    Opening(&'static str, SealError),
    /// An answer cannot be sealed or signed.
    Sealing(SealError),
    CardUnknown,
    /// The reference of an enrolment leads nowhere.
    ReferenceUnknown,
    Rejected(Rejection),
}

/// Where a member stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Body,
    Header,
    Path,
    Query,
}

impl From<Rejection> for CheckoutError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

/// One of `errordetail`.
struct Detail {
    reason: &'static str,
    message: Cow<'static, str>,
    place: Place,
    source: String,
}

struct Wording {
    status: StatusCode,
    reason: &'static str,
    message: Cow<'static, str>,
    details: Vec<Detail>,
}

impl Wording {
    fn plain(status: StatusCode, reason: &'static str, message: &'static str) -> Self {
        Self {
            status,
            reason,
            message: message.into(),
            details: Vec::new(),
        }
    }

    fn with(mut self, details: impl IntoIterator<Item = Detail>) -> Self {
        self.details.extend(details);
        self
    }

    fn malformed() -> Self {
        Self::plain(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", MALFORMED)
    }
}

impl CheckoutError {
    /// What is said of requests that no handler gets to see.
    fn outside(&self) -> Wording {
        let (status, reason, message) = match self {
            Self::Method => (
                StatusCode::METHOD_NOT_ALLOWED,
                "METHOD_NOT_ALLOWED",
                "The method is not allowed here.",
            ),
            Self::MediaType => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "UNSUPPORTED_MEDIA_TYPE",
                "Content-Type must be application/json.",
            ),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "PAYLOAD_TOO_LARGE",
                "The body is larger than 1 MiB.",
            ),
            Self::NoSuchPage
            | Self::NotLetIn(_)
            | Self::Body(_)
            | Self::Members(_)
            | Self::Member(..)
            | Self::Opening(..)
            | Self::Sealing(_)
            | Self::CardUnknown
            | Self::ReferenceUnknown
            | Self::Rejected(_) => (
                StatusCode::NOT_FOUND,
                "NOT_FOUND",
                "There is no such resource.",
            ),
        };
        Wording::plain(status, reason, message)
    }

    fn wording(&self) -> Wording {
        let body = |reason, message: Cow<'static, str>, source: &str| Detail {
            reason,
            message,
            place: Place::Body,
            source: source.to_owned(),
        };
        match self {
            Self::NotLetIn(why) => Wording::plain(
                StatusCode::UNAUTHORIZED,
                "UNAUTHENTICATED",
                "Unauthorized - Access Not Granted",
            )
            .with([Detail {
                reason: "INVALID_VALUE",
                message: why.to_string().into(),
                place: Place::Header,
                source: "Authorization".to_owned(),
            }]),
            Self::NoSuchPage | Self::Method | Self::MediaType | Self::TooLarge => self.outside(),
            Self::Body(what) => {
                Wording::malformed().with([body("INVALID_FORMAT", what.clone().into(), "")])
            }
            Self::Members(problems) => Wording::malformed().with(problems.iter().map(of_member)),
            Self::Member(place, name, wrong) => {
                let (reason, message) = wording_of(*wrong);
                Wording::malformed().with([Detail {
                    reason,
                    message: message.into(),
                    place: *place,
                    source: (*name).to_owned(),
                }])
            }
            Self::Opening(member, why) => {
                let message = format!("cannot be decrypted: {why}");
                Wording::malformed().with([body("INVALID_VALUE", message.into(), member)])
            }
            Self::Sealing(_) => internal(),
            Self::CardUnknown => Wording::plain(
                StatusCode::NOT_FOUND,
                "NOT_FOUND",
                "The specified resource is not found.",
            )
            .with([Detail {
                reason: "INVALID_VALUE",
                message: "There is no such card".into(),
                place: Place::Path,
                source: "cardId".to_owned(),
            }]),
            Self::ReferenceUnknown => Wording::malformed().with([body(
                "INVALID_VALUE",
                "The reference is unknown".into(),
                "enrolmentReferenceData.enrolmentReferenceId",
            )]),
            Self::Rejected(rejection) => rejected(*rejection),
        }
    }
}

fn internal() -> Wording {
    Wording::plain(
        StatusCode::INTERNAL_SERVER_ERROR,
        "INTERNAL",
        "Internal server error. Typically a server bug. The client should report this error to the server team.",
    )
}

fn unavailable() -> Wording {
    Wording::plain(
        StatusCode::SERVICE_UNAVAILABLE,
        "UNAVAILABLE",
        "Service unavailable. Typically the server not able to serve the request temporarily. Retry after sometime.",
    )
}

const fn wording_of(wrong: Wrong) -> (&'static str, &'static str) {
    match wrong {
        Wrong::Null => ("CANNOT_BE_NULL", "The supplied value cannot be null"),
        Wrong::Format => ("INVALID_FORMAT", "The format is not correct"),
        Wrong::Value => ("INVALID_VALUE", "The supplied value is not valid"),
    }
}

fn of_member(problem: &Problem) -> Detail {
    let source = problem.pointer.trim_start_matches('/').replace('/', ".");
    let (reason, message) = match problem.flaw {
        Flaw::Missing => ("CANNOT_BE_NULL", "The supplied value cannot be null".into()),
        Flaw::Type => (
            "INVALID_FORMAT",
            format!("{} {}", problem.member(), problem.due).into(),
        ),
        Flaw::Value | Flaw::TooLong => (
            "INVALID_VALUE",
            format!("{} {}", problem.member(), problem.due).into(),
        ),
    };
    Detail {
        reason,
        message,
        place: Place::Body,
        source,
    }
}

/// What the inside refuses: the reasons that the specification and guides show for cards, and for states of a card.
fn rejected(rejection: Rejection) -> Wording {
    use Rejection as R;
    let (wording, reason) = match rejection {
        R::CardNumberInvalid | R::NotATestCard | R::CardVerificationFailed => {
            (Wording::malformed(), "INVALID_PAN")
        }
        R::CardNotEligible | R::CardNotAllowed | R::NetworkNotSupported => {
            (Wording::malformed(), "PAN_INELIGIBLE")
        }
        R::ProvisionDataExpired | R::ProvisionNotAllowed => {
            (Wording::malformed(), "TOKENIZATION_INELIGIBLE")
        }
        R::Declined => (Wording::malformed(), "ISSUER_DECLINED"),
        R::CardExpired | R::InvalidRequest => (Wording::malformed(), "INVALID_VALUE"),
        R::TokenSuspended => (state(), "SUSPENDED_CARD"),
        R::InvalidTokenStatus
        | R::TokenDeleted
        | R::TokenInactive
        | R::TokenExpired
        | R::StateForbids
        | R::ShortCryptogramsOutstanding
        | R::CryptogramsExhausted => (state(), "INVALID_VALUE"),
        R::CardUnknown | R::TokenUnknown | R::TokenMissing => {
            return CheckoutError::CardUnknown.wording();
        }
        R::IssuerUnavailable => (unavailable(), "NO_RESPONSE_FROM_ISSUER"),
        R::ServiceUnavailable | R::StoreUnavailable | R::Contention => return unavailable(),
        R::SystemError | R::AliasUnknown | R::AliasTaken | R::TokenNumbersExhausted => {
            return internal();
        }
    };
    let mut message = rejection.to_string();
    if rejection == R::NotATestCard {
        message.push_str("; to accept numbers like it, start standin with --allow-pan PREFIX");
    }
    let card = matches!(reason, "SUSPENDED_CARD") || wording.reason == "INVALID_STATE";
    wording.with([Detail {
        reason,
        message: message.into(),
        place: Place::Body,
        source: if card {
            "srcDigitalCardId"
        } else {
            "encryptedCard"
        }
        .to_owned(),
    }])
}

fn state() -> Wording {
    Wording::plain(
        StatusCode::BAD_REQUEST,
        "INVALID_STATE",
        "The card is in a state that does not allow this.",
    )
}

impl Refused for CheckoutError {
    fn reason(&self) -> Cow<'static, str> {
        match self {
            Self::NotLetIn(why) => why.to_string().into(),
            Self::Rejected(rejection) => rejection.word().into(),
            Self::Sealing(why) | Self::Opening(_, why) => why.to_string().into(),
            Self::Members(problems) => {
                let each = problems.iter().map(|p| format!("{} {}", p.pointer, p.due));
                each.collect::<Vec<_>>().join("; ").into()
            }
            Self::NoSuchPage
            | Self::Method
            | Self::MediaType
            | Self::TooLarge
            | Self::Body(_)
            | Self::Member(..)
            | Self::CardUnknown
            | Self::ReferenceUnknown => self.wording().message,
        }
    }
}

impl IntoResponse for CheckoutError {
    fn into_response(self) -> Response {
        let Wording {
            status,
            reason,
            message,
            details,
        } = self.wording();
        let mut body = json!({
            "status": status.as_u16(),
            "reason": reason,
            "message": message,
        });
        if !details.is_empty() {
            let details: Vec<Value> = details.iter().map(Detail::shown).collect();
            body["errordetail"] = details.into();
        }
        answer(status, &body)
    }
}

impl Detail {
    fn shown(&self) -> Value {
        let place = match self.place {
            Place::Body => "BODY",
            Place::Header => "HEADER",
            Place::Path => "PATH",
            Place::Query => "QUERY",
        };
        json!({
            "reason": self.reason,
            "message": self.message,
            "source": self.source,
            "sourceType": place,
        })
    }
}

/// What is said of a body beyond the bound.
pub fn too_large() -> Response {
    CheckoutError::TooLarge.into_response()
}
