//! Commands whose output nobody reads any more: `standin cards | head -1`. They end as they would have, and say nothing.

use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use tokio::process::Command;

use crate::cli::Folder;
use crate::client::{Ask, Stand, options};

/// Runs a command into a pipe whose other end is closed. Its exit code, and what it says elsewhere.
async fn unread(arguments: &[&str], server: Option<&Stand>) -> (Option<i32>, String) {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = Command::new(env!("CARGO_BIN_EXE_standin"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(writer)
        .kill_on_drop(true);
    if let Some(stand) = server {
        command.env("STANDIN_SERVER", stand.server.base_url());
    }
    // `output` would put a pipe of its own in the place of this one.
    let child = command.stderr(Stdio::piped()).spawn().unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(60), child.wait_with_output());
    let output = ended.await.expect("the command goes on").unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), said)
}

#[tokio::test]
async fn a_command_without_a_server_ends_quietly() {
    let folder = Folder::new("unread");
    let dir = folder.0.join("keys");
    let dir = dir.to_str().unwrap();
    for line in [
        "--help",
        "help",
        "help serve",
        "help faults",
        "--version",
        "cards",
        "cards --json",
        "cards nothing-like-it",
        "clauses",
        "completions bash",
        "fault kinds",
        "cryptogram --token 00112233445566778899aabbccddeeff --counter 1 --form short",
        &format!("keys --seed a --dir {dir}"),
        "conform --list",
    ] {
        let arguments: Vec<_> = line.split(' ').collect();
        let ended = unread(&arguments, None).await;
        assert_eq!(ended, (Some(0), String::new()), "{line}");
    }
}

#[tokio::test]
async fn a_command_that_asks_a_server_ends_as_the_answer_has_it() {
    let stand = Stand::start(options()).await;
    let token = stand.client.token("standin-manual", None).await;
    let card = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 30 });
    let create = Ask::post("/cards").bearer(&token).attributes(&card);
    let made = stand.send(create).await.expect(201).at("/data/id");
    let close = format!("trigger close_account --card {made}");
    for (line, code) in [
        ("fault add delay 1ms on surface=cmp", 0),
        ("fault list", 0),
        ("fault list --json", 0),
        ("fault rm --all", 0),
        ("journal", 0),
        ("journal --json", 0),
        ("journal --format har", 0),
        ("journal --follow", 0),
        ("journal --follow --json", 0),
        ("verify --match operation=create_card --exactly 1", 0),
        ("verify --match operation=create_card --exactly 2", 1),
        (close.as_str(), 0),
        ("listen", 0),
    ] {
        let arguments: Vec<_> = line.split(' ').collect();
        let ended = unread(&arguments, Some(&stand)).await;
        assert_eq!(ended, (Some(code), String::new()), "{line}");
    }
    // Nobody is told any more by way of a listener that has ended.
    let endpoints = stand.send(Ask::get("/_standin/webhooks")).await.expect(200);
    assert_eq!(endpoints.json()["webhooks"], json!([]));
}

#[tokio::test]
async fn a_server_whose_banner_nobody_reads_answers() {
    let folder = Folder::new("unread-banner");
    let ready = folder.0.join("ready");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = Command::new(env!("CARGO_BIN_EXE_standin"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--ready-file"]);
    command
        .arg(&ready)
        .stdin(Stdio::null())
        .stdout(writer)
        .kill_on_drop(true);
    let mut server = command.spawn().unwrap();
    for _ in 0..200 {
        if ready.exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(server.try_wait().unwrap().is_none(), "the server has ended");
    server.kill().await.unwrap();
}
