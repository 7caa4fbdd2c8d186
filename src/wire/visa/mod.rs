//! Visa's token service for token requestors (VTS): card enrolment, tokens, payment data, life cycle and step-up, as visa/mcp's
//! api-client and visa/vic-reference-agent call it. No public document describes the whole API: what no source shows is
//! standin's own choice and is said to be where it is made.

mod answers;
pub mod auth;
mod content;
mod enrolments;
pub mod errors;
mod messages;
pub mod notifications;
mod requests;
pub mod routes;
mod sealed;
mod step_up;
mod tokens;
