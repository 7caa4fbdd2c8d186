//! What the README tells to type, run as it stands there.

use std::path::Path;

use serde_json::Value;

use crate::cli::Folder;
use crate::client::{Stand, options};
use crate::program::require_program;

const README: &str = include_str!("../../README.md");

/// The shell blocks between the two marks of a chapter, with the address of this test's own server.
fn chapter(name: &str, base: &str) -> String {
    let (_, after) = README.split_once(&format!("<!-- {name} -->")).unwrap();
    let (tour, _) = after
        .split_once(&format!("<!-- end of {name} -->"))
        .unwrap();
    let mut script = String::from("set -euo pipefail\n");
    for block in tour.split("```sh\n").skip(1) {
        script.push_str(block.split("```").next().unwrap());
        script.push_str("echo\n");
    }
    assert!(
        script.contains("http://127.0.0.1:4111") || script.contains("standin run"),
        "a chapter must name the default address, or have a server of its own"
    );
    script.replace("http://127.0.0.1:4111", base)
}

/// A shell in a folder, where `standin` is this program and asks this server. It wants a script.
fn bash(base: &str, folder: &Folder) -> tokio::process::Command {
    let program = Path::new(env!("CARGO_BIN_EXE_standin")).parent().unwrap();
    let path = std::env::join_paths(
        std::iter::once(program.to_owned())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let mut bash = tokio::process::Command::new("bash");
    bash.arg("-c")
        .current_dir(&folder.0)
        .env("PATH", path.unwrap())
        .env("STANDIN_SERVER", base);
    bash
}

/// Runs a chapter in an empty folder and returns what was printed.
async fn run(name: &str, stand: &Stand, folder: &Folder) -> String {
    let base = stand.server.base_url();
    let mut bash = bash(&base, folder);
    bash.arg(chapter(name, &base));
    let output = bash.output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    said
}

#[tokio::test]
async fn every_command_of_the_tour_does_what_it_says() {
    if !require_program("curl") || !require_program("bash") {
        return;
    }
    let stand = Stand::start(options()).await;
    let said = run("tour", &stand, &Folder::new("tour")).await;
    for wanted in [
        r#""state":"active""#,
        r#""type":"DTVV""#,
        r#""state":"ACTIVE""#,
        r#""suspended_by":["issuer"]"#,
        "failed-dependency",
        r#""now":"2026-01-02T00:00:00.000000Z""#,
        r#""reason":"token_suspended""#,
        r#""reset":"default""#,
    ] {
        assert!(said.contains(wanted), "{wanted} is missing in\n{said}");
    }
    assert_eq!(
        said.matches("failed-dependency").count(),
        2,
        "once answered, once in the journal"
    );
    stand.server.stop().await;
}

#[tokio::test]
async fn every_command_about_the_journal_does_what_it_says() {
    if !require_program("curl") || !require_program("bash") {
        return;
    }
    let stand = Stand::start(options()).await;
    let folder = Folder::new("journal");
    let said = run("journal", &stand, &folder).await;
    for wanted in [
        "no entry yet",
        "no entry matches",
        "yes: 1 found, exactly 1 wanted (entries 0)",
        "yes: 0 found, exactly 0 wanted",
    ] {
        assert!(said.contains(wanted), "{wanted} is missing in\n{said}");
    }
    let read = |name: &str| std::fs::read_to_string(folder.0.join(name)).unwrap();
    for name in ["journal.har", "journal.ndjson"] {
        let value: Value = serde_json::from_str(&read(name)).unwrap();
        let text = value.to_string();
        assert!(text.contains("/cards/x"), "{name}: {text}");
    }
    assert!(read("exchanges.ndjson").lines().count() <= 1);
    stand.server.stop().await;
}

/// Takes a second, because a server and a proxy are started.
#[tokio::test]
async fn the_enrolment_guide_s_own_request_goes_through_the_proxy() {
    if !require_program("curl") || !require_program("bash") {
        return;
    }
    let stand = Stand::start(options()).await;
    let said = run("proxy", &stand, &Folder::new("proxy-chapter")).await;
    for wanted in [
        r#""pan_alias":"557349eee1027312""#,
        r#""state":"ACTIVE""#,
        r#""created_at":"2023-05-15T12:30:45Z""#,
    ] {
        assert!(said.contains(wanted), "{wanted} is missing in\n{said}");
    }
    stand.server.stop().await;
}

#[tokio::test]
async fn every_command_that_takes_a_world_along_does_what_it_says() {
    if !require_program("curl") || !require_program("bash") {
        return;
    }
    let stand = Stand::start(options()).await;
    let folder = Folder::new("snapshot");
    let said = run("snapshot", &stand, &folder).await;
    for wanted in [
        "lines to world.ndjson; it holds test card numbers and secrets",
        "loaded test-7",
        r#""space":"test-8","from":"test-7","messages_left":0"#,
        "\n600\n",
    ] {
        assert!(said.contains(wanted), "{wanted} is missing in\n{said}");
    }
    let read = |name: &str| std::fs::read_to_string(folder.0.join(name)).unwrap();
    assert!(read("world.ndjson").contains("4111111111111111"));
    for name in ["default", "test-7", "test-8"] {
        let line = format!(r#"{{"space":{{"name":"{name}","waiting":0}}}}"#);
        assert!(read("server.ndjson").contains(&line), "{name}");
    }
    let left = std::fs::read_dir(&folder.0).unwrap().count();
    assert_eq!(left, 2, "nothing is left beside the files");
    stand.server.stop().await;
}

/// Takes a second, because two servers are started.
#[tokio::test]
async fn every_command_that_keeps_a_folder_does_what_it_says() {
    if !require_program("curl") || !require_program("bash") {
        return;
    }
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let folder = Folder::new("keep");
    let script = chapter("keep", &format!("http://{address}"));
    let script = script.replace("127.0.0.1:4111", &address);
    let output = bash(&address, &folder).arg(script).output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{errors}");
    assert!(said.contains(r#""last4":"1111""#), "{said}");
}

#[tokio::test]
async fn the_target_file_is_whole_and_its_gateway_is_conformant() {
    if !require_program("bash") {
        return;
    }
    let stand = Stand::start(options()).await;
    let said = run("own", &stand, &Folder::new("own")).await;
    for wanted in [
        "nothing is wrong with it",
        "read as active",
        "4 operations, 0 wrong",
        "verdict: conformant",
    ] {
        assert!(said.contains(wanted), "{wanted} is missing in\n{said}");
    }
    stand.server.stop().await;
}

/// What the tour has made before a recipe begins: address, access token and card.
fn beginning(base: &str) -> String {
    let tour = chapter("tour", base);
    let (beginning, _) = tour
        .split_once("curl -s -X POST $BASE/cards/$CARD/network-tokens")
        .unwrap();
    beginning.to_owned()
}

/// A recipe as a script that stops at the first output without what is promised behind `#=>`.
fn script(recipe: &str) -> String {
    let mut script = String::new();
    let mut commands = String::new();
    for line in recipe.lines() {
        let Some(promised) = line.strip_prefix("#=> ") else {
            commands.push_str(line);
            commands.push('\n');
            continue;
        };
        if !commands.is_empty() {
            script.push_str(&format!("{{\n{commands}}} > \"$SAID\" 2>&1 || true\n"));
            commands.clear();
        }
        script.push_str(&format!(
            "grep -qF -- '{promised}' \"$SAID\" || {{ echo 'promised: {promised}'; cat \"$SAID\"; exit 1; }}\n"
        ));
    }
    assert!(commands.is_empty(), "nothing is promised of\n{commands}");
    script
}

#[tokio::test]
async fn every_recipe_does_what_it_promises() {
    if !require_program("curl") || !require_program("bash") {
        return;
    }
    let (_, after) = README.split_once("<!-- recipes -->").unwrap();
    let (recipes, _) = after.split_once("<!-- end of recipes -->").unwrap();
    let recipes: Vec<_> = recipes.split("```sh\n").skip(1).collect();
    assert_eq!(recipes.len(), 10);
    let folder = Folder::new("recipes");
    for (place, recipe) in recipes.iter().enumerate() {
        let mut options = options();
        options.settings.faults.header = true;
        let stand = Stand::start(options).await;
        let base = stand.server.base_url();
        let recipe = script(recipe.split("```").next().unwrap());
        let mut bash = bash(&base, &folder);
        bash.arg(beginning(&base) + &recipe).env("SAID", "said");
        let output = bash.output().await.unwrap();
        assert!(
            output.status.success(),
            "recipe {}: {}{}",
            place + 1,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        stand.server.stop().await;
    }
}
