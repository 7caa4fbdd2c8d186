//! Stories of card management.

use serde_json::json;

use crate::client::{Ask, options_at};
use crate::story::Story;

fn card(pan: &str) -> serde_json::Value {
    json!({ "pan": pan, "cvc": "123", "exp_month": 5, "exp_year": 28 })
}

#[tokio::test]
async fn a_card_gets_a_token_and_pays() {
    let mut story = Story::begin_with(options_at("2025-08-01T00:00:00Z")).await;
    let token = story.token("standin-manual", None).await;
    let create = Ask::post("/cards").bearer(&token);
    let created = story
        .call(create.attributes(&card("4111111111111111")))
        .await;
    let path = format!("/cards/{}", created.expect(201).at("/data/id"));
    story.call(Ask::get(&path).bearer(&token)).await.expect(200);
    let tokens = format!("{path}/network-tokens");
    story
        .call(Ask::post(&tokens).bearer(&token))
        .await
        .expect(200);
    let cryptogram = Ask::post(format!("{path}/cryptogram")).bearer(&token);
    story.call(cryptogram.clone()).await.expect(200);
    story.note("for one amount only");
    let limited = json!({ "amount": 100.5, "currency_code": "USD", "transaction_type": "ECOM" });
    story
        .call(cryptogram.clone().attributes(&limited))
        .await
        .expect(200);
    story.note("the short form");
    let short = json!({ "cryptogram_type": "DTVV" });
    story.call(cryptogram.attributes(&short)).await.expect(200);
    let got = story.call(Ask::get(&path).bearer(&token)).await.expect(200);
    seed_a(&got.json());
    story.end("cmp", "a_card_gets_a_token_and_pays");
}

/// Every member that the guide's sample of a card shows stands where the guide shows it, and of the same type.
fn seed_a(body: &serde_json::Value) {
    let sample = json!({
        "id": "CRDecqZp3xRgXU3TFmtcDdzQs", "type": "cards",
        "attributes": {
            "pan": "4111111111111111", "cvc_status": "active", "bin": "411111", "first8": "41111111",
            "last4": "1111", "exp_month": 5, "exp_year": 28, "card_fingerprint": "6TeSCB16LtyifEAmY2goxYfSk5sALriXpefzzxh29xhu",
            "capabilities": ["network-tokens"],
            "created_at": "2025-08-01T00:00:00Z", "updated_at": "2025-08-01T00:00:00Z",
        },
        "included": [{
            "type": "network_tokens", "id": "NTabcdefghijklH2Dy1BVE9iR",
            "attributes": {
                "payment_account_reference": "V0010014610000000085141000282",
                "network_token": "4895370016781988", "last4": "1988", "bin": "489537", "exp_month": 11,
                "exp_year": 27, "created_at": "2025-07-24T04:13:51.428077",
                "updated_at": "2025-07-24T04:13:51.428092", "state": "active",
            },
        }],
        "meta": { "token_type": "pan" },
    });
    crate::gateway::samples::covers(&body["data"], &sample);
    // What does not depend on the seed is the same.
    let attributes = &body["data"]["attributes"];
    for member in [
        "pan",
        "cvc_status",
        "bin",
        "first8",
        "last4",
        "exp_month",
        "exp_year",
    ] {
        assert_eq!(attributes[member], sample["attributes"][member]);
    }
    for member in ["capabilities", "created_at", "updated_at"] {
        assert_eq!(attributes[member], sample["attributes"][member]);
    }
    assert_eq!(body["data"]["included"], body["included"]);
}

#[tokio::test]
async fn a_reader_without_pci_sees_no_card_number() {
    let mut story = Story::begin().await;
    let write = story
        .token("standin-manual", Some("cards:write cards:read-pci"))
        .await;
    let read = story
        .token("standin-manual", Some("cards:read network-tokens:read"))
        .await;
    let whole = json!({
        "pan": "5555555555554444", "exp_month": 1, "exp_year": 2030, "cvc_alias": "tok_sandbox_x",
        "cardholder": { "name": "Jane Doe", "address": { "city": "New York" } },
        "meta": { "order": "17", "token_type": "mine" },
    });
    let create = Ask::post("/cards").bearer(&write).attributes(&whole);
    let created = story.call(create).await.expect(201);
    let path = format!("/cards/{}", created.at("/data/id"));
    let got = story.call(Ask::get(&path).bearer(&read)).await.expect(200);
    assert_eq!(got.json()["data"]["attributes"]["pan"], json!(null));
    assert!(!got.text().contains("5555555555554444"));
    assert_eq!(
        got.text().matches("token_type").count(),
        1,
        "one member of a name"
    );
    story.end("cmp", "a_reader_without_pci_sees_no_card_number");
}

#[tokio::test]
async fn a_card_changes_and_goes() {
    let mut story = Story::begin().await;
    let token = story.token("standin-manual", None).await;
    let create = Ask::post("/cards").bearer(&token);
    let created = story
        .call(create.attributes(&card("5100260000019206")))
        .await;
    let path = format!("/cards/{}", created.expect(201).at("/data/id"));
    let tokens = format!("{path}/network-tokens");
    story
        .call(Ask::post(&tokens).bearer(&token))
        .await
        .expect(200);
    story.stand.client.advance("", "PT10M").await;
    let change = Ask::new("PATCH", &path).bearer(&token);
    let change = change.attributes(&json!({ "exp_month": 11, "exp_year": 31, "cvc": "321" }));
    story.call(change).await.expect(200);
    story
        .call(Ask::delete(&tokens).bearer(&token))
        .await
        .expect(204);
    story.call(Ask::get(&path).bearer(&token)).await.expect(200);
    story.note("there is nothing left to delete, or to pay with");
    story
        .call(Ask::delete(&tokens).bearer(&token))
        .await
        .expect(404);
    let cryptogram = Ask::post(format!("{path}/cryptogram")).bearer(&token);
    story.call(cryptogram).await.expect(422);
    story.note("the next token is another one");
    story
        .call(Ask::post(&tokens).bearer(&token))
        .await
        .expect(200);
    story
        .call(Ask::delete(&path).bearer(&token))
        .await
        .expect(204);
    story.call(Ask::get(&path).bearer(&token)).await.expect(404);
    story.end("cmp", "a_card_changes_and_goes");
}

#[tokio::test]
async fn an_on_create_token_appears_by_itself() {
    let mut story = Story::begin().await;
    let token = story.token("standin-on-create", None).await;
    let create = Ask::post("/cards").bearer(&token);
    let created = story
        .call(create.attributes(&card("4000210000089208")))
        .await;
    let path = format!("/cards/{}", created.expect(201).at("/data/id"));
    story.stand.client.advance("", "PT4.999999S").await;
    let before = story.call(Ask::get(&path).bearer(&token)).await;
    assert_eq!(before.json()["included"], json!([]));
    story.stand.client.advance("", "PT0.000001S").await;
    let after = story.call(Ask::get(&path).bearer(&token)).await;
    assert_eq!(after.at("/included/0/attributes/state"), "active");
    assert_eq!(
        after.at("/included/0/attributes/created_at"),
        "2026-01-01T00:00:05.000000"
    );
    story.end("cmp", "an_on_create_token_appears_by_itself");
}

#[tokio::test]
async fn a_number_comes_twice_where_that_is_refused() {
    let mut story = Story::begin().await;
    let token = story.token("standin-unique", None).await;
    let create = Ask::post("/cards").bearer(&token);
    let create = create.attributes(&card("4111111111111111"));
    let first = story.call(create.clone()).await.expect(201);
    let again = story.call(create.clone()).await.expect(303);
    assert_eq!(first.at("/data/id"), again.at("/data/id"));
    assert_eq!(
        again.header("location"),
        Some(format!("/cards/{}", first.at("/data/id")).as_str())
    );
    story.note("once it is deleted the number may come again, and then twice again");
    let path = format!("/cards/{}", first.at("/data/id"));
    story
        .call(Ask::delete(path).bearer(&token))
        .await
        .expect(204);
    let second = story.call(create.clone()).await.expect(201);
    assert_ne!(first.at("/data/id"), second.at("/data/id"));
    let again = story.call(create).await.expect(303);
    assert_eq!(second.at("/data/id"), again.at("/data/id"));
    story.end("cmp", "a_number_comes_twice_where_that_is_refused");
}

#[tokio::test]
async fn a_network_refuses() {
    let mut story = Story::begin().await;
    let token = story.token("standin-manual", None).await;
    let create = Ask::post("/cards").bearer(&token);
    let created = story
        .call(create.attributes(&card("5100260000009207")))
        .await;
    let path = format!("/cards/{}", created.expect(201).at("/data/id"));
    let tokens = Ask::post(format!("{path}/network-tokens")).bearer(&token);
    let failed = story.call(tokens).await.expect(200);
    assert_eq!(failed.at("/data/attributes/state"), "failed");
    let got = story.call(Ask::get(&path).bearer(&token)).await;
    assert_eq!(got.at("/included/0/attributes/state"), "failed");
    let cryptogram = Ask::post(format!("{path}/cryptogram")).bearer(&token);
    story.call(cryptogram).await.expect(422);
    story.end("cmp", "a_network_refuses");
}

#[tokio::test]
async fn cards_that_are_answered_a_status() {
    let mut story = Story::begin().await;
    let token = story.token("standin-on-create", None).await;
    for (pan, status) in [
        ("5100260000059210", 401),
        ("5100260000049211", 403),
        ("5100260000019214", 500),
        ("5100260000009215", 502),
        ("5100260000099216", 503),
        ("5100260000089217", 504),
    ] {
        let create = Ask::post("/cards").bearer(&token);
        story
            .call(create.attributes(&card(pan)))
            .await
            .expect(status);
    }
    story.end("cmp", "cards_that_are_answered_a_status");
}
