//! Snapshots and forks: what could be read is there again whichever engine keeps it, the same calls go on in the same bytes,
//! nothing is sent twice, and a file that cannot be used changes nothing.

use serde_json::{Value, json};
use standin::server::Options;
use standin::store::Durability;

use crate::cli::Folder;
use crate::client::{Answer, Ask, Stand};
use crate::gateway::fixture::Fixture;
use crate::gateway::restart::{answers, questions};
use crate::merchant::keyed;

pub(super) const LINES: &str = "application/x-ndjson";

async fn in_memory() -> Stand {
    Stand::start(keyed()).await
}

async fn in_folder(folder: &Folder) -> Stand {
    let options = keyed();
    let engine = folder.engine(&options.seed, Durability::Process).await;
    Stand::start(Options { engine, ..options }).await
}

async fn saved(stand: &Stand, path: &str) -> String {
    let answer = stand.send(Ask::get(path)).await.expect(200);
    assert_eq!(answer.header("content-type"), Some(LINES));
    answer.text()
}

async fn load(stand: &Stand, path: &str, file: &str) -> Answer {
    let load = Ask::post(path).body(LINES, file.to_owned());
    stand.send(load).await
}

/// An access token that is good in the space of a prefix.
async fn access_in(stand: &Stand, prefix: &str) -> String {
    let ask = Ask::token("standin-manual", None);
    let path = format!("{prefix}{}", ask.path);
    let given = stand.send(Ask { path, ..ask }).await;
    given.expect(200).at("/access_token")
}

/// Calls that change things, and what they are answered.
async fn goes_on(stand: &Stand, prefix: &str) -> Vec<(u16, String)> {
    let mut told = Vec::new();
    let access = access_in(stand, prefix).await;
    let send = async |ask: Ask| {
        let path = format!("{prefix}{}", ask.path);
        let answer = stand.send(Ask { path, ..ask }).await;
        (answer.status, answer.text())
    };
    let id = |answer: &(u16, String)| {
        let body: Value = serde_json::from_str(&answer.1).unwrap();
        body["data"]["id"].as_str().unwrap().to_owned()
    };
    let pan = json!({ "pan": "5555555555554444", "exp_month": 11, "exp_year": 31 });
    let create = Ask::post("/cards").bearer(&access).attributes(&pan);
    let created = send(create).await;
    let card = id(&created);
    told.push(created);
    for path in ["network-tokens", "cryptogram", "cryptogram"] {
        let post = Ask::post(format!("/cards/{card}/{path}")).bearer(&access);
        told.push(send(post).await);
    }
    let body = json!({ "amount": 700, "currency": "EUR",
        "card": { "number": "4111111111111111", "exp_month": 12, "exp_year": 30, "cvc": "123" } });
    let pay = Ask::post("/payments").bearer("standin_key");
    told.push(send(pay.header("idempotency-key", "after").json(&body)).await);
    let advance = Ask::post("/_standin/clock").json(&json!({ "advance": "P30D" }));
    told.push(send(advance).await);
    for path in [
        "/_standin/tokens",
        "/_standin/payments",
        "/_standin/notices",
    ] {
        told.push(send(Ask::get(path)).await);
    }
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn a_space_goes_on_alike_wherever_it_is_loaded() {
    let folders = [Folder::new("snapshot-from"), Folder::new("snapshot-to")];
    for (from, to) in [
        (in_memory().await, in_folder(&folders[0]).await),
        (in_folder(&folders[1]).await, in_memory().await),
    ] {
        let space = Fixture::new(&from, "kept").await;
        let asks = questions(&from, &space).await;
        let file = saved(&from, "/~kept/_standin/snapshot").await;
        let loaded = load(&to, "/~kept/_standin/snapshot", &file)
            .await
            .expect(200);
        assert_eq!(loaded.json(), json!({ "loaded": ["kept"] }));
        assert_eq!(saved(&to, "/~kept/_standin/snapshot").await, file);
        let (before, after) = (answers(&from, &asks).await, answers(&to, &asks).await);
        for ((ask, one), other) in asks.iter().zip(&before).zip(&after) {
            let (one, other) = ((one.status, one.text()), (other.status, other.text()));
            // What was still to be sent is left behind.
            if !ask.path.contains("/webhooks/messages") {
                assert_eq!(one, other, "{}", ask.path);
            }
        }
        assert_eq!(goes_on(&from, "/~kept").await, goes_on(&to, "/~kept").await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_loaded_with_all_its_spaces_and_no_others_and_keeps_them() {
    let folder = Folder::new("snapshot-server");
    let (from, to) = (in_memory().await, in_folder(&folder).await);
    for name in ["one", "two"] {
        from.client.advance(&format!("/~{name}"), "PT1H").await;
    }
    to.client.advance("/~other", "PT5H").await;
    let file = saved(&from, "/_standin/snapshot?of=server").await;
    let loaded = load(&to, "/_standin/snapshot", &file).await.expect(200);
    assert_eq!(loaded.json()["loaded"], json!(["default", "one", "two"]));
    to.server.stop().await;
    let to = in_folder(&folder).await;
    let spaces = to.send(Ask::get("/_standin/spaces")).await.json();
    assert_eq!(spaces["spaces"], json!(["default", "one", "two"]));
    assert_eq!(saved(&to, "/_standin/snapshot?of=server").await, file);
    let wrong = Ask::get("/_standin/snapshot?of=servers");
    let wrong = to.send(wrong).await.expect(422);
    assert!(wrong.text().contains("did you mean"), "{}", wrong.text());
}

/// Cryptograms that were given out before are good in both, each once; rules go on counting; and what waits to be sent is sent
/// by one of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_fork_is_another_world_from_one_instant_on() {
    let folder = Folder::new("fork");
    for stand in [in_memory().await, in_folder(&folder).await] {
        let access = stand.client.token("standin-manual", None).await;
        let dead = json!({ "url": "http://127.0.0.1:9/" });
        let hook = Ask::post("/_standin/webhooks").json(&dead);
        stand.send(hook).await.expect(201);
        let pan = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 30 });
        let create = Ask::post("/cards").bearer(&access).attributes(&pan);
        let card = stand.send(create).await.expect(201).at("/data/id");
        let post = |path: &str| Ask::post(format!("/cards/{card}/{path}")).bearer(&access);
        let token = stand.send(post("network-tokens")).await.expect(200);
        let minted = stand.send(post("cryptogram")).await.expect(200);
        let fault = json!({ "match": { "operation": "read_card" },
            "fault": { "kind": "status", "status": 503 }, "cap": 2 });
        let arm = Ask::post("/_standin/faults").json(&fault);
        stand.send(arm).await.expect(201);
        let read = async |prefix: &str| {
            let access = access_in(&stand, prefix).await;
            let read = Ask::get(format!("{prefix}/cards/{card}")).bearer(&access);
            stand.send(read).await
        };
        read("").await.expect(503);
        stand.client.advance("", "PT1H").await;

        let fork = Ask::post("/_standin/spaces/copy").json(&json!({ "from": "default" }));
        let forked = stand.send(fork.clone()).await.expect(201).json();
        assert_eq!(
            (&forked["space"], &forked["from"]),
            (&json!("copy"), &json!("default"))
        );
        let exists = stand.send(fork).await.expect(409);
        assert_eq!(exists.at("/error/code"), "space_exists");
        let attributes = &token.json()["data"]["attributes"];
        for prefix in ["", "/~copy"] {
            let clock = format!("{prefix}/_standin/clock");
            let clock = stand.send(Ask::get(clock)).await.at("/now");
            assert_eq!(clock, "2026-01-01T01:00:00.000000Z");
            read(prefix).await.expect(503);
            read(prefix).await.expect(200);
            let body = json!({ "amount": 1_000, "currency": "EUR", "network_token": {
                "number": attributes["network_token"],
                "exp_month": attributes["exp_month"], "exp_year": attributes["exp_year"],
                "cryptogram": minted.at("/data/attributes/cryptogram/value"),
            }});
            for (key, approved) in [("one", true), ("other", false)] {
                let pay = Ask::post(format!("{prefix}/payments")).bearer("standin_key");
                let paid = stand.send(pay.header("idempotency-key", key).json(&body));
                let paid = paid.await.expect(201).json();
                assert_eq!(paid["approved"], approved, "{prefix} {key} {paid}");
            }
        }
        is_told_apart(&stand, &forked).await;
    }
}

/// What is left to the other one, what goes on alike, and what cannot be copied.
async fn is_told_apart(stand: &Stand, forked: &Value) {
    let messages = async |prefix: &str| {
        let path = format!("{prefix}/_standin/webhooks/messages");
        stand.send(Ask::get(path)).await.expect(200).json()
    };
    let first = |all: &Value| all["waiting"].as_array().unwrap().len();
    let left = forked["messages_left"].as_u64().unwrap();
    assert!(left > 0, "something waits");
    assert_eq!(
        first(&messages("").await) - first(&messages("/~copy").await),
        left as usize
    );
    let hooks = stand
        .send(Ask::get("/~copy/_standin/webhooks"))
        .await
        .json();
    assert_eq!(hooks["webhooks"].as_array().unwrap().len(), 1, "{hooks}");
    assert_eq!(goes_on(stand, "").await, goes_on(stand, "/~copy").await);
    let none = Ask::post("/_standin/spaces/third").json(&json!({ "from": "nowhere" }));
    let none = stand.send(none).await.expect(404);
    assert_eq!(none.at("/error/code"), "space_unknown");
    let unnamed = Ask::post("/_standin/spaces/third").json(&json!({}));
    assert_eq!(
        stand.send(unnamed).await.expect(422).at("/error/field"),
        "from"
    );
}

/// What a space keeps besides its records, bent: which line, what it is then, the member that is wrong, and why.
fn bent(lines: &[&str]) -> Vec<(usize, String, String, &'static str)> {
    let place = |of: &str| lines.iter().position(|line| line.contains(of)).unwrap();
    let setting = |name: &str, value: &str| {
        json!({ "setting": { "name": name, "value": value } }).to_string()
    };
    let clock = place(r#""name":"clock""#);
    let rule = place(r#"{"setting":{"name":"fault/"#);
    let name = serde_json::from_str::<Value>(lines[rule]).unwrap();
    let rule_name = name["setting"]["name"].as_str().unwrap().to_owned();
    let endpoint = lines
        .iter()
        .position(|line| line.starts_with(r#"{"endpoint""#))
        .unwrap();
    let kept: Value = serde_json::from_str(lines[endpoint]).unwrap();
    let id = format!("we_{}", kept["endpoint"]["id"]);
    let hook = |member: &str, value: &str| {
        let mut changed = kept.clone();
        changed["endpoint"][member] = value.into();
        (endpoint, changed.to_string(), format!("{id}.{member}"))
    };
    let mut rows = Vec::new();
    for (value, why) in [
        ("half past nine", "expected value"),
        (
            r#"{"at":"half past nine"}"#,
            "must be a whole number, not \"half past nine\"",
        ),
        (r#"{"stopped":1}"#, "`stopped` is not known"),
    ] {
        rows.push((clock, setting("clock", value), "clock".to_owned(), why));
    }
    rows.push((
        clock,
        setting("clok", "{}"),
        "clok".to_owned(),
        r#""clok" is not known; did you mean "clock"?"#,
    ));
    rows.push((
        clock,
        setting("origin", "a b/c"),
        "origin".to_owned(),
        "the name of a space has",
    ));
    rows.push((
        rule,
        setting(&rule_name, "{}"),
        rule_name,
        "the fault rule {}: missing",
    ));
    for (member, value, why) in [
        ("url", "nowhere", "is not an address"),
        ("url", "ftp://127.0.0.1/", "must begin with http"),
        ("secret", "", "must be whsec_"),
    ] {
        let (place, line, field) = hook(member, value);
        rows.push((place, line, field, why));
    }
    rows
}

async fn refuses_what_is_bent(stand: &Stand, lines: &[&str]) {
    for (place, line, field, why) in bent(lines) {
        let mut changed = lines.to_vec();
        changed[place] = &line;
        let refused = load(stand, "/~kept/_standin/snapshot", &changed.join("\n")).await;
        let refused = refused.expect(422);
        assert_eq!(refused.at("/error/code"), "bad_snapshot");
        assert_eq!(refused.at("/error/field"), field);
        let said = refused.at("/error/message");
        let wanted = format!("line {}: {field}: {why}", place + 1);
        assert!(said.starts_with(&wanted), "{said}\nis not\n{wanted}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_used_changes_nothing_and_says_which_line_is_wrong() {
    let folder = Folder::new("snapshot-bad");
    for stand in [in_memory().await, in_folder(&folder).await] {
        Fixture::new(&stand, "kept").await;
        // Whatever is to be delivered has been, so that the file does not change by itself.
        stand.client.advance("/~kept", "PT0S").await;
        let file = saved(&stand, "/~kept/_standin/snapshot").await;
        let lines: Vec<&str> = file.lines().collect();
        let (count, last) = (lines.len(), lines.len() - 1);
        let with = |place: usize, line: &str| {
            let mut lines = lines.clone();
            lines[place] = line;
            lines.join("\n")
        };
        let card = lines
            .iter()
            .position(|line| line.contains(r#""kind":"cards""#));
        let card = card.unwrap();
        let torn = &lines[card][..lines[card].len() / 2];
        let kind = lines[card].replace("cards", "carts");
        let member = lines[card].replace(r#""owner""#, r#""owned""#);
        let rows: Vec<(String, String)> = vec![
            (String::new(), "line 1: this is no snapshot of standin".to_owned()),
            (with(0, "{}"), "line 1: this is no snapshot of standin".to_owned()),
            (
                with(0, &lines[0].replace(r#""standin_snapshot":1"#, r#""standin_snapshot":7"#)),
                "line 1: this is a snapshot of form 7, and this release reads form 1; load it with the release that wrote it".to_owned(),
            ),
            (
                with(0, &lines[0].replace(r#""seed":""#, r#""seed":"0"#)),
                "line 1: it was taken from a server with another --seed".to_owned(),
            ),
            (with(card, torn), format!("line {}: ", card + 1)),
            (
                with(card, &kind),
                format!("line {}: there is no kind of record \"carts\"", card + 1),
            ),
            (with(card, &member), format!("line {}: one of cards: ", card + 1)),
            (
                with(card + 1, lines[card]),
                format!("line {}: the same of cards is there twice", card + 2),
            ),
            (
                lines[..last].join("\n"),
                format!("line {last}: the file ends here, before its last line"),
            ),
            (
                [&lines[..card], &lines[card + 1..]].concat().join("\n"),
                format!("line {last}: the file was written with {count} lines"),
            ),
            (
                format!("{file}{{}}\n"),
                format!("line {}: more follows", count + 1),
            ),
        ];
        for (bad, wanted) in rows {
            let refused = load(&stand, "/~kept/_standin/snapshot", &bad)
                .await
                .expect(422);
            assert_eq!(refused.at("/error/code"), "bad_snapshot");
            let said = refused.at("/error/message");
            assert!(said.starts_with(&wanted), "{said}\nis not\n{wanted}");
        }
        refuses_what_is_bent(&stand, &lines).await;
        assert_eq!(saved(&stand, "/~kept/_standin/snapshot").await, file);
        refuses_what_is_no_snapshot(&stand, file).await;
    }
}

async fn refuses_what_is_no_snapshot(stand: &Stand, file: String) {
    let as_text = Ask::post("/_standin/snapshot").body("text/plain", file);
    stand.send(as_text).await.expect(415);
    let none = Ask::get("/~nobody/_standin/snapshot");
    let none = stand.send(none).await.expect(404);
    assert_eq!(none.at("/error/code"), "space_unknown");
}
