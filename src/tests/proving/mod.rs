//! `standin prove`: what is wrong on purpose is noticed, what is permitted is not, and nobody but this command can ask for it.

mod command;
mod unreachable;
