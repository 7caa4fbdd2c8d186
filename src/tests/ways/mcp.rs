//! The door for agents, by the official clients of the Model Context Protocol for TypeScript and Python.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use super::{FOLDER, STANDIN, node, python};
use crate::client::{Ask, Client, Stand, options};

/// `standin mcp --http` before a server, gone with this.
struct Door {
    process: Child,
    url: String,
}

impl Door {
    fn before(server: &str) -> Self {
        let mut program = Command::new(STANDIN);
        program.args(["mcp", "--http", "0", "--server", server]);
        let mut process = program.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line.trim().strip_prefix("answers at ").unwrap().to_owned();
        Self { process, url }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// Runs a client's script over standard input and output, and then over HTTP before a server of its own.
async fn by(program: &mut Command, steps: u64) {
    let stand = Stand::start(options()).await;
    let door = Door::before(&stand.server.base_url());
    program.args([STANDIN, &door.url]);
    let mut program = tokio::process::Command::from(std::mem::replace(program, Command::new("")));
    let done = program.kill_on_drop(true).output().await.unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    let wrong = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}{wrong}");
    let last = said.lines().last().unwrap_or_default();
    let told: Value = serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {said}"));
    assert_eq!(told["steps"], steps, "{said}{wrong}");
    // What the agent did over HTTP, it did to the server that others use.
    let seen = stand
        .client
        .send(Ask::get("/~agent/_standin/payments"))
        .await
        .expect(200);
    assert_eq!(seen.at("/payments/0/state"), "captured");
}

/// Takes seconds: node reads the client, and npm installs it the first time.
#[tokio::test]
async fn the_typescript_client() {
    let Some(folder) = node() else {
        return;
    };
    let mut program = Command::new("node");
    program.arg("mcp.mjs").current_dir(folder);
    by(&mut program, 9).await;
}

/// Takes seconds: python reads the client, and pip installs it the first time.
#[tokio::test]
async fn the_python_client() {
    let Some(python) = python() else {
        return;
    };
    let mut program = Command::new(python);
    program.arg(format!("{FOLDER}/mcp.py"));
    by(&mut program, 4).await;
}

/// A page of a browser is no client: neither one of a stranger's name, nor one with an origin.
#[tokio::test]
async fn a_page_cannot_use_the_door() {
    let stand = Stand::start(options()).await;
    let door = Door::before(&stand.server.base_url());
    let base = door.url.trim_end_matches("/mcp");
    let client = Client::new(base);
    let begin = || {
        let asked = json!({
            "jsonrpc": "2.0", "id": 1, "method": "initialize",
            "params": {
                "protocolVersion": "2025-06-18", "capabilities": {},
                "clientInfo": { "name": "page", "version": "1" },
            },
        });
        Ask::post("/mcp")
            .json(&asked)
            .header("accept", "application/json, text/event-stream")
    };
    client.send(begin()).await.expect(200);
    let stranger = client.send(begin().header("host", "evil.example")).await;
    assert_eq!(stranger.status, 403);
    let page = client
        .send(begin().header("origin", "http://127.0.0.1:4111"))
        .await;
    assert_eq!(page.status, 403);
}

#[test]
fn the_door_is_open_to_this_machine_only() {
    let refused = crate::cli::standin(&["mcp", "--http", "0.0.0.0:0"]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("an address of this machine"), "{said}");
}
