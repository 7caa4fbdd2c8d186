//! How Checkout Solutions refuses. The gateway in front of it refuses whoever is not let in. Everything else has a status, a
//! reason that names its kind, and details that name causes and places.

use std::borrow::Cow;

use http::StatusCode;
use serde_json::{Value, json};

use super::request::Wrong;
use crate::domain::rejection::Rejection;
use crate::operations::requestors::NotLetIn;
use crate::operations::sealing::SealError;
use crate::wire::edge::read::{Flaw, Problem};
use crate::wire::edge::sentence::said;
use crate::wire::edge::{Answer, Exchange, HttpProblem, Refusal, Wording, json as answer};
use crate::wire::mastercard_gateway::GatewayError;

const MALFORMED: &str =
    "Cannot process the request because it is malformed or has incorrect/missing fields or values.";

/// Why a call is refused.
pub(super) type CheckoutError = Refusal<Own>;

/// The reasons that are Checkout Solutions' own.
#[derive(Debug)]
pub enum Own {
    NotLetIn(NotLetIn),
    /// A member of the path or the query.
    Member(Place, &'static str, Wrong),
    /// A member cannot be opened.
    Opening(&'static str, SealError),
    /// An answer cannot be sealed or signed.
    Sealing(SealError),
    CardUnknown,
    /// The reference of an enrolment leads nowhere.
    ReferenceUnknown,
}

impl From<Own> for CheckoutError {
    fn from(own: Own) -> Self {
        Self::Own(own)
    }
}

/// Where a member stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Body,
    Header,
    Path,
    Query,
}

/// One of `errordetail`.
struct Detail {
    reason: &'static str,
    message: Cow<'static, str>,
    place: Place,
    source: String,
}

/// What is said of a refusal.
struct Words {
    status: StatusCode,
    reason: Cow<'static, str>,
    message: Cow<'static, str>,
    details: Vec<Detail>,
}

impl Words {
    fn plain(
        status: StatusCode,
        reason: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            status,
            reason: reason.into(),
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

impl Wording for Own {
    fn message(refusal: &CheckoutError) -> Cow<'static, str> {
        words(refusal).message
    }

    fn answer(refusal: &CheckoutError, _: Exchange<'_>) -> Answer {
        if let Refusal::Own(Own::NotLetIn(why)) = refusal {
            return GatewayError::of_stranger(why).answer();
        }
        let Words {
            status,
            reason,
            message,
            details,
        } = words(refusal);
        let mut body = json!({
            "status": status.as_u16(),
            "reason": reason,
            "message": message,
        });
        if !details.is_empty() {
            let details: Vec<Value> = details.iter().map(Detail::shown).collect();
            body["errordetail"] = details.into();
        }
        answer(status, body.to_string())
    }

    fn reason(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::NotLetIn(why) => Some(why.to_string().into()),
            Self::Sealing(why) | Self::Opening(_, why) => Some(why.to_string().into()),
            Self::Member(..) | Self::CardUnknown | Self::ReferenceUnknown => None,
        }
    }
}

fn words(refusal: &CheckoutError) -> Words {
    match refusal {
        Refusal::Http(problem) => http(problem),
        Refusal::Malformed(what) => Words::malformed().with([Detail {
            reason: "INVALID_FORMAT",
            ..in_body("", what.to_string())
        }]),
        Refusal::Members(problems) => Words::malformed().with(problems.iter().map(of_member)),
        Refusal::Rejected(rejection) => rejected(*rejection),
        // Checkout Solutions takes no idempotency keys.
        Refusal::Key(_) => http(&HttpProblem::Status(StatusCode::CONFLICT)),
        Refusal::Own(own) => own_words(own),
    }
}

fn own_words(own: &Own) -> Words {
    match own {
        // The gateway answers.
        Own::NotLetIn(why) => Words::plain(
            StatusCode::UNAUTHORIZED,
            "UNAUTHENTICATED",
            GatewayError::of_stranger(why).description,
        ),
        Own::Member(place, name, wrong) => {
            let (reason, message) = wording_of(*wrong);
            Words::malformed().with([Detail {
                reason,
                place: *place,
                ..in_body(name, message)
            }])
        }
        Own::Opening(member, why) => {
            let message = format!("cannot be decrypted: {why}");
            Words::malformed().with([in_body(member, message)])
        }
        Own::Sealing(_) => internal(),
        Own::CardUnknown => card_unknown(),
        Own::ReferenceUnknown => Words::malformed().with([in_body(
            "enrolmentReferenceData.enrolmentReferenceId",
            "The reference is unknown",
        )]),
    }
}

/// A member of the body has an invalid value.
fn in_body(source: &str, message: impl Into<Cow<'static, str>>) -> Detail {
    Detail {
        reason: "INVALID_VALUE",
        message: message.into(),
        place: Place::Body,
        source: source.to_owned(),
    }
}

/// Its reason is the title of the status.
fn http(problem: &HttpProblem) -> Words {
    let reason = problem.code('_').to_ascii_uppercase();
    Words::plain(problem.status(), reason, problem.sentence())
}

fn card_unknown() -> Words {
    Words::plain(
        StatusCode::NOT_FOUND,
        "NOT_FOUND",
        "The specified resource is not found.",
    )
    .with([Detail {
        place: Place::Path,
        ..in_body("cardId", "There is no such card")
    }])
}

fn internal() -> Words {
    Words::plain(
        StatusCode::INTERNAL_SERVER_ERROR,
        "INTERNAL",
        "Internal server error. Typically a server bug. The client should report this error to the server team.",
    )
}

fn unavailable() -> Words {
    Words::plain(
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
    let (reason, message) = match problem.flaw {
        Flaw::Missing | Flaw::Null => {
            ("CANNOT_BE_NULL", "The supplied value cannot be null".into())
        }
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
        source: problem.dotted(),
    }
}

/// What the inside refuses: the reasons that the specification and guides show for cards, and for states of a card.
fn rejected(rejection: Rejection) -> Words {
    use Rejection as R;
    let (wording, reason) = match rejection {
        R::CardNumberInvalid | R::NotATestCard | R::CardVerificationFailed => {
            (Words::malformed(), "INVALID_PAN")
        }
        R::CardNotEligible | R::CardNotAllowed | R::NetworkNotSupported => {
            (Words::malformed(), "PAN_INELIGIBLE")
        }
        R::ProvisionDataExpired | R::ProvisionNotAllowed => {
            (Words::malformed(), "TOKENIZATION_INELIGIBLE")
        }
        R::Declined => (Words::malformed(), "ISSUER_DECLINED"),
        R::CardExpired | R::InvalidRequest => (Words::malformed(), "INVALID_VALUE"),
        R::TokenSuspended => (state(), "SUSPENDED_CARD"),
        R::InvalidTokenStatus
        | R::TokenDeleted
        | R::TokenInactive
        | R::TokenExpired
        | R::StateForbids
        | R::ShortCryptogramsOutstanding
        | R::CryptogramsExhausted => (state(), "INVALID_VALUE"),
        R::CardUnknown | R::TokenUnknown | R::TokenMissing => {
            return card_unknown();
        }
        R::IssuerUnavailable => (unavailable(), "NO_RESPONSE_FROM_ISSUER"),
        R::ServiceUnavailable | R::StoreUnavailable | R::StoreFull | R::Contention => {
            return unavailable();
        }
        R::SystemError | R::AliasUnknown | R::AliasTaken | R::TokenNumbersExhausted => {
            return internal();
        }
    };
    let card = matches!(reason, "SUSPENDED_CARD") || wording.reason == "INVALID_STATE";
    wording.with([Detail {
        reason,
        message: said(rejection).into(),
        place: Place::Body,
        source: if card {
            "srcDigitalCardId"
        } else {
            "encryptedCard"
        }
        .to_owned(),
    }])
}

fn state() -> Words {
    Words::plain(
        StatusCode::BAD_REQUEST,
        "INVALID_STATE",
        "The card is in a state that does not allow this.",
    )
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
