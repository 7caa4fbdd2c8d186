//! Checkout.com: payments, and network tokens from provisioning to deletion. A declined payment is HTTP 201 here, and a
//! capture, void or refund is HTTP 202.

mod auth;
mod declines;
pub mod errors;
mod ids;
mod messages;
mod moves;
pub mod notifications;
mod requests;
pub mod routes;
mod token_messages;
mod token_requests;
mod tokens;

use super::edge::{Claim, First, Head, Surface};
use super::old::Old;
use crate::domain::surface::SurfaceName;
use crate::operations::{SharedConfig, SpaceName};

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::CheckoutCom,
    claims: &[
        Claim::of("connect"),
        Claim {
            first: First::Is("network-tokens"),
            credential: Some(auth::is_credential),
        },
        Claim {
            first: First::Is("payments"),
            credential: Some(auth::is_credential),
        },
    ],
    space_of,
    routes: &[],
    refuse: super::old::refuse,
    finish: None,
    idempotency_headers: &["cko-idempotency-key"],
    old: Some(Old {
        router: routes::router,
        too_large: errors::too_large,
    }),
};

fn space_of(_: &SharedConfig, head: &Head<'_>) -> Option<SpaceName> {
    auth::space_of(head)
}
