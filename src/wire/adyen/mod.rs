//! Adyen's Checkout API: payments and what is done with them. A declined payment is HTTP 200 here, and a capture, cancel
//! or refund is only ever "received": how it went is told by webhook.

mod actions;
mod auth;
mod declines;
mod details;
mod errors;
mod idempotency;
mod items;
mod messages;
mod metadata;
mod modifications;
mod notifications;
mod offered;
mod passes;
mod requests;
mod routes;
mod sealed;
mod shapes;
mod wanted;

use super::edge::credentials::space_behind;
use super::edge::{Claim, First, Head, Surface, refuse};
use crate::domain::surface::SurfaceName;
use crate::operations::{SharedConfig, SpaceName};

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::Adyen,
    claims: &[
        Claim {
            first: First::Like(is_version),
            credential: None,
        },
        // The pages to which shoppers are sent.
        Claim::of("checkoutshopper"),
    ],
    space_of,
    routes: routes::ROUTES,
    refuse: refuse::<errors::Own>,
    finish: Some(routes::finish),
    idempotency_headers: idempotency::KEYS.headers,
    webhooks: &[notifications::PROFILE],
    pages: &["/checkoutshopper/threeDS/"],
};

fn space_of(_: &SharedConfig, head: &Head<'_>) -> Option<SpaceName> {
    space_behind(auth::key(head.headers)?)
}

/// Adyen's versions of its Checkout API have two digits.
fn is_version(segment: &str) -> bool {
    let digits = segment.strip_prefix('v').unwrap_or_default();
    digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit())
}
