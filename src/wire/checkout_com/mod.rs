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

pub(in crate::wire) use auth::{is_credential, key};
