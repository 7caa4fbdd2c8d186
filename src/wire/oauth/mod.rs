//! The token endpoint of the gateway's identity provider: OAuth 2.0 client credentials, Keycloak-shaped
//! (VGS, authentication guide; RFC 6749 sections 4.4 and 5).

pub mod errors;
mod messages;
pub mod routes;

use super::edge::credentials::space_behind;
use super::edge::oauth_client;
use super::edge::{Claim, Head, Surface};
use super::old::Old;
use crate::domain::surface::SurfaceName;
use crate::operations::{SharedConfig, SpaceName};

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::OAuth,
    claims: &[Claim::of("auth")],
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
    space_behind(&oauth_client::client_of_request(head.headers, head.body)?.id)
}
