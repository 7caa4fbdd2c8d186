//! The token service that the orchestrator hyperswitch speaks to by configuration: generate, fetch with a cryptogram, status,
//! delete. Source: the network tokenization module of juspay/hyperswitch. Its call-back comes later.

pub(super) mod auth;
pub mod errors;
mod messages;
pub mod notifications;
mod requests;
pub mod routes;
