//! Secrets are sent through every channel there is, and looked for in every output that somebody may see.

mod channels;
mod judged;

use std::collections::HashSet;
use std::process::Stdio;

use serde_json::json;
use standin::crypto::encoding::base64;
use tokio::process::{Child, Command};

use crate::cli::{Folder, base_url, standin};
use crate::client::{Ask, Client};
use crate::gateway::journal::{leaks, spend_secrets};
use crate::webhooks::receiver::Receiver;
use channels::{PATHS, PLACES, SECRETS, ask, spellings};

/// What is looked for: every secret in every spelling, and every body that is hidden in base64.
fn wanted() -> HashSet<String> {
    let mut wanted: HashSet<_> = SECRETS.iter().flat_map(|(_, v)| spellings(v)).collect();
    for (name, value) in SECRETS {
        for template in ["{\"N\":\"V\"}", "N=V"] {
            let plain = template.replace('N', name).replace('V', value);
            wanted.insert(base64(plain.as_bytes()));
        }
    }
    wanted
}

/// Where a secret stands, for whoever has to mend it.
fn near(text: &str, secret: &str) -> String {
    let at = text.find(secret).unwrap_or_default();
    let before: String = text[..at].chars().rev().take(160).collect();
    let before: String = before.chars().rev().collect();
    format!("{before}>>{secret}<<")
}

/// A server of its own process, which writes down everything.
struct Logged {
    _process: Child,
    base: String,
    folder: Folder,
}

impl Logged {
    async fn start() -> Self {
        let folder = Folder::new("canary");
        let ready = folder.0.join("ready");
        let log = std::fs::File::create(folder.0.join("log")).unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_standin"));
        program.args(["serve", "--listen", "127.0.0.1:0", "--quiet"]);
        program.args(["--log", "debug", "--ready-file"]).arg(&ready);
        program.stdout(Stdio::null()).stderr(log).kill_on_drop(true);
        let process = program.spawn().unwrap();
        let base = base_url(&ready).await;
        Self {
            _process: process,
            base,
            folder,
        }
    }

    /// What a command says about it, whatever it comes to.
    fn says(&self, arguments: &[&str]) -> String {
        let said = standin(&[arguments, &["--server", &self.base]].concat());
        let text = |bytes| String::from_utf8(bytes).unwrap();
        text(said.stdout) + &text(said.stderr)
    }
}

/// Sends every secret by every channel, to one surface after the other. Returns what was answered.
async fn send_all(client: &Client) -> String {
    let mut answers = String::new();
    let mut paths = PATHS.iter().cycle();
    for (name, value) in SECRETS {
        for place in PLACES {
            let path = paths.next().unwrap();
            let answer = client.send(ask(path, place, name, value)).await;
            assert!(answer.status >= 400, "{path} {place:?} {name}");
            answers += &format!("{path} {place:?} {name}: {}\n", answer.text());
            let told = |(_, value): &(String, String)| value.clone();
            answers.extend(answer.headers.iter().map(told));
        }
        // Each surface is one further when the next secret comes.
        paths.next();
    }
    answers
}

/// What is shown over HTTP. The list of test cards is left out: their numbers are published.
const SHOWN: [&str; 14] = [
    "/_standin/journal?rows=1000",
    "/_standin/journal?from=7&rows=1",
    "/_standin/journal?format=ndjson",
    "/_standin/journal?format=har",
    "/_standin/tokens",
    "/_standin/payments",
    "/_standin/notices",
    "/_standin/webhooks",
    "/_standin/webhooks/messages",
    "/_standin/faults",
    "/_standin/settings",
    "/_standin/spaces",
    "/_standin/health",
    "/_standin/keys/token-service",
];
/// What commands say.
const SAID: [&[&str]; 6] = [
    &["journal", "--rows", "1000"],
    &["journal", "--rows", "1000", "--json"],
    &["journal", "--format", "ndjson"],
    &["journal", "--format", "har"],
    &["verify", "--match", "path=/payments&status=299"],
    &["verify", "--match", "path=/payments&status=299", "--json"],
];

/// Questions in which the secrets themselves stand, and what is told of what came nearest.
async fn questions(server: &Logged, client: &Client) -> Vec<(String, String)> {
    let mut told = Vec::new();
    for (name, value) in SECRETS {
        let question = json!({ "match": {
            "path": "/payments",
            "request": { format!("/{name}"): value },
            "header": { name: value },
        }});
        let asked = client.send(Ask::post("/_standin/verify").json(&question));
        told.push((format!("POST verify {name}"), asked.await.text()));
        // A process for each would take long.
        if !["cvc", "number", "cryptogram"].contains(&name) {
            continue;
        }
        let pattern = format!("path=/payments&request:/{name}={}", value.replace('&', ""));
        let said = server.says(&["verify", "--match", &pattern]);
        told.push((format!("verify {name}"), said));
    }
    told
}

/// A process starts and writes down everything, and a dozen commands look: seconds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_that_comes_by_any_channel_shows_in_any_output() {
    let server = Logged::start().await;
    let client = Client::new(&server.base);
    let receiver = Receiver::open().await;
    let hook = json!({ "url": format!("{}/hooks?token=hook-token-of-nobody", receiver.url) });
    let made = client.send(Ask::post("/_standin/webhooks").json(&hook));
    let secret = made.await.expect(201).at("/secret");
    let (mut wanted, spent) = (wanted(), spend_secrets(&client).await);
    wanted.extend(["standin_key".to_owned(), "hook-token-of-nobody".to_owned()]);
    wanted.extend([secret]);
    let mut outputs = vec![("answers".to_owned(), send_all(&client).await)];
    let sent = PLACES.len() * SECRETS.len();
    assert!(sent > 135, "{sent} channels");
    let bodies = receiver.arrived();
    assert!(!bodies.is_empty(), "no webhook was told of anything");
    let bodies = bodies.iter().map(|it| String::from_utf8_lossy(&it.body));
    outputs.push(("webhooks".to_owned(), bodies.collect()));
    wanted.extend(spent);
    // In answers and to receivers one's own secrets are told.
    let told_to_their_owner = outputs.len();
    for path in SHOWN {
        let answer = client.send(Ask::get(path)).await;
        outputs.push((path.to_owned(), answer.text()));
    }
    let mut followed = String::new();
    for number in (0..sent).step_by(3) {
        let events = Ask::get(format!("/_standin/journal/events?from={number}"));
        followed += &client.send(events).await.expect(200).text();
    }
    outputs.push(("followed".to_owned(), followed));
    for arguments in SAID {
        outputs.push((arguments.join(" "), server.says(arguments)));
    }
    outputs.extend(questions(&server, &client).await);
    let log = std::fs::read_to_string(server.folder.0.join("log")).unwrap();
    assert!(log.contains("DEBUG"), "nothing was logged");
    outputs.push(("log".to_owned(), log));
    let mut hits = Vec::new();
    for (place, (output, text)) in outputs.iter().enumerate() {
        assert!(!text.is_empty(), "{output} is empty");
        let looked_for = match place {
            place if place < told_to_their_owner => self::wanted(),
            _ => wanted.clone(),
        };
        for secret in leaks(text, &looked_for) {
            hits.push(format!("{output}: {}", near(text, &secret)));
        }
    }
    assert!(hits.is_empty(), "{} hits\n{}", hits.len(), hits.join("\n"));
}
