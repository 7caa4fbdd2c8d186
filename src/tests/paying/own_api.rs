//! Our own payment API: what it answers, what it refuses, and that a key is answered once.

use std::sync::Arc;

use serde_json::{Value, json};

use super::shop::{KEY, MASTERCARD, OTHER_KEY, Shop, VISA};
use crate::client::{Answer, Ask, JSON};
use crate::story::Story;

fn pay(body: &Value) -> Ask {
    Ask::post("/payments").bearer(KEY).json(body)
}

fn with_token(token: &Value) -> Value {
    json!({ "amount": 2_500, "currency": "USD", "network_token": token })
}

#[tokio::test]
async fn a_cryptogram_pays_once_and_then_the_merchant_may_charge() {
    let shop = Shop::open().await;
    let mut story = Story::at(Arc::clone(&shop.stand)).await;
    let token = shop.token(MASTERCARD).await;
    let cryptogram = shop.cryptogram(&token, "TAVV").await;
    let customer = with_token(&token.presented(Some(&cryptogram)));
    story.note("The customer pays with token and long cryptogram.");
    let first = story.call(pay(&customer)).await.expect(201);
    story.note("The cryptogram has been spent.");
    let again = story.call(pay(&customer)).await.expect(201);
    assert_eq!(again.at("/reason"), "cryptogram_replayed");
    story.note("The merchant charges the token later. It quotes the first payment and needs no cryptogram.");
    let mut merchant = with_token(&token.presented(None));
    merchant["initiator"] = "merchant".into();
    merchant["network_transaction_id"] = first.json()["network_transaction_id"].clone();
    merchant["transaction_link_id"] = first.json()["transaction_link_id"].clone();
    merchant["capture"] = "later".into();
    let later = story.call(pay(&merchant)).await.expect(201);
    assert_eq!(later.at("/approved"), "true");
    let path = format!("/payments/{}", later.at("/id"));
    story.note("Part of it is captured, and of that a part refunded.");
    let amount = |minor: u64| json!({ "amount": minor, "currency": "USD" });
    let capture = Ask::post(format!("{path}/captures"))
        .bearer(KEY)
        .json(&amount(2_000));
    story.call(capture).await.expect(200);
    let refund = Ask::post(format!("{path}/refunds"))
        .bearer(KEY)
        .json(&amount(500));
    story.call(refund.clone()).await.expect(200);
    story.call(Ask::get(path).bearer(KEY)).await.expect(200);
    story.end("payments", "token_and_long_cryptogram");
}

#[tokio::test]
async fn a_short_cryptogram_is_a_security_code() {
    let shop = Shop::open().await;
    for pan in [VISA, MASTERCARD] {
        let token = shop.token(pan).await;
        let code = shop.cryptogram(&token, "DTVV").await;
        let body = json!({ "amount": 100, "currency": "EUR", "card": token.as_card(&code) });
        let outcome = async || {
            let answer = shop.send(pay(&body)).await.expect(201);
            (answer.at("/approved"), answer.json()["reason"].clone())
        };
        assert_eq!(outcome().await, ("true".to_owned(), Value::Null), "{pan:?}");
        assert_eq!(
            outcome().await,
            ("false".to_owned(), "cryptogram_replayed".into()),
            "{pan:?}"
        );
    }
}

#[tokio::test]
async fn a_test_card_pays_as_its_persona_says() {
    let shop = Shop::open().await;
    let rows = [
        ("4111111111111111", 100, "approved"),
        ("4111111111111111", 990_051, "insufficient_funds"),
        ("4000000000009995", 100, "insufficient_funds"),
        ("4242424242424243", 100, "unknown_card"),
        ("4895370016781988", 100, "unknown_token"),
    ];
    for (number, amount, want) in rows {
        let card =
            json!({ "number": number, "exp_month": 1, "exp_year": 30, "security_code": "123" });
        let body = json!({ "amount": amount, "currency": "USD", "card": card });
        let answer = shop.send(pay(&body)).await.expect(201).json();
        assert_eq!(
            answer["reason"].as_str().unwrap_or("approved"),
            want,
            "{number}"
        );
    }
}

#[tokio::test]
async fn a_token_pays_its_own_merchant_and_an_agents_token_every_merchant() {
    let shop = Shop::open().await;
    for (account, key, want) in [
        ("standin-manual", OTHER_KEY, Some("domain_mismatch")),
        ("standin-manual", KEY, None),
        ("other-manual", KEY, Some("domain_mismatch")),
        ("standin-agentic", OTHER_KEY, None),
    ] {
        let token = shop.token_of(account, VISA).await;
        let cryptogram = shop.cryptogram(&token, "TAVV").await;
        let body = with_token(&token.presented(Some(&cryptogram)));
        let answer = shop
            .send(Ask::post("/payments").bearer(key).json(&body))
            .await
            .expect(201);
        assert_eq!(answer.json()["reason"].as_str(), want, "{account} at {key}");
        let path = format!("/payments/{}", answer.at("/id"));
        let stranger = if key == KEY { OTHER_KEY } else { KEY };
        shop.send(Ask::get(&path).bearer(key)).await.expect(200);
        shop.send(Ask::get(&path).bearer(stranger))
            .await
            .expect(404);
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_named() {
    let shop = Shop::open().await;
    let good = json!({
        "amount": 1, "currency": "USD",
        "network_token": { "number": VISA, "exp_month": 1, "exp_year": 2030, "cryptogram": "x" },
    });
    shop.send(pay(&good)).await.expect(201);
    let rows: [(&str, Value, &[&str]); 12] = [
        ("/amount", Value::Null, &["/amount"]),
        ("/amount", json!(-1), &["/amount"]),
        ("/amount", json!("1"), &["/amount"]),
        ("/amount", json!(1_u64 << 41), &["/amount"]),
        ("/currency", json!("usd"), &["/currency"]),
        ("/initiator", json!("robot"), &["/initiator"]),
        ("/capture", json!(true), &["/capture"]),
        ("/network_token", Value::Null, &["/network_token"]),
        ("/network_token", json!([]), &["/network_token"]),
        (
            "/network_token/number",
            json!("4111"),
            &["/network_token/number"],
        ),
        (
            "/network_token/exp_month",
            json!(13),
            &["/network_token/exp_month"],
        ),
        (
            "/network_token/cryptogram",
            json!(1),
            &["/network_token/cryptogram"],
        ),
    ];
    for (pointer, value, want) in rows {
        let mut body = good.clone();
        *body.pointer_mut(pointer).unwrap_or(&mut Value::Null) = value.clone();
        if body.pointer(pointer).is_none() {
            body[&pointer[1..]] = value.clone();
        }
        let answer = shop.send(pay(&body)).await.expect(422).json();
        let members = answer["error"]["members"].as_array().unwrap();
        let named: Vec<_> = members
            .iter()
            .map(|m| m["pointer"].as_str().unwrap())
            .collect();
        assert_eq!(named, want, "{pointer} = {value}");
    }
    let both = json!({ "amount": 1, "currency": "USD", "card": {}, "network_token": {} });
    shop.send(pay(&both)).await.expect(422);
    let post = || Ask::post("/payments").bearer(KEY);
    for (ask, status) in [
        (post().body(JSON, "{"), 400),
        (post().body(JSON, "[]"), 400),
        (post().body("text/plain", "{}"), 415),
        (post().body(JSON, vec![b'x'; 2 << 20]), 413),
        (Ask::post("/payments").json(&good), 401),
        (Ask::post("/payments").bearer("nobody").json(&good), 401),
        (Ask::get("/payments").bearer(KEY), 405),
        (Ask::get("/payments/PAY1").bearer(KEY), 404),
        (Ask::get("/payments/a/b/c").bearer(KEY), 404),
        (pay(&good).header("idempotency-key", "k".repeat(256)), 400),
    ] {
        let answer = shop.send(ask.clone()).await;
        assert_eq!(answer.status, status, "{ask:?}");
        assert!(answer.json()["error"]["code"].is_string(), "{ask:?}");
    }
}

#[tokio::test]
async fn a_key_is_answered_once() {
    let shop = Shop::open().await;
    let token = shop.token(VISA).await;
    let cryptogram = shop.cryptogram(&token, "TAVV").await;
    let body = with_token(&token.presented(Some(&cryptogram)));
    let keyed = |body: &Value| pay(body).header("idempotency-key", "order 1");
    let first = shop.send(keyed(&body)).await.expect(201);
    assert_eq!(first.at("/approved"), "true");
    let turned: Value = serde_json::from_str(&format!(
        "{{\"network_token\": {}, \"currency\": \"USD\", \"amount\": 2500}}",
        body["network_token"]
    ))
    .unwrap();
    for body in [&body, &turned] {
        let again = shop.send(keyed(body)).await.expect(201);
        assert_eq!(again.body, first.body);
        assert_eq!(
            again.header("idempotent-replayed"),
            Some("true"),
            "{body:?}"
        );
    }
    let mut dearer = body.clone();
    dearer["amount"] = 2_501.into();
    let other = shop.send(keyed(&dearer)).await.expect(422);
    assert_eq!(other.at("/error/code"), "idempotency_conflict");
    // The key is one merchant's, and it is forgotten after a day: then the cryptogram has been spent by another request.
    let stranger = Ask::post("/payments").bearer(OTHER_KEY).json(&body);
    let stranger = shop
        .send(stranger.header("idempotency-key", "order 1"))
        .await
        .expect(201);
    assert_eq!(stranger.at("/reason"), "domain_mismatch");
    shop.advance("24h").await;
    let late = shop.send(keyed(&dearer)).await.expect(201);
    assert_eq!(late.at("/approved"), "false");
}

#[tokio::test]
async fn a_capture_with_a_key_happens_once() {
    let shop = Shop::open().await;
    let card = json!({ "number": VISA, "exp_month": 1, "exp_year": 30, "security_code": "123" });
    let body = json!({ "amount": 900, "currency": "USD", "capture": "later", "card": card });
    let id = shop.send(pay(&body)).await.expect(201).at("/id");
    let step = |what: &str, amount: u64| {
        let ask = Ask::post(format!("/payments/{id}/{what}")).bearer(KEY);
        ask.json(&json!({ "amount": amount, "currency": "USD", "last": false }))
    };
    for _ in 0..3 {
        let ask = step("captures", 300).header("idempotency-key", "parcel 1");
        assert_eq!(shop.send(ask).await.expect(200).at("/captured"), "300");
    }
    shop.send(step("captures", 601)).await.expect(409);
    shop.send(step("captures", 600)).await.expect(200);
    shop.send(step("voids", 0)).await.expect(409);
    shop.send(step("refunds", 901)).await.expect(409);
    assert_eq!(
        shop.send(step("refunds", 900))
            .await
            .expect(200)
            .at("/state"),
        "refunded"
    );
}

#[tokio::test]
async fn the_key_names_the_space() {
    let shop = Shop::open().await;
    let card = json!({ "number": VISA, "exp_month": 1, "exp_year": 30, "security_code": "123" });
    let body = json!({ "amount": 900, "currency": "USD", "card": card });
    let there = Ask::post("/payments")
        .bearer("standin_key@over-there")
        .json(&body);
    let id = shop.send(there).await.expect(201).at("/id");
    let read = |key: &str| Ask::get(format!("/payments/{id}")).bearer(key);
    shop.send(read("standin_key@over-there")).await.expect(200);
    shop.send(Ask::get(format!("/~over-there/payments/{id}")).bearer(KEY))
        .await
        .expect(200);
    shop.send(read(KEY)).await.expect(404);
    shop.send(read("standin_key@else")).await.expect(404);
}

/// The outcome that a page shows.
fn outcome(answer: &Answer) -> String {
    let text = answer.text();
    let mark = "data-outcome=\"";
    let at = text.find(mark).map(|at| &text[at + mark.len()..]);
    at.map_or("form", |rest| rest.split('"').next().unwrap())
        .to_owned()
}

#[tokio::test]
async fn the_checkout_takes_token_and_short_cryptogram_once() {
    let shop = Shop::open().await;
    let mut story = Story::at(Arc::clone(&shop.stand)).await;
    let token = shop.token(VISA).await;
    let code = shop.cryptogram(&token, "DTVV").await;
    let path = "/checkout?amount=4999&currency=EUR";
    let page = story.call(Ask::get(path)).await.expect(200);
    assert_eq!(outcome(&page), "form");
    let spaced: Vec<_> = token
        .number
        .as_bytes()
        .chunks(4)
        .map(String::from_utf8_lossy)
        .collect();
    let spaced = spaced.join(" ");
    let expiry = format!("{:02}/{}", token.month, token.year % 100);
    let form = |code: &str| {
        let members = [
            ("number", spaced.as_str()),
            ("expiry", &expiry),
            ("cvc", code),
        ];
        Ask::post(path).form(&members)
    };
    assert_eq!(outcome(&story.call(form("12")).await.expect(422)), "form");
    assert_eq!(
        outcome(&story.call(form(&code)).await.expect(200)),
        "approved"
    );
    assert_eq!(
        outcome(&story.call(form(&code)).await.expect(402)),
        "declined"
    );
    shop.send(Ask::get("/checkout?merchant=nobody"))
        .await
        .expect(400);
    shop.send(Ask::post(path).json(&json!({})))
        .await
        .expect(400);
    let other = shop
        .send(Ask::get("/checkout?merchant=other-merchant"))
        .await
        .expect(200);
    assert!(other.text().contains("Other Merchant"));
    story.end("payments", "checkout_page");
}
