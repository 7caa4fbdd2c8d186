//! How MDES refuses: the gateway in front of it with one shape, the application with another, and `transact` with a third.

use std::borrow::Cow;

use http::StatusCode;
use serde_json::{Value, json};

use super::request::{response_host, response_id};
use crate::domain::operation::Operation;
use crate::domain::rejection::Rejection;
use crate::operations::requestors::NotLetIn;
use crate::operations::sealing::SealError;
use crate::operations::settings::ApplicationErrorStatus;
use crate::wire::edge::read::{Flaw, Problem};
use crate::wire::edge::sentence::said;
use crate::wire::edge::{
    Answer, Exchange, HttpProblem, Refusal, RequestContext, Wording, json as answer,
};
use crate::wire::mastercard_gateway::GatewayError;

/// Why a call is refused.
pub(super) type MdesError = Refusal<Own>;

/// The reasons that are MDES's own.
#[derive(Debug)]
pub enum Own {
    NotLetIn(NotLetIn),
    /// The member cannot be opened.
    Opening(String, SealError),
    /// An answer cannot be sealed.
    Sealing(SealError),
    /// The requestor is not the one of the credential.
    /// With the one that the caller has.
    OtherRequestor(String),
    TaskTaken,
    TaskUnknown,
    PanReferenceUnknown,
    /// This reference is of no token of the requestor's.
    TokenUnknown(String),
    /// The token, by its reference, cannot do this.
    Token(String, Rejection),
    AssetUnknown,
}

impl From<Own> for MdesError {
    fn from(own: Own) -> Self {
        Self::Own(own)
    }
}

/// Which shape an application error has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A code, a description, and a list of errors.
    List,
    /// One error, flat.
    Flat,
}

impl Shape {
    /// Only `transact` has the flat one.
    fn of(context: &RequestContext) -> Self {
        if context.call.operations.contains(Operation::IssueCryptogram) {
            Self::Flat
        } else {
            Self::List
        }
    }
}

/// An application error, or one item of its list.
struct Item {
    source: &'static str,
    code: &'static str,
    description: Cow<'static, str>,
}

/// What is said of a refusal, and by whom.
enum Words {
    Gateway(GatewayError),
    Application(Vec<Item>),
}

impl Wording for Own {
    fn message(refusal: &MdesError) -> Cow<'static, str> {
        match words(refusal) {
            Words::Gateway(error) => error.description,
            Words::Application(items) => {
                let each: Vec<_> = items.into_iter().map(|item| item.description).collect();
                each.join("; ").into()
            }
        }
    }

    fn answer(refusal: &MdesError, exchange: Exchange<'_>) -> Answer {
        match words(refusal) {
            Words::Gateway(error) => error.answer(),
            Words::Application(items) => {
                let status = application_status(refusal, exchange.context);
                answer(status, application_body(&items, exchange).to_string())
            }
        }
    }

    fn reason(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::NotLetIn(why) => Some(why.to_string().into()),
            Self::Sealing(why) => Some(why.to_string().into()),
            Self::Token(_, rejection) => Some(rejection.word().into()),
            Self::Opening(..)
            | Self::OtherRequestor(_)
            | Self::TaskTaken
            | Self::TaskUnknown
            | Self::PanReferenceUnknown
            | Self::TokenUnknown(_)
            | Self::AssetUnknown => None,
        }
    }
}

/// Of everything but assets the specification says 500; of assets it says nothing.
fn application_status(refusal: &MdesError, context: &RequestContext) -> StatusCode {
    if matches!(refusal, Refusal::Own(Own::AssetUnknown)) {
        return StatusCode::NOT_FOUND;
    }
    let settings = &context.call.space.config.settings.mastercard;
    match settings.application_error_status {
        ApplicationErrorStatus::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
        ApplicationErrorStatus::Ok => StatusCode::OK,
    }
}

fn application_body(items: &[Item], Exchange { request, context }: Exchange<'_>) -> Value {
    let (host, id) = (response_host(request), response_id(request, context));
    let first = items.first();
    let code = first.map(|item| item.code);
    let description = first.map(|item| item.description.as_ref());
    match Shape::of(context) {
        Shape::Flat => json!({
            "responseHost": host,
            "responseId": id,
            "source": first.map(|item| item.source),
            "errorCode": code,
            "description": description,
            "reasonCode": code,
            "errorDescription": description,
        }),
        Shape::List => json!({
            "errorCode": code,
            "errorDescription": description,
            "responseHost": host,
            "responseId": id,
            "errors": items.iter().map(Item::listed).collect::<Vec<_>>(),
        }),
    }
}

impl Item {
    fn listed(&self) -> Value {
        json!({
            "source": self.source,
            "errorCode": self.code,
            "description": self.description,
            "reasonCode": self.code,
            "recoverable": is_recoverable(self.code),
        })
    }
}

fn words(refusal: &MdesError) -> Words {
    match refusal {
        Refusal::Http(problem) => http(problem),
        Refusal::Malformed(what) => input("INVALID_JSON", what.to_string()),
        Refusal::Members(problems) => Words::Application(problems.iter().map(of_member).collect()),
        Refusal::Rejected(rejection) => rejected(*rejection, said(*rejection)),
        // MDES takes no idempotency keys.
        Refusal::Key(_) => http(&HttpProblem::Status(StatusCode::CONFLICT)),
        Refusal::Own(own) => own_words(own),
    }
}

fn own_words(own: &Own) -> Words {
    match own {
        Own::NotLetIn(why) => Words::Gateway(GatewayError::of_stranger(why)),
        Own::Opening(member, why) => {
            let what = format!("{member} cannot be decrypted: {why}");
            input("CRYPTOGRAPHY_ERROR", what)
        }
        Own::Sealing(_) => {
            let what = "The answer could not be encrypted";
            application("MDES", "INTERNAL_SERVICE_FAILURE", what)
        }
        Own::OtherRequestor(own) => {
            let what = format!("tokenRequestorId is not that of the consumer key, which is {own}");
            input("AUTHORIZATION_FAILED", what)
        }
        Own::TaskTaken => input("INVALID_TASK_ID", "taskId has been used before"),
        Own::TaskUnknown => input("INVALID_TASK_ID", "taskId is unknown"),
        Own::PanReferenceUnknown => {
            let what = "fundingAccountInfo.panUniqueReference is unknown";
            input("INVALID_PAN_UNIQUE_REFERENCE", what)
        }
        Own::TokenUnknown(reference) => {
            let what = format!("There is no token {reference}");
            input("INVALID_TOKEN_UNIQUE_REFERENCE", what)
        }
        Own::Token(reference, rejection) => {
            rejected(*rejection, format!("{reference}: {rejection}"))
        }
        Own::AssetUnknown => input("INVALID_FIELD_VALUE", "AssetId names no asset"),
    }
}

/// The gateway says it.
fn http(problem: &HttpProblem) -> Words {
    Words::Gateway(GatewayError::of_http(problem))
}

fn application(
    source: &'static str,
    code: &'static str,
    description: impl Into<Cow<'static, str>>,
) -> Words {
    Words::Application(vec![Item {
        source,
        code,
        description: description.into(),
    }])
}

/// Something is wrong with what was sent.
fn input(code: &'static str, description: impl Into<Cow<'static, str>>) -> Words {
    application("INPUT", code, description)
}

fn of_member(problem: &Problem) -> Item {
    let is_expiry = matches!(problem.member(), "expiryMonth" | "expiryYear");
    let code = match problem.flaw {
        Flaw::Missing if is_expiry => "MISSING_EXPIRY_DATE",
        Flaw::Missing => "MISSING_REQUIRED_FIELD",
        Flaw::Null | Flaw::Type => "INVALID_FIELD_FORMAT",
        Flaw::TooLong => "INVALID_FIELD_LENGTH",
        Flaw::Value => "INVALID_FIELD_VALUE",
    };
    Item {
        source: "INPUT",
        code,
        description: format!("{} {}", problem.dotted(), problem.due).into(),
    }
}

/// Where MDES sees the cause of a refusal, and its reason code (the union of what public sources list).
fn rejected(rejection: Rejection, description: impl Into<Cow<'static, str>>) -> Words {
    use Rejection as R;
    let (source, code) = match rejection {
        R::CardNumberInvalid | R::NotATestCard | R::CardVerificationFailed => {
            ("INPUT", "INVALID_PAN")
        }
        R::CardExpired | R::InvalidRequest => ("INPUT", "INVALID_FIELD_VALUE"),
        R::CardNotEligible | R::CardNotAllowed | R::NetworkNotSupported => {
            ("INPUT", "PAN_INELIGIBLE")
        }
        R::Declined => ("MDES", "ISSUER_DECLINED"),
        R::ProvisionDataExpired | R::ProvisionNotAllowed => ("MDES", "PROVISION_FAILED"),
        R::IssuerUnavailable => ("MDES", "NO_RESPONSE_FROM_ISSUER"),
        R::InvalidTokenStatus
        | R::TokenSuspended
        | R::TokenInactive
        | R::TokenExpired
        | R::StateForbids
        | R::ShortCryptogramsOutstanding
        | R::CryptogramsExhausted => ("INPUT", "INVALID_TOKEN_STATUS"),
        R::TokenDeleted => ("INPUT", "NO_ACTIVE_TOKENS"),
        R::CardUnknown => ("INPUT", "INVALID_PAN_UNIQUE_REFERENCE"),
        R::TokenUnknown | R::TokenMissing => ("INPUT", "INVALID_TOKEN_UNIQUE_REFERENCE"),
        R::AliasUnknown
        | R::AliasTaken
        | R::ServiceUnavailable
        | R::SystemError
        | R::TokenNumbersExhausted
        | R::Contention => ("MDES", "INTERNAL_SERVICE_FAILURE"),
        R::StoreUnavailable | R::StoreFull => {
            return http(&HttpProblem::Status(StatusCode::SERVICE_UNAVAILABLE));
        }
    };
    application(source, code, description)
}

/// Whether the same request may succeed later.
fn is_recoverable(code: &str) -> bool {
    matches!(code, "NO_RESPONSE_FROM_ISSUER" | "INTERNAL_SERVICE_FAILURE")
}
