//! The Agentic Commerce Protocol, as far as a payment service answers it: the call with which an agent hands over a payment
//! method within an allowance. Source: the protocol's repository, version 2026-04-17.

mod auth;
mod errors;
mod requests;
mod routes;

use super::edge::credentials::space_behind;
use super::edge::{Claim, Head, Surface, refuse};
use crate::domain::surface::SurfaceName;
use crate::operations::{SharedConfig, SpaceName};

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::Acp,
    claims: &[Claim::of("agentic_commerce")],
    space_of,
    routes: routes::ROUTES,
    refuse: refuse::<errors::Own>,
    finish: None,
    idempotency_headers: routes::KEYS.headers,
    webhooks: &[],
};

fn space_of(_: &SharedConfig, head: &Head<'_>) -> Option<SpaceName> {
    space_behind(auth::key(head.headers)?)
}
