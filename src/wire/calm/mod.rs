//! Enrolment by alias (CALM, "V1"): one call turns a vaulted card into a network token
//! (VGS, "Enroll Network Token"; the failure codes are its failure table's).

mod errors;
mod messages;
mod requests;
mod routes;

use super::edge::access_token::space_of;
use super::edge::{Claim, Surface, refuse};
use crate::domain::surface::SurfaceName;

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::Calm,
    claims: &[Claim::of("network-tokens")],
    space_of,
    routes: routes::ROUTES,
    refuse: refuse::<errors::Own>,
    finish: None,
    idempotency_headers: &[],
    webhooks: &[],
    pages: &[],
};
