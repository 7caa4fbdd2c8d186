//! The Agentic Commerce Protocol, as far as a payment service answers it: the call with which an agent hands over a payment
//! method within an allowance. Source: the protocol's repository, version 2026-04-17.

pub(super) mod auth;
pub mod errors;
mod requests;
pub mod routes;
