//! The token service that the orchestrator hyperswitch speaks to by configuration: generate, fetch with a cryptogram, status,
//! delete. Source: the network tokenization module of juspay/hyperswitch. Its call-back comes later.

mod auth;
mod errors;
mod messages;
mod notifications;
mod requests;
mod routes;

use super::edge::credentials::space_behind;
use super::edge::{Claim, Head, Surface, refuse};
use crate::domain::surface::SurfaceName;
use crate::operations::{SharedConfig, SpaceName};

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::Hyperswitch,
    claims: &[Claim::of("hyperswitch")],
    space_of,
    routes: routes::ROUTES,
    refuse: refuse::<errors::Own>,
    finish: None,
    idempotency_headers: &[],
    webhooks: &[notifications::PROFILE],
    pages: &[],
};

fn space_of(_: &SharedConfig, head: &Head<'_>) -> Option<SpaceName> {
    space_behind(auth::key(head.headers)?)
}
