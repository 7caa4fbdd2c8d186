//! Programs outside Rust that some tests run: `python3` for the recipe of derived values, `node` for vendors' clients.

use std::process::{Command, Stdio};

/// Set to anything, it makes a missing program a failure. Continuous integration sets it, so that nothing is left out there.
const REQUIRE: &str = "STANDIN_REQUIRE_CLIENTS";

/// Whether `name` can be run. When it cannot, says so and lets the test pass without having run, unless
/// [`REQUIRE`] is set.
pub(crate) fn require_program(name: &str) -> bool {
    require(name, is_installed(name), "it is not installed")
}

/// Whether something is there that a test needs. When it is not, says so and why, and lets the test pass without having
/// run, unless [`REQUIRE`] is set.
pub(crate) fn require(name: &str, found: bool, why: &str) -> bool {
    if !found {
        let required = std::env::var_os(REQUIRE).is_some();
        assert!(!required, "{name} is missing and {REQUIRE} is set: {why}");
        println!("not run: {name} is missing: {why}");
    }
    found
}

fn is_installed(name: &str) -> bool {
    let mut probe = Command::new(name);
    probe.arg("--version").stdin(Stdio::null());
    probe.stdout(Stdio::null()).stderr(Stdio::null());
    probe.status().is_ok_and(|status| status.success())
}

#[test]
fn a_program_is_installed_when_it_runs() {
    assert!(is_installed("cargo"));
    assert!(!is_installed("a-program-that-nobody-has"));
}
