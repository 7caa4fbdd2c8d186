//! What is wrong with a request as HTTP has it, whatever it asks for. Documents of APIs are mostly silent about these, so that
//! the same is said everywhere, and a surface puts it into its own form.

use std::borrow::Cow;

use http::header::ALLOW;
use http::{HeaderName, HeaderValue, StatusCode};

use super::headers::HeaderProblem;
use super::sentence::in_small_letters;
use super::{code_of, title_of};

/// See the module.
#[derive(Debug)]
pub enum HttpProblem {
    /// Nothing is at this path.
    NoSuchPath,
    /// Something is at this path, but not for this method. These are.
    Method(Vec<&'static str>),
    /// The body is of another media type than this one, which the route takes.
    MediaType(&'static str),
    /// A header that decides something cannot be used.
    Header(HeaderProblem),
    /// The body is larger than it may be.
    TooLarge,
    /// The body did not arrive in time.
    TooSlow,
    /// Something in front of the surface fails with this status, as a fault rule asks, or for want of room.
    Status(StatusCode),
}

impl HttpProblem {
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NoSuchPath => StatusCode::NOT_FOUND,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::MediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Header(problem) => problem.status(),
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Status(status) => *status,
        }
    }

    /// Whether it is answered in front of the surface, which learns nothing of the request.
    pub const fn is_in_front(&self) -> bool {
        matches!(self, Self::TooSlow | Self::Status(_))
    }

    /// The title of its status as a code, with `between` between the words.
    pub fn code(&self, between: char) -> String {
        code_of(self.status(), between)
    }

    /// What is wrong, from a capital letter to no period. Of what is answered in front, the title of the status.
    pub fn text(&self) -> Cow<'static, str> {
        match self {
            Self::NoSuchPath => "There is no such resource".into(),
            Self::Method(_) => "The method is not allowed here".into(),
            Self::MediaType(due) => format!("The content type must be {due}").into(),
            Self::Header(problem) => problem.to_string().into(),
            Self::TooLarge => "The body is larger than 1 MiB".into(),
            Self::TooSlow | Self::Status(_) => title_of(self.status()).into(),
        }
    }

    /// The same with a period, unless it is a title.
    pub fn sentence(&self) -> Cow<'static, str> {
        if self.is_in_front() {
            self.text()
        } else {
            format!("{}.", self.text()).into()
        }
    }

    /// The same for surfaces whose sentences begin with a small letter.
    pub fn in_small_letters(&self) -> Cow<'static, str> {
        if self.is_in_front() {
            self.text()
        } else {
            in_small_letters(&self.text()).into()
        }
    }

    /// What tells the client how to do better, as HTTP has it: the methods (RFC 9110, section 15.5.6), or how to send a body.
    pub fn advice(&self) -> Option<(HeaderName, HeaderValue)> {
        match self {
            Self::Method(methods) => {
                let head = methods.contains(&"GET").then_some("HEAD");
                let methods: Vec<_> = methods.iter().copied().chain(head).collect();
                Some((ALLOW, methods.join(",").parse().ok()?))
            }
            Self::Header(problem) => problem.advice(),
            Self::NoSuchPath
            | Self::MediaType(_)
            | Self::TooLarge
            | Self::TooSlow
            | Self::Status(_) => None,
        }
    }
}
