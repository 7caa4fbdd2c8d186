//! The journal: what it keeps, what it lets go and says so, and what it never shows.

use std::collections::HashSet;
use std::process::Stdio;

use serde_json::{Value, json};
use standin::operations::settings::Settings;
use tokio::io::AsyncReadExt as _;

use crate::client::{Ask, Client, JSON, JSON_API, SECRET, Stand, options};

async fn journal(client: &Client, query: &str) -> Value {
    let answer = client
        .send(Ask::get(format!("/_standin/journal{query}")))
        .await;
    answer.expect(200).json()
}

#[tokio::test]
async fn it_is_bounded_and_says_what_it_let_go() {
    let settings = Settings::parse("[journal]\nbytes_max = 4000\n").unwrap();
    let stand = Stand::start(standin::server::Options {
        settings,
        ..options()
    })
    .await;
    for _ in 0..100 {
        stand.send(Ask::get("/cards/x")).await.expect(401);
    }
    let kept = journal(&stand.client, "").await;
    let entries = kept["entries"].as_array().unwrap();
    assert!(
        !entries.is_empty() && entries.len() < 20,
        "{}",
        entries.len()
    );
    assert_eq!(
        kept["evicted"].as_u64().unwrap() + entries.len() as u64,
        100
    );
    assert_eq!(entries[0]["number"], kept["evicted"]);
    assert_eq!(entries.last().unwrap()["number"], 99);
    assert!(kept["bytes"].as_u64().unwrap() <= 4_000);
    assert_eq!(kept["bytes_max"], 4_000);
    let one = journal(&stand.client, "?rows=1").await;
    assert_eq!(one["entries"].as_array().unwrap().len(), 1);
    let none = journal(&stand.client, "?from=100").await;
    assert_eq!(none["entries"], json!([]));
}

#[tokio::test]
async fn it_knows_the_true_reason_and_the_networks_part() {
    let stand = Stand::start(options()).await;
    let token = stand.client.token("standin-manual", None).await;
    let card = json!({ "pan": "4000000000000036", "exp_month": 12, "exp_year": 30 });
    let create = Ask::post("/cards").bearer(&token).attributes(&card);
    let card = stand.send(create).await.expect(201).at("/data/id");
    let provision = Ask::post(format!("/cards/{card}/network-tokens")).bearer(&token);
    stand.send(provision).await.expect(200);
    let cryptogram = Ask::post(format!("/cards/{card}/cryptogram")).bearer(&token);
    stand.send(cryptogram).await.expect(422);
    let shown = journal(&stand.client, "").await;
    let entries = shown["entries"].as_array().unwrap();
    let words = |entry: &Value| entry["operation"].as_str().unwrap().to_owned();
    let operations: Vec<_> = entries.iter().map(words).collect();
    assert_eq!(
        operations,
        [
            "issue_access_token",
            "create_card",
            "provision",
            "issue_cryptogram"
        ]
    );
    let leg =
        json!({ "network": "visa", "operation": "provision", "outcome": "card_not_eligible" });
    assert_eq!(entries[2]["legs"], json!([leg]));
    assert_eq!(entries[3]["reason"], "token_missing");
    for entry in entries {
        assert_eq!(entry["client"], "standin-manual");
        assert_eq!(entry["at"], "2026-01-01T00:00:00.000000Z");
    }
}

#[tokio::test]
async fn it_is_filtered_by_what_an_entry_says() {
    let stand = Stand::start(options()).await;
    let token = stand.client.token("standin-manual", None).await;
    let card = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 30 });
    let create = Ask::post("/cards").bearer(&token).attributes(&card);
    stand.send(create).await.expect(201);
    stand.send(Ask::get("/cards/x")).await.expect(401);
    stand.client.token("standin-manual@lab", None).await;
    stand.send(Ask::get("/~lab/cards/x")).await.expect(401);
    stand.send(Ask::get("/vts/nowhere")).await;
    let rows = [
        ("", vec![0, 1, 2, 3]),
        ("?surface=cmp", vec![1, 2]),
        ("?surface=cmp&surface=oauth", vec![0, 1, 2]),
        ("?operation=create_card", vec![1]),
        ("?method=post&status=2xx", vec![0, 1]),
        ("?path=/cards/*", vec![2]),
        ("?path=/cards**&from=2", vec![2]),
        ("?status=401", vec![2]),
        ("?client=standin-manual&rows=1", vec![1]),
        ("?account=standin-manual&rows=1", vec![1]),
        ("?client=!standin-manual", vec![2, 3]),
        ("?surface=cmp|oauth&status=200..299", vec![0, 1]),
        ("?status=%3E=400&path=/cards/*", vec![2]),
        ("?fault=none", vec![]),
    ];
    for (query, want) in rows {
        let shown = journal(&stand.client, query).await;
        let entries = shown["entries"].as_array().unwrap();
        let numbers: Vec<_> = entries
            .iter()
            .map(|e| e["number"].as_u64().unwrap())
            .collect();
        assert_eq!(numbers, want, "{query}");
        assert_eq!(shown["next"], 4, "{query:?}");
    }
    let shown = journal(&stand.client, "?reason=credential*").await;
    assert!(shown["entries"].as_array().is_some(), "{shown}");
    // The prefix of a space is no part of the path.
    let lab = stand.send(Ask::get("/~lab/_standin/journal?path=/cards/x"));
    assert_eq!(lab.await.expect(200).json()["entries"][0]["number"], 1);
}

#[test]
fn every_surface_can_be_asked_for() {
    let surfaces = standin::domain::surface::SurfaceName::ALL.iter();
    let mut words: Vec<_> = surfaces.map(|surface| surface.word()).collect();
    words.extend(["webhooks", "server", "proxy"]);
    assert_eq!(standin::journal::SURFACES.to_vec(), words);
}

/// What must never be seen outside the answers themselves.
const PANS: [&str; 3] = ["4111111111111111", "5555555555554444", "5100260000019206"];
const CODES: [&str; 2] = ["8317", "9426"];
/// Stands for a secret that somebody mistyped.
const MISTYPED: &str = "hunter-two-secret";

/// Uses everything that is secret in every way there is, and returns the secrets that came into being.
pub(crate) async fn spend_secrets(client: &Client) -> HashSet<String> {
    let mut secrets: HashSet<_> = PANS.iter().chain(&CODES).map(|s| (*s).to_owned()).collect();
    secrets.extend([SECRET.to_owned(), MISTYPED.to_owned()]);
    let token = client.token("standin-manual", None).await;
    let token_path = "/auth/realms/vgs/protocol/openid-connect/token";
    for form in [
        format!("grant_type=client_credentials&client_id=standin-manual&client_secret={MISTYPED}"),
        format!("client_secret={SECRET}{{&grant_type=x"),
        format!(
            "grant_type=client_credentials&scope={}&client_id=standin-manual&client_secret={SECRET}",
            PANS[0]
        ),
    ] {
        client
            .send(Ask::post(token_path).body("application/x-www-form-urlencoded", form))
            .await;
    }
    for (pan, code) in PANS.iter().zip(CODES.iter().cycle()) {
        let card = json!({ "pan": pan, "cvc": code, "exp_month": 12, "exp_year": 30 });
        let create = Ask::post("/cards").bearer(&token).attributes(&card);
        let created = client.send(create).await.expect(201);
        let path = format!("/cards/{}", created.at("/data/id"));
        let provision = Ask::post(format!("{path}/network-tokens")).bearer(&token);
        let given = client.send(provision).await.expect(200);
        secrets.insert(given.at("/data/attributes/network_token"));
        let cryptogram = Ask::post(format!("{path}/cryptogram")).bearer(&token);
        let minted = client.send(cryptogram).await.expect(200);
        secrets.insert(minted.at("/data/attributes/cryptogram/value"));
        client
            .send(Ask::get(&path).bearer(&token))
            .await
            .expect(200);
        let vault = json!({ "data": [{ "value": pan }, { "value": code, "storage": "VOLATILE" }] });
        let vaulted = client
            .send(Ask::post("/aliases").bearer(&token).json(&vault))
            .await
            .expect(201);
        let alias = vaulted.at("/data/1/aliases/0/alias");
        client
            .send(Ask::get(format!("/aliases/{alias}")).bearer(&token))
            .await
            .expect(200);
        client
            .send(Ask::get(format!("/cards/{pan}?pan={pan}")).bearer(&token))
            .await
            .expect(404);
        let broken = format!(r#"{{"data":{{"attributes":{{"pan":"{pan}","cvc": "{code}","#);
        client
            .send(Ask::post("/cards").bearer(&token).body(JSON_API, broken))
            .await
            .expect(400);
        let wrong = json!({ "pan_alias": pan, "cvv_alias": [code], "exp_month": pan });
        client
            .send(Ask::post("/network-tokens").bearer(&token).json(&wrong))
            .await
            .expect(422);
        let unknown = json!({ "data": [{ "value": pan, "format": pan }] });
        client
            .send(
                Ask::post("/aliases")
                    .bearer(&token)
                    .body(JSON, unknown.to_string()),
            )
            .await
            .expect(400);
    }
    secrets.insert(token);
    secrets
}

/// Where a secret stands by itself. Three or four digits may be part of another number.
pub(crate) fn leaks(text: &str, secrets: &HashSet<String>) -> Vec<String> {
    let alone = |at: usize, secret: &str| {
        let near = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '*';
        let before = text[..at].chars().next_back().is_some_and(near);
        let after = text[at + secret.len()..].chars().next().is_some_and(near);
        !before && !after
    };
    let found = secrets.iter().filter(|secret| {
        text.match_indices(secret.as_str())
            .any(|(at, _)| secret.len() > 4 || alone(at, secret))
    });
    found.cloned().collect()
}

#[test]
fn a_leak_is_seen() {
    let secrets = HashSet::from(["8317".to_owned(), "4111111111111111".to_owned()]);
    assert_eq!(leaks(r#"{"cvc":"8317"}"#, &secrets), ["8317"]);
    assert_eq!(leaks("x4111111111111111x", &secrets).len(), 1);
    assert!(leaks("48317 411111******1111", &secrets).is_empty());
}

#[tokio::test]
async fn no_secret_shows_in_journal_notices_tokens_or_debug_output() {
    let stand = Stand::start(options()).await;
    let secrets = spend_secrets(&stand.client).await;
    for path in [
        "/_standin/journal?rows=1000",
        "/_standin/notices",
        "/_standin/tokens",
        "/_standin/settings",
    ] {
        let text = stand.send(Ask::get(path)).await.expect(200).text();
        assert!(text.len() > 100, "{path}: {text}");
        assert_eq!(
            leaks(&text, &secrets),
            Vec::<String>::new(),
            "{path}: {text}"
        );
    }
    // The records themselves, as a careless log line would print them.
    let space = stand
        .server
        .spaces()
        .open(&standin::operations::SpaceName::default_space())
        .await;
    let text = format!("{:?}", space.unwrap().store);
    assert!(text.contains("TokenRecord"));
    assert_eq!(leaks(&text, &secrets), Vec::<String>::new());
}

/// The whole program, told to log everything. Takes a second, because a process starts and makes a key.
#[tokio::test]
async fn no_secret_shows_in_the_log() {
    let folder = std::env::temp_dir().join(format!("standin-log-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let ready = folder.join("ready");
    let mut program = tokio::process::Command::new(env!("CARGO_BIN_EXE_standin"));
    program.args([
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--log",
        "trace",
        "--quiet",
        "--ready-file",
    ]);
    program
        .arg(&ready)
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let mut running = program.spawn().unwrap();
    let mut errors = running.stderr.take().unwrap();
    let log = tokio::spawn(async move {
        let mut text = String::new();
        errors.read_to_string(&mut text).await.unwrap();
        text
    });
    let base = crate::cli::base_url(&ready).await;
    let secrets = spend_secrets(&Client::new(&base)).await;
    running.kill().await.unwrap();
    let text = log.await.unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(
        text.contains("TRACE") || text.contains("DEBUG"),
        "nothing was logged: {text}"
    );
    assert_eq!(leaks(&text, &secrets), Vec::<String>::new(), "{text}");
}
