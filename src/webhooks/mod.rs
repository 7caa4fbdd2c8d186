//! Takes letters from the outbox of a space, has them written and signed, posts them, and tries again.
//!
//! It runs by itself beside the server. It decides nothing about tokens: what is told, and in which order, was committed
//! with the change.

mod body;
mod courier;
mod manner;
mod network;
mod post;
mod sign;
mod strike;
mod trust;

pub use courier::attend;
pub use trust::Trust;
