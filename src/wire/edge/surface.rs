//! What a surface is: one value, made of rows and functions.

use http::HeaderMap;

use super::run::EdgeRefusal;
use super::webhook::WebhookProfile;
use super::{Answer, Exchange, Route, SurfaceRefused};
use crate::domain::surface::SurfaceName;
use crate::operations::access::Access;
use crate::operations::{SharedConfig, SpaceName};

/// One impersonated API.
#[derive(Debug)]
pub struct Surface {
    pub name: SurfaceName,
    /// Which requests are its own.
    pub claims: &'static [Claim],
    /// The space that the request's credential names.
    pub space_of: fn(&SharedConfig, &Head<'_>) -> Option<SpaceName>,
    pub routes: &'static [Route],
    /// Words what is refused before a handler is asked, or instead of it.
    pub refuse: fn(EdgeRefusal, Exchange<'_>) -> SurfaceRefused,
    /// Adds what every answer carries.
    pub finish: Option<fn(&mut Answer, Exchange<'_>)>,
    /// In which headers an idempotency key comes.
    pub idempotency_headers: &'static [&'static str],
    /// How receivers of its webhooks are told.
    pub webhooks: &'static [WebhookProfile],
    /// What the paths of its pages begin with, to which pages of others may lead: those in which customers pay, or are
    /// authenticated. Whoever is led to any other path is refused.
    pub pages: &'static [&'static str],
}

impl Surface {
    /// Whether a page of its own is at this path.
    pub fn has_page(&self, path: &str) -> bool {
        self.pages.iter().any(|place| path.starts_with(place))
    }
}

/// A request as far as it must be known to find out whom it is addressed to.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    pub query: &'a str,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
    /// Whom the request's access token lets in, where the connection knows that already.
    pub access: Option<&'a Access>,
}

/// The first part of a path that belongs to a surface.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    pub first: First,
    /// Of two surfaces that share a path, the one whose credentials can be told has this.
    pub credential: Option<fn(&HeaderMap) -> bool>,
}

/// How the first part of a path is known.
#[derive(Debug, Clone, Copy)]
pub enum First {
    Is(&'static str),
    Like(fn(&str) -> bool),
}

impl Claim {
    pub const fn of(first: &'static str) -> Self {
        Self {
            first: First::Is(first),
            credential: None,
        }
    }

    /// Whether a first part that begins with this byte can be meant.
    pub const fn begins(&self, byte: u8) -> bool {
        match self.first {
            First::Is(own) => own.as_bytes()[0] == byte,
            First::Like(_) => true,
        }
    }

    /// Whether paths that begin so can be meant.
    pub fn is_of(&self, first: &str) -> bool {
        match self.first {
            First::Is(own) => own == first,
            First::Like(own) => own(first),
        }
    }
}
