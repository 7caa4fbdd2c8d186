//! Checkout.com: payments, and network tokens from provisioning to deletion. A declined payment is HTTP 201 here, and a
//! capture, void or refund is HTTP 202.

mod actions;
mod auth;
mod declines;
mod errors;
mod found;
mod idempotency;
mod ids;
mod listed;
mod messages;
mod moves;
mod notifications;
mod payment_events;
mod requests;
mod routes;
mod secure;
mod shapes;
mod sources;
mod token_messages;
mod token_requests;
mod tokens;
mod wanted;

use http::HeaderValue;

use super::edge::{Answer, Claim, Exchange, First, Head, Surface, refuse};
use crate::domain::surface::SurfaceName;
use crate::operations::{SharedConfig, SpaceName};

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::CheckoutCom,
    claims: &[
        Claim::of("connect"),
        // The pages to which customers are sent.
        Claim::of("3ds"),
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
    routes: routes::ROUTES,
    refuse: refuse::<errors::Own>,
    finish: Some(finish),
    idempotency_headers: idempotency::KEYS.headers,
    webhooks: &[notifications::PROFILE],
    pages: &["/3ds/"],
};

fn space_of(_: &SharedConfig, head: &Head<'_>) -> Option<SpaceName> {
    auth::space_of(head)
}

/// Every answer names its request, in a header and where it is an error in the body too.
fn finish(answer: &mut Answer, exchange: Exchange<'_>) {
    if let Ok(receipt) = HeaderValue::from_str(&ids::receipt(exchange)) {
        answer.headers_mut().insert("cko-request-id", receipt);
    }
}
