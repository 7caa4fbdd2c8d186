//! A server of delegated payments that was written from the protocol's published sources: our features fail it for nothing that
//! the sources leave open, and each of its bugs is seen.

use std::collections::BTreeMap;

use serde_json::Value;

use super::python::Known;
use super::{Outcome, folder};
use crate::program::require_program;

const SERVER: Known = Known {
    folder: "delegation",
    program: "vault.py",
    file: include_str!("../../../fixtures/targets/delegation/target.toml"),
    address: "http://127.0.0.1:4212",
};
const README: &str = include_str!("../../../fixtures/targets/delegation/README.md");
/// The names and the rules of both lists.
const CHOICES: &str = include_str!("../../../fixtures/targets/delegation/choices.py");
const SHAPES: &str = include_str!("../../../fixtures/targets/delegation/shapes.py");
/// A bug and the check that it fails.
const BUGS: [(&str, &str); 17] = [
    ("auth-any", "acp.stranger"),
    ("card-in-answer", "acp.delegate"),
    ("card-in-error", "acp.missing.allowance"),
    ("conflict-ignored", "acp.conflict"),
    ("currency-any-case", "acp.wrong.allowance-currency"),
    ("enum-unchecked", "acp.wrong.allowance-reason"),
    ("error-wrapped", "acp.stranger"),
    ("key-optional", "acp.no-key"),
    ("metadata-lost", "acp.delegate"),
    ("metadata-numbers", "acp.wrong.metadata"),
    ("missing-500", "acp.missing.allowance"),
    ("replay-by-bytes", "acp.replayed-rewritten"),
    ("replay-runs-again", "acp.replayed"),
    ("replay-with-200", "acp.replayed"),
    ("time-unchecked", "acp.wrong.allowance-expires_at"),
    ("time-without-zone", "acp.delegate"),
    ("type-unchecked", "acp.wrong.allowance-max_amount"),
];
/// What each reading of the sources makes of which checks, beside the passes. What is only advised may be told as a failure of an
/// advice, which decides nothing; where the sources differ it is disputed.
const READINGS: [(&str, &[(&str, &str)]); 8] = [
    ("param-jsonpath", &[]),
    ("param-untold", &[("acp.param", "disputed")]),
    ("refused-400", &[("acp.param", "disputed")]),
    (
        "signals-needed",
        &[("acp.no-signal", "disputed"), ("acp.param", "disputed")],
    ),
    (
        "virtual-needed",
        &[("acp.no-virtual", "disputed"), ("acp.param", "disputed")],
    ),
    (
        "untraced",
        &[("acp.correlated", "fail"), ("acp.param", "disputed")],
    ),
    (
        "replay-untold",
        &[("acp.param", "disputed"), ("acp.replay-told", "fail")],
    ),
    (
        "version-unchecked",
        &[
            ("acp.param", "disputed"),
            ("acp.version.an-unknown-version", "fail"),
            ("acp.version.no-version", "fail"),
        ],
    ),
];

/// The exit code, and what every check came to that ran and did not pass.
async fn judged(args: &[&str], name: &str) -> (u8, BTreeMap<String, String>) {
    let server = SERVER.start(args);
    let log = folder(&format!("delegation-{name}-log")).join("run.ndjson");
    let ran = server
        .judged(name, &["--json", log.to_str().unwrap()])
        .await;
    for outcome in [Outcome::Untestable, Outcome::Transport, Outcome::SuiteError] {
        assert_eq!(ran.count(outcome), 0, "{name}: {}", ran.out);
    }
    let text = std::fs::read_to_string(log).unwrap();
    let events = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let checks = events.filter(|event| event["event"] == "check");
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let came = checks.map(|check| (word(&check["id"]), word(&check["outcome"])));
    let of_ours = came.filter(|(id, _)| id.starts_with("acp."));
    let mut of_ours: BTreeMap<String, String> = of_ours.collect();
    assert!(of_ours.len() > 40, "{of_ours:?}");
    of_ours.retain(|_, outcome| outcome != "pass");
    (ran.code, of_ours)
}

/// The names of one of the lists in `choices.py`.
fn listed(list: &str) -> Vec<&'static str> {
    let (_, rows) = CHOICES.split_once(&format!("{list} = {{\n")).unwrap();
    let (rows, _) = rows.split_once("\n}").unwrap();
    let rows = rows.lines().map(|row| row.trim().trim_start_matches('"'));
    rows.map(|row| row.split('"').next().unwrap()).collect()
}

/// Starts Python for each reading.
#[tokio::test]
async fn no_reading_of_the_sources_is_failed() {
    if !require_program("python3") {
        return;
    }
    let names = READINGS.map(|(name, _)| name);
    let mut known = listed("READINGS");
    known.sort_unstable();
    let mut tried = names.to_vec();
    tried.sort_unstable();
    assert_eq!(tried, known);
    for (name, wanted) in READINGS {
        let (code, came) = judged(&["--reading", name], name).await;
        let wanted = wanted
            .iter()
            .map(|(id, word)| ((*id).to_owned(), (*word).to_owned()));
        assert_eq!((code, came), (0, wanted.collect()), "{name}");
    }
}

/// Starts Python for each bug.
#[tokio::test]
async fn each_bug_fails_the_check_of_its_rule() {
    if !require_program("python3") {
        return;
    }
    assert_eq!(BUGS.map(|(name, _)| name).to_vec(), listed("BUGS"));
    for (bug, check) in BUGS {
        let (code, came) = judged(&["--bug", bug], bug).await;
        assert_eq!(code, 1, "{bug}: {came:?}");
        assert_eq!(
            came.get(check).map(String::as_str),
            Some("fail"),
            "{bug}: {came:?}"
        );
    }
}

/// It knows nothing of standin: neither a name nor a file.
#[test]
fn it_has_nothing_of_ours() {
    let vault = include_str!("../../../fixtures/targets/delegation/vault.py");
    for file in ["vault.py", "shapes.py", "choices.py", "target.toml"] {
        assert!(README.contains(file), "{file}");
    }
    for text in [vault, CHOICES, SHAPES] {
        for ours in ["standin", "fixtures/", "schemas", "delegate_payment.json"] {
            assert!(!text.contains(ours), "{ours}");
        }
    }
}
