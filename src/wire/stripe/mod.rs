//! Stripe's payment intents as a merchant's server uses them: one call that creates and confirms, then capture, cancel,
//! refund. The request members for network tokens are gated upstream and stand in no released type of Stripe's clients;
//! they are those that Active Merchant sends.

mod auth;
mod declines;
pub mod errors;
mod form;
mod intents;
mod later;
mod messages;
mod parameters;
mod refunds;
mod refusals;
mod requests;
pub mod routes;

use super::edge::credentials::space_behind;
use super::edge::{Claim, Head, Surface};
use super::old::Old;
use crate::domain::surface::SurfaceName;
use crate::operations::{SharedConfig, SpaceName};

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::Stripe,
    claims: &[Claim::of("v1")],
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
    space_behind(&auth::key(head.headers)?)
}
