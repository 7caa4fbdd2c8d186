//! How MDES refuses: the gateway in front of it with one shape, the application with another, and `transact` with a third.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

use super::request::json as answer;
use crate::crypto::oauth1::OauthError;
use crate::domain::rejection::Rejection;
use crate::operations::requestors::NotLetIn;
use crate::operations::sealing::SealError;
use crate::wire::Refused;
use crate::wire::body::{Flaw, Problem};

const TOO_LARGE: &str = "The body is larger than 1 MiB.";

/// Why a call is refused.
#[derive(Debug)]
pub enum MdesError {
    NotLetIn(NotLetIn),
    NoSuchPage,
    Method,
    MediaType,
    TooLarge,
    /// The body is no JSON object.
    Body(String),
    Members(Vec<Problem>),
    /// The member cannot be opened.
    Opening(String, SealError),
    /// An answer cannot be sealed.
    Sealing(SealError),
    /// The requestor is not the one of the credential.
    OtherRequestor,
    TaskTaken,
    TaskUnknown,
    PanReferenceUnknown,
    /// This reference is of no token of the requestor's.
    TokenUnknown(String),
    /// The token, by its reference, cannot do this.
    Token(String, Rejection),
    AssetUnknown,
    Rejected(Rejection),
}

impl From<Rejection> for MdesError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

/// Which shape an application error has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A code, a description, and a list of errors.
    List,
    /// One error, flat.
    Flat,
}

/// A refusal with all that its wording needs.
#[derive(Debug)]
pub(super) struct Worded {
    pub(super) error: MdesError,
    pub(super) shape: Shape,
    /// Of an application error.
    pub(super) status: StatusCode,
    pub(super) response_host: String,
    pub(super) response_id: String,
}

/// An application error, or one item of its list.
struct Item {
    source: &'static str,
    code: &'static str,
    description: Cow<'static, str>,
}

/// What is said of an error, and by whom.
enum Wording {
    Gateway(StatusCode, &'static str, Cow<'static, str>),
    Application(Vec<Item>),
}

impl MdesError {
    fn wording(&self) -> Wording {
        let gateway =
            |status, code, text: &'static str| Wording::Gateway(status, code, text.into());
        let input = |code, text: Cow<'static, str>| application("INPUT", code, text);
        match self {
            Self::NotLetIn(why) => {
                let (code, description) = not_let_in(why);
                Wording::Gateway(StatusCode::UNAUTHORIZED, code, description)
            }
            Self::NoSuchPage => gateway(
                StatusCode::NOT_FOUND,
                "NOT_FOUND",
                "There is no such resource.",
            ),
            Self::Method => gateway(
                StatusCode::METHOD_NOT_ALLOWED,
                "METHOD_NOT_ALLOWED",
                "The method is not allowed here.",
            ),
            Self::MediaType => gateway(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "UNSUPPORTED_MEDIA_TYPE",
                "Content-Type must be application/json.",
            ),
            Self::TooLarge => gateway(
                StatusCode::PAYLOAD_TOO_LARGE,
                "PAYLOAD_TOO_LARGE",
                TOO_LARGE,
            ),
            Self::Members(problems) => {
                Wording::Application(problems.iter().map(of_member).collect())
            }
            Self::Body(what) => input("INVALID_JSON", what.clone().into()),
            Self::Opening(member, why) => input(
                "CRYPTOGRAPHY_ERROR",
                format!("{member} cannot be decrypted: {why}").into(),
            ),
            Self::Sealing(_) => application(
                "MDES",
                "INTERNAL_SERVICE_FAILURE",
                "The answer could not be encrypted".into(),
            ),
            Self::OtherRequestor => input(
                "AUTHORIZATION_FAILED",
                "tokenRequestorId is not that of the consumer key".into(),
            ),
            Self::TaskTaken => input("INVALID_TASK_ID", "taskId has been used before".into()),
            Self::TaskUnknown => input("INVALID_TASK_ID", "taskId is unknown".into()),
            Self::PanReferenceUnknown => input(
                "INVALID_PAN_UNIQUE_REFERENCE",
                "fundingAccountInfo.panUniqueReference is unknown".into(),
            ),
            Self::TokenUnknown(reference) => input(
                "INVALID_TOKEN_UNIQUE_REFERENCE",
                format!("There is no token {reference}").into(),
            ),
            Self::AssetUnknown => input("INVALID_FIELD_VALUE", "AssetId names no asset".into()),
            Self::Token(_, Rejection::StoreUnavailable)
            | Self::Rejected(Rejection::StoreUnavailable) => unavailable(),
            Self::Token(reference, rejection) => {
                let (source, code) = rejected(*rejection);
                application(source, code, format!("{reference}: {rejection}").into())
            }
            Self::Rejected(rejection) => {
                let (source, code) = rejected(*rejection);
                application(source, code, said(*rejection))
            }
        }
    }
}

fn application(
    source: &'static str,
    code: &'static str,
    description: Cow<'static, str>,
) -> Wording {
    Wording::Application(vec![Item {
        source,
        code,
        description,
    }])
}

fn said(rejection: Rejection) -> Cow<'static, str> {
    let mut said = rejection.to_string();
    if rejection == Rejection::NotATestCard {
        said.push_str("; to accept numbers like it, start standin with --allow-pan PREFIX");
    }
    said.into()
}

/// The three reason codes that sources show for the gateway, and what each covers here.
fn not_let_in(why: &NotLetIn) -> (&'static str, Cow<'static, str>) {
    match why {
        NotLetIn::Oauth(OauthError::Signature) => (
            "AUTHENTICATION_FAILED",
            "OAuth signatures did not match.".into(),
        ),
        NotLetIn::Oauth(
            OauthError::Stale { .. }
            | OauthError::Early { .. }
            | OauthError::BodyHash
            | OauthError::Scheme,
        )
        | NotLetIn::NoHeader
        | NotLetIn::OtherSpace
        | NotLetIn::Replayed
        | NotLetIn::Key(_) => ("AUTHENTICATION_FAILED", why.to_string().into()),
        NotLetIn::Oauth(
            OauthError::TooLong
            | OauthError::Malformed { .. }
            | OauthError::Duplicate { .. }
            | OauthError::Missing { .. }
            | OauthError::Version
            | OauthError::SignatureMethod
            | OauthError::Timestamp,
        ) => (
            "INVALID_OAUTH_SBS",
            format!("Problem with signature base string. {why}").into(),
        ),
        NotLetIn::Client => ("INVALID_CLIENT_ID", "The consumer key is unknown.".into()),
    }
}

fn of_member(problem: &Problem) -> Item {
    let is_expiry = matches!(problem.member(), "expiryMonth" | "expiryYear");
    let code = match problem.flaw {
        Flaw::Missing if is_expiry => "MISSING_EXPIRY_DATE",
        Flaw::Missing => "MISSING_REQUIRED_FIELD",
        Flaw::Type => "INVALID_FIELD_FORMAT",
        Flaw::TooLong => "INVALID_FIELD_LENGTH",
        Flaw::Value => "INVALID_FIELD_VALUE",
    };
    let place = problem.pointer.trim_start_matches('/').replace('/', ".");
    Item {
        source: "INPUT",
        code,
        description: format!("{place} {}", problem.due).into(),
    }
}

/// The gateway says so: no application has been reached.
fn unavailable() -> Wording {
    Wording::Gateway(
        StatusCode::SERVICE_UNAVAILABLE,
        "SERVICE_UNAVAILABLE",
        "The service is unavailable. Try again later.".into(),
    )
}

/// Where MDES sees the cause of a refusal, and its reason code (the union of what public sources list).
const fn rejected(rejection: Rejection) -> (&'static str, &'static str) {
    use Rejection as R;
    match rejection {
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
        | R::StoreUnavailable
        | R::SystemError
        | R::TokenNumbersExhausted
        | R::Contention => ("MDES", "INTERNAL_SERVICE_FAILURE"),
    }
}

/// Whether the same request may succeed later.
fn is_recoverable(code: &str) -> bool {
    matches!(code, "NO_RESPONSE_FROM_ISSUER" | "INTERNAL_SERVICE_FAILURE")
}

impl Refused for Worded {
    fn reason(&self) -> Cow<'static, str> {
        if let MdesError::NotLetIn(why) = &self.error {
            return why.to_string().into();
        }
        if let MdesError::Sealing(why) = &self.error {
            return why.to_string().into();
        }
        if let MdesError::Rejected(rejection) | MdesError::Token(_, rejection) = &self.error {
            return rejection.word().into();
        }
        match self.error.wording() {
            Wording::Gateway(_, _, description) => description,
            Wording::Application(items) => {
                let each: Vec<_> = items.into_iter().map(|item| item.description).collect();
                each.join("; ").into()
            }
        }
    }
}

impl IntoResponse for Worded {
    fn into_response(self) -> Response {
        let items = match self.error.wording() {
            Wording::Gateway(status, code, description) => {
                return gateway(status, code, &description);
            }
            Wording::Application(items) => items,
        };
        let first = items.first();
        let code = first.map(|item| item.code);
        let description = first.map(|item| item.description.as_ref());
        let body = match self.shape {
            Shape::Flat => json!({
                "responseHost": self.response_host,
                "responseId": self.response_id,
                "source": first.map(|item| item.source),
                "errorCode": code,
                "description": description,
                "reasonCode": code,
                "errorDescription": description,
            }),
            Shape::List => json!({
                "errorCode": code,
                "errorDescription": description,
                "responseHost": self.response_host,
                "responseId": self.response_id,
                "errors": items.iter().map(Item::listed).collect::<Vec<_>>(),
            }),
        };
        // Of everything else the specification says 500; of assets it says nothing.
        let is_asset = matches!(self.error, MdesError::AssetUnknown);
        let status = if is_asset {
            StatusCode::NOT_FOUND
        } else {
            self.status
        };
        answer(status, &body)
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

fn gateway(status: StatusCode, code: &str, description: &str) -> Response {
    let error = json!({
        "Source": "Gateway",
        "ReasonCode": code,
        "Description": description,
        "Recoverable": status.is_server_error(),
        "Details": null,
    });
    answer(status, &json!({ "Errors": { "Error": [error] } }))
}

/// What the gateway says of a body beyond the bound.
pub fn too_large() -> Response {
    let status = StatusCode::PAYLOAD_TOO_LARGE;
    gateway(status, "PAYLOAD_TOO_LARGE", TOO_LARGE)
}
