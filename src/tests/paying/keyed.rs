//! Idempotency keys of Checkout.com's network token calls: what was answered once is answered again, and happens once.

use serde_json::{Value, json};
use standin::clock::Source;
use standin::server::Options;

use super::shop::{Shop, VISA};
use crate::client::{Answer, Ask, options};
use crate::gateway::bought::{as_merchant, purchase};

fn ask(method: &str, path: &str, body: &Value, key: &str) -> Ask {
    Ask::new(method, format!("/network-tokens{path}"))
        .bearer("sk_sbox_standinstandinstandinstandi")
        .header("cko-idempotency-key", key)
        .json(body)
}

#[tokio::test]
async fn a_keyed_call_about_a_token_happens_once() {
    let shop = Shop::open().await;
    let source = json!({ "type": "card", "number": VISA, "expiry_month": 12, "expiry_year": 2029 });
    let card = json!({ "source": source });
    // Without the key, the second answer would be 200 for a token that is there already.
    let made = shop.send(ask("POST", "", &card, "p")).await.expect(201);
    let again = shop.send(ask("POST", "", &card, "p")).await.expect(201);
    assert_eq!(made.body, again.body);
    shop.send(ask("POST", "", &card, "q")).await.expect(200);

    let id = made.at("/network_token/id");
    let path = format!("/{id}/cryptograms");
    let mint = |kind: &str, key| ask("POST", &path, &json!({ "transaction_type": kind }), key);
    let minted = shop.send(mint("ecom", "m")).await.expect(201);
    let again = shop.send(mint("ecom", "m")).await.expect(201);
    assert_eq!(minted.body, again.body);
    let another = shop.send(mint("ecom", "n")).await.expect(201);
    assert_ne!(minted.at("/cryptogram"), another.at("/cryptogram"));
    for (refused, code) in [
        (mint("recurring", "m"), "idempotency_key_reused"),
        (mint("ecom", ""), "idempotency_key_invalid"),
    ] {
        let refused = shop.send(refused).await.expect(422);
        assert_eq!(refused.at("/error_codes/0"), code);
    }

    let path = format!("/{id}/delete");
    let why = json!({ "initiated_by": "token_requestor", "reason": "other" });
    for _ in 0..2 {
        shop.send(ask("PATCH", &path, &why, "d")).await.expect(204);
    }
    let unkeyed = shop.send(ask("PATCH", &path, &why, "e")).await;
    assert_ne!(unkeyed.status, 204, "a token is deleted once");
    // What was answered while the token lived is still answered.
    let late = shop.send(mint("ecom", "m")).await.expect(201);
    assert_eq!(late.body, minted.body);
}

/// Pays twice with one key while a rule delays the first answer, and once more when the delay is over. The first client never
/// gets its answer.
async fn twice_with_one_key(shop: &Shop, surface: &str) -> [Answer; 2] {
    let space = shop.in_space(&format!("busy-{surface}"));
    let rule = json!({
        "name": "slow", "match": { "surface": surface }, "when": { "first": 1 },
        "fault": { "kind": "delay", "ms": 60_000 },
    });
    let armed = space.send(Ask::post("/_standin/faults").json(&rule)).await;
    armed.expect(201);
    let header = match surface {
        "checkout_com" => "cko-idempotency-key",
        _ => "idempotency-key",
    };
    let ask = as_merchant(surface, purchase(surface, false)).unwrap();
    let ask = ask.header(header, "one-key");
    let first = tokio::spawn({
        let (space, ask) = (space.clone(), ask.clone());
        async move { space.send(ask).await }
    });
    loop {
        let made = space.send(Ask::get("/_standin/payments")).await.json();
        if made["payments"].as_array().unwrap().len() == 1 {
            break;
        }
        tokio::task::yield_now().await;
    }
    // The key is kept an instant after the payment.
    let second = loop {
        let second = space.send(ask.clone()).await;
        if second.status != 503 {
            break second;
        }
    };
    space.advance("60s").await;
    let third = space.send(ask).await;
    first.abort();
    let made = space.send(Ask::get("/_standin/payments")).await.json();
    assert_eq!(made["payments"].as_array().unwrap().len(), 1, "{surface}");
    [second, third]
}

/// While a fault keeps the first client waiting its key is in use, and each service says so in its own words. Where the clock
/// stands still nobody waits by it, so that the key cannot be in use for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_in_use_while_its_first_client_waits() {
    let running = Shop::open_with(Options {
        clock: Source::Machine,
        ..options()
    })
    .await;
    let still = Shop::open().await;
    for (surface, status, word) in [
        ("stripe", 409, "idempotency_key_in_use"),
        ("adyen", 409, "704"),
        ("checkout_com", 429, "duplicate_request_detected"),
        ("payments", 409, "idempotency_in_flight"),
    ] {
        let [busy, replayed] = twice_with_one_key(&running, surface).await;
        let said = String::from_utf8_lossy(&busy.body);
        assert_eq!(busy.status, status, "{surface} {said}");
        assert!(said.contains(word), "{surface} {said}");
        assert!(replayed.status < 300, "{surface}");
        let [replayed, again] = twice_with_one_key(&still, surface).await;
        assert!(replayed.status < 300, "{surface}");
        assert_eq!(replayed.body, again.body, "{surface}");
    }
}

/// A refusal leaves the key free, as it does for payments.
#[tokio::test]
async fn a_refused_call_may_be_made_again_with_its_key() {
    let shop = Shop::open().await;
    let source = json!({ "type": "card", "number": VISA, "expiry_month": 12, "expiry_year": 2029 });
    let made = ask("POST", "", &json!({ "source": source }), "p");
    let id = shop.send(made).await.expect(201).at("/network_token/id");
    let path = format!("/{id}/cryptograms");
    let mint = ask("POST", &path, &json!({ "transaction_type": "ecom" }), "m");
    let tokens = shop.send(Ask::get("/_standin/tokens")).await.json();
    assert_eq!(tokens["tokens"].as_array().unwrap().len(), 1);
    let known = tokens["tokens"][0]["reference"]
        .as_str()
        .unwrap()
        .to_owned();
    let event = |word: &str| {
        let ask = Ask::post(format!("/_standin/tokens/{known}/events"));
        ask.json(&json!({ "event": word }))
    };
    shop.send(event("suspend")).await.expect(200);
    let refused = shop.send(mint.clone()).await;
    assert_ne!(refused.status, 201);
    shop.send(event("resume")).await.expect(200);
    shop.send(mint).await.expect(201);
}
