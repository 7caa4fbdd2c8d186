//! Card management (CMP): cards, network tokens and cryptograms as JSON:API
//! (VGS, "Provision Network Tokens for Payments" and the card management API pages).

mod errors;
mod messages;
mod notifications;
mod requests;
mod routes;
mod updates;

use super::edge::access_token::space_of;
use super::edge::{Claim, Surface, refuse};
use crate::domain::surface::SurfaceName;

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
    pages: &[],
};
