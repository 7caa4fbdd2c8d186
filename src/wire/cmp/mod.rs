//! Card management (CMP): cards, network tokens and cryptograms as JSON:API
//! (VGS, "Provision Network Tokens for Payments" and the card management API pages).

mod auth;
pub mod errors;
mod messages;
mod requests;
pub mod routes;
mod updates;
