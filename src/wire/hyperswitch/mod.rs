//! The token service that the orchestrator hyperswitch speaks to by configuration: generate, fetch with a cryptogram, status,
//! delete. Source: the network tokenization module of juspay/hyperswitch. Its call-back comes later.

pub(super) mod auth;
pub mod errors;
mod messages;
mod notifications;
mod requests;
pub mod routes;

use super::edge::credentials::space_behind;
use super::edge::{Claim, Head, Surface};
use super::old::Old;
use crate::domain::surface::SurfaceName;
use crate::operations::{SharedConfig, SpaceName};

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::Hyperswitch,
    claims: &[Claim::of("hyperswitch")],
    space_of,
    routes: &[],
    refuse: super::old::refuse,
    finish: None,
    idempotency_headers: &[],
    webhooks: &[notifications::PROFILE],
    old: Some(Old {
        router: routes::router,
        too_large: errors::too_large,
    }),
};

fn space_of(_: &SharedConfig, head: &Head<'_>) -> Option<SpaceName> {
    space_behind(auth::key(head.headers)?)
}
