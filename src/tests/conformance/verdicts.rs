//! A verdict that cannot lie: every way in which a target can fail to be a gateway, with the exit code and the counts.

use std::sync::atomic::Ordering;

use standin::report::Outcome;

use super::reports::complete;
use super::scripted::{Script, closed_port, start};
use super::{Ran, conform, conform_until, folder};

const JSON: &str = "application/json";
const CMP: &str = "application/vnd.api+json";
/// Longer than any target here needs on a busy machine.
const PATIENT: &str = "30s";

/// Runs against a target with both report files, and requires both to be complete whatever the verdict.
async fn judged(url: &str, name: &str, request_timeout: &str) -> Ran {
    let folder = folder(name);
    let (json, junit) = (folder.join("run.ndjson"), folder.join("run.xml"));
    let ran = conform(&[
        "--target",
        url,
        "--json",
        json.to_str().unwrap(),
        "--junit",
        junit.to_str().unwrap(),
        "--request-timeout",
        request_timeout,
        "--concurrency",
        "64",
    ])
    .await;
    complete(&ran, &json, &junit);
    ran
}

#[tokio::test]
async fn a_closed_port_is_inconclusive() {
    let ran = judged(&closed_port().await, "closed", PATIENT).await;
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert!(ran.count(Outcome::Transport) > 100, "{}", ran.out);
    for outcome in [
        Outcome::Pass,
        Outcome::Fail,
        Outcome::Untestable,
        Outcome::SuiteError,
    ] {
        assert_eq!(ran.count(outcome), 0, "{}", ran.out);
    }
}

#[tokio::test]
async fn the_same_answer_to_everything_is_not_green_and_is_told_in_few_words() {
    let rows = [
        (500, "text/plain", "oops"),
        (
            404,
            CMP,
            r#"{"errors":[{"status":"404","code":"not-found","title":"x","detail":"y"}]}"#,
        ),
        (
            404,
            JSON,
            r#"{"errors":[{"status":404,"code":"not-found","detail":"no"}]}"#,
        ),
        (
            401,
            JSON,
            r#"{"error":"invalid_client","error_description":"no"}"#,
        ),
        (
            422,
            CMP,
            r#"{"errors":[{"status":"422","code":"failed-dependency","title":"x","detail":"y"}]}"#,
        ),
        (200, JSON, "{}"),
        (
            201,
            CMP,
            r#"{"data":{"id":"x","attributes":{"state":"active"}},"access_token":"a.b.c"}"#,
        ),
        (204, JSON, ""),
    ];
    for (place, (status, kind, body)) in rows.into_iter().enumerate() {
        let target = start(Script::Always(status, kind, body)).await;
        let ran = judged(&target.url, &format!("always-{place}"), PATIENT).await;
        assert_eq!(ran.code, 3, "{status} {body}: {}", ran.out);
        assert_eq!(ran.count(Outcome::Pass), 0, "{status} {body}: {}", ran.out);
        assert!(ran.out.contains("no access token"), "{}", ran.out);
        assert!(ran.out.len() < 4096, "{}", ran.out);
        assert!(target.requests.load(Ordering::SeqCst) > 0, "{place:?}");
    }
}

#[tokio::test]
async fn a_target_that_says_nothing_is_inconclusive() {
    let scripts = [
        (Script::CloseAfterRequest, PATIENT),
        (Script::Truncate, PATIENT),
        (Script::Garbage, PATIENT),
        (Script::Hang, "20ms"),
    ];
    for (script, timeout) in scripts {
        let target = start(script).await;
        let ran = judged(&target.url, &format!("silent-{script:?}"), timeout).await;
        assert_eq!(ran.code, 3, "{script:?}: {}", ran.out);
        assert!(
            ran.count(Outcome::Transport) > 100,
            "{script:?}: {}",
            ran.out
        );
        assert_eq!(
            ran.count(Outcome::Pass) + ran.count(Outcome::SuiteError),
            0,
            "{script:?}: {}",
            ran.out
        );
    }
}

#[tokio::test]
async fn a_target_that_dies_half_way_is_not_green() {
    let target = start(Script::DieAfter(12)).await;
    let ran = judged(&target.url, "half-way", PATIENT).await;
    assert!([1, 3].contains(&ran.code), "{}", ran.out);
    assert!(
        ran.count(Outcome::Transport) + ran.count(Outcome::Untestable) > 100,
        "{}",
        ran.out
    );
}

#[tokio::test]
async fn checks_that_passed_do_not_outvote_an_answer_that_never_came() {
    let target = start(Script::DieAfter(2)).await;
    let ran = conform(&[
        "--target",
        &target.url,
        "--tags",
        "@id:oauth.all-scopes",
        "--concurrency",
        "1",
    ])
    .await;
    assert_eq!(
        (ran.count(Outcome::Pass), ran.count(Outcome::Transport)),
        (2, 3),
        "{}",
        ran.out
    );
    assert_eq!(ran.code, 3, "{}", ran.out);
}

#[tokio::test]
async fn nothing_selected_is_not_a_success_and_sends_nothing() {
    let target = start(Script::Always(500, JSON, "{}")).await;
    let ran = conform(&["--target", &target.url, "--tags", "@nothing"]).await;
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert!(ran.count(Outcome::NotSelected) > 100, "{}", ran.out);
    assert_eq!(target.requests.load(Ordering::SeqCst), 0);
    assert!(ran.out.contains("--tags leaves it out"), "{}", ran.out);
    let advice = "no check of the profile has these tags; there are @";
    assert!(ran.err.contains(advice), "{}", ran.err);
    assert!(ran.err.contains("there are @cap:…, "), "{}", ran.err);
}

#[tokio::test]
async fn an_interrupted_run_keeps_what_it_found_and_is_inconclusive() {
    let target = start(Script::Hang).await;
    let folder = folder("interrupted");
    let (json, junit) = (folder.join("run.ndjson"), folder.join("run.xml"));
    let requests = std::sync::Arc::clone(&target.requests);
    let first_request = async move {
        while requests.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
    };
    let args = [
        "--target",
        &target.url,
        "--json",
        json.to_str().unwrap(),
        "--junit",
        junit.to_str().unwrap(),
    ];
    let ran = conform_until(&args, first_request).await;
    complete(&ran, &json, &junit);
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert!(ran.out.contains("interrupted"), "{}", ran.out);
}

#[tokio::test]
async fn a_misused_command_line_sends_nothing_and_says_why() {
    let target = start(Script::Always(200, JSON, "{}")).await;
    let url = target.url.as_str();
    let bad = folder("bad-target");
    let file = bad.join("target.toml");
    std::fs::write(
        &file,
        "name = \"x\"\nbase_url = \"nowhere\"\n[auth]\nkind = \"none\"\n",
    )
    .unwrap();
    let file = file.to_str().unwrap();
    let rows: [(&[&str], &str); 9] = [
        (&["--target", "no-such-file.toml"], "no-such-file.toml"),
        (&["--target", file], "base_url"),
        (&["--target", "ftp://x"], "must begin with http"),
        (&["--target", url, "--tags", "@a and"], "--tags"),
        (
            &["--target", url, "--profile", "amex"],
            "there are: cmp, calm",
        ),
        (
            &["--target", url, "--features", "/no/such/folder"],
            "/no/such/folder",
        ),
        (&["--target", url, "--json", "/no/such/folder/x"], "--json"),
        (&["--target", url, "--ca", "/no/such/ca.pem"], "--ca"),
        (
            &["--target", url, "--tags", "@behaviour", "--require", "core"],
            "--require needs the whole suite",
        ),
    ];
    for (args, complaint) in rows {
        let ran = conform(args).await;
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.err);
        assert!(ran.err.contains(complaint), "{args:?}: {}", ran.err);
    }
    assert_eq!(target.requests.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn the_list_names_every_check_and_sends_nothing() {
    let target = start(Script::Always(200, JSON, "{}")).await;
    let ran = conform(&["--target", &target.url, "--list", "--profile", "calm"]).await;
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains("enrolment.visa/calm"), "{}", ran.out);
    assert!(!ran.out.contains("enrolment.visa/cmp"), "{}", ran.out);
    assert!(
        ran.out.contains("oauth.form"),
        "the token endpoint belongs to every surface it opens"
    );
    assert!(
        ran.out
            .contains("cryptograms.long/calm  not-declared: calm does not declare"),
        "{}",
        ran.out
    );
    assert_eq!(target.requests.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_known_failure_is_excused_and_a_stale_one_is_not() {
    let folder = folder("known");
    let file = folder.join("known.toml");
    let run = async |url: &str, entries: &str| {
        std::fs::write(&file, entries).unwrap();
        let file = file.to_str().unwrap();
        conform(&[
            "--target",
            url,
            "--tags",
            "@id:oauth.all-scopes",
            "--expect",
            file,
        ])
        .await
    };
    let all = "[[expected]]\ncheck = \"oauth.all-scopes.*\"\nreason = \"not yet\"\n";
    let broken = start(Script::Always(500, JSON, "{}")).await;
    let ran = run(&broken.url, all).await;
    assert_eq!(
        (ran.code, ran.count(Outcome::ExpectedFail)),
        (0, 5),
        "{}",
        ran.out
    );
    let sound = start(Script::DieAfter(usize::MAX)).await;
    let ran = run(&sound.url, all).await;
    assert_eq!(
        (ran.code, ran.count(Outcome::UnexpectedPass)),
        (4, 5),
        "{}",
        ran.out
    );
    let ran = run(&sound.url, &format!("{all}expires = \"2025-12-31\"\n")).await;
    assert_eq!((ran.code, ran.count(Outcome::Pass)), (4, 5), "{}", ran.out);
    let ran = run(&broken.url, &format!("{all}expires = \"2025-12-31\"\n")).await;
    assert_eq!((ran.code, ran.count(Outcome::Fail)), (1, 5), "{}", ran.out);
    let ran = run(&broken.url, &all.replace("all-scopes", "no-scopes")).await;
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(ran.err.contains("there is no such check"), "{}", ran.err);
}
