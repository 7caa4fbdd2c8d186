//! `standin listen` and `standin trigger`, as somebody at a terminal runs them.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use super::receiver::Receiver;
use crate::client::{Ask, Stand, options};

fn standin(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_standin"));
    command.args(arguments).kill_on_drop(true);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

async fn line(lines: &mut Lines<BufReader<ChildStdout>>) -> Value {
    let line = lines.next_line().await.unwrap().expect("a line");
    serde_json::from_str(&line).unwrap()
}

fn lines(child: &mut Child) -> Lines<BufReader<ChildStdout>> {
    BufReader::new(child.stdout.take().unwrap()).lines()
}

async fn token(stand: &Stand) -> String {
    let access = stand.client.token("standin-manual", None).await;
    let card = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 40 });
    let ask = Ask::post("/cards").bearer(&access).attributes(&card);
    let id = stand.send(ask).await.expect(201).at("/data/id");
    let ask = Ask::post(format!("/cards/{id}/network-tokens")).bearer(&access);
    stand.send(ask).await.expect(200).at("/data/id")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_triggered_is_heard_and_passed_on() {
    let stand = Stand::start(options()).await;
    let shop = Receiver::open().await;
    let server = stand.server.base_url();
    let asked = [
        "listen",
        "--json",
        "--server",
        &server,
        "--events",
        "suspended",
        "--forward-to",
        &shop.url,
    ];
    let mut listener = standin(&asked).spawn().unwrap();
    let mut heard = lines(&mut listener);
    assert_eq!(line(&mut heard).await["listening"], "we_1");

    let token = token(&stand).await;
    let asked = ["trigger", "suspend", "--token", &token, "--server", &server];
    let answer = standin(&asked).output().await.unwrap();
    let said = String::from_utf8(answer.stdout).unwrap();
    assert_eq!(said, format!("{token} is suspended\n"));

    let message = line(&mut heard).await;
    assert_eq!(message["answer"], "200");
    assert_eq!(message["message"]["type"], "network_token.suspended");
    let arrived = shop.arrived();
    assert_eq!(arrived[0].json(), message["message"]);
    assert!(arrived[0].header("webhook-signature").starts_with("v1,"));
}

#[tokio::test]
async fn a_refusal_is_told_in_the_servers_words_and_a_missing_server_by_name() {
    let stand = Stand::start(options()).await;
    let server = stand.server.base_url();
    let asked = ["trigger", "resume", "--token", "NTK1", "--server", &server];
    let answer = standin(&asked).output().await.unwrap();
    assert_eq!(answer.status.code(), Some(2));
    let said = String::from_utf8(answer.stderr).unwrap();
    assert!(said.contains("token"), "{said}");
    stand.server.stop().await;
    let answer = standin(&asked).output().await.unwrap();
    let said = String::from_utf8(answer.stderr).unwrap();
    assert!(
        said.contains("nobody answers") && said.contains("standin serve"),
        "{said}"
    );
}

/// A card needs no token for its issuer to do something to it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn something_is_triggered_for_a_card() {
    let stand = Stand::start(options()).await;
    let server = stand.server.base_url();
    let access = stand.client.token("standin-manual", None).await;
    let card = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 40 });
    let ask = Ask::post("/cards").bearer(&access).attributes(&card);
    let card = stand.send(ask).await.expect(201).at("/data/id");
    let trigger = async |event: &str, more: &[&str]| {
        let asked = ["trigger", event, "--server", &server];
        let asked: Vec<_> = asked.iter().chain(more).copied().collect();
        standin(&asked).output().await.unwrap()
    };
    let renewed = ["--card", &card, "--expiry", "03/2045"];
    let renewed = trigger("update-expiry", &renewed).await;
    let said = String::from_utf8(renewed.stdout).unwrap();
    assert_eq!(
        said,
        format!("{card} is 411111******1111, good through 2045-03\n")
    );
    let refused = trigger("suspend", &["--card", &card]).await;
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("name one with --token"), "{said}");
    assert_eq!(refused.status.code(), Some(2));
}
