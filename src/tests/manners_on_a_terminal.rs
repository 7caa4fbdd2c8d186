//! Colours, logs, completions, manual pages, and JSON on request.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::cli::{Folder, Served, printed};
use crate::client::Ask;
use crate::program::require_program;

const STANDIN: &str = env!("CARGO_BIN_EXE_standin");

fn coloured(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let mut program = Command::new(STANDIN);
    program.args(arguments).stdin(Stdio::null());
    program
        .env_remove("NO_COLOR")
        .envs(variables.iter().copied());
    String::from_utf8(program.output().unwrap().stdout).unwrap()
}

/// Takes a second: a private server is judged, three times and by few checks.
#[test]
fn a_run_is_coloured_where_colours_are_wanted_and_nowhere_else() {
    let run = &["conform", "--profile", "oauth"];
    let forced = coloured(run, &[("CLICOLOR_FORCE", "1")]);
    assert!(forced.contains("\u{1b}[32mpass"), "{forced}");
    for variables in [&[][..], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]] {
        let plain = coloured(run, variables);
        assert!(
            plain.contains("] pass   ") && !plain.contains('\u{1b}'),
            "{plain}"
        );
    }
}

#[test]
fn a_run_in_json_is_events_and_nothing_else() {
    let printed = printed(&["conform", "--profile", "oauth", "--json"]);
    let events: Vec<Value> = printed
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(events[0]["event"], "run");
    assert!(events.len() > 3, "{printed}");
}

/// What a shell gets when somebody presses the key behind these words.
fn completed(words: &[&str]) -> Vec<String> {
    let script = "source <(\"$0\" completions bash); PATH=\"$(dirname \"$0\"):$PATH\"; COMP_WORDS=(\"$@\"); \
        COMP_CWORD=$(($# - 1)); COMP_TYPE=9; _clap_complete_standin standin \"${COMP_WORDS[COMP_CWORD]}\"; \
        printf '%s\\n' \"${COMPREPLY[@]}\"";
    let output = Command::new("bash")
        .args(["-c", script, STANDIN, "standin"])
        .args(words)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(|line| line.trim().to_owned()).collect()
}

#[test]
fn a_shell_completes_commands_and_what_they_take() {
    if !require_program("bash") {
        return;
    }
    let all = completed(&[""]);
    for command in [
        "serve",
        "cards",
        "cryptogram",
        "completions",
        "mcp",
        "schema",
        "man",
    ] {
        assert!(all.iter().any(|word| word == command), "{command}: {all:?}");
    }
    for (words, wanted) in [
        (&["fau"][..], "fault"),
        (&["serve", "--all"], "--allow-host"),
        (&["fault", "add", "lost_a"], "lost_after_commit"),
        (
            &["fault", "add", "delay", "1s", "on", "operation=prov"],
            "operation=provision",
        ),
        (&["fault", "add", "--preset", "slow"], "slow_friday"),
        (&["cards", "--network", "vi"], "visa"),
        (&["cards", "41111111111"], "4111111111111111"),
        (&["journal", "--match", "surface=str"], "surface=stripe"),
        (
            &["verify", "--match", "operation=capt"],
            "operation=capture",
        ),
        (&["trigger", "payment_intent.s"], "payment_intent.succeeded"),
        (&["trigger", "susp"], "suspend"),
        (&["completions", "f"], "fish"),
        (&["schema", "c"], "config"),
    ] {
        let found = completed(words);
        assert!(
            found.iter().any(|word| word == wanted),
            "{words:?}: {found:?}"
        );
    }
}

#[test]
fn there_is_a_manual_page_for_every_command() {
    let folder = Folder::new("man");
    printed(&["man", "--dir", folder.0.to_str().unwrap()]);
    for page in [
        "standin",
        "standin-serve",
        "standin-fault-add",
        "standin-mcp",
        "standin-man",
    ] {
        let path = folder.0.join(format!("{page}.1"));
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            text.starts_with(".ie \\n(.g") && text.contains(".TH"),
            "{page}: {text}"
        );
    }
}

#[tokio::test]
async fn a_log_says_where_it_listens_and_which_spaces_come_and_go() {
    for format in ["text", "json"] {
        let served = Served::new("log", &["--log", "info", "--log-format", format]).await;
        let base = served.base.clone();
        served
            .client
            .send(Ask::post("/~lab/_standin/clock").json(&serde_json::json!({ "advance": "1s" })))
            .await
            .expect(200);
        served
            .client
            .send(Ask::delete("/~lab/_standin/space"))
            .await
            .expect(204);
        let (code, _, log) = served.terminate().await;
        assert_eq!(code, Some(0));
        for wanted in [
            "listening",
            &base,
            "a space begins",
            "a space is gone",
            "told to stop",
            "lab",
        ] {
            assert!(log.contains(wanted), "{format}: {wanted}: {log}");
        }
        assert!(!log.contains('\u{1b}'), "{log}");
        if format == "json" {
            for line in log.lines() {
                let line: Value = serde_json::from_str(line).unwrap();
                assert!(
                    line["level"].is_string() && line["message"].is_string(),
                    "{line}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_token_that_is_to_be_made_is_printed_once_and_asked_for() {
    let served = Served::new("auto", &["--control-token", "auto", "--quiet"]).await;
    let asked = served.client.send(Ask::get("/_standin/health")).await;
    assert_eq!(asked.status, 401);
    let (_, said, errors) = served.terminate().await;
    let token = said.strip_prefix("control token ").unwrap().trim_end();
    assert_eq!(
        (token.len(), said.lines().count(), errors.as_str()),
        (32, 1, "")
    );
}
