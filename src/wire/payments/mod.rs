//! standin's own plain payment API, which tells the exact reason of every refusal, and the checkout page of a merchant.

mod auth;
pub mod errors;
mod messages;
mod page;
mod requests;
pub mod routes;

use super::edge::credentials::{bearer, space_behind};
use super::edge::{Claim, Head, Surface};
use super::old::Old;
use crate::domain::surface::SurfaceName;
use crate::operations::{SharedConfig, SpaceName};

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::Payments,
    claims: &[Claim::of("payments"), Claim::of("checkout")],
    space_of,
    routes: &[],
    refuse: super::old::refuse,
    finish: None,
    idempotency_headers: &["idempotency-key"],
    old: Some(Old {
        router: routes::router,
        too_large: errors::too_large,
    }),
};

fn space_of(_: &SharedConfig, head: &Head<'_>) -> Option<SpaceName> {
    space_behind(bearer(head.headers)?)
}
