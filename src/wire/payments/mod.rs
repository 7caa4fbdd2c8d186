//! standin's own plain payment API, which tells the exact reason of every refusal, and the checkout page of a merchant.

mod auth;
pub mod errors;
mod messages;
mod page;
mod requests;
pub mod routes;
