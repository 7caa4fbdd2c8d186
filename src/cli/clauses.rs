//! `standin clauses`: the clause register with the checks that look at each clause.

use std::io::stdout;

use crate::conformance::print_clauses;

/// Prints it.
pub(super) fn run() -> Result<(), String> {
    print_clauses(&mut stdout())
}
