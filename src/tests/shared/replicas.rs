//! Three servers of one process share an engine, and a client that goes from one to another sees one sandbox.

use serde_json::json;
use standin::server::start;

use super::{EngineServer, times};
use crate::client::{Answer, Ask, Client, Stand, options};
use crate::durable::{create, pay};

/// Three servers and the engine that they share.
pub(super) struct Replicas {
    pub(super) engine: EngineServer,
    pub(super) servers: Vec<Stand>,
}

impl Replicas {
    pub(super) async fn start() -> Option<Self> {
        let engine = EngineServer::start()?;
        Some(Self::on(engine, 3).await)
    }

    pub(super) async fn on(engine: EngineServer, count: usize) -> Self {
        let mut servers = Vec::new();
        for _ in 0..count {
            let mut options = options();
            options.engine = engine.engine(&options.seed).await;
            let server = start(options).await.unwrap();
            let client = Client::new(&server.base_url());
            servers.push(Stand { server, client });
        }
        Self { engine, servers }
    }

    pub(super) fn client(&self, number: usize) -> &Client {
        &self.servers[number % self.servers.len()].client
    }

    pub(super) async fn send(&self, number: usize, ask: Ask) -> Answer {
        self.client(number).send(ask).await
    }
}

/// Asks several times at once, each time at another server, and gives the answers.
async fn at_once(replicas: &Replicas, asks: impl IntoIterator<Item = Ask>) -> Vec<Answer> {
    let asked = asks.into_iter().enumerate().map(|(number, ask)| {
        let client = replicas.client(number).clone();
        tokio::spawn(async move { client.send(ask).await })
    });
    let asked: Vec<_> = asked.collect();
    let mut answers = Vec::new();
    for one in asked {
        answers.push(one.await.unwrap());
    }
    answers
}

/// Twenty rounds, or as many as the variable `STANDIN_REPLICA_ROUNDS` says.
#[tokio::test(flavor = "multi_thread")]
async fn one_cryptogram_is_spent_once_through_all_replicas() {
    let Some(replicas) = Replicas::start().await else {
        return;
    };
    let rounds = times("STANDIN_REPLICA_ROUNDS", 20);
    let access = replicas.client(0).token("standin-manual", None).await;
    for round in 0..rounds {
        let number = usize::try_from(round).unwrap();
        let created = replicas.send(number, create(&access, round)).await;
        let card = created.expect(201).at("/data/id");
        let post = |path: &str| Ask::post(format!("/cards/{card}/{path}")).bearer(&access);
        let token = replicas
            .send(number + 1, post("network-tokens"))
            .await
            .expect(200);
        let cryptogram = replicas
            .send(number + 2, post("cryptogram"))
            .await
            .expect(200);
        let asks = (0..64).map(|place| pay(&token, &cryptogram, &format!("{round}-{place}")));
        let answers = at_once(&replicas, asks).await;
        let bodies: Vec<_> = answers.iter().map(Answer::json).collect();
        let replayed = |body: &&serde_json::Value| body["reason"] == "cryptogram_replayed";
        assert_eq!(bodies.iter().filter(replayed).count(), 63, "round {round}");
        let approved = bodies.iter().filter(|body| body["approved"] == true);
        assert_eq!(approved.count(), 1, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_has_one_effect_through_all_replicas() {
    let Some(replicas) = Replicas::start().await else {
        return;
    };
    let access = replicas.client(0).token("standin-manual", None).await;
    let card = replicas
        .send(0, create(&access, 1))
        .await
        .expect(201)
        .at("/data/id");
    let post = |path: &str| Ask::post(format!("/cards/{card}/{path}")).bearer(&access);
    let token = replicas.send(1, post("network-tokens")).await.expect(200);
    let cryptogram = replicas.send(2, post("cryptogram")).await.expect(200);
    let first = replicas
        .send(0, pay(&token, &cryptogram, "order"))
        .await
        .expect(201);
    for number in 0..3 {
        let again = replicas
            .send(number, pay(&token, &cryptogram, "order"))
            .await;
        assert_eq!(again.body, first.body, "replica {number}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_fires_as_often_as_it_says_over_all_replicas() {
    let Some(replicas) = Replicas::start().await else {
        return;
    };
    let access = replicas.client(0).token("standin-manual", None).await;
    let rule = json!({ "text": "status 503 on operation=create_card cap 10" });
    let arm = Ask::post("/_standin/faults").json(&rule);
    replicas.send(0, arm).await.expect(201);
    let answers = at_once(&replicas, (0..64).map(|number| create(&access, number))).await;
    let fired = answers.iter().filter(|answer| answer.status == 503).count();
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!((fired, made), (10, 54));
    for number in 0..3 {
        let listed = replicas.send(number, Ask::get("/_standin/faults")).await;
        let rules = listed.expect(200).json();
        assert_eq!(rules["rules"][0]["fired"], 10, "replica {number}: {rules}");
        assert_eq!(
            rules["rules"][0]["matched"], 64,
            "replica {number}: {rules}"
        );
    }
    replicas
        .send(1, Ask::delete("/_standin/faults"))
        .await
        .expect(204);
    let rules = replicas.send(2, Ask::get("/_standin/faults")).await.json();
    assert_eq!(rules["rules"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_one_moves_has_moved_for_all() {
    let Some(replicas) = Replicas::start().await else {
        return;
    };
    let now = async |number| {
        let clock = replicas.send(number, Ask::get("/_standin/clock")).await;
        clock.expect(200).at("/now")
    };
    // Each of them knows the space before the clock is moved.
    let before = [now(0).await, now(1).await, now(2).await];
    for (number, want) in [(0, "2026-01-02"), (1, "2026-01-03"), (2, "2026-01-04")] {
        replicas.client(number).advance("", "PT24H").await;
        for other in 0..3 {
            let stands = now(other).await;
            assert!(
                stands.starts_with(want),
                "{number} {other}: {stands}, {before:?}"
            );
        }
    }
}

/// The same request in the space called one.
fn in_one(ask: Ask) -> Ask {
    Ask {
        path: format!("/~one{}", ask.path),
        ..ask
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn spaces_are_made_put_back_and_dropped_for_all() {
    let Some(replicas) = Replicas::start().await else {
        return;
    };
    let token = replicas
        .send(0, in_one(Ask::token("standin-manual", None)))
        .await;
    let access = token.expect(200).at("/access_token");
    let make = async |number| {
        let made = replicas.send(number, in_one(create(&access, 1))).await;
        made.expect(201).at("/data/id")
    };
    let card = make(0).await;
    let read = || Ask::get(format!("/~one/cards/{card}")).bearer(&access);
    let spaces = async |number| {
        let listed = replicas.send(number, Ask::get("/_standin/spaces")).await;
        listed.expect(200).json()["spaces"].clone()
    };
    for number in 0..3 {
        replicas.send(number, read()).await.expect(200);
        assert_eq!(spaces(number).await, json!(["default", "one"]));
    }
    let reset = Ask::post("/~one/_standin/reset");
    replicas.send(1, reset).await.expect(200);
    for number in 0..3 {
        replicas.send(number, read()).await.expect(404);
    }
    let again = make(2).await;
    assert_eq!(again, card, "the same call in a space that begins again");
    replicas
        .send(0, Ask::delete("/~one/_standin/space"))
        .await
        .expect(204);
    for number in 0..3 {
        assert_eq!(spaces(number).await, json!(["default"]), "replica {number}");
    }
    // Whoever is let in makes it again, and for all.
    for number in 0..3 {
        replicas.send(number, read()).await.expect(404);
        assert_eq!(spaces(number).await, json!(["default", "one"]));
    }
}
