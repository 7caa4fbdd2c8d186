//! Speaks HTTP to the target and remembers what was said. It must not judge an answer.

mod client;
mod exchange;
mod notation;

pub(crate) use client::{Client, Identity, Unanswered, client, identity};
pub(crate) use exchange::{Answer, Exchange, Sent};
pub(crate) use notation::Notation;
