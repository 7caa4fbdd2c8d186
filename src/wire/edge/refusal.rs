//! Why a request is refused. Most reasons are the same at every surface; a surface adds its own and words them all in one
//! table without a wildcard.

use std::borrow::Cow;
use std::fmt::Debug;

use http::StatusCode;

use super::document::Malformed;
use super::headers::HeaderProblem;
use super::idempotency::KeyProblem;
use super::read::{Nulls, Problem};
use super::{Answer, Request, RequestContext, code_of, title_of};
use crate::domain::rejection::Rejection;

/// Why a request is refused, with the reasons that only this surface has.
#[derive(Debug)]
pub enum Refusal<Own> {
    /// Nothing is at this path.
    NoSuchPath,
    /// Something is at this path, but not for this method. These are.
    Method(Vec<&'static str>),
    /// The body is of another media type than the route takes.
    MediaType,
    /// A header that decides something cannot be used.
    Header(HeaderProblem),
    /// The body is larger than it may be.
    TooLarge,
    /// The body did not arrive in time.
    TooSlow,
    /// The body cannot be read at all.
    Malformed(Malformed),
    /// Members of it are wrong: every problem that was found, in the order of reading.
    Members(Vec<Problem>),
    /// The inside refuses.
    Rejected(Rejection),
    /// The idempotency key cannot be used.
    Key(KeyProblem),
    /// Something in front of the surface fails with this status, as a fault rule asks.
    Status(StatusCode),
    Own(Own),
}

/// A request, and what is known of it when it is answered.
#[derive(Debug, Clone, Copy)]
pub struct Exchange<'a> {
    pub request: &'a Request,
    pub context: &'a RequestContext,
}

/// How a surface words refusals. Implemented by its own reasons.
pub trait Wording: Debug + Send + Sized + 'static {
    /// What a null says at the surface. One whose documents or clients have a use for it says so here.
    const NULLS: Nulls = Nulls::Wrong;

    /// The sentence that the client is told, which serves the journal where the client learns the true reason.
    fn message(refusal: &Refusal<Self>) -> Cow<'static, str>;

    /// The whole answer.
    fn answer(refusal: &Refusal<Self>, exchange: Exchange<'_>) -> Answer;

    /// The true reason, where the client is told less than that.
    fn reason(&self) -> Option<Cow<'static, str>> {
        None
    }
}

/// What most APIs say of a refusal.
#[derive(Debug)]
pub(in crate::wire) struct Words {
    pub(in crate::wire) status: StatusCode,
    pub(in crate::wire) code: Cow<'static, str>,
    pub(in crate::wire) message: Cow<'static, str>,
}

impl Words {
    pub(in crate::wire) fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
        }
    }

    /// A status and nothing more: its code and its message are its title.
    pub(in crate::wire) fn of_status(status: StatusCode) -> Self {
        Self::new(status, code_of(status, '_'), title_of(status))
    }

    /// The path is not one of the API's. An API whose documents are silent about this says so, and about the three below.
    pub(in crate::wire) fn no_such_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "no such resource")
    }

    /// The path is there, the method is not.
    pub(in crate::wire) fn another_method() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "this path takes another method",
        )
    }

    /// The body is of another media type than the one that the API takes.
    pub(in crate::wire) fn not_json() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "the content type must be application/json",
        )
    }

    /// A header cannot be used.
    pub(in crate::wire) fn header(problem: HeaderProblem) -> Self {
        let status = problem.status();
        Self::new(status, code_of(status, '_'), problem.in_small_letters())
    }

    /// The body is larger than any may be.
    pub(in crate::wire) fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_large",
            "the body is larger than 1 MiB",
        )
    }
}

/// A refusal that has been worded.
#[derive(Debug)]
pub struct SurfaceRefused {
    pub answer: Answer,
    /// The true reason, for the journal.
    pub reason: Cow<'static, str>,
}

impl<Own: Wording> Refusal<Own> {
    /// The true reason, for the journal.
    pub fn reason(&self) -> Cow<'static, str> {
        match self {
            Self::Members(problems) => {
                let each = problems.iter();
                let each: Vec<_> = each.map(|p| format!("{} {}", p.pointer, p.due)).collect();
                each.join("; ").into()
            }
            Self::Rejected(rejection) => rejection.word().into(),
            Self::Own(own) => own.reason().unwrap_or_else(|| Own::message(self)),
            Self::NoSuchPath
            | Self::Method(_)
            | Self::MediaType
            | Self::Header(_)
            | Self::TooLarge
            | Self::TooSlow
            | Self::Malformed(_)
            | Self::Key(_)
            | Self::Status(_) => Own::message(self),
        }
    }

    /// Words it.
    pub fn worded(&self, exchange: Exchange<'_>) -> SurfaceRefused {
        SurfaceRefused {
            answer: Own::answer(self, exchange),
            reason: self.reason(),
        }
    }
}

impl<Own> Refusal<Own> {
    /// Something was not found, which the surface has a reason of its own for. Records that cannot be reached are not
    /// missing.
    pub fn missing(why: Rejection, own: Own) -> Self {
        if why.is_of_the_store() {
            Self::Rejected(why)
        } else {
            Self::Own(own)
        }
    }
}

impl<Own> From<Rejection> for Refusal<Own> {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl<Own> From<HeaderProblem> for Refusal<Own> {
    fn from(problem: HeaderProblem) -> Self {
        Self::Header(problem)
    }
}

impl<Own> From<KeyProblem> for Refusal<Own> {
    fn from(problem: KeyProblem) -> Self {
        Self::Key(problem)
    }
}
