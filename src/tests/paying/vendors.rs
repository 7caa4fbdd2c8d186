//! Each payment service in its own words: a payment from authorization to refund, and what it says of a bad request.

use std::sync::Arc;

use serde_json::{Value, json};

use super::psp::{Psp, Purchase};
use super::shop::{Shop, VISA};
use crate::client::{Ask, FORM, JSON};
use crate::story::Story;

const ADYEN_KEY: &str = "standin-adyen";
const STRIPE_KEY: &str = "sk_test_standin";
const CHECKOUT_KEY: &str = "sk_sbox_standinstandinstandinstandi";

fn stripe(path: &str, members: &[(&str, &str)]) -> Ask {
    Ask::post(format!("/v1/{path}"))
        .bearer(STRIPE_KEY)
        .form(members)
}

fn adyen(path: &str, body: &Value) -> Ask {
    Ask::post(format!("/v72/{path}"))
        .header("x-api-key", ADYEN_KEY)
        .json(body)
}

fn checkout(path: &str, body: &Value) -> Ask {
    Ask::post(format!("/{path}"))
        .bearer(CHECKOUT_KEY)
        .json(body)
}

/// The payment is authorized, and what comes later is written down by the caller.
async fn begin(psp: Psp) -> (Story, String) {
    let shop = Shop::open().await;
    let mut story = Story::at(Arc::clone(&shop.stand)).await;
    let token = shop.token(VISA).await;
    let cryptogram = shop.cryptogram(&token, "TAVV").await;
    let purchase = Purchase {
        later: true,
        ..Purchase::long(&token, &cryptogram)
    };
    story.note("Authorized, to be captured later.");
    let answer = story.call(psp.ask("standin", &purchase)).await;
    // Stripe's decline is long, and has a chapter of its own.
    if matches!(psp, Psp::Stripe) {
        story.chapter("payments", "stripe_authorized");
    }
    story.note("The same cryptogram again.");
    story.call(psp.ask("standin", &purchase)).await;
    let id = psp.read(&answer).id.unwrap();
    (story, id)
}

#[tokio::test]
async fn stripe_from_authorization_to_refund() {
    let (mut story, id) = begin(Psp::Stripe).await;
    let path = format!("payment_intents/{id}");
    let capture = format!("{path}/capture");
    story.chapter("payments", "stripe_spent_again");
    story.note("More than is authorized, then less.");
    story
        .call(stripe(&capture, &[("amount_to_capture", "2501")]))
        .await
        .expect(400);
    story
        .call(stripe(&capture, &[("amount_to_capture", "2000")]))
        .await
        .expect(200);
    story.note("Nothing is left to capture or cancel.");
    story.call(stripe(&capture, &[])).await.expect(400);
    story
        .call(stripe(&format!("{path}/cancel"), &[]))
        .await
        .expect(400);
    story.chapter("payments", "stripe_captured");
    story.note("A part is refunded, then the rest, then there is nothing.");
    let refund = |more: &[(&str, &str)]| {
        let all: Vec<_> = [("payment_intent", id.as_str())]
            .iter()
            .chain(more)
            .copied()
            .collect();
        stripe("refunds", &all)
    };
    let part = story.call(refund(&[("amount", "500")])).await.expect(200);
    let read = |path: String| Ask::get(path).bearer(STRIPE_KEY);
    let again = story
        .call(read(format!("/v1/refunds/{}", part.at("/id"))))
        .await
        .expect(200);
    assert_eq!(again.body, part.body);
    story.call(refund(&[])).await.expect(200);
    story.call(refund(&[])).await.expect(400);
    story
        .call(read(format!("/v1/{path}?expand[]=latest_charge")))
        .await
        .expect(200);
    story.end("payments", "stripe_refunded");
}

#[tokio::test]
async fn adyen_from_authorization_to_refund() {
    let (mut story, id) = begin(Psp::Adyen).await;
    let body = |minor: u64| {
        let amount = json!({ "value": minor, "currency": "USD" });
        json!({ "merchantAccount": "StandinMerchant", "amount": amount, "reference": "part" })
    };
    let at = |what: &str| format!("payments/{id}/{what}");
    story.note("Whatever is asked for is received. The journal has what became of it.");
    for (what, minor) in [
        ("captures", 2_501),
        ("captures", 2_000),
        ("refunds", 500),
        ("refunds", 1_501),
    ] {
        story.call(adyen(&at(what), &body(minor))).await.expect(201);
    }
    let plain = json!({ "merchantAccount": "StandinMerchant", "reference": "back" });
    story.call(adyen(&at("cancels"), &plain)).await.expect(201);
    story
        .call(adyen(&at("reversals"), &plain))
        .await
        .expect(201);
    story
        .call(Ask::get(format!("/_standin/payments/{id}")))
        .await
        .expect(200);
    story.end("payments", "adyen");
}

#[tokio::test]
async fn checkout_com_from_authorization_to_refund() {
    let (mut story, id) = begin(Psp::Checkout).await;
    let at = |what: &str| format!("payments/{id}/{what}");
    story.note("More than is authorized, then less.");
    story
        .call(checkout(&at("captures"), &json!({ "amount": 2_501 })))
        .await
        .expect(422);
    let part = json!({ "amount": 2_000, "reference": "part" });
    story
        .call(checkout(&at("captures"), &part))
        .await
        .expect(202);
    story.note("Nothing is left to void; a part is refunded, then the rest.");
    story
        .call(checkout(&at("voids"), &json!({})))
        .await
        .expect(403);
    story
        .call(checkout(&at("refunds"), &json!({ "amount": 500 })))
        .await
        .expect(202);
    story
        .call(checkout(&at("reversals"), &json!({})))
        .await
        .expect(202);
    story
        .call(checkout(&at("refunds"), &json!({})))
        .await
        .expect(403);
    let read = |path: String| Ask::get(path).bearer(CHECKOUT_KEY);
    story
        .call(read(format!("/payments/{id}")))
        .await
        .expect(200);
    story
        .call(read(format!("/payments/{id}/actions")))
        .await
        .expect(200);
    story.end("payments", "checkout_com");
}

#[tokio::test]
async fn checkout_com_provisions_mints_and_deletes() {
    let mut story = Story::begin().await;
    let card = json!({ "source": { "type": "card", "number": VISA, "expiry_month": 12, "expiry_year": 2029, "cvv": "123" } });
    story.note("A token for a card, and the same again.");
    let made = story
        .call(checkout("network-tokens", &card))
        .await
        .expect(201);
    let again = story
        .call(checkout("network-tokens", &card))
        .await
        .expect(200);
    assert_eq!(made.body, again.body);
    let id = made.at("/network_token/id");
    story.note("A cryptogram, which pays.");
    let ask = checkout(
        &format!("network-tokens/{id}/cryptograms"),
        &json!({ "transaction_type": "ecom" }),
    );
    let minted = story.call(ask.clone()).await.expect(201);
    let source = json!({
        "type": "network_token", "token": made.at("/network_token/number"), "token_type": "vts",
        "expiry_month": 12, "expiry_year": 2029,
        "cryptogram": minted.at("/cryptogram"), "eci": minted.at("/eci"),
    });
    let pay = json!({ "source": source, "amount": 100, "currency": "GBP" });
    let paid = story
        .stand
        .send(checkout("payments", &pay))
        .await
        .expect(201);
    assert_eq!(paid.at("/approved"), "true");
    story.note("Deleted, it gives no cryptogram.");
    let delete = Ask::new("PATCH", format!("/network-tokens/{id}/delete")).bearer(CHECKOUT_KEY);
    let why = json!({ "initiated_by": "cardholder", "reason": "other" });
    story.call(delete.clone().json(&why)).await.expect(204);
    story.call(delete).await.expect(422);
    story.call(ask).await.expect(422);
    story
        .call(Ask::get(format!("/network-tokens/{id}")).bearer(CHECKOUT_KEY))
        .await
        .expect(200);
    story.note("The next one is another.");
    let next = story
        .stand
        .send(checkout("network-tokens", &card))
        .await
        .expect(201);
    assert_ne!(next.at("/network_token/id"), id);
    story.end("payments", "checkout_com_tokens");
}

#[tokio::test]
async fn checkout_com_takes_access_tokens_within_their_scope() {
    let shop = Shop::open().await;
    let connect = |client: &str, secret: &str, scope: &str| {
        Ask::post("/connect/token").form(&[
            ("grant_type", "client_credentials"),
            ("client_id", client),
            ("client_secret", secret),
            ("scope", scope),
        ])
    };
    let vault = shop
        .send(connect("ack_standin@there", "standin-secret", "vault"))
        .await
        .expect(200);
    let token = vault.at("/access_token");
    let card = json!({ "source": { "type": "card", "number": VISA, "expiry_month": 12, "expiry_year": 2029 } });
    let provision = Ask::post("/network-tokens").bearer(&token).json(&card);
    let made = shop.send(provision).await.expect(201);
    let id = made.at("/network_token/id");
    assert!(
        made.at("/_links/self/href")
            .contains("/~there/network-tokens/nt_")
    );
    let here = Ask::get(format!("/network-tokens/{id}")).bearer(CHECKOUT_KEY);
    shop.send(here.clone()).await.expect(404);
    shop.in_space("there").send(here).await.expect(200);
    shop.send(Ask::post("/payments").bearer(&token).json(&json!({})))
        .await
        .expect(403);
    let gateway = shop
        .send(connect("ack_standin", "standin-secret", "gateway"))
        .await
        .expect(200);
    // A client has to say for which channel it pays (https://github.com/checkout/checkout-sdk-python/issues/120).
    let mut body = card;
    body["currency"] = "USD".into();
    let pay = |body: &Value| {
        let ask = Ask::post("/payments").bearer(&gateway.at("/access_token"));
        shop.send(ask.json(body))
    };
    let refused = pay(&body).await.expect(422);
    assert_eq!(
        refused.at("/error_codes/0"),
        "processing_channel_id_required"
    );
    body["processing_channel_id"] = "pc_standin".into();
    pay(&body).await.expect(201);
    let bent = format!("{token}x");
    shop.send(Ask::get(format!("/network-tokens/{id}")).bearer(&bent))
        .await
        .expect(401);
    shop.in_space("there").advance("1h").await;
    shop.send(Ask::get(format!("/network-tokens/{id}")).bearer(&token))
        .await
        .expect(401);
    for (client, secret) in [("ack_standin", "wrong"), ("nobody", "standin-secret")] {
        let refused = shop
            .send(connect(client, secret, "vault"))
            .await
            .expect(400);
        assert_eq!(refused.at("/error"), "invalid_client", "{client:?}");
    }
}

#[tokio::test]
async fn a_bad_request_in_stripes_words() {
    let mut story = Story::begin().await;
    let good = [("amount", "100"), ("currency", "usd"), ("confirm", "true")];
    let number = "payment_method_data[card][number]";
    for members in [
        &[("currency", "usd")][..],
        &[("amount", "ten"), ("currency", "usd")],
        &[("amount", "100"), ("currency", "dollars")],
        &[good[0], good[1], ("confirmed", "true")],
        &[good[0], good[1], ("confirm", "yes")],
        &[good[0], good[1], good[2], ("payment_method", "pm_1")],
        &[
            good[0],
            good[1],
            good[2],
            ("payment_method_data[type]", "card"),
            (number, "4111"),
        ],
    ] {
        let answer = story.call(stripe("payment_intents", members)).await;
        assert!([400, 402, 404].contains(&answer.status), "{members:?}");
    }
    story
        .call(Ask::post("/v1/payment_intents").form(&[]))
        .await
        .expect(401);
    let read = |path: &str| Ask::get(path).bearer(STRIPE_KEY);
    story
        .call(read("/v1/payment_intents/pi_none"))
        .await
        .expect(404);
    story.call(read("/v1/nothing")).await.expect(404);
    story
        .call(Ask::post("/v1/refunds").bearer(STRIPE_KEY).json(&json!({})))
        .await
        .expect(400);
    story.end("payments", "stripe_bad_requests");
}

#[tokio::test]
async fn a_bad_request_in_adyens_words() {
    let mut story = Story::begin().await;
    let account = "StandinMerchant";
    let method =
        json!({ "type": "scheme", "number": VISA, "expiryMonth": "12", "expiryYear": "29" });
    let euro = json!({ "value": 1, "currency": "EUR" });
    for body in [
        json!({}),
        json!({ "merchantAccount": "OtherMerchant" }),
        json!({ "merchantAccount": account, "amount": { "value": -1, "currency": "EUR" } }),
        json!({ "merchantAccount": account, "amount": euro }),
        json!({ "merchantAccount": account, "amount": euro, "reference": "r", "paymentMethod": method }),
    ] {
        let answer = story.call(adyen("payments", &body)).await;
        assert!([403, 422].contains(&answer.status), "{body:?}");
    }
    story
        .call(Ask::post("/v72/payments").json(&json!({})))
        .await
        .expect(401);
    let keyed = || Ask::post("/v72/payments").header("x-api-key", ADYEN_KEY);
    story.call(keyed().body(JSON, "{")).await.expect(400);
    story.call(keyed().body(FORM, "a=b")).await.expect(415);
    let plain = json!({ "merchantAccount": account });
    story
        .call(adyen("payments/NOSUCHREFERENCE2/cancels", &plain))
        .await
        .expect(422);
    story.end("payments", "adyen_bad_requests");
}

#[tokio::test]
async fn a_bad_request_in_checkout_coms_words() {
    let mut story = Story::begin().await;
    let card = json!({ "type": "card", "number": VISA, "expiry_month": 1, "expiry_year": 2030 });
    let token = json!({
        "type": "network_token", "token": "1", "token_type": "x", "expiry_month": 13, "expiry_year": 30,
    });
    for body in [
        json!({}),
        json!({ "amount": "1", "currency": "usd", "source": { "type": "card" } }),
        json!({ "currency": "USD", "source": token }),
        json!({ "currency": "USD", "previous_payment_id": "pay_none", "source": card }),
    ] {
        story.call(checkout("payments", &body)).await.expect(422);
    }
    let keyed = || Ask::post("/payments").bearer(CHECKOUT_KEY);
    story.call(keyed().body(JSON, "[")).await.expect(422);
    story.call(keyed().body(FORM, "a=b")).await.expect(415);
    let stranger = Ask::post("/payments").bearer("sk_sbox_none");
    story.call(stranger.json(&json!({}))).await.expect(401);
    story
        .call(Ask::get("/payments/pay_none").bearer(CHECKOUT_KEY))
        .await
        .expect(404);
    story.end("payments", "checkout_com_bad_requests");
}
