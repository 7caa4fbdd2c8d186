//! Card management (CMP): cards, network tokens and cryptograms as JSON:API
//! (VGS, "Provision Network Tokens for Payments" and the card management API pages).

mod errors;
mod messages;
mod notifications;
mod requests;
mod routes;
mod updates;

use super::edge::credentials::bearer;
use super::edge::{Claim, Head, Surface, refuse};
use crate::domain::surface::SurfaceName;
use crate::operations::{SharedConfig, SpaceName, access};

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::Cmp,
    claims: &[Claim::of("cards")],
    space_of,
    routes: routes::ROUTES,
    refuse: refuse::<errors::Own>,
    finish: None,
    idempotency_headers: &[],
    webhooks: &[notifications::PROFILE],
};

fn space_of(config: &SharedConfig, head: &Head<'_>) -> Option<SpaceName> {
    access::space_of(config, bearer(head.headers)?)
}
