//! What the harness prints and writes down of a target that puts secrets where none belongs: on the console, in the report
//! files, and by `standin target probe`.

use std::collections::HashSet;
use std::sync::atomic::Ordering;

use super::channels::{PLACES, Place, SECRETS, body};
use super::{near, wanted};
use crate::cli::standin;
use crate::conformance::folder;
use crate::conformance::scripted::{Script, start};
use crate::gateway::journal::leaks;

const LEAST: &str = include_str!("../../conformance/least.toml");
/// What the target file itself holds and nobody is to be shown.
const KEY: &str = "test-key-of-the-first-merchant";

/// An answer for each secret in each place of a body: every other one is what an enrolment is answered, so that the run goes on.
fn answers() -> Vec<(&'static str, String)> {
    let each = SECRETS.iter().flat_map(|secret| {
        let bodies = PLACES.iter().filter_map(|place| match place {
            Place::Path(_) | Place::Header => None,
            Place::Body(..) | Place::Coded(_) => body(*place, secret.0, secret.1),
        });
        bodies.map(|(kind, body)| match body.strip_prefix('{') {
            Some(rest) => {
                let enrolled = r#"{"id":"t1","status":"LIVE","expiry":"12/31","#;
                (kind, format!("{enrolled}{rest}"))
            }
            None => (kind, body),
        })
    });
    each.collect()
}

/// The harness as a process, while the target goes on answering.
async fn says(arguments: Vec<String>) -> String {
    let run = tokio::task::spawn_blocking(move || {
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        standin(&arguments)
    });
    let output = run.await.unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    text(&output.stdout) + &text(&output.stderr)
}

/// Takes seconds: the harness runs against a liar, and each operation is probed twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_of_a_target_shows_in_anything_that_judges_it() {
    let answers = answers().leak();
    let target = start(Script::InTurn(answers)).await;
    let folder = folder("canary-judged");
    let path = |name: &str| folder.join(name).display().to_string();
    let file = path("target.toml");
    std::fs::write(&file, LEAST.replace("{address}", &target.url)).unwrap();
    let command = |words: &str, more: &[&str]| {
        let words = words.split(' ').chain(more.iter().copied());
        words.map(str::to_owned).collect::<Vec<_>>()
    };
    let (log, junit) = (path("run.ndjson"), path("run.xml"));
    let (html, markdown) = (path("run.html"), path("run.md"));
    let judge = [
        &file,
        "--concurrency",
        "1",
        "--json",
        &log,
        "--junit",
        &junit,
        "--html",
        &html,
        "--markdown",
        &markdown,
    ];
    let mut outputs = vec![("conform", says(command("conform --target", &judge)).await)];
    let files = [
        ("event log", &log),
        ("JUnit report", &junit),
        ("page", &html),
        ("Markdown", &markdown),
    ];
    for (name, file) in files {
        outputs.push((name, std::fs::read_to_string(file).unwrap()));
    }
    let met = || target.requests.load(Ordering::SeqCst);
    assert!(met() > 5, "{} requests were judged", met());
    // A probe asks a few times only, so it is made until it has seen every answer.
    let all = met() + answers.len();
    while met() < all {
        for probe in ["target probe", "target probe --json"] {
            outputs.push((probe, says(command(probe, &[&file])).await));
        }
    }
    let mut secrets: HashSet<String> = wanted();
    secrets.insert(KEY.to_owned());
    let mut hits = Vec::new();
    for (output, text) in &outputs {
        assert!(!text.is_empty(), "{output} is empty");
        let found = leaks(text, &secrets).into_iter();
        hits.extend(found.map(|secret| format!("{output}: {}", near(text, &secret))));
    }
    hits.sort();
    hits.dedup();
    assert!(hits.is_empty(), "{} hits\n{}", hits.len(), hits.join("\n"));
}
