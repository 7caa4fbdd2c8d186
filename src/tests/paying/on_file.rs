//! What Stripe keeps for later: customers, what they pay with, and setup intents; and payments with what is on file.

use serde_json::{Value, json};

use super::shop::{Shop, VISA};
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

async fn customer(shop: &Shop) -> String {
    let made = post(shop, "customers", &[("name", "Jenny Rosen")]).await;
    made.expect(200).at("/id")
}

async fn charge(shop: &Shop, with: &[(&str, &str)]) -> Answer {
    let mut form = vec![("amount", "2000"), ("currency", "usd"), ("confirm", "true")];
    form.extend(with);
    post(shop, "payment_intents", &form).await
}

/// Stripe, API reference: create, retrieve, update, list and delete a customer.
#[tokio::test]
async fn a_customer_is_kept_changed_and_forgotten() {
    let shop = Shop::open().await;
    let form = [
        ("name", "Jenny Rosen"),
        ("email", "jenny@example.com"),
        ("metadata[order]", "6735"),
        ("metadata[shop]", "1"),
        ("address[city]", "Köln"),
        ("preferred_locales[]", "de"),
    ];
    let made = post(&shop, "customers", &form).await.expect(200);
    let path = format!("customers/{}", made.at("/id"));
    let shown = made.json();
    assert_eq!(shown["metadata"], json!({ "order": "6735", "shop": "1" }));
    assert_eq!(shown["address"]["city"], "Köln");
    assert_eq!(shown["preferred_locales"], json!(["de"]));
    assert_eq!(get(&shop, &path).await.expect(200).json(), shown);
    let change = [
        ("name", "Jenny R."),
        ("metadata[order]", ""),
        ("address", ""),
    ];
    let changed = post(&shop, &path, &change).await.expect(200).json();
    assert_eq!(changed["name"], "Jenny R.");
    assert_eq!(changed["email"], "jenny@example.com");
    assert_eq!(changed["metadata"], json!({ "shop": "1" }));
    assert_eq!(changed["address"], Value::Null);
    // What is kept has a bound, in whichever call and parameter it comes.
    let long = "x".repeat(17 * 1024);
    for (path, name) in [
        ("customers", "description"),
        (path.as_str(), "name"),
        (path.as_str(), "metadata[more]"),
    ] {
        let refused = post(&shop, path, &[(name, &long)]).await.expect(400);
        assert_eq!(
            refused.at("/error/code"),
            "parameter_invalid_string",
            "{path} {name}"
        );
    }
    let other = customer(&shop).await;
    let listed = get(&shop, "customers?email=jenny@example.com").await;
    let listed = listed.expect(200).json();
    assert_eq!(listed["data"], json!([changed]));
    let gone = Ask::delete(format!("/v1/{path}")).bearer(STRIPE);
    assert_eq!(
        shop.send(gone.clone()).await.expect(200).json()["deleted"],
        true
    );
    assert_eq!(get(&shop, &path).await.expect(200).json()["deleted"], true);
    shop.send(gone).await.expect(404);
    let listed = get(&shop, "customers").await.expect(200).json();
    let ids: Vec<_> = listed["data"].as_array().unwrap().iter().collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(ids[0]["id"], other.as_str());
    // Another merchant has none of them.
    let foreign = Ask::get(format!("/v1/customers/{other}")).bearer("sk_test_other");
    shop.send(foreign).await.expect(404);
}

/// docs.stripe.com/testing: cards that are declined cannot be given to a customer, but for the one that is declined later.
#[tokio::test]
async fn a_card_is_given_to_a_customer_when_its_issuer_finds_it_good() {
    let shop = Shop::open().await;
    let customer = customer(&shop).await;
    let attach = async |method: &str| {
        let path = format!("payment_methods/{method}/attach");
        post(&shop, &path, &[("customer", &customer)]).await
    };
    for (method, code) in [
        ("pm_card_visa_chargeDeclined", "card_declined"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card"),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc"),
    ] {
        let refused = attach(method).await.expect(402);
        assert_eq!(refused.at("/error/code"), code, "{method}");
        assert!(refused.json()["error"].get("charge").is_none());
    }
    let failing = attach("pm_card_chargeCustomerFail").await.expect(200);
    let failing = failing.at("/id");
    let declined = charge(
        &shop,
        &[("customer", &customer), ("payment_method", &failing)],
    )
    .await;
    let declined = declined.expect(402);
    assert_eq!(declined.at("/error/code"), "card_declined");
    let good = attach("pm_card_visa").await.expect(200);
    assert_eq!(good.at("/customer"), customer);
    let listed = get(&shop, &format!("customers/{customer}/payment_methods")).await;
    let listed = listed.expect(200).json();
    let url = format!("/v1/customers/{customer}/payment_methods");
    assert_eq!(listed["url"], url.as_str());
    assert_eq!(listed["data"].as_array().unwrap().len(), 2);
    // No money was asked for, and nothing is a charge.
    let charges = get(&shop, "charges").await.expect(200).json();
    assert_eq!(charges["data"].as_array().unwrap().len(), 1);
}

/// A payment method is of one customer: it is charged for nobody else, and after it was taken away for nobody at all.
#[tokio::test]
async fn a_payment_method_is_charged_for_its_own_customer_alone() {
    let shop = Shop::open().await;
    let (one, other) = (customer(&shop).await, customer(&shop).await);
    let card = [
        ("type", "card"),
        ("card[number]", "4242424242424242"),
        ("card[exp_month]", "12"),
        ("card[exp_year]", "2034"),
        ("card[cvc]", "123"),
        ("billing_details[name]", "Jenny"),
    ];
    let made = post(&shop, "payment_methods", &card).await.expect(200);
    let method = made.at("/id");
    assert_eq!(made.json()["customer"], Value::Null);
    let attach = format!("payment_methods/{method}/attach");
    post(&shop, &attach, &[("customer", &one)])
        .await
        .expect(200);
    let pays = async |with: &[(&str, &str)]| {
        let mut form = vec![("payment_method", method.as_str())];
        form.extend(with);
        charge(&shop, &form).await
    };
    let param = "payment_method_unexpected_state";
    for wrong in [&[][..], &[("customer", other.as_str())]] {
        assert_eq!(pays(wrong).await.expect(400).at("/error/code"), param);
    }
    let paid = pays(&[
        ("customer", &one),
        ("expand[]", "payment_method"),
        ("expand[]", "customer"),
        ("expand[]", "latest_charge"),
    ])
    .await;
    let paid = paid.expect(200).json();
    assert_eq!(paid["payment_method"]["id"], method.as_str());
    assert_eq!(paid["payment_method"]["customer"], one.as_str());
    assert_eq!(paid["customer"]["name"], "Jenny Rosen");
    let charge = &paid["latest_charge"];
    assert_eq!(charge["payment_method"], method.as_str());
    assert_eq!(charge["billing_details"]["name"], "Jenny");
    // With nobody there the verification is quoted that was made when the card was attached.
    let later = pays(&[("customer", &one), ("off_session", "true")]).await;
    assert_eq!(later.expect(200).at("/status"), "succeeded");
    post(&shop, &attach, &[("customer", &other)])
        .await
        .expect(400);
    let detach = format!("payment_methods/{method}/detach");
    let detached = post(&shop, &detach, &[]).await.expect(200).json();
    assert_eq!(detached["customer"], Value::Null);
    post(&shop, &detach, &[]).await.expect(400);
    pays(&[]).await.expect(400);
    post(&shop, &attach, &[("customer", &one)])
        .await
        .expect(400);
}

/// Stripe, save a card during payment: `setup_future_usage` puts what paid on file.
#[tokio::test]
async fn what_pays_is_put_on_file_when_that_is_asked_for() {
    let shop = Shop::open().await;
    let customer = customer(&shop).await;
    let saving = [
        ("customer", customer.as_str()),
        ("payment_method", "pm_card_visa"),
        ("setup_future_usage", "off_session"),
    ];
    let paid = charge(&shop, &saving).await.expect(200);
    let method = paid.at("/payment_method");
    let kept = get(&shop, &format!("payment_methods/{method}")).await;
    assert_eq!(kept.expect(200).at("/customer"), customer);
    let later = [
        ("customer", customer.as_str()),
        ("payment_method", method.as_str()),
        ("off_session", "true"),
    ];
    let later = charge(&shop, &later).await.expect(200);
    assert_eq!(later.at("/payment_method"), method);
    // What was not put on file has paid once and for all.
    let once = charge(&shop, &saving[..2]).await.expect(200);
    let path = format!("payment_methods/{}/attach", once.at("/payment_method"));
    let refused = post(&shop, &path, &saving[..1]).await.expect(400);
    assert_eq!(refused.at("/error/code"), "payment_method_unexpected_state");
}

/// A network token on file: each payment of the customer's brings its cryptogram, and the merchant's bring none.
#[tokio::test]
async fn a_network_token_on_file_is_proved_each_time() {
    let shop = Shop::open().await;
    let customer = customer(&shop).await;
    let token = shop.token(VISA).await;
    let (month, year) = (token.month.to_string(), token.year.to_string());
    let card = [
        ("type", "card"),
        ("card[network_token][number]", token.number.as_str()),
        ("card[network_token][exp_month]", &month),
        ("card[network_token][exp_year]", &year),
    ];
    let method = post(&shop, "payment_methods", &card).await.expect(200);
    let method = method.at("/id");
    let with = [
        ("customer", customer.as_str()),
        ("payment_method", method.as_str()),
    ];
    let name = "payment_method_options[card][network_token][cryptogram]";
    let missing = charge(&shop, &with).await.expect(400);
    assert_eq!(missing.at("/error/param"), name);
    let cryptogram = shop.cryptogram(&token, "TAVV").await;
    let proved = [
        with[0],
        with[1],
        (name, &cryptogram),
        ("setup_future_usage", "off_session"),
    ];
    charge(&shop, &proved).await.expect(200);
    let later = [with[0], with[1], ("off_session", "true")];
    let paid = charge(&shop, &later).await.expect(200);
    assert_eq!(paid.at("/status"), "succeeded");
    let again = charge(&shop, &proved).await.expect(402);
    assert_eq!(again.at("/error/type"), "card_error");
}

/// Stripe, API reference, setup intents: created, changed, confirmed, listed, given up.
#[tokio::test]
async fn a_setup_intent_asks_for_no_money() {
    let shop = Shop::open().await;
    let customer = customer(&shop).await;
    let own = [("customer", customer.as_str())];
    let made = post(&shop, "setup_intents", &own).await.expect(200);
    let path = format!("setup_intents/{}", made.at("/id"));
    assert_eq!(made.at("/status"), "requires_payment_method");
    post(&shop, &path, &[("metadata[a]", "1")])
        .await
        .expect(200);
    let confirm = format!("{path}/confirm");
    let bad = [("payment_method", "pm_card_visa_chargeDeclined")];
    let declined = post(&shop, &confirm, &bad).await.expect(402).json();
    let inside = &declined["error"]["setup_intent"];
    assert_eq!(inside["status"], "requires_payment_method");
    assert_eq!(inside["last_setup_error"]["code"], "card_declined");
    let good = [
        ("payment_method", "pm_card_visa"),
        ("expand[]", "payment_method"),
    ];
    let done = post(&shop, &confirm, &good).await.expect(200).json();
    assert_eq!(done["status"], "succeeded");
    assert_eq!(done["metadata"], json!({ "a": "1" }));
    assert_eq!(done["payment_method"]["customer"], customer.as_str());
    let method = done["payment_method"]["id"].as_str().unwrap();
    let again = post(&shop, &confirm, &good).await.expect(400);
    assert_eq!(again.at("/error/code"), "setup_intent_unexpected_state");
    let by = format!("setup_intents?payment_method={method}");
    let listed = get(&shop, &by).await.expect(200).json();
    assert_eq!(listed["data"][0]["id"], done["id"]);
    let later = [own[0], ("payment_method", method), ("off_session", "true")];
    charge(&shop, &later).await.expect(200);
    let other = post(&shop, "setup_intents", &own).await.expect(200);
    let cancel = format!("setup_intents/{}/cancel", other.at("/id"));
    let given_up = post(&shop, &cancel, &[("cancellation_reason", "abandoned")]).await;
    let given_up = given_up.expect(200);
    assert_eq!(given_up.at("/status"), "canceled");
    assert_eq!(given_up.at("/cancellation_reason"), "abandoned");
    post(&shop, &cancel, &[]).await.expect(400);
    // The name of one kind of intent is none of the other's.
    let id = made.at("/id");
    get(
        &shop,
        &format!("payment_intents/{}", id.replace("seti_", "pi_")),
    )
    .await
    .expect(404);
}

/// The same key is one customer, one payment method, one setup.
#[tokio::test]
async fn what_is_kept_is_kept_once_for_its_key() {
    let shop = Shop::open().await;
    for (path, form) in [
        ("customers", &[("name", "Jenny")][..]),
        (
            "payment_methods",
            &[("type", "card"), ("card[token]", "tok_visa")],
        ),
        (
            "setup_intents",
            &[("payment_method", "pm_card_visa"), ("confirm", "true")],
        ),
    ] {
        let ask = Ask::post(format!("/v1/{path}"))
            .bearer(STRIPE)
            .header("idempotency-key", path)
            .form(form);
        let first = shop.send(ask.clone()).await.expect(200);
        shop.advance("1s").await;
        let again = shop.send(ask).await.expect(200);
        assert_eq!(first.body, again.body, "{path}");
    }
}

/// An intent can be changed until somebody has paid (Stripe, API reference, update a PaymentIntent).
#[tokio::test]
async fn an_intent_is_changed_until_it_is_paid() {
    let shop = Shop::open().await;
    let asked = [
        ("amount", "2000"),
        ("currency", "usd"),
        ("description", "a"),
    ];
    let made = post(&shop, "payment_intents", &asked).await.expect(200);
    let path = format!("payment_intents/{}", made.at("/id"));
    let change = [
        ("amount", "2500"),
        ("description", ""),
        ("payment_method", "pm_card_visa"),
    ];
    let changed = post(&shop, &path, &change).await.expect(200).json();
    assert_eq!(changed["amount"], 2500);
    assert_eq!(changed["description"], Value::Null);
    assert_eq!(changed["status"], "requires_confirmation");
    post(&shop, &path, &[("amount", "0")]).await.expect(400);
    let paid = post(&shop, &format!("{path}/confirm"), &[]).await;
    assert_eq!(paid.expect(200).json()["amount_received"], 2500);
    post(&shop, &path, &[("amount", "1")]).await.expect(400);
}
