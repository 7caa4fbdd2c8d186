//! The gateway as its clients meet it: over HTTP, against a running server.

mod access;
mod bought;
pub(crate) mod document;
mod exported;
mod followed;
mod furnished;
pub(crate) mod journal;
mod mastercard_cards;
mod mastercard_checkout;
mod mastercard_tokens;
mod mastercard_world;
mod openapi;
mod random;
mod refused;
mod same;
mod samples;
mod scripts;
mod stories_calm;
mod stories_cmp;
mod stories_control;
mod stories_mastercard;
mod stories_oauth;
mod stories_visa;
mod story;
mod verify;
mod verify_command;
mod visa_world;
