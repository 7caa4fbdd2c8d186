//! A server with a folder that is stopped and started again: whatever anybody could read is there again, to the byte, and
//! nothing that was used up can be used again.

use std::time::Duration;

use serde_json::json;
use standin::server::Options;
use standin::store::Durability;

use crate::cli::Folder;
use crate::client::{Answer, Ask, Stand};
use crate::gateway::document::{Document, Operation};
use crate::gateway::fixture::Fixture;
use crate::merchant::keyed;

async fn stand(folder: &Folder) -> Stand {
    let options = keyed();
    let engine = folder.engine(&options.seed, Durability::Process).await;
    Stand::start(Options { engine, ..options }).await
}

async fn restart(stand: Stand, folder: &Folder) -> Stand {
    stand.server.stop().await;
    self::stand(folder).await
}

/// What is not there again, because it is about requests and not about cards: the journal, and how many spaces there are
/// besides, as nobody has used them.
fn is_of_the_process(operation: &Operation) -> bool {
    let path = &operation.path;
    [
        "journal",
        "/health",
        "/verify",
        "/metrics",
        "/spaces",
        "/snapshot",
        "/attempts",
    ]
    .iter()
    .any(|part| path.contains(part))
}

/// What can be read of a space, by the documented operation.
pub(super) async fn questions(stand: &Stand, space: &Fixture) -> Vec<Ask> {
    let operations = Document::of(&stand.client).await.operations();
    let reads = operations.iter().filter(|operation| {
        operation.method.eq_ignore_ascii_case("get") && !is_of_the_process(operation)
    });
    reads.map(|operation| space.ask(operation)).collect()
}

pub(super) async fn answers(stand: &Stand, asks: &[Ask]) -> Vec<Answer> {
    let mut all = Vec::new();
    for ask in asks {
        all.push(stand.send(ask.clone()).await);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_be_read_before_can_be_read_after() {
    let folder = Folder::new("restart");
    let before = stand(&folder).await;
    let space = Fixture::new(&before, "kept").await;
    let asks = questions(&before, &space).await;
    let read_before = answers(&before, &asks).await;
    let after = restart(before, &folder).await;
    let read_after = answers(&after, &asks).await;
    let good = read_before.iter().filter(|answer| answer.status == 200);
    assert!(good.count() > 30, "{read_before:#?}");
    for ((ask, one), other) in asks.iter().zip(&read_before).zip(&read_after) {
        let (one, other) = ((one.status, one.text()), (other.status, other.text()));
        assert_eq!(one, other, "{}", ask.path);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_used_up_stays_used_up() {
    let folder = Folder::new("spent");
    let before = stand(&folder).await;
    let access = before.client.token("standin-manual", None).await;
    let pan = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 30 });
    let create = Ask::post("/cards").bearer(&access).attributes(&pan);
    let card = before.send(create.clone()).await.expect(201).at("/data/id");
    let provision = Ask::post(format!("/cards/{card}/network-tokens")).bearer(&access);
    let token = before.send(provision).await.expect(200);
    let number = token.at("/data/attributes/network_token");
    let mint = Ask::post(format!("/cards/{card}/cryptogram")).bearer(&access);
    let minted = before.send(mint).await.expect(200);
    let pay = |key: &str| {
        let body = json!({
            "amount": 1_000, "currency": "EUR",
            "network_token": {
                "number": number,
                "exp_month": token.json()["data"]["attributes"]["exp_month"],
                "exp_year": token.json()["data"]["attributes"]["exp_year"],
                "cryptogram": minted.at("/data/attributes/cryptogram/value"),
            },
        });
        let ask = Ask::post("/payments").header("authorization", "Bearer standin_key");
        ask.header("idempotency-key", key).json(&body)
    };
    let first = before.send(pay("order-1")).await.expect(201);
    assert_eq!(first.json()["approved"], true, "{}", first.text());
    let fault = json!({
        "match": { "operation": "read_card" },
        "fault": { "kind": "status", "status": 503 },
        "cap": 3,
    });
    before
        .send(Ask::post("/_standin/faults").json(&fault))
        .await
        .expect(201);
    let read = Ask::get(format!("/cards/{card}")).bearer(&access);
    for _ in 0..2 {
        before.send(read.clone()).await.expect(503);
    }
    before.client.advance("", "PT12H").await;
    let dead = json!({ "url": "http://127.0.0.1:9/" });
    before
        .send(Ask::post("/_standin/webhooks").json(&dead))
        .await
        .expect(201);

    let after = restart(before, &folder).await;
    // The same request gets its first answer; the cryptogram pays for nothing else, and a new one is another one.
    let again = after.send(pay("order-1")).await;
    assert_eq!((first.status, first.text()), (again.status, again.text()));
    let other = after.send(pay("order-2")).await;
    assert_ne!(other.text(), first.text());
    let clock = after.send(Ask::get("/_standin/clock")).await.at("/now");
    assert!(clock.starts_with("2026-01-01T12:00"), "{clock}");
    let access = after.client.token("standin-manual", None).await;
    let read = Ask::get(format!("/cards/{card}")).bearer(&access);
    after.send(read.clone()).await.expect(503);
    after.send(read.clone()).await.expect(200);
    let mint = Ask::post(format!("/cards/{card}/cryptogram")).bearer(&access);
    let minted_after = after.send(mint).await.expect(200);
    let value = "/data/attributes/cryptogram/value";
    assert_ne!(minted_after.at(value), minted.at(value));

    // Put back to its beginning, it begins there after a restart too.
    after.send(Ask::post("/_standin/reset")).await.expect(200);
    let fresh = restart(after, &folder).await;
    fresh.send(read).await.expect(404);
}

/// A space that somebody only looked at, and one that was dropped, are not there; one that was used is.
#[tokio::test(flavor = "multi_thread")]
async fn spaces_are_there_again_if_anything_is_in_them() {
    let folder = Folder::new("spaces");
    let before = stand(&folder).await;
    before
        .send(Ask::get("/~looked-at/_standin/clock"))
        .await
        .expect(200);
    for name in ["used", "dropped"] {
        before.client.advance(&format!("/~{name}"), "PT1S").await;
    }
    before
        .send(Ask::delete("/~dropped/_standin/space"))
        .await
        .expect(204);
    let after = restart(before, &folder).await;
    let spaces = after.send(Ask::get("/_standin/spaces")).await.json();
    assert_eq!(spaces["spaces"], json!(["default", "used"]));
}

/// While another program holds the file nothing can be written: each surface says so in its own words, reading goes on, and
/// all is well once the file is let go of. Takes some seconds, because the engine waits for a while before it gives up.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_written_is_told_and_waited_for() {
    let folder = Folder::new("held");
    let stand = stand(&folder).await;
    let access = stand.client.token("standin-manual", None).await;
    let pan = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 30 });
    let create = Ask::post("/cards").bearer(&access).attributes(&pan);
    let card = stand.send(create.clone()).await.expect(201).at("/data/id");
    let read = Ask::get(format!("/cards/{card}")).bearer(&access);
    let file = rusqlite::Connection::open(folder.0.join("standin.db")).unwrap();
    file.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = stand.send(create.clone()).await.expect(503);
    assert!(refused.text().contains("errors"), "{}", refused.text());
    stand.send(read.clone()).await.expect(200);
    let health = stand
        .send(Ask::get("/_standin/health"))
        .await
        .expect(503)
        .json();
    assert_eq!(health["status"], "degraded");
    assert_eq!(
        health["reason"],
        "nothing can be written: another program holds the file; close it"
    );
    file.execute_batch("ROLLBACK").unwrap();
    let other = json!({ "pan": "5555555555554444", "exp_month": 12, "exp_year": 30 });
    let create = Ask::post("/cards").bearer(&access).attributes(&other);
    stand.send(create).await.expect(201);
    let health = stand
        .send(Ask::get("/_standin/health"))
        .await
        .expect(200)
        .json();
    assert_eq!(health["status"], "ok");
    tokio::time::timeout(Duration::from_secs(9), stand.server.stop())
        .await
        .unwrap();
}

/// Whoever is the first to use a space may meet somebody who drops it, or puts it back to its beginning. Nothing of theirs may
/// stay in the file that nobody finds there, or the space could never be written again.
#[tokio::test(flavor = "multi_thread")]
async fn a_space_that_is_dropped_while_it_is_first_used_can_be_used_again() {
    let folder = Folder::new("dropped-in-use");
    let mut stand = stand(&folder).await;
    let pay = Ask::post("/~busy/payments")
        .bearer("standin_key")
        .json(&json!({
            "amount": 5, "currency": "USD",
            "card": { "number": "4111111111111111", "exp_month": 12, "exp_year": 2030 },
        }));
    let ends = [
        Ask::delete("/~busy/_standin/space"),
        Ask::post("/~busy/_standin/reset"),
    ];
    let list = Ask::get("/~busy/_standin/payments");
    for round in 0..20 {
        let first_users = (0..7).map(|_| stand.send(pay.clone()));
        let end = stand.send(ends[round % 2].clone());
        let (answers, _ended) =
            futures::future::join(futures::future::join_all(first_users), end).await;
        for answer in answers {
            answer.expect(201);
        }
        let known = stand.send(pay.clone()).await.expect(201).at("/id");
        let one = Ask::get(format!("/~busy/payments/{known}")).bearer("standin_key");
        stand.send(one.clone()).await.expect(200);
        if round % 5 == 0 {
            let before = stand.send(list.clone()).await.json();
            stand = restart(stand, &folder).await;
            let after = stand.send(list.clone()).await.json();
            assert_eq!(after, before, "round {round}");
        }
    }
}
