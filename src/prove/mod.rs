//! Proves the suite: judges the clean server, and each deviation of it, and says which check notices which defect. A verdict is
//! believed when the judge has been seen to catch.
//!
//! A run goes through these files in this order: `bench` (private servers, several at once), `matrix` (what the runs come to),
//! `shown` (telling it). `silent` says of checks that notice nothing why they do not.

mod bench;
mod matrix;
mod shown;
mod silent;

pub use bench::{Bench, Case, Ran, cases};
pub use matrix::{Fate, Matrix, Row};
pub use shown::by_name;
