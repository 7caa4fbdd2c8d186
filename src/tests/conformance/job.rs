//! A run as a job of GitHub's: it is told by annotations and a summary, and nothing that a target says is a command to the job or
//! to a terminal.

use std::process::{Command, Stdio};

use super::folder;
use super::scripted::{Script, start};

const SAID: &str = "{\"a\":\"\u{202e}\u{9b}2J\"}\r\n::error::owned\n  ::stop-commands::x\n##[add-mask]y\n\u{1b}[31mred\u{1b}]0;title\u{7}\u{8}\u{0}";

/// Takes as long as a run against a target that is wrong about everything.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_commands_neither_a_job_nor_a_terminal() {
    let enrolled = "{\"id\":\"t1\",\"status\":\"LIVE\",\"expiry\":\"12/31\",\"note\":\"\u{202e}\"}";
    let answers = [enrolled, SAID].map(|said| ("application/json", said.to_owned()));
    let target = start(Script::InTurn(Vec::from(answers).leak())).await;
    let folder = folder("job");
    let path = |name: &str| folder.join(name).display().to_string();
    let (summary, log, html, junit) = (path("summary.md"), path("log"), path("html"), path("xml"));
    std::fs::write(&summary, "of another step\n").unwrap();
    let (file, least) = (path("target.toml"), include_str!("least.toml"));
    std::fs::write(&file, least.replace("{address}", &target.url)).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_standin"));
    program.args(["conform", "--target", &file, "--json", &log]);
    program.args(["--concurrency", "1", "--html", &html, "--junit", &junit]);
    program.env("GITHUB_ACTIONS", "true");
    program.env("GITHUB_STEP_SUMMARY", &summary);
    program.stdin(Stdio::null());
    let ran = tokio::task::spawn_blocking(move || program.output().unwrap());
    let ran = ran.await.unwrap();
    let out = String::from_utf8(ran.stdout).unwrap();
    let read = |path: &str| std::fs::read_to_string(path).unwrap();
    let outputs = [
        ("console", out.clone()),
        ("errors", String::from_utf8(ran.stderr).unwrap()),
        ("summary", read(&summary)),
        ("log", read(&log)),
        ("page", read(&html)),
        ("junit", read(&junit)),
    ];
    for (name, text) in &outputs {
        let raw = text.chars().find(|letter| {
            let shown = matches!(letter, '\n' | '\t');
            letter.is_control() && !shown || matches!(letter, '\u{202e}' | '\u{2066}')
        });
        assert_eq!(raw, None, "{name}");
    }
    assert!(out.contains("\\u001b[31m"), "it was not met: {out}");
    let commands: Vec<&str> = out
        .lines()
        .filter(|line| line.trim_start().starts_with("::") || line.contains("##["))
        .collect();
    assert!((1..=10).contains(&commands.len()), "{commands:?}");
    for command in &commands {
        assert!(command.starts_with("::error title="), "{command}");
        assert!(!command.contains("##["), "{command}");
    }
    let summary = read(&summary);
    assert!(summary.starts_with("of another step\n## "), "{summary}");
}
