//! The engine is killed, or says nothing any more: clients are told so in the words of the surface that they ask, nothing that was
//! answered is lost, and all goes on by itself when the engine is back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use super::replicas::Replicas;
use super::{EngineServer, times};
use crate::client::{Ask, Client};
use crate::durable::create;

/// An engine that has on its disk what it has answered.
const KEPT: &[&str] = &["--appendonly", "yes", "--appendfsync", "always"];

/// Asks until the answer has this status. Fails after twenty seconds.
pub(super) async fn until(client: &Client, path: &str, status: u16) -> Value {
    let asking = async {
        loop {
            let answer = client.send(Ask::get(path)).await;
            if answer.status == status {
                return answer.json();
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    let waited = timeout(Duration::from_secs(20), asking).await;
    waited.unwrap_or_else(|_| panic!("{path} never answers {status}"))
}

/// What a client is told of each surface while the engine is away.
async fn is_told(replicas: &Replicas, access: &str) {
    let card = create(access, 2);
    let alias = json!({ "data": [{ "value": "4111111111111111", "format": "UUID" }] });
    for (surface, ask) in [
        ("vgs", card.clone()),
        ("vgs", Ask::get("/cards/CRDx").bearer(access)),
        ("payments", Ask::post("/payments").bearer("standin_key").header("idempotency-key", "k").json(
            &json!({ "amount": 1, "currency": "EUR", "card": { "number": "4111111111111111", "exp_month": 12, "exp_year": 30 } }),
        )),
        ("stripe", Ask::get("/v1/customers").bearer("sk_test_standin")),
        ("vault", Ask::post("/aliases").bearer(access).json(&alias)),
        ("control", Ask::get("/_standin/tokens")),
    ] {
        for number in 0..replicas.servers.len() {
            let begun = Instant::now();
            let answer = replicas.send(number, ask.clone()).await;
            assert_eq!(answer.status, 503, "{surface}: {}", answer.text());
            // In the surface's own form, which is JSON everywhere.
            assert!(answer.json().is_object(), "{surface}");
            assert!(begun.elapsed() < Duration::from_secs(4), "{surface}: {:?}", begun.elapsed());
        }
    }
}

async fn is_well_again(replicas: &Replicas, access: &str, number: u64) {
    for server in &replicas.servers {
        let health = until(&server.client, "/_standin/health", 200).await;
        assert_eq!(health["status"], "ok");
        until(&server.client, "/_standin/ready", 200).await;
    }
    for (place, server) in (0_u64..).zip(&replicas.servers) {
        let created = server.client.send(create(access, number + place)).await;
        created.expect(201);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_is_away_is_told_of_and_comes_back() {
    let Some(engine) = EngineServer::start_with(KEPT) else {
        return;
    };
    let mut replicas = Replicas::on(engine, 2).await;
    let access = replicas.client(0).token("standin-manual", None).await;
    let made = replicas.send(0, create(&access, 1)).await.expect(201);
    let read = Ask::get(format!("/cards/{}", made.at("/data/id"))).bearer(&access);
    replicas.engine.kill();
    is_told(&replicas, &access).await;
    for server in &replicas.servers {
        let health = until(&server.client, "/_standin/health", 503).await;
        assert_eq!(health["status"], "degraded");
        let reason = health["reason"].as_str().unwrap();
        assert!(reason.contains("cannot be reached"), "{reason}");
        let ready = until(&server.client, "/_standin/ready", 503).await;
        assert_eq!(ready, json!({ "ready": false }));
    }
    replicas.engine.restart();
    is_well_again(&replicas, &access, 10).await;
    // Stopped, it takes connections and says nothing.
    replicas.engine.signal("STOP");
    is_told(&replicas, &access).await;
    let health = until(replicas.client(1), "/_standin/health", 503).await;
    assert_eq!(health["status"], "degraded");
    replicas.engine.signal("CONT");
    is_well_again(&replicas, &access, 20).await;
    for number in 0..2 {
        let there = replicas.send(number, read.clone()).await.expect(200);
        assert_eq!(there.at("/data/id"), made.at("/data/id"));
    }
}

/// Creates cards until it is told to stop, and gives those that were answered.
async fn write(
    client: Client,
    access: String,
    numbers: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
) -> Vec<String> {
    let mut told = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let number = numbers.fetch_add(1, Ordering::Relaxed);
        let answer = client.send(create(&access, number)).await;
        match answer.status {
            201 => told.push(answer.at("/data/id")),
            503 => sleep(Duration::from_millis(5)).await,
            other => panic!("{other}: {}", answer.text()),
        }
    }
    told
}

/// Two kills of the engine, or as many as the variable `STANDIN_KILL_CYCLES` says.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_answered_is_lost_with_the_engine() {
    let Some(engine) = EngineServer::start_with(KEPT) else {
        return;
    };
    let cycles = times("STANDIN_KILL_CYCLES", 2);
    let mut replicas = Replicas::on(engine, 2).await;
    let access = replicas.client(0).token("standin-manual", None).await;
    let (numbers, stop) = (
        Arc::new(AtomicU64::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    let writers: Vec<_> = (0..16)
        .map(|place| {
            let client = replicas.client(place).clone();
            tokio::spawn(write(
                client,
                access.clone(),
                Arc::clone(&numbers),
                Arc::clone(&stop),
            ))
        })
        .collect();
    for _ in 0..cycles {
        let enough = numbers.load(Ordering::Relaxed) + 200;
        while numbers.load(Ordering::Relaxed) < enough {
            sleep(Duration::from_millis(1)).await;
        }
        replicas.engine.kill();
        replicas.engine.restart();
        for server in &replicas.servers {
            until(&server.client, "/_standin/ready", 200).await;
        }
    }
    stop.store(true, Ordering::Relaxed);
    let mut answered = 0;
    for writer in writers {
        for (number, card) in writer.await.unwrap().iter().enumerate() {
            let read = Ask::get(format!("/cards/{card}")).bearer(&access);
            replicas.send(number, read).await.expect(200);
            answered += 1;
        }
    }
    assert!(answered > 100, "{answered} cards");
}
