//! What a recording does not answer, what others have recorded, and who takes recordings besides `standin run`.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::recorded::{ASKED, answers, listed, recorded, replayed};
use super::run::{ran, report};
use super::upstream::Upstream;
use crate::cli::{Folder, Served};
use crate::client::Ask;
use crate::program::require_program;

#[test]
fn what_is_not_recorded_fails_the_run_and_says_what_is_nearest() {
    if !require_program("curl") || !require_program("bash") {
        return;
    }
    let upstream = Upstream::that(answers);
    let (folder, settings, file) = listed(&upstream);
    let live = recorded(&settings, &file, ASKED);
    assert_eq!(live.code, Some(0), "{}", live.err);
    let journal = folder.0.join("journal.json");
    let program = env!("CARGO_BIN_EXE_standin");
    let changed = ASKED
        .replace("currency=eur", "currency=usd")
        .replace("\"amount\":10", "\"amount\":11");
    let script = format!("{changed}{program} journal --json > {}", journal.display());
    let asked = folder.0.join("asked.json");
    let missed = replayed(&file, &["--report", asked.to_str().unwrap()], &script);
    assert_eq!(missed.code, Some(1), "{}{}", missed.out, missed.err);
    let nearest = format!(
        "no exchange in {file} answers POST api.test/v1/pay; the nearest, log.entries[0] (POST api.test/v1/pay), differs in query currency: recorded \"eur\", asked \"usd\"; body /amount: recorded 10, asked 11"
    );
    assert!(
        missed.err.contains(&format!("standin: {nearest}\n")),
        "{}",
        missed.err
    );
    assert!(
        missed
            .err
            .ends_with("standin: replayed api.test (5); refused api.test (2)\n"),
        "{}",
        missed.err
    );
    let first = missed.out.split('}').next().unwrap();
    assert!(
        first.contains("proxy_not_recorded") && first.contains("log.entries[0]"),
        "{first}"
    );
    let journal = std::fs::read_to_string(journal).unwrap();
    let journal: Value = serde_json::from_str(&journal).unwrap();
    let reasons = journal["entries"].as_array().unwrap().iter();
    let reasons: Vec<_> = reasons
        .filter_map(|entry| entry["reason"].as_str())
        .collect();
    assert!(reasons[0].starts_with(&nearest), "{reasons:?}");
    assert_eq!(reasons[2], format!("replayed log.entries[2] of {file}"));
    let report = report(&asked);
    assert_eq!(report["asked"]["replayed"]["api.test"], 5);
    assert!(
        report["asked"]["missed"][0]
            .as_str()
            .unwrap()
            .starts_with(&nearest)
    );
}

#[test]
fn once_is_once_unless_it_is_replayed_loosely() {
    if !require_program("curl") || !require_program("bash") {
        return;
    }
    let upstream = Upstream::that(answers);
    let (_folder, settings, file) = listed(&upstream);
    let live = recorded(&settings, &file, ASKED);
    assert_eq!(live.code, Some(0), "{}", live.err);
    let changed = ASKED
        .replace("currency=eur", "currency=usd")
        .replace("\"amount\":10", "\"amount\":11");
    // A card can be told from another by what is shown of it.
    let twice =
        "curl -sS http://api.test/logo.png | od -An -tx1; curl -sSf http://api.test/logo.png";
    let strictly = replayed(&file, &[], twice);
    assert!(
        strictly.err.contains("is alike and has been used already"),
        "{}",
        strictly.err
    );
    let loosely = replayed(
        &file,
        &["--replay-loose"],
        &format!("{changed}{twice} | od -An -tx1"),
    );
    assert_eq!(loosely.code, Some(0), "{}", loosely.err);
    assert!(
        loosely.out.starts_with(r#"{"state":"paid""#)
            && loosely.out.contains(r#"{"state":"declined"}"#),
        "{}",
        loosely.out
    );
    // No host is unknown to whoever replays: all that is not recorded is told.
    let other = replayed(&file, &[], "curl -sS https://other.test/v1/job; exit 0");
    assert_eq!(other.code, Some(1), "{}", other.err);
    assert!(
        other
            .out
            .contains("differs in host: recorded api.test, asked other.test"),
        "{}",
        other.out
    );
}

/// What browsers write (devtools of Chrome and Firefox), and what mitmproxy does.
const FOREIGN: &str = r#"{"log":{"version":"1.2","creator":{"name":"mitmproxy","version":"11.0"},"pages":[],"entries":[
{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"GET","url":"https://cdn.test/logo","httpVersion":"h2",
  "headers":[{"name":":authority","value":"cdn.test"}]},
 "response":{"status":200,"httpVersion":"HTTP/2.0","headers":[{"name":"content-encoding","value":"gzip"},{"name":"content-type","value":"text/plain"}],
  "content":{"size":5,"mimeType":"text/plain","text":"aGVsbG8=","encoding":"base64"}}},
{"request":{"method":"POST","url":"http://api.test/login","httpVersion":"unknown",
  "postData":{"mimeType":"application/x-www-form-urlencoded","params":[{"name":"user","value":"ada"},{"name":"password","value":"whatever"}]}},
 "response":{"status":302,"headers":[{"name":"Location","value":"/home"},{"name":"Set-Cookie","value":"a=1\nb=2"}],"content":{"size":0}}},
{"request":{"url":"http://api.test/gone"},"response":{"status":0}},
{"request":{"url":"http://api.test/bytes"},
 "response":{"status":200,"headers":[{"name":"Content-Encoding","value":"gzip"}],
  "content":{"text":"H4sIAAAAAAACA8tIzcnJBwCGphA2BQAAAA==","encoding":"base64"}}}
]}}"#;

#[test]
fn what_other_programs_have_recorded_is_replayed() {
    if !require_program("curl") || !require_program("bash") {
        return;
    }
    let folder = Folder::new("foreign");
    let file = folder.0.join("browser.har");
    std::fs::write(&file, FOREIGN).unwrap();
    let file = file.to_str().unwrap();
    let script = "curl -sS https://cdn.test/logo; curl -sSi http://api.test/login -d user=ada -d password=other; curl -sS --compressed http://api.test/bytes";
    let done = replayed(file, &[], script);
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    assert!(
        done.out.starts_with("hello") && done.out.ends_with("\r\n\r\nhello"),
        "{}",
        done.out
    );
    for header in [
        "HTTP/1.1 302 Found",
        "location: /home",
        "set-cookie: a=1",
        "set-cookie: b=2",
    ] {
        assert!(done.out.contains(header), "{}", done.out);
    }
    assert!(done.err.contains("1 entry of "), "{}", done.err);
}

#[test]
fn a_file_that_cannot_be_used_is_said_before_the_command_is_run() {
    let folder = Folder::new("bad-har");
    let file = folder.0.join("bad.har");
    std::fs::write(&file, r#"{"log":{"entries":[{"request":{"url":"x"}}]}}"#).unwrap();
    let file = file.to_str().unwrap();
    for (arguments, says) in [
        (
            &["--replay", file][..],
            "log.entries[0].request.url: must be a URL",
        ),
        (
            &["--replay", "/nonexistent.har"],
            "--replay /nonexistent.har: ",
        ),
        (
            &["--record", "/nonexistent/x.har"],
            "--record /nonexistent/x.har: ",
        ),
        (&["--record", file, "--replay", file], "cannot be used with"),
        (&["--replay-loose"], "--replay <FILE>"),
    ] {
        let done = ran(&[arguments, &["--", "touch", &format!("{file}.ran")]].concat());
        assert_eq!(done.code, Some(2), "{}", done.err);
        assert!(done.err.contains(says), "{arguments:?}: {}", done.err);
    }
    assert!(!Path::new(&format!("{file}.ran")).exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_records_and_replays_too() {
    if !require_program("curl") {
        return;
    }
    let upstream = Upstream::that(answers);
    let (_folder, settings, file) = listed(&upstream);
    let plain = ["--proxy-plain", "127.0.0.1:0", "--proxy-open"];
    for arguments in [
        ["--config", &settings, "--record", &file].as_slice(),
        &["--replay", &file],
    ] {
        let served = Served::new("record-serve", &[&plain, arguments].concat()).await;
        let facts = served
            .client()
            .send(Ask::get("/_standin/proxy"))
            .await
            .expect(200);
        let proxy = facts.at("/plain").to_string();
        let asked = ["-sS", "-x", &proxy, "http://api.test/v1/job"];
        let output = tokio::process::Command::new("curl")
            .args(asked)
            .output()
            .await
            .unwrap();
        assert_eq!(output.stdout, br#"{"job":0}"#, "{output:?}");
        let (code, _, errors) = served.terminate().await;
        assert_eq!((code, errors.as_str()), (Some(0), ""));
    }
    assert_eq!(upstream.said().len(), 1);
    let none = crate::cli::standin(&["serve", "--replay", &file]);
    let said = String::from_utf8_lossy(&none.stderr).into_owned();
    assert!(
        said.contains("--record and --replay are for a proxy"),
        "{said}"
    );
}

#[test]
fn a_run_takes_the_settings_of_its_folder() {
    if !require_program("curl") {
        return;
    }
    let upstream = Upstream::that(answers);
    let (folder, settings, _) = listed(&upstream);
    std::fs::rename(settings, folder.0.join("standin.toml")).unwrap();
    let mut run = Command::new(env!("CARGO_BIN_EXE_standin"));
    run.current_dir(&folder.0).stdin(Stdio::null());
    let output = run
        .args(["run", "--", "curl", "-sS", "http://api.test/v1/job"])
        .output()
        .unwrap();
    assert_eq!(output.stdout, br#"{"job":0}"#, "{output:?}");
}
