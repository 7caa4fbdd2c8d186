//! A run that does not come to its end: stopped by hand, or killed.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::folder;
use super::scripted::{Script, start};
use crate::cli::{printed, standin};

/// Begins a run that would not end, and waits until something of it is written down.
async fn begun(url: &str, log: &str) -> Child {
    let mut program = Command::new(env!("CARGO_BIN_EXE_standin"));
    program.args(["conform", "--target", url, "--json", log]);
    program.args(["--request-timeout", "60s", "--step-timeout", "60s"]);
    let process = program.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut process = process.unwrap();
    for _ in 0..500 {
        let lines = std::fs::read_to_string(log).unwrap_or_default();
        if lines.lines().count() > 3 {
            return process;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    process.kill().unwrap();
    process.wait().unwrap();
    panic!("nothing was written down");
}

async fn ended(mut process: Child) -> Option<i32> {
    let wait = tokio::task::spawn_blocking(move || process.wait().unwrap().code());
    wait.await.unwrap()
}

/// The target answers nothing, so the run waits until it is told to stop.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_is_stopped_leaves_a_log_of_which_the_page_is_made() {
    let target = start(Script::Hang).await;
    let folder = folder("stopped");
    let log = folder.join("run.ndjson").display().to_string();
    let process = begun(&target.url, &log).await;
    let id = rustix::process::Pid::from_raw(process.id().try_into().unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    assert_eq!(ended(process).await, Some(3));
    let page = printed(&["report", &log, "--html"]);
    assert!(page.contains("It was interrupted"), "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_is_killed_leaves_one_too_and_a_torn_line_is_told() {
    let target = start(Script::Hang).await;
    let folder = folder("killed");
    let log = folder.join("run.ndjson").display().to_string();
    let mut process = begun(&target.url, &log).await;
    process.kill().unwrap();
    process.wait().unwrap();
    let whole = std::fs::read_to_string(&log).unwrap();
    let torn = whole.trim_end();
    std::fs::write(&log, &torn[..torn.len() - 5]).unwrap();
    let lines = torn.lines().count();
    for form in ["--html", "--markdown", "--junit", "--json"] {
        let said = printed(&["report", &log, form]);
        let told = match form {
            "--html" | "--markdown" => format!("Line {lines} of the log"),
            "--junit" => "broken off".to_owned(),
            _ => format!("\"torn_line\": {lines}"),
        };
        assert!(said.contains(&told), "{form}: {said}");
    }
    std::fs::write(&log, "<testsuites/>\n").unwrap();
    let refused = standin(&["report", &log]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("run.ndjson: line 1: "), "{said}");
}
