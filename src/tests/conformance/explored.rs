//! What nobody wrote a scenario for: sequences of operations and clients that ask at once, at a right target and at wrong ones.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use parking_lot::Mutex;
use standin::conformance::{Trials, Wanted, prepare};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::bluegate::GATEWAY;
use super::folder;
use crate::cli::standin;
use crate::client::Stand;
use crate::program::require_program;

/// A command as a process, while a target in this one goes on answering.
async fn says(words: Vec<String>) -> (i32, String) {
    let run = tokio::task::spawn_blocking(move || {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        standin(&words)
    });
    let output = run.await.unwrap();
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(text).unwrap(),
    )
}

fn words(command: &str) -> Vec<String> {
    command.split(' ').map(str::to_owned).collect()
}

/// Starts Python four times.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sequences_find_what_is_wrong_and_nothing_else() {
    if !require_program("python3") {
        return;
    }
    let rows = [
        ("pause-anyone-lifts", "suspend, event-resume", true),
        ("unpause-revives", "delete, ", true),
        // A status alone says nothing of a refusal, so its script shows the exchanges and does not judge.
        ("proof-paused", "suspend, cryptogram-long", false),
    ];
    for (bug, shortest, judges) in rows {
        let gateway = GATEWAY.start(&["--bug", bug]);
        let file = gateway
            .file(&format!("explore-{bug}"))
            .display()
            .to_string();
        let began = Instant::now();
        let (code, said) = says(words(&format!("explore --target {file}"))).await;
        let took = began.elapsed();
        assert_eq!(code, 1, "{bug}: {said}");
        let line = said
            .lines()
            .find(|line| line.contains("Scenario: "))
            .unwrap();
        assert!(line.contains(shortest), "{bug}: {said}");
        assert!(took < Duration::from_secs(5), "{bug}: {took:?}");
        assert!(said.contains("    Given an enrolled card\n"), "{said}");
        assert!(said.contains("#!/bin/sh"), "{said}");
        assert_eq!(said.contains("it still fails"), judges, "{said}");
    }
    let gateway = GATEWAY.start(&[]);
    let file = gateway.file("explore-right").display().to_string();
    let (code, said) = says(words(&format!("explore --target {file} --sequences 60"))).await;
    assert_eq!(code, 0, "{said}");
}

/// A private standin is started, and each of its bindings tried.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_own_server_shows_nothing_to_either() {
    let (code, said) = says(words("explore --sequences 40")).await;
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("visa: 40 sequences, no difference"), "{said}");
    let (code, said) = says(words("race --histories 60")).await;
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("visa: 60 histories"), "{said}");
}

/// A target of a few lines: tokens with a state, which a change reads, and writes a little later. Between the two it holds the token,
/// if it is right.
struct Shop {
    loses: bool,
    tokens: Mutex<HashMap<String, Arc<Token>>>,
}

struct Token {
    held: tokio::sync::Mutex<()>,
    state: Mutex<&'static str>,
}

async fn open(loses: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let shop = Arc::new(Shop {
        loses,
        tokens: Mutex::default(),
    });
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(Arc::clone(&shop).serve(stream));
        }
    });
    address
}

impl Shop {
    async fn serve(self: Arc<Self>, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        loop {
            let mut head = String::new();
            let mut length = 0;
            loop {
                let begins = head.len();
                if stream.read_line(&mut head).await.unwrap_or_default() == 0 {
                    return;
                }
                let line = head[begins..].to_ascii_lowercase();
                if let Some(value) = line.strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                if line.trim().is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).await.unwrap();
            let mut words = head.split(' ');
            let (method, path) = (words.next().unwrap(), words.next().unwrap());
            let (status, said) = self.answer(method, path).await;
            let length = said.len();
            let answer = format!(
                "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{said}"
            );
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }

    async fn answer(&self, method: &str, path: &str) -> (u16, String) {
        if path == "/tokens" {
            let mut tokens = self.tokens.lock();
            let id = format!("token-{}", tokens.len() + 1);
            let token = Token {
                held: tokio::sync::Mutex::default(),
                state: Mutex::new("LIVE"),
            };
            tokens.insert(id.clone(), Arc::new(token));
            return (
                201,
                format!(r#"{{"id":"{id}","status":"LIVE","expiry":"12/31"}}"#),
            );
        }
        let mut parts = path.trim_start_matches("/tokens/").split('/');
        let (id, asked) = (parts.next().unwrap(), parts.next().unwrap_or_default());
        let found = self.tokens.lock().get(id).cloned();
        let Some(token) = found else {
            return (404, r#"{"error":"unknown"}"#.to_owned());
        };
        let held = if self.loses {
            None
        } else {
            Some(token.held.lock().await)
        };
        let before = *token.state.lock();
        let after = match (method, asked, before) {
            ("GET", _, _) => before,
            (_, _, "GONE") => return (410, r#"{"error":"gone"}"#.to_owned()),
            ("DELETE", _, _) => "GONE",
            (_, "suspend", "LIVE") => "PAUSED",
            (_, "resume", "PAUSED") => "LIVE",
            (_, _, _) => return (422, r#"{"error":"not now"}"#.to_owned()),
        };
        if method != "GET" {
            tokio::time::sleep(Duration::from_millis(2)).await;
            *token.state.lock() = after;
        }
        drop(held);
        (200, format!(r#"{{"status":"{after}"}}"#))
    }
}

const MORE: &str = r#"
[binding.operations.suspend]
accept = [200]
facts.state = ["/status"]
requests = [{ method = "POST", path = "/tokens/{reference}/suspend" }]

[binding.operations.resume]
accept = [200]
facts.state = ["/status"]
requests = [{ method = "POST", path = "/tokens/{reference}/resume" }]

[binding.operations.delete]
accept = [200]
facts.state = ["/status"]
requests = [{ method = "DELETE", path = "/tokens/{reference}" }]
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_update_is_found_by_racing_alone() {
    let states = "states.active = [\"LIVE\"]\n";
    let more_states = format!("{states}states.suspended = [\"PAUSED\"]\n");
    let least = include_str!("least.toml").replace(states, &more_states);
    let folder = folder("race");
    for (loses, code) in [(true, 1), (false, 0)] {
        let address = open(loses).await;
        let file = folder.join(format!("{loses}.toml"));
        let text = format!("{least}\n{MORE}").replace("{address}", &address);
        std::fs::write(&file, text).unwrap();
        let file = file.display();
        let began = Instant::now();
        let (came, said) = says(words(&format!("race --target {file} --histories 100"))).await;
        let took = began.elapsed();
        assert_eq!(came, code, "{loses}: {said}");
        if loses {
            assert!(took < Duration::from_secs(5), "{took:?}");
            assert!(said.contains("no order explains history"), "{said}");
        }
        let (came, said) = says(words(&format!("explore --target {file} --sequences 30"))).await;
        assert_eq!(came, 0, "{loses}: {said}");
    }
}

/// A server has room for so many spaces, and trials can be more.
#[tokio::test]
async fn a_trial_leaves_no_space_behind_whatever_comes_of_it() {
    let stand = Stand::start(crate::client::options()).await;
    let prepared = prepare(super::options(&[]), super::TODAY, &mut Vec::new()).unwrap();
    let url = stand.server.base_url();
    let trials = Trials::new(prepared, Some(&url)).unwrap();
    let race = async |number, operation| {
        let wanted = Wanted {
            operation,
            actor: None,
        };
        let asked = [vec![wanted], vec![wanted]];
        trials
            .race("cmp", number, &asked)
            .await
            .map(|heard| heard.len())
    };
    assert_eq!(race(0, "delete").await, Ok(3), "both, and a last look");
    // No binding has such an operation, so the trial fails when its space has been made.
    assert!(race(1, "sell").await.is_err());
    let names: Vec<String> = stand
        .server
        .spaces()
        .all()
        .iter()
        .map(|space| space.name.to_string())
        .collect();
    assert_eq!(names, ["default"]);
}
