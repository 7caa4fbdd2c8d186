//! Unmodified programs with the hosts that they have by default, under `standin run`.

use serde_json::Value;

use super::run::{ran, report};
use crate::cli::{Folder, printed};
use crate::clients::installed;
use crate::clients::python::python;
use crate::program::require_program;

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/clients");

fn steps(said: &str) -> u64 {
    let line = said.lines().last().unwrap_or_default();
    let said: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {said}"));
    said["steps"].as_u64().unwrap()
}

/// Takes seconds: node reads the clients, and npm installs them the first time.
#[test]
fn the_services_own_clients_for_node() {
    let Some(folder) = installed() else {
        return;
    };
    let script = folder.join("default_hosts.mjs");
    let kept = Folder::new("node-report");
    let file = kept.0.join("report.json");
    let done = ran(&[
        "--report",
        file.to_str().unwrap(),
        "--",
        "node",
        script.to_str().unwrap(),
    ]);
    assert_eq!(done.code, Some(1), "{}{}", done.out, done.err);
    assert_eq!(steps(&done.out), 4, "{}", done.err);
    let asked = report(&file);
    for host in [
        "api.stripe.com",
        "checkout-test.adyen.com",
        "canary.example",
    ] {
        let fate = if host == "canary.example" {
            "refused"
        } else {
            "answered"
        };
        assert!(asked["asked"][fate][host].is_u64(), "{host}: {asked}");
    }
}

/// Takes seconds: keys are made, and pip installs the clients the first time.
#[test]
fn stripe_s_client_and_mastercard_s_signer_for_python() {
    let Some(python) = python() else {
        return;
    };
    let folder = Folder::new("python-keys");
    let keys = folder.0.to_str().unwrap();
    printed(&["keys", "--dir", keys]);
    let script = format!("{SCRIPTS}/default_hosts.py");
    let done = ran(&[
        "--keys",
        keys,
        "--",
        python.to_str().unwrap(),
        &script,
        keys,
    ]);
    assert_eq!(done.code, Some(1), "{}{}", done.out, done.err);
    assert_eq!(steps(&done.out), 3, "{}", done.err);
    assert!(done.err.ends_with("standin: answered for api.stripe.com (1), sandbox.api.mastercard.com (1); refused canary.example (1)\n"), "{}", done.err);
}

/// Takes seconds: java compiles the program.
#[test]
fn java_s_own_client() {
    if !require_program("java") {
        return;
    }
    let script = format!("{SCRIPTS}/DefaultHosts.java");
    let done = ran(&["--", "java", &script]);
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    assert_eq!(steps(&done.out), 1);
}
