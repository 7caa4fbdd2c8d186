//! The gateway as its clients meet it: over HTTP, against a running server.

mod access;
mod bent;
pub(crate) mod bought;
mod dashboard;
pub(crate) mod document;
mod exported;
mod fixture;
mod followed;
pub(crate) mod journal;
mod journal_command;
mod mastercard_cards;
mod mastercard_checkout;
mod mastercard_gateway;
mod mastercard_tokens;
mod metrics;
mod nulls;
mod openapi;
mod outage;
mod random;
mod refused;
mod restart;
mod same;
mod samples;
mod scripts;
mod snapshots;
mod stories_calm;
mod stories_cmp;
mod stories_control;
mod stories_mastercard;
mod stories_oauth;
mod stories_visa;
mod verify;
mod verify_command;
mod visa_gateway;
mod ways;

/// Two event logs of the conformance suite, of which one is none.
pub(crate) const RUNS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/gateway/runs");
