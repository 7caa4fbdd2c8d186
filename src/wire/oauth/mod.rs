//! The token endpoint of the gateway's identity provider: OAuth 2.0 client credentials, Keycloak-shaped
//! (VGS, authentication guide; RFC 6749 sections 4.4 and 5).

mod errors;
mod messages;
mod routes;

use super::edge::credentials::space_behind;
use super::edge::oauth_client;
use super::edge::{Claim, Head, Surface, refuse};
use crate::domain::surface::SurfaceName;
use crate::operations::{SharedConfig, SpaceName};

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::OAuth,
    claims: &[Claim::of("auth")],
    space_of,
    routes: routes::ROUTES,
    refuse: refuse::<errors::Own>,
    finish: None,
    idempotency_headers: &[],
    webhooks: &[],
    pages: &[],
};

fn space_of(_: &SharedConfig, head: &Head<'_>) -> Option<SpaceName> {
    space_behind(&oauth_client::client_of_request(head.headers, head.body)?.id)
}
