//! Which call Stripe's events name as their cause.

use serde_json::{Value, json};

use super::shop::{Shop, VISA};
use super::stripe_parameters::{Members, bought, card, get, members, post};

/// The events, oldest first.
async fn events(shop: &Shop) -> Vec<Value> {
    let told = shop.send(get("events?limit=100")).await.expect(200).json();
    let mut events = told["data"].as_array().unwrap().clone();
    events.reverse();
    events
}

/// What a call brought about, as the call and its events name it.
async fn caused(shop: &Shop, path: &str, form: &Members<'_>, key: Option<&str>) -> Vec<Value> {
    let before = events(shop).await.len();
    let mut ask = post(path, form);
    if let Some(key) = key {
        ask = ask.header("idempotency-key", key);
    }
    let answer = shop.send(ask).await;
    let id = answer.header("request-id").unwrap();
    let told = events(shop).await.split_off(before);
    assert!(!told.is_empty(), "{path}");
    for event in &told {
        let want = json!({ "id": id, "idempotency_key": key });
        assert_eq!(event["request"], want, "{path} {}", event["type"]);
    }
    told
}

/// Stripe, API reference, the event object, `request`.
#[tokio::test]
async fn an_event_names_the_call_that_caused_it() {
    let shop = Shop::open().await;
    let mut paid = bought(&[("confirm", "true"), ("capture_method", "manual")]);
    paid.extend(card(VISA, &[]));
    let told = caused(&shop, "payment_intents", &paid, Some("order-1")).await;
    let id = told[0]["data"]["object"]["id"].as_str().unwrap();
    let none = Vec::new();
    caused(
        &shop,
        &format!("payment_intents/{id}/capture"),
        &none,
        Some("k2"),
    )
    .await;
    let back = members(&[("payment_intent", id)]);
    caused(&shop, "refunds", &back, None).await;
    let told = caused(&shop, "customers", &none, Some("k3")).await;
    let customer = told[0]["data"]["object"]["id"].as_str().unwrap();
    let own = members(&[("customer", customer)]);
    caused(
        &shop,
        "payment_methods/pm_card_visa/attach",
        &own,
        Some("k4"),
    )
    .await;
    let waits = caused(&shop, "payment_intents", &bought(&[]), Some("k5")).await;
    let id = waits[0]["data"]["object"]["id"].as_str().unwrap();
    caused(
        &shop,
        &format!("payment_intents/{id}/cancel"),
        &none,
        Some("k6"),
    )
    .await;
    // A call that comes again brings nothing about.
    let before = events(&shop).await;
    let again = post("payment_intents", &paid).header("idempotency-key", "order-1");
    shop.send(again).await.expect(200);
    assert_eq!(events(&shop).await, before);
}

/// What time does, or an issuer, was asked for by no call.
#[tokio::test]
async fn what_nobody_called_for_names_no_call() {
    let shop = Shop::open().await;
    let nobody = json!({ "id": null, "idempotency_key": null });
    let mut held = bought(&[("confirm", "true"), ("capture_method", "manual")]);
    held.extend(card(VISA, &[]));
    caused(&shop, "payment_intents", &held, Some("k1")).await;
    let before = events(&shop).await.len();
    shop.advance("8d").await;
    let over = events(&shop).await.split_off(before);
    assert!(!over.is_empty());
    for event in over {
        assert_eq!(event["request"], nobody, "{}", event["type"]);
    }
    let disputed = [
        ("confirm", "true"),
        ("payment_method", "pm_card_createDispute"),
    ];
    let ask = post("payment_intents", &bought(&disputed)).header("idempotency-key", "k2");
    shop.send(ask).await.expect(200);
    for event in events(&shop).await.split_off(before) {
        let kind = event["type"].as_str().unwrap();
        if kind == "charge.dispute.created" || kind == "charge.dispute.funds_withdrawn" {
            assert_eq!(event["request"], nobody, "{kind}");
        }
        if kind == "payment_intent.succeeded" {
            assert_eq!(event["request"]["idempotency_key"], "k2");
        }
    }
}
