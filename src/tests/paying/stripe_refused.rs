//! What Stripe's errors say of the payment: of the card that was declined, and of money that has been taken in part.

use serde_json::Value;

use super::shop::{Shop, VISA};
use super::stripe_parameters::{Members, bought, card, get, members, post};
use crate::client::Answer;

async fn send(shop: &Shop, path: &str, form: &Members<'_>) -> Answer {
    shop.send(post(path, form)).await
}

async fn pay(shop: &Shop, more: &[(&str, &str)]) -> Answer {
    let mut form = bought(&[("confirm", "true")]);
    form.extend(members(more));
    send(shop, "payment_intents", &form).await
}

/// Stripe, API reference, errors: `payment_method`, `doc_url`. Guides to recover what was declined off session read
/// `last_payment_error.payment_method.id`.
#[tokio::test]
async fn a_declined_card_is_in_the_error() {
    let shop = Shop::open().await;
    let customer = send(&shop, "customers", &Vec::new()).await.expect(200);
    let customer = customer.at("/id");
    let name = "pm_card_chargeCustomerFail";
    let attach = format!("payment_methods/{name}/attach");
    let own = members(&[("customer", customer.as_str())]);
    let saved = send(&shop, &attach, &own).await.expect(200).json();
    let id = saved["id"].as_str().unwrap();
    let with = [
        ("customer", customer.as_str()),
        ("payment_method", id),
        ("off_session", "true"),
    ];
    let error = pay(&shop, &with).await.expect(402).json()["error"].clone();
    let page = "https://stripe.com/docs/error-codes/card-declined";
    assert_eq!(error["doc_url"], page);
    let method = &error["payment_method"];
    assert_eq!(
        (&method["id"], &method["customer"]),
        (&saved["id"], &saved["customer"])
    );
    assert_eq!(method["object"], "payment_method");
    assert_eq!(method["card"]["last4"], saved["card"]["last4"]);
    // The intent says the same, then and later.
    let intent = &error["payment_intent"];
    assert_eq!(intent["payment_method"], Value::Null);
    let last = &intent["last_payment_error"];
    assert_eq!(last["payment_method"], *method);
    assert_eq!(last["doc_url"], page);
    let path = format!("payment_intents/{}", intent["id"].as_str().unwrap());
    let read = shop.send(get(&path)).await.expect(200).json();
    assert_eq!(read["last_payment_error"], *last);
    // A card that nobody has on file is shown as it would be anywhere else.
    let other = pay(&shop, &[("payment_method", "pm_card_visa_chargeDeclined")]).await;
    let method = other.expect(402).json()["error"]["payment_method"].clone();
    let path = format!("payment_methods/{}", method["id"].as_str().unwrap());
    assert_eq!(shop.send(get(&path)).await.expect(200).json(), method);
}

/// The same of a setup, of a customer that could not be authenticated, and of a charge, which has no payment method.
#[tokio::test]
async fn every_error_about_a_card_says_as_much() {
    let shop = Shop::open().await;
    let declined = ("payment_method", "pm_card_visa_chargeDeclined");
    let form = members(&[declined, ("confirm", "true")]);
    let error = send(&shop, "setup_intents", &form).await.expect(402).json()["error"].clone();
    let id = &error["payment_method"]["id"];
    assert!(id.is_string(), "{error}");
    let last = &error["setup_intent"]["last_setup_error"];
    assert_eq!(last["payment_method"]["id"], *id);
    let secure = [("payment_method", "pm_card_threeDSecure2Required")];
    let waits = pay(&shop, &secure).await.expect(200).json();
    let url = waits["next_action"]["use_stripe_sdk"]["stripe_js"].as_str();
    let url = url.unwrap();
    let place = url.find("/v1/3d_secure/").unwrap();
    let answer = crate::client::Ask::post(&url[place..]).form(&[("outcome", "failed")]);
    shop.send(answer).await.expect(200);
    let path = format!("payment_intents/{}", waits["id"].as_str().unwrap());
    let read = shop.send(get(&path)).await.expect(200).json();
    let last = &read["last_payment_error"];
    assert_eq!(last["code"], "payment_intent_authentication_failure");
    assert_eq!(last["payment_method"]["card"]["last4"], "3220");
    let charge = bought(&[("source", "tok_chargeDeclined")]);
    let error = send(&shop, "charges", &charge).await.expect(402).json()["error"].clone();
    assert_eq!(error["payment_method"], Value::Null);
    assert!(error["charge"].is_string() && error["doc_url"].is_string());
}

/// The status that it has is one in which it could be cancelled otherwise.
#[tokio::test]
async fn what_is_captured_in_part_says_why_it_is_not_cancelled() {
    let shop = Shop::open().await;
    let mut form = bought(&[("confirm", "true"), ("capture_method", "manual")]);
    let several = "payment_method_options[card][request_multicapture]";
    form.extend(card(VISA, &[(several, "if_available")]));
    let held = send(&shop, "payment_intents", &form).await.expect(200);
    let path = format!("payment_intents/{}", held.at("/id"));
    let part = |last| members(&[("amount_to_capture", "600"), ("final_capture", last)]);
    let capture = format!("{path}/capture");
    let taken = send(&shop, &capture, &part("false")).await.expect(200);
    assert_eq!(taken.at("/status"), "requires_capture");
    let cancel = format!("{path}/cancel");
    let refused = send(&shop, &cancel, &Vec::new()).await.expect(400);
    let error = refused.json()["error"].clone();
    assert_eq!(error["code"], "payment_intent_unexpected_state");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("already been captured"), "{message}");
    assert!(!message.contains("requires_capture"), "{message}");
    assert_eq!(error["payment_intent"]["amount_received"], 600);
    // What it advises can be done.
    let last = members(&[("amount_to_capture", "1"), ("final_capture", "true")]);
    let done = send(&shop, &capture, &last).await.expect(200);
    assert_eq!(done.at("/status"), "succeeded");
    assert_eq!(done.at("/amount_capturable"), "0");
}
