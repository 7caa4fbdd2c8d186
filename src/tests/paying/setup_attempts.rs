//! Setup attempts at Stripe: one for each confirmation of a setup intent (Stripe, API reference, the SetupAttempt object, and
//! `latest_attempt` of the SetupIntent object).

use serde_json::{Value, json};

use super::shop::Shop;
use crate::client::{Answer, Ask};

const STRIPE: &str = "sk_test_standin";

async fn post(shop: &Shop, path: &str, form: &[(&str, &str)]) -> Answer {
    let ask = Ask::post(format!("/v1/{path}"));
    shop.send(ask.bearer(STRIPE).form(form)).await
}

async fn get(shop: &Shop, path: &str) -> Answer {
    let ask = Ask::get(format!("/v1/{path}"));
    shop.send(ask.bearer(STRIPE)).await
}

async fn attempts(shop: &Shop, setup: &Value) -> Vec<Value> {
    let path = format!(
        "setup_attempts?setup_intent={}",
        setup["id"].as_str().unwrap()
    );
    let list = get(shop, &path).await.expect(200).json();
    assert_eq!(list["url"], "/v1/setup_attempts");
    list["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn each_confirmation_is_an_attempt() {
    let shop = Shop::open().await;
    let setup = post(&shop, "setup_intents", &[]).await.expect(200).json();
    assert_eq!(setup["latest_attempt"], Value::Null);
    assert!(attempts(&shop, &setup).await.is_empty());
    let confirm = format!("setup_intents/{}/confirm", setup["id"].as_str().unwrap());
    let declined = [("payment_method", "pm_card_visa_chargeDeclined")];
    let refused = post(&shop, &confirm, &declined).await.expect(402).json();
    let failed = refused["error"]["setup_intent"]["latest_attempt"].clone();
    shop.advance("PT1S").await;
    let good = [("payment_method", "pm_card_visa")];
    let done = post(&shop, &confirm, &good).await.expect(200).json();
    let rows = attempts(&shop, &setup).await;
    // Newest first.
    let statuses: Vec<_> = rows.iter().map(|row| row["status"].clone()).collect();
    assert_eq!(statuses, ["succeeded", "failed"]);
    assert_eq!(
        (&rows[0]["id"], &rows[1]["id"]),
        (&done["latest_attempt"], &failed)
    );
    assert!(failed.as_str().unwrap().starts_with("setatt_"));
    assert_eq!(rows[1]["setup_error"]["code"], "card_declined");
    assert_eq!(rows[0]["setup_error"], Value::Null);
    assert_eq!(rows[0]["payment_method"], done["payment_method"]);
    assert_eq!(
        (
            &rows[0]["object"],
            &rows[0]["setup_intent"],
            &rows[0]["usage"]
        ),
        (&json!("setup_attempt"), &setup["id"], &json!("off_session"))
    );
    let card = &rows[0]["payment_method_details"]["card"];
    assert_eq!(
        (&card["brand"], &card["last4"], &card["three_d_secure"]),
        (&json!("visa"), &json!("4242"), &Value::Null)
    );
    // It is written out in place of its name where that is asked for.
    let id = setup["id"].as_str().unwrap();
    let path = format!("setup_intents/{id}?expand[]=latest_attempt.payment_method");
    let read = get(&shop, &path).await.expect(200).json();
    assert_eq!(read["latest_attempt"]["id"], done["latest_attempt"]);
}

/// An attempt has its name while its customer is asked, and keeps it.
#[tokio::test]
async fn an_attempt_waits_for_its_customer() {
    let shop = Shop::open().await;
    for (outcome, status, result) in [
        ("succeeded", "succeeded", "authenticated"),
        ("failed", "failed", "failed"),
    ] {
        let form = [
            ("payment_method", "pm_card_authenticationRequired"),
            ("confirm", "true"),
        ];
        let setup = post(&shop, "setup_intents", &form).await.expect(200).json();
        let rows = attempts(&shop, &setup).await;
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0]["status"], "requires_action");
        assert_eq!(rows[0]["id"], setup["latest_attempt"]);
        let url = setup["next_action"]["use_stripe_sdk"]["stripe_js"]
            .as_str()
            .unwrap();
        let place = url.find("/v1/3d_secure/").unwrap();
        let ask = Ask::post(&url[place..]).form(&[("outcome", outcome)]);
        shop.send(ask).await.expect(200);
        let rows = attempts(&shop, &setup).await;
        assert_eq!(rows.len(), 1, "{outcome}");
        assert_eq!(rows[0]["status"], status);
        assert_eq!(rows[0]["id"], setup["latest_attempt"]);
        let secure = &rows[0]["payment_method_details"]["card"]["three_d_secure"];
        assert_eq!(secure["result"], result);
    }
}

#[tokio::test]
async fn attempts_are_those_of_a_setup_intent() {
    let shop = Shop::open().await;
    let missing = get(&shop, "setup_attempts").await.expect(400);
    assert_eq!(missing.at("/error/param"), "setup_intent");
    let unknown = "setup_attempts?setup_intent=seti_1111111111111111111111";
    let unknown = get(&shop, unknown).await.expect(404);
    assert_eq!(unknown.at("/error/param"), "setup_intent");
}
