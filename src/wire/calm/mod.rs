//! Enrolment by alias (CALM, "V1"): one call turns a vaulted card into a network token
//! (VGS, "Enroll Network Token"; the failure codes are its failure table's).

mod auth;
pub mod errors;
mod messages;
mod requests;
pub mod routes;

use super::edge::credentials::bearer;
use super::edge::{Claim, Head, Surface};
use super::old::Old;
use crate::domain::surface::SurfaceName;
use crate::operations::{SharedConfig, SpaceName, access};

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::Calm,
    claims: &[Claim::of("network-tokens")],
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

fn space_of(config: &SharedConfig, head: &Head<'_>) -> Option<SpaceName> {
    access::space_of(config, bearer(head.headers)?)
}
