//! standin, a stand-in card network: token service providers, the gateway in front of them and the payment side behind
//! them, offline and deterministic, in one binary; and the conformance harness that judges any of it.
//!
//! # The map
//!
//! Modules in order of dependency. Nothing points up; `src/tests/tidy.rs` keeps it so.
//!
//! | module | is | must not |
//! |---|---|---|
//! | [`limits`] | every upper bound, with its reason | hold anything else |
//! | [`crypto`] | bytes in, bytes out: MACs, envelopes, signatures | know what a card is |
//! | [`seed`] | seed, purpose, inputs: one value | keep a generator |
//! | [`domain`] | what is true of cards and tokens on every network | wait, read a clock, take a random number |
//! | [`conformance`] | judges any server over HTTP | import a type of the server it judges |

pub mod conformance;
pub mod crypto;
pub mod domain;
pub mod limits;
pub mod seed;
