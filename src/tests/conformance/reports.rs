//! The report files: complete whatever happened, one case a check, and without a secret in them.

use std::path::Path;

use quick_junit::Report;
use serde_json::Value;
use standin::report::Outcome;

use super::scripted::{Script, start};
use super::{Ran, conform, folder};

/// Both files tell the same story as the run.
pub(super) fn complete(ran: &Ran, json: &Path, junit: &Path) {
    let log = std::fs::read_to_string(json).unwrap();
    let events: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let (first, last) = (events.first().unwrap(), events.last().unwrap());
    assert_eq!(
        (&first["event"], &last["event"]),
        (&Value::from("run"), &Value::from("end"))
    );
    assert_eq!(last["exit_code"], ran.code);
    let checks: Vec<&Value> = events
        .iter()
        .filter(|event| event["event"] == "check")
        .collect();
    assert_eq!(first["checks"], checks.len());
    for outcome in Outcome::ALL {
        let counted = checks
            .iter()
            .filter(|check| check["outcome"] == outcome.word())
            .count();
        assert_eq!(counted, ran.count(outcome), "{}", outcome.word());
        assert_eq!(last["counts"][outcome.word()], counted);
    }
    let report = report(junit);
    let verdict = report
        .test_suites
        .iter()
        .any(|it| it.name.as_str() == "verdict");
    assert_eq!(
        report.tests - usize::from(verdict),
        checks.len() - ran.count(Outcome::NotSelected)
    );
    assert_eq!(report.failures, ran.count(Outcome::Fail));
    if ran.code != 0 {
        assert!(
            report.failures + report.errors > 0,
            "a red run with a green file"
        );
    }
}

fn report(junit: &Path) -> Report {
    let xml = std::fs::read_to_string(junit).unwrap();
    Report::deserialize_from_str(&xml).unwrap()
}

/// The report has a case for whatever the list has, each once, and for every scenario of our own features.
pub(super) fn every_scenario(junit: &Path, list: &str) {
    let (list, count) = list.trim_end().rsplit_once('\n').unwrap();
    assert!(count.ends_with(" checks to run"), "{count}");
    let first = |line: &str| line.split("  ").next().unwrap().to_owned();
    let mut listed: Vec<String> = list.lines().map(first).collect();
    let report = report(junit);
    let cases = report.test_suites.iter().flat_map(|it| &it.test_cases);
    let mut cases: Vec<String> = cases.map(|case| case.name.to_string()).collect();
    listed.sort();
    cases.sort();
    assert_eq!(cases, listed);
    for id in ids(&Path::new(env!("CARGO_MANIFEST_DIR")).join("features")) {
        // An example and a binding add to the id.
        let is_of = |case: &String| {
            let more = case.strip_prefix(&id);
            more.is_some_and(|more| more.is_empty() || more.starts_with(['.', '/']))
        };
        assert!(cases.iter().any(is_of), "{id}");
    }
}

/// The ids of all scenarios below a folder.
fn ids(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(ids(&path));
        } else if path.extension().is_some_and(|kind| kind == "feature") {
            let text = std::fs::read_to_string(&path).unwrap();
            let words = text.split_whitespace();
            found.extend(words.filter_map(|word| Some(word.strip_prefix("@id:")?.to_owned())));
        }
    }
    found
}

#[tokio::test]
async fn an_empty_selection_is_red_in_junit_too() {
    let target = start(Script::Always(500, "text/plain", "")).await;
    let folder = folder("empty");
    let (json, junit) = (folder.join("run.ndjson"), folder.join("run.xml"));
    let args = [
        "--target",
        &target.url,
        "--tags",
        "@nothing",
        "--json",
        json.to_str().unwrap(),
        "--junit",
        junit.to_str().unwrap(),
    ];
    let ran = conform(&args).await;
    complete(&ran, &json, &junit);
    let xml = std::fs::read_to_string(&junit).unwrap();
    assert!(
        xml.contains("<error message=\"inconclusive") && xml.contains(" type=\"verdict\""),
        "{xml}"
    );
}

/// A target that echoes everything it should not: none of it may reach a report.
#[tokio::test]
async fn no_secret_reaches_a_report() {
    let canary = concat!(
        r#"{"access_token":"eyJ.canary-access-token.sig","pan":"4111111111111111","note":"4000000000000051 standin-secret","#,
        r#""data":{"id":"CRD1234567890123456789012","attributes":{"network_token":"4895370000000007","cvc":"987","#,
        r#""cryptogram":{"value":"canary-cryptogram-value","type":"TAVV"}}}}"#
    );
    let target = start(Script::Always(200, "application/json", canary)).await;
    let folder = folder("canary");
    let (json, junit) = (folder.join("run.ndjson"), folder.join("run.xml"));
    let args = [
        "--target",
        &target.url,
        "--json",
        json.to_str().unwrap(),
        "--junit",
        junit.to_str().unwrap(),
    ];
    let ran = conform(&args).await;
    let xml = std::fs::read_to_string(&junit).unwrap();
    let log = std::fs::read_to_string(&json).unwrap();
    assert!(
        log.contains("411111******1111"),
        "the canary must have been met"
    );
    for text in [&ran.out, &ran.err, &xml, &log] {
        for secret in [
            "4111111111111111",
            "4000000000000051",
            "5555555555554444",
            "canary-access-token",
            "standin-secret",
            "canary-cryptogram-value",
            "\"cvc\":\"987\"",
        ] {
            let place = text.find(secret);
            assert_eq!(
                place,
                None,
                "{secret}: …{}",
                place.map_or("", |at| &text[at.saturating_sub(200)..at + 40])
            );
        }
    }
}

#[tokio::test]
async fn one_seed_runs_in_one_order() {
    let target = start(Script::Always(404, "text/plain", "")).await;
    let order = async |seed: &str| {
        let args = [
            "--target",
            &target.url,
            "--seed",
            seed,
            "--concurrency",
            "1",
            "--tags",
            "@oauth",
        ];
        let ran = conform(&args).await;
        let ids = ran
            .out
            .lines()
            .filter(|line| line.starts_with('['))
            .map(|line| {
                let behind_count = line.split_once(']').unwrap().1;
                behind_count.split_whitespace().nth(1).unwrap().to_owned()
            });
        ids.collect::<Vec<_>>()
    };
    let one = order("one").await;
    assert!(one.len() > 20, "{one:?}");
    assert_eq!(one, order("one").await);
    assert_ne!(one, order("two").await);
}
