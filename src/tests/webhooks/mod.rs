//! Webhooks over real HTTP: a receiver that a test tells how to behave, and standin, whose clock it moves.

mod commands;
mod configured;
mod connections;
mod delivery;
mod facts;
mod faults;
mod networks;
mod payments;
mod profiles;
pub(crate) mod receiver;
mod registering;
mod secure;
mod updates;
