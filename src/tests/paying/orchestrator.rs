//! hyperswitch's token service: a client with nothing but its configuration gets a token, pays with it, sees where it stands
//! and deletes it.

use serde_json::{Value, json};

use super::shop::{KEY, OTHER_KEY, Shop, VISA};
use crate::client::Ask;
use crate::orchestrator::Orchestrator;

fn ask(what: &str, key: &str, body: &Value) -> Ask {
    let ask = Ask::post(format!("/hyperswitch/tokens/{what}"));
    ask.header("authorization", key).json(body)
}

fn card(number: &str) -> Value {
    json!({ "cardNumber": number, "expMonth": "12", "expYear": "2029", "cardSecurityCode": "123" })
}

/// Takes a second or two: the server makes two RSA key pairs.
#[tokio::test]
async fn a_token_is_generated_fetched_paid_with_looked_at_and_deleted() {
    let shop = Shop::open().await;
    let keys = shop.send(Ask::get("/_standin/keys/token-service")).await;
    let client = Orchestrator::configured(&keys.expect(200));
    let wanted = client.generate(&card(VISA), "cus_1");
    let made = client.opened(&shop.send(ask("generate", KEY, &wanted)).await.expect(200));
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    assert_eq!(
        (text("cardBrand"), text("tokenStatus")),
        ("VISA".into(), "ACTIVE".into())
    );
    assert!(
        text("token").ends_with(&text("tokenLastFour"))
            && text("token").starts_with(&text("tokenIsin"))
    );
    let again = client.opened(&shop.send(ask("generate", KEY, &wanted)).await.expect(200));
    assert_eq!(again["cardReference"], made["cardReference"]);
    let pair = json!({ "card_reference": text("cardReference"), "customer_id": "cus_1" });

    let fetched = shop.send(ask("fetch", KEY, &pair)).await.expect(200);
    assert_eq!(fetched.at("/authentication_details/token"), text("token"));
    let pay = json!({ "amount": 100, "currency": "USD", "network_token": {
        "number": text("token"), "exp_month": 12, "exp_year": 2_029,
        "cryptogram": fetched.at("/authentication_details/cryptogram"),
    }});
    let paid = shop
        .send(Ask::post("/payments").bearer(KEY).json(&pay))
        .await
        .expect(201);
    assert_eq!(paid.at("/reason"), "null");

    let status = async |want: &str| {
        let answer = shop.send(ask("status", KEY, &pair)).await.expect(200);
        assert_eq!(answer.at("/payload/tokenStatus"), want);
    };
    let event = async |event: &str| {
        let path = format!("/_standin/tokens/{}/events", text("cardReference"));
        shop.send(Ask::post(path).json(&json!({ "event": event })))
            .await
            .expect(200);
    };
    status("ACTIVE").await;
    event("suspend").await;
    status("SUSPENDED").await;
    let refused = shop.send(ask("fetch", KEY, &pair)).await.expect(422);
    assert_eq!(refused.at("/error_info/code"), "token_suspended");
    event("resume").await;
    event("replace_pan").await;
    status("ACTIVE").await;
    let camel = json!({ "cardReference": text("cardReference"), "customerId": "cus_1" });
    let deleted = shop.send(ask("delete", KEY, &camel)).await.expect(200);
    assert_eq!(deleted.at("/status"), "SUCCESS");
    status("DELETED").await;
}

/// Takes a second or two, as above.
#[tokio::test]
async fn another_customer_another_merchant_and_a_wrong_card_get_nothing() {
    let shop = Shop::open().await;
    let keys = shop.send(Ask::get("/_standin/keys/token-service")).await;
    let client = Orchestrator::configured(&keys.expect(200));
    let wanted = client.generate(&card(VISA), "cus_1");
    let made = client.opened(&shop.send(ask("generate", KEY, &wanted)).await.expect(200));
    for (key, customer) in [(KEY, "cus_2"), (OTHER_KEY, "cus_1")] {
        let pair = json!({ "card_reference": made["cardReference"], "customer_id": customer });
        for what in ["fetch", "status", "delete"] {
            let answer = shop.send(ask(what, key, &pair)).await.expect(404);
            assert_eq!(
                answer.at("/error_info/code"),
                if key == KEY {
                    "token_unknown"
                } else {
                    "card_unknown"
                },
                "{what}"
            );
        }
    }
    let rows = [
        (card("4000000000000036"), 422, "card_not_eligible"),
        (card("4111111111111112"), 422, "card_number_invalid"),
        (
            json!({ "cardNumber": VISA, "expMonth": "13", "expYear": "2029" }),
            400,
            "invalid_request",
        ),
        (
            json!({ "cardNumber": VISA, "expMonth": "1", "expYear": "2020" }),
            422,
            "card_expired",
        ),
    ];
    for (wrong, status, code) in rows {
        let wanted = client.generate(&wrong, "cus_1");
        let answer = shop
            .send(ask("generate", KEY, &wanted))
            .await
            .expect(status);
        assert_eq!(answer.at("/error_info/code"), code);
    }
    let mut torn = wanted.clone();
    torn["cardData"] = "a.b.c".into();
    let answer = shop.send(ask("generate", KEY, &torn)).await.expect(400);
    assert_eq!(answer.at("/error_info/code"), "invalid_card_data");
    shop.send(ask("generate", "Bearer standin_key", &wanted))
        .await
        .expect(401);
}
