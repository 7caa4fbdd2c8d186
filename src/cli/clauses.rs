//! `standin clauses`: the clause register with the checks that look at each clause.

use std::io::stdout;

use super::out::{Failed, Heard};
use crate::conformance::print_clauses;

/// Prints it.
pub(super) fn run() -> Result<(), Failed> {
    Ok(print_clauses(&mut Heard::new(stdout()))?)
}
