//! A second gateway that is not standin and has another shape: the account stands in its paths, requests are sealed, every answer
//! has one status, jobs are asked for, lists are led on by `Link`, and one message tells of several events. It is judged twice in a
//! row on one server, and each of its bugs in the table fails the check of its clause.

use include_dir::{Dir, include_dir};

use super::python::Known;
use super::{Outcome, Ran};
use crate::program::require_program;

const GATEWAY: Known = Known {
    folder: "quay",
    program: "quay.py",
    file: include_str!("../../../fixtures/targets/quay/target.toml"),
    address: "http://127.0.0.1:4212",
};
/// A bug of the gateway and the check that it fails: those for which the language of target files had no word before.
const BUGS: [(&str, &str); 16] = [
    ("forged-secret", "access.wrong-key"),
    ("unknown-key", "access.wrong-key"),
    ("unsigned", "access.wrong-key"),
    ("body-unsigned", "access.wrong-key-enrol"),
    ("stale", "signing.stale"),
    ("replay", "signing.replayed"),
    ("key-any-account", "access.other-reads"),
    ("record-any-account", "access.other-reads"),
    ("list-truncated", "access.whole-list"),
    ("list-repeats", "access.whole-list"),
    ("job-never-ends", "enrolment.visa"),
    ("hook-twice", "telling.phantom"),
    ("early", "signing.early"),
    ("any-secret", "access.wrong-key"),
    ("list-overlaps", "access.whole-list"),
    ("hook-again-unsigned", "telling.signed-again"),
];

static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/targets/quay");

/// Everything but what has to wait for messages, which takes a while; they have a run of their own.
const QUICK: &str = "not @cap:webhooks";

fn summary(ran: &Ran) -> [usize; 4] {
    [
        Outcome::Pass,
        Outcome::Fail,
        Outcome::Untestable,
        Outcome::NotDeclared,
    ]
    .map(|outcome| ran.count(outcome))
}

/// What the first run has left behind is in nobody's way.
#[tokio::test]
async fn the_gateway_is_right_twice_in_a_row() {
    if !require_program("python3") {
        return;
    }
    let gateway = GATEWAY.start(&[]);
    let mut runs = Vec::new();
    for concurrency in ["8", "1"] {
        let more = ["--concurrency", concurrency, "--tags", QUICK];
        let ran = gateway.judged("right", &more).await;
        assert_eq!(ran.code, 0, "{}", ran.out);
        assert!(ran.out.contains("--run-id "), "{}", ran.out);
        runs.push(summary(&ran));
    }
    assert_eq!(runs[0], runs[1]);
    assert!(runs[0][0] > 170, "{runs:?}");
}

/// Starts Python once for each of them.
#[tokio::test]
async fn each_bug_fails_the_check_of_its_clause() {
    if !require_program("python3") {
        return;
    }
    GATEWAY.is_caught(&BUGS).await;
}

/// No source demands it, so that it decides nothing.
#[tokio::test]
async fn a_list_without_suspended_tokens_is_advised_against() {
    if !require_program("python3") {
        return;
    }
    let gateway = GATEWAY.start(&["--bug", "list-hides-held"]);
    let tags = ["--tags", "@id:access.suspended-list"];
    let ran = gateway.judged("list-hides-held", &tags).await;
    let failed = "fail access.suspended-list/quay (should)";
    assert!(ran.out.contains(failed), "{}", ran.out);
}

/// Several events in one message are each read for themselves.
#[tokio::test]
async fn messages_that_tell_of_several_things_are_understood() {
    if !require_program("python3") {
        return;
    }
    let gateway = GATEWAY.start(&[]);
    let tags =
        "@id:telling.order or @id:telling.signed or @id:telling.phantom or @id:telling.again";
    let ran = gateway.judged("messages", &["--tags", tags]).await;
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert_eq!(ran.count(Outcome::Pass), 4, "{}", ran.out);
}

#[test]
fn its_bugs_are_those_that_its_page_lists() {
    let page = FOLDER.get_file("BUGS.md").unwrap();
    let page = page.contents_utf8().unwrap();
    for (bug, _) in BUGS {
        assert!(page.contains(&format!("`{bug}`")), "{bug}");
    }
}
