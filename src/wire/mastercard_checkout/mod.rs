//! Mastercard Checkout Solutions, Secure Card on File (version 1.0.0 of its card and checkout specifications): cards that are
//! enrolled, and credentials for one payment in a signed answer. Its cards are tokens of MDES under other names.
//!
//! The parts of the specification that are about consumers of Click to Pay, addresses and QR codes are not imitated.

mod cards;
mod credentials;
mod errors;
mod keys;
mod messages;
mod request;
mod requests;
mod routes;

use super::edge::credentials::authorization;
use super::edge::{Claim, Head, Surface, refuse};
use crate::domain::surface::SurfaceName;
use crate::operations::{SharedConfig, SpaceName, requestors};

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::MastercardCheckout,
    claims: &[Claim::of("src"), Claim::of("keys")],
    space_of,
    routes: routes::ROUTES,
    refuse: refuse::<errors::Own>,
    finish: Some(request::finish),
    idempotency_headers: &[],
    webhooks: &[],
    pages: &[],
};

fn space_of(_: &SharedConfig, head: &Head<'_>) -> Option<SpaceName> {
    requestors::space_of(authorization(head.headers)?)
}
