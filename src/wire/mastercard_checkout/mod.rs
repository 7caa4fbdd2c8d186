//! Mastercard Checkout Solutions, Secure Card on File (version 1.0.0 of its card and checkout specifications): cards that are
//! enrolled, and credentials for one payment in a signed answer. Its cards are tokens of MDES under other names.
//!
//! The parts of the specification that are about consumers of Click to Pay, addresses and QR codes are not imitated.

mod cards;
mod credentials;
pub mod errors;
mod keys;
mod messages;
mod request;
mod requests;
pub mod routes;
