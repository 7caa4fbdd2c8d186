//! Adyen's Checkout API: payments and what is done with them. A declined payment is HTTP 200 here, and a capture, cancel
//! or refund is only ever "received": how it went is told by webhook.

mod auth;
mod declines;
pub mod errors;
mod messages;
mod modifications;
pub mod notifications;
mod requests;
pub mod routes;

pub(in crate::wire) use auth::key;
