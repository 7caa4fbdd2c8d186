//! What a failing run hands over: reports that are made of its event log alone, a page that people can open, and scripts that
//! still fail.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use standin::report::{Again, CheckReport, Outcome, Run};

use super::bluegate::GATEWAY;
use super::folder;
use crate::cli::printed;
use crate::clients::run_against;
use crate::program::require_program;

/// What a script of bluegate's may take from the environment, as its target file has it.
const TARGET: &str = include_str!("../../../fixtures/targets/bluegate/target.toml");
/// The keys of the accounts, and the security code of every card.
const SECRETS: [&str; 3] = ["bk-azure-6f1c2d", "bk-cobalt-90ab7e", "737"];

/// The cards of the target file.
fn numbers() -> Vec<&'static str> {
    let lines = TARGET.lines();
    let values = lines.filter_map(|line| line.strip_prefix("pan = \""));
    values.map(|value| value.trim_end_matches('"')).collect()
}

/// Runs a script as whoever has copied it, with the secrets of the target file.
fn run_script(check: &CheckReport, base: &str, secrets: &[String]) -> Option<i32> {
    let curl = check.curl.as_ref().unwrap();
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(curl.script.as_str()).env("BASE", base);
    for (need, secret) in curl.needs.iter().zip(secrets) {
        shell.env(&need.variable, secret);
    }
    shell.output().unwrap().status.code()
}

/// The secrets that a script wants, found by how they are shown and by where they stand.
fn secrets(check: &CheckReport) -> Vec<String> {
    let curl = check.curl.as_ref().unwrap();
    let needs = curl.needs.iter().map(|need| {
        let is = need.is.as_str();
        let numbers = numbers().into_iter();
        let mut numbers = numbers.filter(|it| is.starts_with(&it[..6]) && is.ends_with(&it[12..]));
        if let Some(number) = numbers.next() {
            return number.to_owned();
        }
        let header = format!("X-Blue-Key: '\"${}\"", need.variable);
        let script = curl.script.as_str().to_lowercase();
        let of_key = script.contains(&header.to_lowercase());
        let of_lab = script.contains(&header.to_lowercase().replace("blue", "lab"));
        let secret = match (of_key, of_lab) {
            (true, _) => SECRETS[0],
            (_, true) => "lab-7713",
            (_, _) => SECRETS[2],
        };
        secret.to_owned()
    });
    needs.collect()
}

/// Starts Python twice and a browser: seconds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_run_hands_over_evidence_that_people_can_use() {
    if !require_program("python3") || !require_program("curl") {
        return;
    }
    let bugs = ["--bug", "delete-forgotten", "--bug", "enrol-second-token"];
    let gateway = GATEWAY.start(&bugs);
    let folder = folder("evidence");
    let path = |name: &str| folder.join(name).display().to_string();
    let (log, html, junit) = (path("run.ndjson"), path("run.html"), path("run.xml"));
    let markdown = path("run.md");
    let files = [
        "--json",
        &log,
        "--html",
        &html,
        "--junit",
        &junit,
        "--markdown",
        &markdown,
    ];
    let ran = gateway.judged("evidence", &files).await;
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);

    for (file, form) in [
        (&html, "--html"),
        (&junit, "--junit"),
        (&markdown, "--markdown"),
    ] {
        let out = format!("{file}.again");
        printed(&["report", &log, form, "--out", &out]);
        let (first, again) = (std::fs::read(file).unwrap(), std::fs::read(&out).unwrap());
        assert!(first == again, "{form} is not made of the event log alone");
    }
    let summary: Value = serde_json::from_str(&printed(&["report", &log, "--json"])).unwrap();
    assert_eq!(summary["verdict"], "nonconformant");
    assert_eq!(summary["counts"]["fail"], ran.count(Outcome::Fail));
    let said = printed(&["report", &log]);
    assert!(said.contains("verdict: nonconformant (exit 1)"), "{said}");

    let run = Run::read(Path::new(&log)).unwrap();
    let failed = run.checks.iter().filter(|it| it.outcome == Outcome::Fail);
    let failed: Vec<&CheckReport> = failed.collect();
    assert!(failed.len() >= 2, "{}", ran.out);
    let right = GATEWAY.start(&[]);
    let mut tried = 0;
    for check in &failed {
        assert!(!check.clauses.is_empty(), "{}", check.id);
        let decided = check.exchanges.iter().filter(|it| it.decided);
        assert_eq!(decided.count(), 1, "{}", check.id);
        let Some(curl) = &check.curl else { continue };
        if curl.again != Again::Fails {
            continue;
        }
        let secrets = secrets(check);
        let script = curl.script.as_str();
        let still = run_script(check, gateway.address(), &secrets);
        assert_eq!(still, Some(1), "{}: {script}", check.id);
        let mended = run_script(check, right.address(), &secrets);
        assert_eq!(mended, Some(0), "{}: {script}", check.id);
        tried += 1;
    }
    assert!(tried >= 1, "no script of {} failed again", failed.len());
    let by_place = failed.iter().flat_map(|it| &it.steps);
    let mut by_place = by_place.flat_map(|step| &step.differences);
    assert!(
        by_place.any(|it| it.pointer.as_str().starts_with('/')),
        "{}",
        ran.out
    );

    if require_program("chromium") {
        let pictures = concat!(env!("CARGO_TARGET_TMPDIR"), "/pictures/report");
        run_against("report.mjs", &[&html, pictures], 10).await;
    }
}

/// What a target says is text in the page, and the page may do nothing that it does not bring.
#[tokio::test]
async fn what_a_target_says_is_no_markup() {
    use super::scripted::{Script, start};
    let said = r#"{"id":"t1","status":"LIVE","expiry":"12/31","x":"</pre><script>alert(1)</script><img src=http://x/>"}"#;
    let target = start(Script::Always(201, "application/json", said)).await;
    let folder = folder("markup");
    let (html, file) = (folder.join("run.html"), folder.join("target.toml"));
    let least = include_str!("least.toml").replace("{address}", &target.url);
    std::fs::write(&file, least).unwrap();
    let (html, file) = (html.display().to_string(), file.display().to_string());
    super::conform(&["--target", &file, "--html", &html]).await;
    let page = std::fs::read_to_string(&html).unwrap();
    let escaped = ["&lt;script", "&#60;script", "&#x3C;script"];
    assert!(escaped.iter().any(|it| page.contains(it)), "it was not met");
    assert_eq!(page.matches("<script").count(), 1);
    assert!(!page.contains("<img"));
    assert!(page.contains("default-src 'none'"));
}
