//! Why a request is refused. Most reasons are the same at every surface; a surface adds its own and words them all in one
//! table without a wildcard.

use std::borrow::Cow;
use std::fmt::Debug;

use http::StatusCode;

use super::document::Malformed;
use super::headers::HeaderProblem;
use super::http_problem::HttpProblem;
use super::idempotency::KeyProblem;
use super::read::{Nulls, Problem};
use super::{Answer, Request, RequestContext};
use crate::domain::rejection::Rejection;

/// Why a request is refused, with the reasons that only this surface has.
#[derive(Debug)]
pub enum Refusal<Own> {
    /// It is wrong as HTTP has it.
    Http(HttpProblem),
    /// The body cannot be read at all.
    Malformed(Malformed),
    /// Members of it are wrong: every problem that was found, in the order of reading.
    Members(Vec<Problem>),
    /// The inside refuses.
    Rejected(Rejection),
    /// The idempotency key cannot be used.
    Key(KeyProblem),
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

    /// What is wrong as HTTP has it.
    pub(in crate::wire) fn of_http(problem: &HttpProblem) -> Self {
        Self::new(
            problem.status(),
            problem.code('_'),
            problem.in_small_letters(),
        )
    }

    /// A status and nothing more.
    pub(in crate::wire) fn of_status(status: StatusCode) -> Self {
        Self::of_http(&HttpProblem::Status(status))
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
            Self::Http(_) | Self::Malformed(_) | Self::Key(_) => Own::message(self),
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
    /// Whether it is answered in front of the surface.
    pub const fn is_in_front(&self) -> bool {
        matches!(self, Self::Http(problem) if problem.is_in_front())
    }

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

impl<Own> From<HttpProblem> for Refusal<Own> {
    fn from(problem: HttpProblem) -> Self {
        Self::Http(problem)
    }
}

impl<Own> From<HeaderProblem> for Refusal<Own> {
    fn from(problem: HeaderProblem) -> Self {
        Self::Http(HttpProblem::Header(problem))
    }
}

impl<Own> From<KeyProblem> for Refusal<Own> {
    fn from(problem: KeyProblem) -> Self {
        Self::Key(problem)
    }
}
