//! Stripe's charges as they were made before there were payment intents, the tokens that they are made from, and what comes of
//! the money: what is let go of, what arrives on the balance, and what Stripe's own test cards bring about beside the answer.

use serde_json::{Value, json};

use super::shop::{Shop, VISA};
use super::stripe_parameters::{Members, bought, card, get, members, post};
use crate::client::Answer;

pub(super) async fn send(shop: &Shop, path: &str, form: &Members<'_>) -> Answer {
    shop.send(post(path, form)).await
}

pub(super) async fn charged(shop: &Shop, more: &[(&str, &str)]) -> Answer {
    send(shop, "charges", &bought(more)).await
}

/// An intent that was paid with one of Stripe's test methods, and its charge.
async fn charge_of(shop: &Shop, method: &str, more: &[(&str, &str)]) -> Value {
    let mut form = bought(&[
        ("confirm", "true"),
        ("payment_method", method),
        ("expand[]", "latest_charge"),
    ]);
    form.extend(members(more));
    send(shop, "payment_intents", &form)
        .await
        .expect(200)
        .json()["latest_charge"]
        .clone()
}

/// https://docs.stripe.com/api/charges/create and docs.stripe.com/testing, tokens.
#[tokio::test]
async fn a_charge_is_made_from_a_token() {
    let shop = Shop::open().await;
    let charge = charged(&shop, &[("source", "tok_visa"), ("metadata[a]", "1")])
        .await
        .expect(200);
    assert_eq!(charge.at("/status"), "succeeded");
    assert_eq!(charge.at("/payment_intent"), "null");
    assert_eq!(
        (charge.at("/source/object"), charge.at("/source/last4")),
        ("card".to_owned(), "4242".to_owned())
    );
    let id = charge.at("/id");
    let read = shop.send(get(&format!("charges/{id}"))).await.expect(200);
    assert_eq!(read.json(), charge.json());
    let intents = shop.send(get("payment_intents")).await.expect(200).json();
    assert_eq!(intents["data"], json!([]), "nobody made an intent");
    for (token, code, decline) in [
        ("tok_chargeDeclined", "card_declined", "generic_decline"),
        (
            "tok_visa_chargeDeclinedInsufficientFunds",
            "card_declined",
            "insufficient_funds",
        ),
        (
            "tok_chargeDeclinedIncorrectCvc",
            "incorrect_cvc",
            "incorrect_cvc",
        ),
    ] {
        let declined = charged(&shop, &[("source", token)]).await.expect(402);
        assert_eq!(declined.at("/error/code"), code);
        assert_eq!(declined.at("/error/decline_code"), decline);
        assert!(declined.at("/error/charge").starts_with("ch_"));
        assert!(declined.json()["error"]["payment_intent"].is_null());
    }
    for (wrong, name) in [
        (vec![("source", "tok_nobody")], "source"),
        (vec![], "source"),
    ] {
        let refused = charged(&shop, &wrong).await;
        assert_eq!(refused.at("/error/param"), name);
    }
    // Held, captured in part, and given back.
    let held = charged(&shop, &[("source", "tok_mastercard"), ("capture", "false")])
        .await
        .expect(200);
    assert_eq!(held.at("/captured"), "false");
    let path = format!("charges/{}", held.at("/id"));
    let captured = send(
        &shop,
        &format!("{path}/capture"),
        &members(&[("amount", "700")]),
    )
    .await
    .expect(200);
    let money = [
        "/amount",
        "/amount_captured",
        "/amount_refunded",
        "/refunded",
    ];
    assert_eq!(
        money.map(|place| captured.at(place)),
        ["1000", "700", "300", "false"]
    );
    let again = send(&shop, &format!("{path}/capture"), &members(&[]))
        .await
        .expect(400);
    assert_eq!(again.at("/error/code"), "charge_already_captured");
    send(
        &shop,
        "refunds",
        &members(&[("charge", held.at("/id").as_str())]),
    )
    .await
    .expect(200);
    let refunds = shop.send(get(&format!("{path}/refunds"))).await.expect(200);
    assert_eq!(refunds.at("/data/0/amount"), "700");
    let read = shop.send(get(&path)).await.expect(200);
    assert_eq!(
        money.map(|place| read.at(place)),
        ["1000", "700", "1000", "true"]
    );
}

/// https://docs.stripe.com/api/customers/create, `source`: what a customer is charged with if nothing else is named.
#[tokio::test]
async fn a_customer_is_charged_with_its_source() {
    let shop = Shop::open().await;
    let made = send(&shop, "customers", &members(&[("source", "tok_visa")]))
        .await
        .expect(200);
    let customer = made.at("/id");
    assert!(made.at("/default_source").starts_with("pm_"));
    let named = [("customer", customer.as_str())];
    let charge = charged(&shop, &named).await.expect(200);
    assert_eq!(
        (charge.at("/customer"), charge.at("/source/last4")),
        (customer.clone(), "4242".to_owned())
    );
    let path = format!("customers/{customer}");
    let other = members(&[("source", "tok_mastercard"), ("expand[]", "default_source")]);
    let changed = send(&shop, &path, &other).await.expect(200);
    assert_eq!(changed.at("/default_source/card/brand"), "mastercard");
    let charge = charged(&shop, &named).await.expect(200);
    assert_eq!(charge.at("/source/last4"), "4444");
    let declined = members(&[("source", "tok_chargeDeclined")]);
    send(&shop, "customers", &declined).await.expect(402);
    let bare = send(&shop, "customers", &members(&[]))
        .await
        .expect(200)
        .at("/id");
    let refused = charged(&shop, &[("customer", bare.as_str())])
        .await
        .expect(400);
    assert_eq!(
        refused.at("/error/message"),
        "Cannot charge a customer that has no active card"
    );
    send(&shop, "customers", &members(&[("source", "tok_nobody")]))
        .await
        .expect(404);
}

/// https://docs.stripe.com/payments/place-a-hold-on-a-payment-method: the rest of what was held is let go of.
#[tokio::test]
async fn what_is_not_captured_is_let_go_of() {
    let shop = Shop::open().await;
    let manual = [("capture_method", "manual")];
    let money = |intent: &Answer| {
        [
            "/amount_capturable",
            "/amount_received",
            "/latest_charge/amount_captured",
            "/latest_charge/amount_refunded",
            "/latest_charge/refunded",
        ]
        .map(|place| intent.at(place))
    };
    let held = |more: &'static str| {
        let shop = shop.clone();
        async move {
            let mut form = bought(&[("confirm", "true")]);
            form.extend(card(VISA, &manual));
            let id = send(&shop, "payment_intents", &form)
                .await
                .expect(200)
                .at("/id");
            (format!("payment_intents/{id}/{more}"), id)
        }
    };
    let expand = ("expand[]", "latest_charge");
    let (capture, _) = held("capture").await;
    let part = send(
        &shop,
        &capture,
        &members(&[("amount_to_capture", "700"), expand]),
    )
    .await;
    assert_eq!(
        money(&part.expect(200)),
        ["0", "700", "700", "300", "false"]
    );
    let (capture, _) = held("capture").await;
    let first = members(&[
        ("amount_to_capture", "700"),
        ("final_capture", "false"),
        expand,
    ]);
    let part = send(&shop, &capture, &first).await.expect(200);
    assert_eq!(money(&part), ["300", "700", "700", "0", "false"]);
    let (cancel, _) = held("cancel").await;
    let cancelled = send(&shop, &cancel, &members(&[expand])).await.expect(200);
    assert_eq!(money(&cancelled), ["0", "0", "0", "1000", "true"]);
    assert_eq!(cancelled.at("/latest_charge/captured"), "false");
    let (capture, _) = held("capture").await;
    let more = send(&shop, &capture, &members(&[("amount_to_capture", "1001")]))
        .await
        .expect(400);
    assert_eq!(more.at("/error/code"), "amount_too_large");
    assert_eq!(more.at("/error/param"), "amount_to_capture");
}

/// https://docs.stripe.com/api/balance_transactions; stripe.com/pricing: 2.9 percent and thirty cents; docs.stripe.com/testing,
/// available balance.
#[tokio::test]
async fn money_arrives_on_the_balance() {
    let shop = Shop::open().await;
    let charge = charge_of(&shop, "pm_card_visa", &[]).await;
    let path = format!(
        "balance_transactions/{}",
        charge["balance_transaction"].as_str().unwrap()
    );
    let first = shop.send(get(&path)).await.expect(200);
    let places = ["/amount", "/fee", "/net", "/type", "/status", "/source"];
    let id = charge["id"].as_str().unwrap();
    assert_eq!(
        places.map(|place| first.at(place)),
        ["1000", "59", "941", "charge", "pending", id]
    );
    shop.advance("P2D").await;
    assert_eq!(shop.send(get(&path)).await.at("/status"), "available");
    let at_once = charge_of(&shop, "pm_card_bypassPending", &[]).await;
    let path = format!(
        "balance_transactions/{}",
        at_once["balance_transaction"].as_str().unwrap()
    );
    assert_eq!(shop.send(get(&path)).await.at("/status"), "available");
    let held = charge_of(&shop, "pm_card_visa", &[("capture_method", "manual")]).await;
    assert_eq!(held["balance_transaction"], Value::Null);
    send(&shop, "refunds", &members(&[("charge", id)]))
        .await
        .expect(200);
    let all = shop
        .send(get("balance_transactions"))
        .await
        .expect(200)
        .json();
    let rows = all["data"].as_array().unwrap().iter();
    let amounts: Vec<_> = rows.map(|row| row["amount"].as_i64().unwrap()).collect();
    assert_eq!(amounts, [-1000, 1000, 1000]);
    shop.send(get("balance_transactions/txn_none"))
        .await
        .expect(404);
}

/// docs.stripe.com/testing: payments by country, fraud prevention, disputes, refunds.
#[tokio::test]
async fn a_test_card_shows_what_its_page_says() {
    let shop = Shop::open().await;
    let billed = [
        (
            "payment_method_data[billing_details][address][line1]",
            "1 Street",
        ),
        (
            "payment_method_data[billing_details][address][postal_code]",
            "12345",
        ),
    ];
    let details = "/payment_method_details/card";
    let checks = format!("{details}/checks");
    for (method, place, want) in [
        ("pm_card_visa", format!("{details}/country"), "US"),
        ("pm_card_de", format!("{details}/country"), "DE"),
        ("pm_card_gb_debit", format!("{details}/funding"), "debit"),
        (
            "pm_card_mastercard_prepaid",
            format!("{details}/funding"),
            "prepaid",
        ),
        ("pm_card_visa", format!("{checks}/cvc_check"), "pass"),
        (
            "pm_card_visa",
            format!("{checks}/address_line1_check"),
            "pass",
        ),
        (
            "pm_card_cvcCheckFail",
            format!("{checks}/cvc_check"),
            "fail",
        ),
        (
            "pm_card_avsZipFail",
            format!("{checks}/address_postal_code_check"),
            "fail",
        ),
        (
            "pm_card_avsLine1Fail",
            format!("{checks}/address_line1_check"),
            "fail",
        ),
        (
            "pm_card_avsUnchecked",
            format!("{checks}/address_postal_code_check"),
            "unavailable",
        ),
        (
            "pm_card_riskLevelElevated",
            "/outcome/risk_level".to_owned(),
            "elevated",
        ),
        ("pm_card_visa", "/outcome/risk_level".to_owned(), "normal"),
        ("pm_card_createDispute", "/disputed".to_owned(), "true"),
        ("pm_card_visa", "/disputed".to_owned(), "false"),
    ] {
        let charge = charge_of(&shop, method, &billed).await;
        let shown = charge.pointer(&place).cloned().unwrap_or_default();
        let shown = shown
            .as_str()
            .map_or_else(|| shown.to_string(), str::to_owned);
        assert_eq!(shown, want, "{method} {place}");
    }
    let mut form = bought(&[("confirm", "true")]);
    form.extend(members(&[("payment_method", "pm_card_riskLevelHighest")]));
    let blocked = send(&shop, "payment_intents", &form).await.expect(402);
    assert_eq!(blocked.at("/error/decline_code"), "fraudulent");
    let disputes = shop.send(get("disputes")).await.expect(200);
    assert_eq!(disputes.at("/data/0/reason"), "fraudulent");
    assert_eq!(disputes.at("/data/0/status"), "needs_response");
    for (method, first, then) in [
        ("pm_card_visa", "succeeded", "succeeded"),
        ("pm_card_pendingRefund", "pending", "succeeded"),
        ("pm_card_refundFail", "succeeded", "failed"),
    ] {
        let charge = charge_of(&shop, method, &[]).await;
        let refund = members(&[("charge", charge["id"].as_str().unwrap())]);
        let refund = send(&shop, "refunds", &refund).await.expect(200);
        assert_eq!(refund.at("/status"), first, "{method}");
        shop.advance("PT2M").await;
        let later = shop
            .send(get(&format!("refunds/{}", refund.at("/id"))))
            .await;
        assert_eq!(later.expect(200).at("/status"), then, "{method}");
    }
}

/// A token shows where its card was issued and whose money it spends, though nobody sees the card's number.
#[tokio::test]
async fn a_token_shows_the_issuer_of_its_card() {
    let shop = Shop::open().await;
    for (pan, want) in [
        (VISA, ["US", "credit"]),
        ("4000002760000016", ["DE", "credit"]),
        ("4000058260000005", ["GB", "debit"]),
    ] {
        let token = shop.token(pan).await;
        let cryptogram = shop.cryptogram(&token, "TAVV").await;
        let (month, year) = (token.month.to_string(), token.year.to_string());
        let form = bought(&[
            ("confirm", "true"),
            ("payment_method_data[type]", "card"),
            (
                "payment_method_data[card][network_token][number]",
                &token.number,
            ),
            (
                "payment_method_data[card][network_token][exp_month]",
                &month,
            ),
            ("payment_method_data[card][network_token][exp_year]", &year),
            (
                "payment_method_options[card][network_token][cryptogram]",
                &cryptogram,
            ),
            ("expand[]", "latest_charge"),
            ("expand[]", "payment_method"),
        ]);
        let paid = send(&shop, "payment_intents", &form).await.expect(200);
        for card in [
            "/latest_charge/payment_method_details/card",
            "/payment_method/card",
        ] {
            let shown = ["country", "funding"].map(|name| paid.at(&format!("{card}/{name}")));
            assert_eq!(shown, want, "{pan} {card}");
        }
    }
}
