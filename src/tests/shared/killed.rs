//! A server is killed while messages wait and some are on their way: another one delivers them all, in order, under the same ids.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use super::EngineServer;
use crate::cli::{Folder, base_url};
use crate::client::{Ask, Client};
use crate::durable::create;
use crate::webhooks::receiver::{Arrived, Receiver};

/// A server as a process.
pub(super) struct Replica {
    pub(super) process: Child,
    pub(super) client: Client,
    pub(super) base: String,
    _folder: Folder,
}

impl Replica {
    pub(super) async fn start(store: &str, more: &[&str]) -> Self {
        let folder = Folder::new("replica");
        let ready = folder.0.join("ready");
        let mut program = Command::new(env!("CARGO_BIN_EXE_standin"));
        program.args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--quiet",
            "--log",
            "off",
        ]);
        program
            .arg("--ready-file")
            .arg(&ready)
            .args(["--store", store])
            .args(more);
        program.kill_on_drop(true).stdin(Stdio::null());
        program.stdout(Stdio::null()).stderr(Stdio::null());
        let process = program.spawn().unwrap();
        let base = base_url(&ready).await;
        Self {
            process,
            client: Client::new(&base),
            base,
            _folder: folder,
        }
    }
}

const TOKENS: u64 = 25;
/// With those of the token's making and of its activation.
const CHANGES: usize = 10;

/// Makes a token and lets the issuer suspend and resume it.
async fn change(client: &Client, access: &str, number: u64) {
    let made = client.send(create(access, number)).await.expect(201);
    let path = format!("/cards/{}/network-tokens", made.at("/data/id"));
    let token = client.send(Ask::post(path).bearer(access)).await;
    let id = token.expect(200).at("/data/id");
    for place in 0..CHANGES {
        let action = if place % 2 == 0 { "suspend" } else { "resume" };
        let change = Ask::post(format!("/_standin/tokens/{id}/events"));
        let change = change.json(&json!({ "event": action, "by": "issuer" }));
        client.send(change).await.expect(200);
    }
}

/// The ids of what was accepted: each message under one, and those about one token in the order in which it changed.
fn in_order(accepted: &[Arrived]) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut latest: BTreeMap<String, String> = BTreeMap::new();
    for one in accepted {
        let is_new = ids.insert(one.header("webhook-id").to_owned());
        let body = one.json();
        let about = body["data"]["token_reference"].to_string();
        let at = body["timestamp"].to_string();
        let last = latest.entry(about).or_default();
        assert!(
            *last < at || (!is_new && *last == at),
            "{body} after {last}"
        );
        *last = at;
    }
    ids
}

/// Takes some ten seconds: a message that was not taken is sent again after five, and a server that says nothing is given up after
/// four.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_server_was_delivering_another_one_delivers() {
    let Some(engine) = EngineServer::start() else {
        return;
    };
    let store = engine.url();
    let mut killed = Replica::start(&store, &[]).await;
    let left = Replica::start(&store, &[]).await;
    let receiver = Receiver::that(|_, _| (503, None)).await;
    let register = Ask::post("/_standin/webhooks")
        .json(&json!({ "url": receiver.url, "profile": "standard" }));
    left.client.send(register).await.expect(201);
    let access = left.client.token("standin-manual", None).await;
    // All of it by the server that is killed, so that only that one knows when each is due again.
    for number in 0..TOKENS {
        change(&killed.client, &access, number).await;
    }
    let waiting = async || {
        let messages = left
            .client
            .send(Ask::get("/_standin/webhooks/messages"))
            .await;
        messages.expect(200).json()
    };
    let before = waiting().await;
    let wanted = before["waiting"].as_array().unwrap().len();
    assert!(
        wanted >= usize::try_from(TOKENS).unwrap() * CHANGES,
        "{wanted}"
    );
    receiver.behave(|_, _| (200, None));
    let accepted = || {
        let arrived = receiver.arrived().into_iter();
        arrived.filter(|one| one.status == 200).collect::<Vec<_>>()
    };
    let some = async {
        while accepted().len() < wanted / 4 {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(Duration::from_secs(60), some).await.unwrap();
    killed.process.start_kill().unwrap();
    killed.process.wait().await.unwrap();
    let all = async {
        while !waiting().await["waiting"].as_array().unwrap().is_empty() {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(Duration::from_secs(120), all).await.unwrap();
    let ids = in_order(&accepted());
    assert_eq!(ids.len(), wanted);
    let tried: BTreeSet<_> = receiver
        .arrived()
        .iter()
        .map(|one| one.header("webhook-id").to_owned())
        .collect();
    assert_eq!(
        tried, ids,
        "what was tried first has the same id when it arrives"
    );
}
