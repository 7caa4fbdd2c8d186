//! The rules of the house, the stories on the wire and the simulations, in one binary.
#![expect(
    clippy::unwrap_used,
    reason = "the lint's exception for tests does not reach their helper functions"
)]

mod payment;
