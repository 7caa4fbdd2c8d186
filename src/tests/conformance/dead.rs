//! Targets that are dead, shut, somewhere else, or that lie: none of them is green, and each is told of in few words and soon.

use std::time::Duration;

use standin::report::Outcome;

use super::scripted::{Script, closed_port, start};
use super::{Ran, conform, folder};

const LEAST: &str = include_str!("least.toml");
const JSON: &str = "application/json";

async fn judged(url: &str, name: &str) -> Ran {
    let file = folder(&format!("dead-{name}")).join("target.toml");
    std::fs::write(&file, LEAST.replace("{address}", url)).unwrap();
    let started = tokio::time::Instant::now();
    let file = file.to_str().unwrap();
    let ran = conform(&["--target", file, "--request-timeout", "2s"]).await;
    assert!(started.elapsed() < Duration::from_secs(15), "{name}");
    assert!(ran.out.len() < 4096, "{name}: {}", ran.out);
    assert_eq!(ran.count(Outcome::SuiteError), 0, "{name}: {}", ran.out);
    ran
}

#[tokio::test]
async fn a_target_that_answers_the_same_to_everything_is_not_green() {
    let lie = r#"{"id":"t1","status":"LIVE","expiry":"12/31"}"#;
    let rows = [
        (401, JSON, "{}", 3, "are the credentials"),
        (403, JSON, "{}", 3, "are the credentials"),
        (404, JSON, "{}", 3, "is base_url right"),
        (405, JSON, "{}", 3, "is base_url right"),
        (429, JSON, "{}", 3, "requests_per_second"),
        (503, JSON, "{}", 3, "not available"),
        (301, JSON, "", 3, "redirects"),
        (307, JSON, "", 3, "redirects"),
        (400, JSON, "{}", 3, "are the request and the test card"),
        (422, JSON, "{}", 3, "are the request and the test card"),
        (500, "text/plain", "oops", 1, "no active token"),
        (502, "text/html", "<html>", 1, "no active token"),
        (200, JSON, "{}", 1, "no active token"),
        (200, "text/html", "<html>", 1, "no active token"),
        (201, JSON, "{}", 1, "no active token"),
        (201, JSON, "not json", 1, "no active token"),
        (204, JSON, "", 1, "no active token"),
    ];
    for (place, (status, kind, body, code, said)) in rows.into_iter().enumerate() {
        let target = start(Script::Always(status, kind, body)).await;
        let ran = judged(&target.url, &format!("always-{place}")).await;
        assert_eq!(ran.code, code, "{status} {body}: {}", ran.out);
        assert!(ran.out.contains(said), "{status} {body}: {}", ran.out);
        // An empty object is one JSON document, and that is all that can be said for it.
        let passes = usize::from((status, body) == (201, "{}"));
        let passed = ran.count(Outcome::Pass);
        assert_eq!(passed, passes, "{status} {body}: {}", ran.out);
    }
    // It says of a token that was never issued what it says of every other.
    let liar = start(Script::Always(200, JSON, lie)).await;
    let both = LEAST.replace("accept = [201]", "accept = [200]");
    let both = both.replace(
        "[binding]",
        "[binding]\nunknown.reference = \"never-issued\"",
    );
    let file = folder("dead-believed").join("target.toml");
    std::fs::write(&file, both.replace("{address}", &liar.url)).unwrap();
    let ran = conform(&["--target", file.to_str().unwrap()]).await;
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.out.contains("can be believed"), "{}", ran.out);
    assert!(
        ran.out.contains("fail refusals.unknown-token/mine (must)"),
        "{}",
        ran.out
    );
    assert_eq!(
        (ran.count(Outcome::Pass), ran.count(Outcome::Fail)),
        (0, 1),
        "{}",
        ran.out
    );
    assert!(ran.out.len() < 4096, "{}", ran.out);
    let liar = start(Script::Always(201, JSON, lie)).await;
    let file = folder("dead-liar").join("target.toml");
    std::fs::write(&file, LEAST.replace("{address}", &liar.url)).unwrap();
    let ran = conform(&["--target", file.to_str().unwrap()]).await;
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert_eq!(ran.tally.negative_passes(), 0, "{}", ran.out);
}

#[tokio::test]
async fn a_target_that_says_nothing_is_told_of_in_one_sentence() {
    for (name, script) in [
        ("close", Script::CloseAfterRequest),
        ("truncate", Script::Truncate),
        ("garbage", Script::Garbage),
        ("hang", Script::Hang),
    ] {
        let target = start(script).await;
        let ran = judged(&target.url, name).await;
        assert_eq!(ran.code, 3, "{name}: {}", ran.out);
        assert!(ran.out.contains("does not answer"), "{name}: {}", ran.out);
    }
    let ran = judged(&closed_port().await, "closed").await;
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert!(ran.out.contains("does not answer"), "{}", ran.out);
}
