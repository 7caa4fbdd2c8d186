//! Idempotency keys of Checkout.com's network token calls: what was answered once is answered again, and happens once.

use serde_json::{Value, json};

use super::shop::{Shop, VISA};
use crate::client::Ask;

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
