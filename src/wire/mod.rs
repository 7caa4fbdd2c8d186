//! The impersonated surfaces. Each speaks one API in its own words: it authenticates, parses, asks `operations`, and words
//! the answer. Surfaces share what is below them and this folder's three mechanisms, and know nothing of each other.

pub mod address;
pub mod body;
pub mod calm;
pub mod cmp;
pub mod oauth;
pub mod vault;
mod visit;

pub use visit::{Refused, Told, Visit};

/// One impersonated API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Surface {
    OAuth,
    Cmp,
    Calm,
    Vault,
}

impl Surface {
    pub const ALL: [Self; 4] = [Self::OAuth, Self::Cmp, Self::Calm, Self::Vault];

    /// The word for it in journals, rules and the control plane.
    pub const fn word(self) -> &'static str {
        match self {
            Self::OAuth => "oauth",
            Self::Cmp => "cmp",
            Self::Calm => "calm",
            Self::Vault => "vault",
        }
    }

    /// Its routes. Each handler expects the desk of the request's space as an extension.
    pub fn router(self) -> axum::Router {
        match self {
            Self::OAuth => oauth::routes::router(),
            Self::Cmp => cmp::routes::router(),
            Self::Calm => calm::routes::router(),
            Self::Vault => vault::routes::router(),
        }
    }

    /// What it says of a body that is larger than it may be.
    pub fn too_large(self) -> axum::response::Response {
        match self {
            Self::OAuth => oauth::errors::too_large(),
            Self::Cmp => cmp::errors::too_large(),
            Self::Calm => calm::errors::too_large(),
            Self::Vault => vault::errors::too_large(),
        }
    }
}
