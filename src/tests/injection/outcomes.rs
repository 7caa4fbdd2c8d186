//! Outcomes and cryptograms: what a network, an issuer or a cryptogram can be made to do, seen where it shows.

use serde_json::{Value, json};
use standin::faults::file::FaultFile;

use crate::client::{Answer, Ask, Stand, options};

const OWN_KEY: &str = "standin_key";

async fn arm(stand: &Stand, rule: &str) {
    let ask = Ask::post("/_standin/faults").json(&json!({ "text": rule }));
    stand.send(ask).await.expect(201);
}

/// A card with a token, and the access token of its owner.
async fn token(stand: &Stand) -> (String, String, Answer) {
    let access = stand.client.token("standin-manual", None).await;
    let card = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 30 });
    let ask = Ask::post("/cards").bearer(&access).attributes(&card);
    let id = stand.send(ask).await.expect(201).at("/data/id");
    let ask = Ask::post(format!("/cards/{id}/network-tokens")).bearer(&access);
    let token = stand.send(ask).await.expect(200);
    (access, id, token)
}

/// The token's number and a cryptogram of it.
async fn cryptogram(stand: &Stand, access: &str, id: &str) -> Answer {
    let ask = Ask::post(format!("/cards/{id}/cryptogram")).bearer(access);
    stand.send(ask).await
}

/// What the authorizer makes of a payment with this cryptogram.
async fn paid(stand: &Stand, token: &Answer, minted: &Answer) -> Value {
    let body = json!({ "amount": 100, "currency": "USD", "network_token": {
        "number": token.at("/data/attributes/network_token"), "exp_month": 12, "exp_year": 2030,
        "cryptogram": minted.at("/data/attributes/cryptogram/value"),
    }});
    let ask = Ask::post("/payments").bearer(OWN_KEY).json(&body);
    stand.send(ask).await.expect(201).json()["reason"].clone()
}

#[tokio::test]
async fn what_is_wrong_with_a_cryptogram_shows_when_it_is_spent() {
    for (kind, want) in [
        ("wrong_cryptogram", json!("cryptogram_invalid")),
        ("expired_cryptogram", json!("cryptogram_expired")),
        ("wrong_cryptogram_kind", json!("cryptogram_wrong_kind")),
        ("spent_cryptogram", json!("cryptogram_replayed")),
    ] {
        let stand = Stand::start(options()).await;
        let (access, id, token) = token(&stand).await;
        arm(&stand, &format!("{kind} on last4=1111 when first=1")).await;
        let bad = cryptogram(&stand, &access, &id).await.expect(200);
        assert_eq!(paid(&stand, &token, &bad).await, want, "{kind}");
        let good = cryptogram(&stand, &access, &id).await.expect(200);
        assert_eq!(paid(&stand, &token, &good).await, Value::Null, "{kind}");
    }
}

#[tokio::test]
async fn a_network_refuses_and_an_issuer_declines_when_told_to() {
    let stand = Stand::start(options()).await;
    let access = stand.client.token("standin-manual", None).await;
    let card = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 30 });
    let ask = Ask::post("/cards").bearer(&access).attributes(&card);
    let id = stand.send(ask).await.expect(201).at("/data/id");
    arm(
        &stand,
        "refuse card_not_allowed on bin=411111 operation=provision when first=1",
    )
    .await;
    let provision = Ask::post(format!("/cards/{id}/network-tokens")).bearer(&access);
    let refused = stand.send(provision.clone()).await;
    assert!(
        refused.text().to_lowercase().contains("failed"),
        "{}",
        refused.text()
    );
    let token = stand.send(provision).await.expect(200);
    arm(
        &stand,
        "issuer_answer insufficient_funds on amount=100 merchant=standin-merchant",
    )
    .await;
    let minted = cryptogram(&stand, &access, &id).await.expect(200);
    assert_eq!(paid(&stand, &token, &minted).await, "insufficient_funds");
}

#[tokio::test]
async fn a_quota_counts_each_client_by_itself() {
    let stand = Stand::start(options()).await;
    arm(&stand, "quota 2 window=1m on operation=create_card").await;
    let card = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 30 });
    for client in ["standin-manual", "standin-on-create"] {
        let access = stand.client.token(client, None).await;
        let ask = Ask::post("/cards").bearer(&access).attributes(&card);
        for want in [201, 201, 429] {
            let answer = stand.send(ask.clone()).await;
            assert_eq!(answer.status, want, "{client}");
            assert_eq!(answer.header("retry-after").is_some(), want == 429);
        }
        stand.client.advance("", "PT61S").await;
        assert_eq!(stand.send(ask).await.status, 201, "{client:?}");
    }
}

/// A quota is counted by client, which is not known before somebody has looked at the credentials.
#[tokio::test]
async fn requests_that_read_are_counted_too() {
    let stand = Stand::start(options()).await;
    let access = stand.client.token("standin-manual", None).await;
    let rule = json!({ "text": "quota 3 window=1m on surface=cmp" });
    stand
        .send(Ask::post("/_standin/faults").json(&rule))
        .await
        .expect(201);
    let read = Ask::get("/cards/CRD1111111111111111111111").bearer(&access);
    let mut card = Ask::post("/cards").bearer(&access);
    card = card.attributes(&json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 30 }));
    let id = stand.send(card).await.expect(201).at("/data/id");
    // What is refused anyway takes nobody's turn.
    stand.send(read).await.expect(404);
    let read = Ask::get(format!("/cards/{id}")).bearer(&access);
    stand.send(read.clone()).await.expect(200);
    // It reads as well, though by POST.
    let check = Ask::post(format!("/cards/{id}/check")).bearer(&access);
    stand.send(check.clone()).await.expect(200);
    stand.send(check).await.expect(429);
    let turned_away = stand.send(read).await.expect(429);
    assert_eq!(turned_away.header("retry-after"), Some("60"));
}

/// A client that reaches no control plane chooses by what it sends: the expiry year of a card, the amount of a payment.
#[tokio::test]
async fn magic_values_choose_what_goes_wrong() {
    let mut options = options();
    options.faults = FaultFile::preset("magic_values").unwrap().rules;
    let stand = Stand::start(options).await;
    let access = stand.client.token("standin-manual", None).await;
    for (year, status, member, want) in [
        (60, 200, "/data/attributes/state", "active"),
        (61, 200, "/data/attributes/error_code", "card_not_allowed"),
        (62, 200, "/data/attributes/error_code", "declined"),
        (63, 504, "/errors/0/status", "504"),
        (64, 504, "/errors/0/status", "504"),
    ] {
        let card = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": year });
        let ask = Ask::post("/cards").bearer(&access).attributes(&card);
        let id = stand.send(ask).await.expect(201).at("/data/id");
        let ask = Ask::post(format!("/cards/{id}/network-tokens")).bearer(&access);
        let answer = stand.send(ask).await.expect(status);
        assert_eq!(answer.at(member), want, "{year}");
    }
    for (amount, want) in [
        (1_000, "succeeded"),
        (9_000_051, "insufficient_funds"),
        (9_000_503, "503"),
    ] {
        let amount = amount.to_string();
        let form = [
            ("amount", amount.as_str()),
            ("currency", "usd"),
            ("confirm", "true"),
            ("payment_method_data[type]", "card"),
            ("payment_method_data[card][number]", "4111111111111111"),
            ("payment_method_data[card][exp_month]", "12"),
            ("payment_method_data[card][exp_year]", "2030"),
        ];
        let ask = Ask::post("/v1/payment_intents")
            .bearer("sk_test_standin")
            .form(&form);
        let answer = stand.send(ask).await;
        let told = format!("{} {}", answer.status, answer.text());
        assert!(told.contains(want), "{amount}: {told}");
    }
}
