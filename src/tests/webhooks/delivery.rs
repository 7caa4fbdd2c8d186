//! Messages on their way.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::receiver::{Arrived, Receiver};
use crate::client::{Ask, Stand, options};

pub(super) const PANS: [&str; 4] = [
    "4111111111111111",
    "4000210000089208",
    "5555555555554444",
    "5100260000019206",
];

/// A server, a receiver that is registered there, and access to the gateway.
pub(super) struct Scene {
    pub(super) stand: Stand,
    pub(super) receiver: Receiver,
    pub(super) secret: String,
    access: String,
}

impl Scene {
    pub(super) async fn open(receiver: Receiver, profile: &str) -> Self {
        let stand = Stand::start(options()).await;
        let asked = json!({ "url": receiver.url, "profile": profile });
        let made = stand
            .client
            .send(Ask::post("/_standin/webhooks").json(&asked))
            .await;
        let secret = made.expect(201).at("/secret");
        let access = stand.client.token("standin-manual", None).await;
        Self {
            stand,
            receiver,
            secret,
            access,
        }
    }

    pub(super) async fn token(&self, pan: &str) -> String {
        let card = json!({ "pan": pan, "exp_month": 12, "exp_year": 40 });
        let ask = Ask::post("/cards").bearer(&self.access).attributes(&card);
        let id = self.stand.client.send(ask).await.expect(201).at("/data/id");
        let ask = Ask::post(format!("/cards/{id}/network-tokens")).bearer(&self.access);
        self.stand.client.send(ask).await.expect(200).at("/data/id")
    }

    pub(super) async fn event(&self, token: &str, event: &str) {
        let ask = Ask::post(format!("/_standin/tokens/{token}/events"));
        let ask = ask.json(&json!({ "event": event, "by": "issuer" }));
        self.stand.client.send(ask).await.expect(200);
    }

    /// Lets the gateway's client delete the card that a token is of.
    pub(super) async fn delete_card_of(&self, token: &str) {
        let notices = self.stand.client.send(Ask::get("/_standin/notices")).await;
        let notices = notices.expect(200).json();
        let mut rows = notices["notices"].as_array().unwrap().iter();
        let row = rows.find(|row| row["token"] == token).unwrap();
        let card = row["card"].as_str().unwrap();
        let ask = Ask::delete(format!("/cards/{card}")).bearer(&self.access);
        self.stand.client.send(ask).await.expect(204);
    }

    pub(super) async fn advance(&self, span: &str) {
        self.stand.client.advance("", span).await;
    }

    pub(super) async fn messages(&self) -> Value {
        let answer = self
            .stand
            .client
            .send(Ask::get("/_standin/webhooks/messages"))
            .await;
        answer.expect(200).json()
    }
}

pub(super) fn kind(arrived: &Arrived) -> String {
    arrived.json()["type"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_happens_to_a_token_is_told_in_order_and_signed() {
    let scene = Scene::open(Receiver::open().await, "standard").await;
    let token = scene.token(PANS[0]).await;
    for event in ["suspend", "resume", "delete"] {
        scene.event(&token, event).await;
    }
    scene.advance("PT0S").await;
    let arrived = scene.receiver.arrived();
    let told: Vec<_> = arrived.iter().map(kind).collect();
    let want =
        ["provisioned", "suspended", "resumed", "deleted"].map(|e| format!("network_token.{e}"));
    assert_eq!(told, want);
    assert!(arrived.iter().all(|message| message.target == "/hooks"));
    let body = arrived[1].json();
    assert_eq!(body["data"]["token_reference"], token);
    assert_eq!(body["data"]["state"], "suspended");
    assert_eq!(body["data"]["card"]["last4"], "1111");
    assert_eq!(arrived[1].header("webhook-id"), body["id"]);
    assert!(scene.secret.starts_with("whsec_"));
    assert!(arrived[1].header("webhook-signature").starts_with("v1,"));
    let journal = scene.stand.client.send(Ask::get("/_standin/journal")).await;
    let journal = journal.expect(200).json();
    let entries = journal["entries"].as_array().unwrap();
    assert_eq!(
        entries
            .iter()
            .filter(|e| e["surface"] == "webhooks")
            .count(),
        4
    );
}

#[tokio::test]
async fn vgs_is_told_in_its_own_words() {
    let scene = Scene::open(Receiver::open().await, "vgs").await;
    let token = scene.token(PANS[0]).await;
    scene.event(&token, "suspend").await;
    scene.advance("PT0S").await;
    let arrived = scene.receiver.arrived();
    let body = arrived[1].json();
    assert_eq!(body["event"], "cmp_network_token.updated");
    assert_eq!(body["details"]["state"], "suspended");
    assert_eq!(
        body["details"]["reason_code"],
        "cmp_network_token.suspended"
    );
    assert_eq!(body["details"]["card_exp_year"], "2040");
    assert!(arrived[1].header("vgs-signature").contains(",v0="));
}

#[tokio::test]
async fn each_try_is_in_the_journal_with_why_it_failed() {
    let receiver = Receiver::that(|place, _| (if place < 2 { 503 } else { 204 }, None)).await;
    let scene = Scene::open(receiver, "standard").await;
    scene.token(PANS[0]).await;
    scene.advance("PT1H").await;
    let tries = Ask::get("/_standin/journal?surface=webhooks");
    let journal = scene.stand.client.send(tries).await.expect(200).json();
    let entries = journal["entries"].as_array().unwrap();
    let seen: Vec<_> = entries
        .iter()
        .map(|entry| {
            let attempt = &entry["attempt"];
            (
                attempt["number"].as_u64().unwrap(),
                attempt["fate"].as_str().unwrap(),
                entry["status"].as_u64().unwrap(),
                entry["reason"].as_str().unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            (1, "again", 503, "answered 503"),
            (2, "again", 503, "answered 503"),
            (3, "delivered", 204, ""),
        ]
    );
    assert_eq!(entries[0]["attempt"]["next"], entries[1]["at"]);
    assert_eq!(
        entries[0]["attempt"]["message"],
        entries[2]["attempt"]["message"]
    );
}
/// The real time that a simulated day and the weeks after it may take.
const REAL_TIME_MAX: Duration = Duration::from_secs(1);
const RUNS_MAX: usize = 5;

/// A receiver is down for a day and then stumbles over every message once more. Nothing is lost, nothing overtakes anything of its
/// own token, and a message has the same name and the same words on every try, whenever it is run. It takes a third of a second
/// when it has the machine to itself; others may have the machine meanwhile, so the least of at most five runs counts. A dispatcher
/// that waited anywhere by a timer would wait in each of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_was_down_for_a_day_hears_everything_in_order() {
    let mut took = Vec::new();
    while took.len() < RUNS_MAX && took.iter().all(|took| *took >= REAL_TIME_MAX) {
        took.push(a_day_down().await);
    }
    let least = took.iter().min().unwrap();
    assert!(*least < REAL_TIME_MAX, "{took:?}");
    println!("a day and ten weeks in {took:?}");
}

/// One run, and the real time between the first event and the last message.
async fn a_day_down() -> Duration {
    let scene = Scene::open(Receiver::that(|_, _| (503, None)).await, "standard").await;
    let mut tokens = Vec::new();
    for pan in PANS {
        tokens.push(scene.token(pan).await);
    }
    let begun = Instant::now();
    for token in &tokens {
        for _ in 0..3 {
            scene.event(token, "suspend").await;
            scene.event(token, "resume").await;
        }
    }
    scene.advance("PT24H").await;
    let down = scene.receiver.arrived();
    assert!(down.iter().all(|message| message.status == 503));
    assert_eq!(
        down.iter().map(kind).collect::<HashSet<_>>().len(),
        1,
        "only the first of each"
    );
    let mut stumbled = HashSet::new();
    scene.receiver.behave(move |_, body| {
        let first = stumbled.insert(body.to_vec());
        (if first { 500 } else { 200 }, None)
    });
    for _ in 0..10 {
        scene.advance("P7D").await;
    }
    let took = begun.elapsed();
    let messages = scene.messages().await;
    assert_eq!(messages["waiting"], json!([]));
    assert_eq!(messages["dead"], json!([]));
    assert_eq!(messages["delivered"].as_array().unwrap().len(), 28);
    let arrived = scene.receiver.arrived();
    check_order(&arrived);
    check_sameness(&arrived);
    took
}

/// Of each token the messages that were taken tell what happened in the order in which it happened.
fn check_order(arrived: &[Arrived]) {
    let mut told: HashMap<String, Vec<String>> = HashMap::new();
    for message in arrived.iter().filter(|message| message.status == 200) {
        let token = message.json()["data"]["token_reference"].to_string();
        told.entry(token).or_default().push(kind(message));
    }
    let want: Vec<_> = [
        "provisioned",
        "suspended",
        "resumed",
        "suspended",
        "resumed",
        "suspended",
        "resumed",
    ]
    .map(|event| format!("network_token.{event}"))
    .into();
    assert_eq!(told.len(), PANS.len());
    assert!(told.values().all(|events| *events == want), "{told:?}");
}

fn check_sameness(arrived: &[Arrived]) {
    let mut bodies: HashMap<&str, &[u8]> = HashMap::new();
    for message in arrived {
        let known = bodies
            .entry(message.header("webhook-id"))
            .or_insert(&message.body);
        assert_eq!(*known, &message.body[..]);
    }
    assert_eq!(bodies.len(), 28);
}

#[tokio::test]
async fn whoever_asks_for_time_gets_it() {
    let busy = Receiver::that(|place, _| {
        if place == 0 {
            (429, Some(3_600))
        } else {
            (200, None)
        }
    })
    .await;
    let scene = Scene::open(busy, "standard").await;
    scene.token(PANS[0]).await;
    scene.advance("PT0S").await;
    scene.advance("PT59M").await;
    assert_eq!(scene.receiver.arrived().len(), 1);
    scene.advance("PT2M").await;
    assert_eq!(scene.receiver.arrived().len(), 2);
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_sent_nothing_more() {
    let scene = Scene::open(Receiver::that(|_, _| (410, None)).await, "standard").await;
    let token = scene.token(PANS[0]).await;
    scene.event(&token, "suspend").await;
    scene.advance("P30D").await;
    scene.event(&token, "resume").await;
    scene.advance("P30D").await;
    assert_eq!(scene.receiver.arrived().len(), 1);
    let list = scene
        .stand
        .client
        .send(Ask::get("/_standin/webhooks"))
        .await;
    assert_eq!(
        list.expect(200).json()["webhooks"][0]["disabled"],
        "the receiver answered 410"
    );
    assert_eq!(scene.messages().await["dead"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_dead_message_is_kept_and_can_be_sent_again() {
    let scene = Scene::open(Receiver::that(|_, _| (500, None)).await, "standard").await;
    scene.token(PANS[0]).await;
    scene.advance("P30D").await;
    assert_eq!(scene.receiver.arrived().len(), 10);
    let messages = scene.messages().await;
    let dead = &messages["dead"][0];
    assert_eq!((&dead["tries"], &dead["last"]), (&json!(10), &json!("500")));
    scene.receiver.behave(|_, _| (200, None));
    let replay = format!(
        "/_standin/webhooks/messages/{}/replay",
        dead["id"].as_str().unwrap()
    );
    scene
        .stand
        .client
        .send(Ask::post(&replay))
        .await
        .expect(202);
    scene.advance("PT0S").await;
    let arrived = scene.receiver.arrived();
    assert_eq!(arrived.len(), 11);
    assert_eq!(
        arrived[10].header("webhook-id"),
        arrived[0].header("webhook-id")
    );
    assert_eq!(arrived[10].body, arrived[0].body);
    scene
        .stand
        .client
        .send(Ask::post("/_standin/webhooks/messages/we_9.x.1/replay"))
        .await
        .expect(404);
}
