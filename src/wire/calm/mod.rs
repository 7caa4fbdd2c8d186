//! Enrolment by alias (CALM, "V1"): one call turns a vaulted card into a network token
//! (VGS, "Enroll Network Token"; the failure codes are its failure table's).

mod errors;
mod messages;
mod requests;
mod routes;

use super::edge::credentials::bearer;
use super::edge::{Claim, Head, Surface, refuse};
use crate::domain::surface::SurfaceName;
use crate::operations::{SharedConfig, SpaceName, access};

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
};

fn space_of(config: &SharedConfig, head: &Head<'_>) -> Option<SpaceName> {
    access::space_of(config, bearer(head.headers)?)
}
