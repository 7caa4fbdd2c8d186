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

pub(in crate::wire) use auth::key;
