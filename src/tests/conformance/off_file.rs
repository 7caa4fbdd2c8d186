//! Cards that are taken off file, at a gateway that is not standin: each bug is told by the check of its clause, what is permitted
//! is not, and a gateway whose tokens outlive their card is held to that once its file says so.

use super::bluegate::GATEWAY;
use super::python::Started;
use super::{Outcome, Ran, conform};
use crate::program::require_program;

/// A bug of the gateway, the check that it fails, and the level of that.
const BUGS: [(&str, &str, &str); 10] = [
    ("off-file-listed", "off-file.unlisted", "must"),
    ("off-file-enrols", "off-file.unenrolled", "must"),
    ("off-file-tokens-stay", "off-file.token", "should"),
    ("off-file-tokens-stay", "off-file.cryptogram", "should"),
    ("off-file-tokens-stay", "off-file.paying", "should"),
    ("off-file-tokens-stay", "off-file.charging", "should"),
    ("off-file-tokens-stay", "off-file.token-declared", "must"),
    ("off-file-neighbour", "off-file.others", "must"),
    ("off-file-unknown", "off-file.unknown", "must"),
    (
        "tenant-card",
        "access.apart.takes-the-card-off-file",
        "must",
    ),
];
/// How many checks speak of it: twelve of its own, and a row in each sweep.
const ALL: usize = 15;
/// The tag that they have.
const TAG: &str = "@cap:delete-card";

/// What its file says of the tokens of such a card.
const DELETED: &str = "deleted_card_tokens = \"deleted\"";

/// Judges it by the checks of these tags alone, where its file says this of the tokens of such a card.
async fn judged(gateway: &Started<'_>, name: &str, tags: &str, policy: &str) -> Ran {
    let file = gateway.file(name);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains(DELETED));
    let text = text.replace(DELETED, policy);
    std::fs::write(&file, text).unwrap();
    let target = file.to_str().unwrap();
    conform(&["--target", target, "--tags", tags]).await
}

/// Starts Python once for each of them.
#[tokio::test]
async fn each_bug_fails_the_check_of_its_clause() {
    if !require_program("python3") {
        return;
    }
    for (bug, check, level) in BUGS {
        let gateway = GATEWAY.start(&["--bug", bug]);
        // The id of a row goes on behind that of its outline.
        let outline: Vec<&str> = check.split('.').take(2).collect();
        let tags = format!("@id:{} and {TAG}", outline.join("."));
        // What the file leaves open is advised; what it says decides.
        let policy = if check.ends_with("-declared") {
            DELETED
        } else {
            ""
        };
        let ran = judged(&gateway, &format!("{check}-{bug}"), &tags, policy).await;
        let failed = format!("fail {check}/bluegate ({level})");
        assert!(ran.out.contains(&failed), "{bug}: {}", ran.out);
        assert_eq!(ran.code == 1, level == "must", "{bug}: {}", ran.out);
    }
}

/// Starts Python twice.
#[tokio::test]
async fn a_success_that_comes_again_is_permitted() {
    if !require_program("python3") {
        return;
    }
    for more in [&[][..], &["--variation", "off-file-again-204"]] {
        let gateway = GATEWAY.start(more);
        let ran = judged(&gateway, "off-file-right", TAG, DELETED).await;
        assert_eq!(ran.count(Outcome::Pass), ALL - 1, "{}", ran.out);
        // That tokens outlive their card is asked of nobody who does not say it.
        assert_eq!(ran.count(Outcome::NotDeclared), 1, "{}", ran.out);
        assert!(
            ran.out.contains("does not declare tokens-outlive-card"),
            "{}",
            ran.out
        );
    }
}

/// What is a bug elsewhere is then what is wanted, and the other way round. Starts Python twice.
#[tokio::test]
async fn tokens_that_outlive_their_card_are_a_policy() {
    if !require_program("python3") {
        return;
    }
    let kept = "deleted_card_tokens = \"kept\"";
    let gateway = GATEWAY.start(&["--bug", "off-file-tokens-stay"]);
    let ran = judged(&gateway, "off-file-kept", TAG, kept).await;
    assert_eq!(ran.count(Outcome::Fail), 0, "{}", ran.out);
    assert_eq!(ran.count(Outcome::NotDeclared), 5, "{}", ran.out);
    assert_eq!(ran.count(Outcome::Pass), ALL - 5, "{}", ran.out);
    let gateway = GATEWAY.start(&[]);
    let ran = judged(&gateway, "off-file-kept-not", TAG, kept).await;
    assert_eq!(ran.count(Outcome::Fail), 1, "{}", ran.out);
    assert!(
        ran.out.contains("fail off-file.kept/bluegate (should)"),
        "{}",
        ran.out
    );
}
