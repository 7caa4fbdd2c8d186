//! The Agentic Commerce Protocol, as far as a payment service answers it: the call with which an agent hands over a payment
//! method within an allowance. Source: the protocol's repository, version 2026-04-17.

pub(super) mod auth;
pub mod errors;
mod requests;
pub mod routes;

use super::edge::credentials::space_behind;
use super::edge::{Claim, Head, Surface};
use super::old::Old;
use crate::domain::surface::SurfaceName;
use crate::operations::{SharedConfig, SpaceName};

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::Acp,
    claims: &[Claim::of("agentic_commerce")],
    space_of,
    routes: &[],
    refuse: super::old::refuse,
    finish: None,
    idempotency_headers: &["idempotency-key", "cko-idempotency-key"],
    webhooks: &[],
    old: Some(Old {
        router: routes::router,
        too_large: errors::too_large,
    }),
};

fn space_of(_: &SharedConfig, head: &Head<'_>) -> Option<SpaceName> {
    space_behind(auth::key(head.headers)?)
}
