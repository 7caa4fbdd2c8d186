//! Visa's token service for token requestors (VTS): card enrolment, tokens, payment data, life cycle and step-up, as visa/mcp's
//! api-client and visa/vic-reference-agent call it. No public document describes the whole API: what no source shows is
//! standin's own choice and is said to be where it is made.

mod answers;
pub mod auth;
mod content;
mod enrolments;
pub mod errors;
mod messages;
pub mod notifications;
mod requests;
pub mod routes;
mod sealed;
mod step_up;
mod tokens;

use super::edge::credentials::space_behind;
use super::edge::{Claim, Head, Surface};
use super::old::Old;
use crate::domain::surface::SurfaceName;
use crate::operations::{SharedConfig, SpaceName};

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::Visa,
    claims: &[Claim::of("vts")],
    space_of,
    routes: &[],
    refuse: super::old::refuse,
    finish: None,
    idempotency_headers: &[],
    old: Some(Old {
        router: routes::router,
        too_large: errors::too_large,
    }),
};

fn space_of(_: &SharedConfig, head: &Head<'_>) -> Option<SpaceName> {
    space_behind(&auth::api_key(head.query)?)
}
