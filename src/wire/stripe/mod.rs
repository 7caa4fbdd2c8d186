//! Stripe's payment intents as a merchant's server uses them: one call that creates and confirms, then capture, cancel,
//! refund; and the customers, payment methods and setup intents with which it is paid again. The request members for network tokens are gated upstream and stand in no released type of Stripe's clients;
//! they are those that Active Merchant sends.

mod again;
mod attaching;
mod attempts;
mod auth;
mod balance;
mod calls;
mod cards;
mod challenge;
mod charge_calls;
mod charges;
mod customers;
mod declines;
mod dispute_calls;
mod disputes;
mod endpoints;
mod error_words;
mod errors;
mod event_names;
mod events;
mod evidence;
mod expansions;
mod form;
mod found;
mod idempotency;
mod intent_calls;
mod intents;
mod kept;
mod later;
mod listed;
mod lists;
mod messages;
mod metadata;
mod method;
mod method_said;
mod methods;
mod money;
mod next_action;
mod notifications;
mod objects;
mod opening;
mod parameters;
mod parameters_kept;
mod published;
mod refunds;
mod refusals;
mod requests;
mod routes;
mod rules;
mod saved;
mod search;
mod search_query;
mod setup_messages;
mod setups;
mod states;
mod test_methods;
mod tokens;
mod version;

use http::HeaderValue;

use super::edge::credentials::space_behind;
use super::edge::{Answer, Claim, Exchange, Head, Request, Surface, refuse};
use crate::crypto::encoding::base58;
use crate::domain::surface::SurfaceName;
use crate::operations::{Call, SharedConfig, SpaceName};

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::Stripe,
    claims: &[Claim::of("v1")],
    space_of,
    routes: routes::ROUTES,
    refuse: refuse::<errors::Own>,
    finish: Some(finish),
    idempotency_headers: idempotency::KEYS.headers,
    webhooks: &[notifications::PROFILE],
    pages: &["/v1/3d_secure/"],
};

fn space_of(_: &SharedConfig, head: &Head<'_>) -> Option<SpaceName> {
    space_behind(&auth::key(head.headers)?)
}

/// Every answer names its request and the version that it is of.
fn finish(answer: &mut Answer, exchange: Exchange<'_>) {
    let version = version::answered(&exchange.request.headers);
    answer.headers_mut().insert(version::HEADER, version);
    let id = request_id(exchange.request, &exchange.context.call);
    if let Ok(id) = HeaderValue::from_str(&id) {
        answer.headers_mut().insert("request-id", id);
    }
}

/// What the answer to a call, and the events that it brings about, call it.
fn request_id(request: &Request, call: &Call) -> String {
    format!("req_{}", base58(request.receipt(call)))
}
