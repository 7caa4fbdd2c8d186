//! Takes messages from the outbox of a space, has them written and signed, sends them, and tries again.
//!
//! It runs by itself beside the server. It decides nothing about tokens: what is told, and in which order, was committed
//! with the change.

mod attempt;
mod body;
mod deviant;
mod dispatcher;
mod send;
mod sign;
mod webhook_fault;

pub use dispatcher::attend;
