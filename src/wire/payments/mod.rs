//! standin's own plain payment API, which tells the exact reason of every refusal, and the checkout page of a merchant.

mod auth;
mod errors;
mod idempotency;
mod messages;
mod notifications;
mod page;
mod requests;
mod routes;

use super::edge::credentials::{bearer, space_behind};
use super::edge::{Claim, Head, Surface, refuse};
use crate::domain::surface::SurfaceName;
use crate::operations::{SharedConfig, SpaceName};

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::Payments,
    claims: &[Claim::of("payments"), Claim::of("checkout")],
    space_of,
    routes: routes::ROUTES,
    refuse: refuse::<errors::Own>,
    finish: None,
    idempotency_headers: idempotency::KEYS.headers,
    webhooks: &[notifications::PROFILE],
    pages: &["/checkout"],
};

fn space_of(_: &SharedConfig, head: &Head<'_>) -> Option<SpaceName> {
    space_behind(bearer(head.headers)?)
}
