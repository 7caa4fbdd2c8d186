//! A gateway that is not standin, judged through its target file alone: what is right passes at any concurrency, and each
//! of ten bugs fails the check of its clause.

use super::python::Known;
use super::{Outcome, conform, folder};
use crate::cli::{printed, standin};
use crate::program::require_program;

pub(super) const GATEWAY: Known = Known {
    folder: "bluegate",
    program: "gateway.py",
    file: include_str!("../../../fixtures/targets/bluegate/target.toml"),
    address: "http://127.0.0.1:4211",
};
/// A bug of the gateway and the check that it fails.
const BUGS: [(&str, &str); 10] = [
    ("enrol-second-token", "enrolment.again"),
    ("account-ref-random", "enrolment.par"),
    ("tail-of-card", "enrolment.number-ends"),
    ("enrol-wrong-cause", "refusals.declined"),
    ("delete-forgotten", "lifecycle.deleted-by-merchant"),
    ("proof-constant", "cryptograms.fresh"),
    ("proof-long-again", "paying.long-again"),
    ("proof-any-pass", "paying.of-another-card"),
    ("chain-missing", "charging.unquoted"),
    ("settle-over", "settling.too-much"),
];

/// Starts Python once and sends some thousands of requests.
#[tokio::test]
async fn the_gateway_is_conformant() {
    if !require_program("python3") {
        return;
    }
    let gateway = GATEWAY.start(&[]);
    for concurrency in ["1", "8"] {
        let all = "core,paying,told,hardened,off-file";
        let more = ["--concurrency", concurrency, "--require", all];
        let ran = gateway.judged("right", &more).await;
        assert_eq!(ran.code, 0, "{}", ran.out);
        assert_eq!(ran.count(Outcome::Pass), 341, "{}", ran.out);
        assert_eq!(ran.count(Outcome::NotDeclared), 10, "{}", ran.out);
    }
}

/// Starts Python once, and the program for each network.
#[tokio::test]
async fn a_probe_finds_every_fact_of_the_gateway() {
    if !require_program("python3") {
        return;
    }
    let gateway = GATEWAY.start(&[]);
    let path = gateway.file("probe");
    for network in ["visa", "mastercard"] {
        let file = path.to_str().unwrap();
        let said = printed(&["target", "probe", file, "--network", network]);
        assert!(said.contains("28 operations, 0 wrong"), "{said}");
        assert!(
            said.contains("a webhook \"pass.live\", read as provisioned"),
            "{said}"
        );
        for wanted in [
            "signed as webhooks.signature says",
            "enrol with a card that is card-not-allowed",
            "read as verification-failed",
        ] {
            assert!(said.contains(wanted), "{wanted}: {said}");
        }
        assert!(!said.contains("lab-7713") && !said.contains("4111111111111111"));
    }
}

/// Starts Python twice.
#[tokio::test]
async fn a_probe_says_what_is_wrong_with_webhooks_and_refusals() {
    if !require_program("python3") {
        return;
    }
    for (bug, wanted) in [
        (
            "seal-wrong",
            "webhooks.signature: expected the signature of what was sent",
        ),
        ("enrol-wrong-cause", "is it a word of reasons."),
    ] {
        let gateway = GATEWAY.start(&["--bug", bug]);
        let path = gateway.file(&format!("probe-{bug}"));
        let said = standin(&["target", "probe", path.to_str().unwrap()]);
        let text = String::from_utf8_lossy(&said.stdout);
        assert_eq!(said.status.code(), Some(1), "{bug}: {text}");
        assert!(text.contains(wanted), "{bug}: {text}");
    }
}

/// Every check by which `matrix.py` says that a bug is killed rightly is one that there is.
#[tokio::test]
async fn the_kill_matrix_names_checks_that_there_are() {
    let rightly = include_str!("../../../fixtures/targets/bluegate/rightly.py");
    let file = folder("bluegate-matrix").join("target.toml");
    std::fs::write(&file, GATEWAY.file).unwrap();
    let listed = conform(&["--target", file.to_str().unwrap(), "--list"]).await;
    let rows = rightly
        .lines()
        .filter_map(|line| line.strip_prefix("    \""));
    let mut count = 0;
    for row in rows {
        let (bug, checks) = row.split_once("\": \"").unwrap();
        for check in checks.trim_end_matches("\",").split(' ') {
            let known = [format!("{check}/bluegate"), format!("{check}.")];
            let known = known.iter().any(|id| listed.out.contains(id));
            assert!(known, "{bug}: there is no check {check}");
            count += 1;
        }
    }
    assert!(count > 142, "{count}");
}

/// Starts Python ten times.
#[tokio::test]
async fn each_bug_fails_the_check_of_its_clause() {
    if !require_program("python3") {
        return;
    }
    GATEWAY.is_caught(&BUGS).await;
}
