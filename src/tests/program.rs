//! Programs outside Rust that some tests run: `python3` for the recipe of derived values, `node` for vendors' clients.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// Set to anything, it makes a missing program a failure, and lets the tests install what npm can install. Continuous
/// integration sets it, so that nothing is left out there.
pub(crate) const REQUIRE: &str = "STANDIN_REQUIRE_CLIENTS";

/// Whether `name` can be run. When it cannot, says so and lets the test pass without having run, unless
/// [`REQUIRE`] is set.
pub(crate) fn require_program(name: &str) -> bool {
    require(name, is_installed(name), "it is not installed")
}

/// Whether something is there that a test needs. When it is not, says so and why, and lets the test pass without having
/// run, unless [`REQUIRE`] is set. What is printed by a test that passes is never seen, so this goes past the capture.
pub(crate) fn require(name: &str, found: bool, why: &str) -> bool {
    if !found {
        assert!(
            !is_required(),
            "{name} is missing and {REQUIRE} is set: {why}"
        );
        let thread = std::thread::current();
        let test = thread.name().unwrap_or("a test").to_owned();
        let said = format!("not run: {test}: {name} is missing: {why}\n");
        std::io::stderr().write_all(said.as_bytes()).unwrap();
    }
    found
}

/// Whether everything must run.
pub(crate) fn is_required() -> bool {
    std::env::var_os(REQUIRE).is_some()
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
