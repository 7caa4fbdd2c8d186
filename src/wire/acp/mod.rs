//! The Agentic Commerce Protocol, as far as a payment service answers it: the call with which an agent hands over a payment
//! method within an allowance. Source: the protocol's repository, version 2026-04-17.

mod auth;
mod errors;
mod form;
mod idempotency;
mod requests;
mod routes;
mod version;

use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};

use super::edge::credentials::space_behind;
use super::edge::{Answer, Claim, Exchange, Head, Surface, refuse};
use crate::domain::surface::SurfaceName;
use crate::operations::{SharedConfig, SpaceName};

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::Acp,
    claims: &[Claim::of("agentic_commerce")],
    space_of,
    routes: routes::ROUTES,
    refuse: refuse::<errors::Own>,
    finish: Some(finish),
    idempotency_headers: idempotency::KEYS.headers,
    webhooks: &[],
    pages: &[],
};

fn space_of(_: &SharedConfig, head: &Head<'_>) -> Option<SpaceName> {
    space_behind(auth::key(head.headers)?)
}

/// How long whoever meets the first request with a key is told to wait, in seconds.
const IN_FLIGHT_WAIT: &str = "1";

/// Every answer repeats by which names the client knows the request, and a key in use says when to come again.
fn finish(answer: &mut Answer, exchange: Exchange<'_>) {
    for name in ["request-id", "idempotency-key"] {
        if let Some(value) = exchange.request.headers.get(name) {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    if answer.status() == StatusCode::CONFLICT {
        let wait = HeaderValue::from_static(IN_FLIGHT_WAIT);
        answer.headers_mut().insert(RETRY_AFTER, wait);
    }
}
