//! The pair that finds real idempotency bugs: the reply is lost, and nothing or everything has happened.

use serde_json::{Value, json};

use crate::client::{Ask, Stand, options};

const OWN_KEY: &str = "standin_key";

async fn stand() -> (Stand, String) {
    let mut options = options();
    options.settings.faults.tell = true;
    let stand = Stand::start(options).await;
    let access = stand.client.token("standin-manual", None).await;
    (stand, access)
}

async fn arm(stand: &Stand, rule: &str) {
    let ask = Ask::post("/_standin/faults").json(&json!({ "text": rule }));
    stand.send(ask).await.expect(201);
}

fn card(access: &str, pan: &str) -> Ask {
    let attributes = json!({ "pan": pan, "exp_month": 12, "exp_year": 30 });
    Ask::post("/cards").bearer(access).attributes(&attributes)
}

/// Sees a reply that was replaced by 504, so that the client of these tests needs no broken connection.
const AFTER: &str = "lost_after_commit gateway_timeout";
const BEFORE: &str = "lost_before_commit gateway_timeout";

#[tokio::test]
async fn lost_before_commit_leaves_nothing_behind() {
    let (stand, access) = stand().await;
    arm(
        &stand,
        &format!("{BEFORE} on operation=create_card when first=1 as gone"),
    )
    .await;
    let lost = stand.send(card(&access, "4111111111111111")).await;
    assert_eq!(
        (lost.status, lost.header("standin-fault-fired")),
        (504, Some("gone"))
    );
    assert_eq!(lost.at("/errors/0/status"), "504");
    let made = stand.send(card(&access, "4111111111111111")).await;
    made.expect(201);
    let journal = stand.send(Ask::get("/_standin/journal")).await.json();
    let entries = journal["entries"].as_array().unwrap();
    let fired: Vec<_> = entries
        .iter()
        .map(|entry| &entry["faults"]["fired"])
        .collect();
    assert_eq!(
        fired
            .iter()
            .filter(|names| **names == &json!(["gone"]))
            .count(),
        1
    );
    let why = entries.last().unwrap()["faults"]["nearest"]
        .as_str()
        .unwrap();
    assert!(why.starts_with("gone: "), "{why}");
}

#[tokio::test]
async fn lost_after_commit_and_a_network_token_exists_once() {
    let (stand, access) = stand().await;
    let id = stand
        .send(card(&access, "4111111111111111"))
        .await
        .expect(201)
        .at("/data/id");
    arm(
        &stand,
        &format!("{AFTER} on operation=provision when first=1"),
    )
    .await;
    let ask = Ask::post(format!("/cards/{id}/network-tokens")).bearer(&access);
    assert_eq!(stand.send(ask.clone()).await.status, 504);
    let again = stand.send(ask).await.expect(200).at("/data/id");
    let tokens = stand.send(Ask::get("/_standin/tokens")).await.json();
    assert_eq!(tokens["tokens"].as_array().unwrap().len(), 1);
    assert_eq!(tokens["tokens"][0]["reference"], again);
}

/// POST /cards takes no idempotency key: who tries again has two cards, unless the account refuses duplicates.
#[tokio::test]
async fn without_a_key_a_card_that_was_lost_after_commit_is_there_twice() {
    let (stand, access) = stand().await;
    arm(
        &stand,
        &format!("{AFTER} on operation=create_card when first=1"),
    )
    .await;
    assert_eq!(
        stand.send(card(&access, "4111111111111111")).await.status,
        504
    );
    let second = stand.send(card(&access, "4111111111111111")).await;
    assert_eq!(second.status, 201);
    stand.send(Ask::post("/_standin/reset")).await.expect(200);
    let access = stand.client.token("standin-unique", None).await;
    arm(
        &stand,
        &format!("{AFTER} on operation=create_card when first=1"),
    )
    .await;
    assert_eq!(
        stand.send(card(&access, "4111111111111111")).await.status,
        504
    );
    assert_eq!(
        stand.send(card(&access, "4111111111111111")).await.status,
        303
    );
}

fn pay(key: Option<&str>) -> Ask {
    let body = json!({ "amount": 2_500, "currency": "USD", "card": {
        "number": "4111111111111111", "exp_month": 12, "exp_year": 2030, "security_code": "123"
    }});
    let ask = Ask::post("/payments").bearer(OWN_KEY).json(&body);
    match key {
        Some(key) => ask.header("idempotency-key", key),
        None => ask,
    }
}

async fn payments(stand: &Stand) -> usize {
    let listed: Value = stand.send(Ask::get("/_standin/payments")).await.json();
    listed["payments"].as_array().unwrap().len()
}

#[tokio::test]
async fn with_a_key_a_payment_that_was_lost_after_commit_is_answered_again() {
    let (stand, _) = stand().await;
    for (lost, times) in [(AFTER, 1), (BEFORE, 1)] {
        stand.send(Ask::post("/_standin/reset")).await.expect(200);
        arm(
            &stand,
            &format!("{lost} on operation=authorize when first={times}"),
        )
        .await;
        assert_eq!(stand.send(pay(Some("k-1"))).await.status, 504, "{lost}");
        let made = payments(&stand).await;
        assert_eq!(made, usize::from(lost == AFTER), "{lost}");
        let first = stand.send(pay(Some("k-1"))).await.expect(201);
        let again = stand.send(pay(Some("k-1"))).await.expect(201);
        assert_eq!(first.at("/id"), again.at("/id"), "{lost}");
        assert_eq!(payments(&stand).await, 1, "{lost}");
    }
}

/// What really happens without a key: the customer has paid twice.
#[tokio::test]
async fn without_a_key_a_payment_that_was_lost_after_commit_is_made_twice() {
    let (stand, _) = stand().await;
    arm(
        &stand,
        &format!("{AFTER} on operation=authorize when first=1"),
    )
    .await;
    assert_eq!(stand.send(pay(None)).await.status, 504);
    stand.send(pay(None)).await.expect(201);
    assert_eq!(payments(&stand).await, 2);
}
