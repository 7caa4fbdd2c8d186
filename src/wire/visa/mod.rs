//! Visa's token service for token requestors (VTS): card enrolment, tokens, payment data, life cycle and step-up, as visa/mcp's
//! api-client and visa/vic-reference-agent call it. No public document describes the whole API: what no source shows is
//! standin's own choice and is said to be where it is made.

mod answers;
mod auth;
mod content;
mod enrolments;
mod errors;
mod messages;
mod notifications;
mod requests;
mod routes;
mod sealed;
mod step_up;
mod tokens;

use super::edge::credentials::space_behind;
use super::edge::{Claim, Head, Surface, refuse};
use crate::domain::surface::SurfaceName;
use crate::operations::{SharedConfig, SpaceName};

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::Visa,
    claims: &[Claim::of("vts")],
    space_of,
    routes: routes::ROUTES,
    refuse: refuse::<errors::Own>,
    finish: Some(answers::finish),
    idempotency_headers: &[],
    webhooks: &[notifications::PROFILE],
    pages: &[],
};

fn space_of(_: &SharedConfig, head: &Head<'_>) -> Option<SpaceName> {
    space_behind(&auth::api_key(head.query)?)
}
