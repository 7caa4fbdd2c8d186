//! 3-D Secure at Stripe: the cards that it publishes for it (docs.stripe.com/testing), from `requires_action` to what comes of it.

use serde_json::Value;

use super::shop::Shop;
use crate::client::{Answer, Ask};

const STRIPE: &str = "sk_test_standin";

async fn post(shop: &Shop, path: &str, form: &[(&str, &str)]) -> Answer {
    let ask = Ask::post(format!("/v1/{path}"));
    shop.send(ask.bearer(STRIPE).form(form)).await
}

async fn pay(shop: &Shop, with: &[(&str, &str)]) -> Answer {
    let mut form = vec![("amount", "2000"), ("currency", "usd"), ("confirm", "true")];
    form.extend(with);
    post(shop, "payment_intents", &form).await
}

/// The customer says how it ended, where the intent has sent it.
async fn answer(shop: &Shop, intent: &Value, outcome: &str) -> Answer {
    let next = &intent["next_action"];
    let url = next["redirect_to_url"]["url"].as_str();
    let url = url
        .or(next["use_stripe_sdk"]["stripe_js"].as_str())
        .unwrap();
    let place = url.find("/v1/3d_secure/").unwrap();
    let ask = Ask::post(&url[place..]).form(&[("outcome", outcome)]);
    shop.send(ask).await
}

async fn status(shop: &Shop, kind: &str, intent: &Value) -> Value {
    let id = intent["id"].as_str().unwrap();
    let ask = Ask::get(format!("/v1/{kind}/{id}")).bearer(STRIPE);
    shop.send(ask).await.expect(200).json()
}

/// What the customer does, what the intent is then, and its error.
#[tokio::test]
async fn what_comes_of_it_is_what_the_card_is_published_for() {
    let shop = Shop::open().await;
    for (method, outcome, want, code) in [
        ("threeDSecure2Required", "succeeded", "succeeded", ""),
        (
            "threeDSecure2Required",
            "failed",
            "requires_payment_method",
            "payment_intent_authentication_failure",
        ),
        ("authenticationRequired", "succeeded", "succeeded", ""),
        (
            "authenticationRequiredOnSetup",
            "succeeded",
            "succeeded",
            "",
        ),
        (
            "threeDSecureRequiredChargeDeclined",
            "succeeded",
            "requires_payment_method",
            "card_declined",
        ),
        (
            "authenticationRequiredChargeDeclinedInsufficientFunds",
            "succeeded",
            "requires_payment_method",
            "card_declined",
        ),
    ] {
        let name = format!("pm_card_{method}");
        let intent = pay(&shop, &[("payment_method", &name)]).await;
        let intent = intent.expect(200).json();
        assert_eq!(intent["status"], "requires_action", "{method}");
        assert_eq!(intent["latest_charge"], Value::Null);
        answer(&shop, &intent, outcome).await.expect(200);
        let then = status(&shop, "payment_intents", &intent).await;
        assert_eq!(then["status"], want, "{method} {outcome}");
        let error = then["last_payment_error"]["code"].as_str();
        assert_eq!(error.unwrap_or_default(), code, "{method} {outcome}");
        assert_eq!(then["next_action"], Value::Null);
    }
    for method in ["threeDSecureOptional", "amex_threeDSecureNotSupported"] {
        let name = format!("pm_card_{method}");
        let paid = pay(&shop, &[("payment_method", &name)]).await.expect(200);
        assert_eq!(paid.at("/status"), "succeeded", "{method}");
    }
    let error = [(
        "payment_method",
        "pm_card_threeDSecureRequiredProcessingError",
    )];
    let refused = pay(&shop, &error).await.expect(402);
    assert_eq!(refused.at("/error/code"), "card_declined");
}

/// The customer comes back to where the shop has said, which is told how it ended.
#[tokio::test]
async fn the_customer_goes_to_a_page_and_comes_back() {
    let shop = Shop::open().await;
    let back = "https://shop.example/back?order=7#paid";
    let with = [
        ("payment_method", "pm_card_authenticationRequired"),
        ("return_url", back),
    ];
    let intent = pay(&shop, &with).await.expect(200).json();
    let (id, secret) = (&intent["id"], &intent["client_secret"]);
    let (id, secret) = (id.as_str().unwrap(), secret.as_str().unwrap());
    let page = format!("/v1/3d_secure/{id}?client_secret={secret}");
    let led = |dest: &str| {
        Ask::get(&page)
            .header("sec-fetch-site", "cross-site")
            .header("sec-fetch-mode", "navigate")
            .header("sec-fetch-dest", dest)
    };
    let shown = shop.send(led("document")).await.expect(200);
    assert!(String::from_utf8_lossy(&shown.body).contains("Complete authentication"));
    shop.send(led("iframe")).await.expect(403);
    let answered = answer(&shop, &intent, "succeeded").await.expect(303);
    let want = format!(
        "https://shop.example/back?order=7&payment_intent={id}&payment_intent_client_secret={secret}&redirect_status=succeeded#paid"
    );
    assert_eq!(answered.header("location"), Some(want.as_str()));
    // Nothing is left to say.
    answer(&shop, &intent, "failed").await.expect(400);
    let told = Ask::get("/v1/events").bearer(STRIPE);
    let told = shop.send(told).await.expect(200).json();
    let types: Vec<_> = told["data"].as_array().unwrap().iter().rev().collect();
    let types: Vec<_> = types
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        types,
        [
            "payment_intent.created",
            "payment_intent.requires_action",
            "charge.succeeded",
            "payment_intent.succeeded"
        ]
    );
}

/// docs.stripe.com/testing: once it is set up one card is charged without its customer, another never is, and a third always was.
#[tokio::test]
async fn with_nobody_there_a_card_is_charged_as_it_was_set_up() {
    let shop = Shop::open().await;
    let made = post(&shop, "customers", &[("name", "Jenny")]).await;
    let customer = made.expect(200).at("/id");
    let own = ("customer", customer.as_str());
    for (method, attached, set_up) in [
        ("authenticationRequiredOnSetup", 402, 200),
        ("authenticationRequired", 402, 402),
        ("authenticationRequiredSetupForOffSession", 200, 200),
    ] {
        let name = format!("pm_card_{method}");
        let path = format!("payment_methods/{name}/attach");
        let only = post(&shop, &path, &[own]).await.expect(200).at("/id");
        let later = async |id: &str| {
            let form = [own, ("payment_method", id), ("off_session", "true")];
            pay(&shop, &form).await
        };
        let answered = later(&only).await.expect(attached);
        if attached == 402 {
            assert_eq!(answered.at("/error/code"), "authentication_required");
        }
        let form = [own, ("payment_method", &name), ("confirm", "true")];
        let setup = post(&shop, "setup_intents", &form).await.expect(200).json();
        assert_eq!(setup["status"], "requires_action", "{method}");
        answer(&shop, &setup, "succeeded").await.expect(200);
        let setup = status(&shop, "setup_intents", &setup).await;
        assert_eq!(setup["status"], "succeeded");
        let id = setup["payment_method"].as_str().unwrap();
        later(id).await.expect(set_up);
    }
    // A setup whose customer was not authenticated has come to nothing.
    let form = [
        ("payment_method", "pm_card_authenticationRequired"),
        ("confirm", "true"),
    ];
    let setup = post(&shop, "setup_intents", &form).await.expect(200).json();
    answer(&shop, &setup, "failed").await.expect(200);
    let setup = status(&shop, "setup_intents", &setup).await;
    assert_eq!(setup["status"], "requires_payment_method");
    let code = &setup["last_setup_error"]["code"];
    assert_eq!(code, "setup_intent_authentication_failure");
}

/// Who cannot send anybody away says so and is declined; who takes orders by telephone need not ask.
#[tokio::test]
async fn nobody_is_sent_away_where_that_cannot_be() {
    let shop = Shop::open().await;
    let card = ("payment_method", "pm_card_authenticationRequired");
    let refused = pay(&shop, &[card, ("error_on_requires_action", "true")]).await;
    let refused = refused.expect(402);
    assert_eq!(refused.at("/error/code"), "authentication_required");
    let by_phone = ("payment_method_options[card][moto]", "true");
    let paid = pay(&shop, &[card, by_phone]).await.expect(200);
    assert_eq!(paid.at("/status"), "succeeded");
    let waits = pay(&shop, &[card]).await.expect(200).json();
    let cancel = format!("payment_intents/{}/cancel", waits["id"].as_str().unwrap());
    let given_up = post(&shop, &cancel, &[]).await.expect(200);
    assert_eq!(given_up.at("/status"), "canceled");
}
