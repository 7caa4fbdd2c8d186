//! Mastercard's token service for token requestors (MDES Digital Enablement, version 1.3.0 of its specification as published
//! with Mastercard's API client tutorial): remote procedures over POST, signed with OAuth 1.0a, with card data sealed in
//! either form of Mastercard's client-encryption.

mod errors;
mod funding;
mod messages;
pub mod notifications;
mod product;
mod request;
mod requests;
mod routes;
mod sealed;
mod tokenize;
mod tokens;
mod transact;

use super::edge::credentials::authorization;
use super::edge::{Claim, Head, Surface, refuse};
use crate::domain::surface::SurfaceName;
use crate::operations::{SharedConfig, SpaceName, requestors};

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::Mastercard,
    claims: &[Claim::of("mdes")],
    space_of,
    routes: routes::ROUTES,
    refuse: refuse::<errors::Own>,
    finish: None,
    idempotency_headers: &[],
    webhooks: &[notifications::PROFILE],
    pages: &[],
};

fn space_of(_: &SharedConfig, head: &Head<'_>) -> Option<SpaceName> {
    requestors::space_of(authorization(head.headers)?)
}
