//! Which fault a request gets. A fault is a rule, a value; choosing one is pure. This module reads rules, counts, draws and
//! explains; it never waits, cuts or answers: the server carries out what comes of it.
//!
//! # Adding a kind of fault
//!
//! 1. Add a variant to the enum of its family (`outcome`, `answer`, `time`, `transport`, `commit`, `sequence`, `cryptogram`,
//!    `webhook`) and a row to the `KINDS` below it: word, parameters, an example and how it is read.
//! 2. The compiler names every place that has to carry it out.
//! 3. The example is read, written and read again by a test in `text.rs`; add a row to the wire table of `server`.

pub mod answer;
pub mod choose;
pub mod commit;
pub mod cryptogram;
mod draw;
pub mod entries;
pub mod facts;
pub mod fault;
pub mod file;
mod index;
mod named;
pub mod outcome;
pub mod pattern;
pub mod plan;
mod possible;
mod read;
pub mod rule;
pub mod schema;
pub mod sequence;
pub mod shared;
mod show;
mod split;
pub mod stages;
mod tally;
mod text;
pub mod time;
pub mod transport;
pub mod webhook;
pub mod when;
pub mod why;

pub use read::{RuleError, Wait};
