//! An authorization that nobody captures ends by the clock of the space, after the time that its payment service grants.

use serde_json::json;

use super::psp::{Psp, Purchase};
use super::shop::{KEY, Shop, VISA};
use crate::client::{Answer, Ask};

/// How long a service holds what it has authorized.
const fn span(psp: Psp) -> &'static str {
    match psp {
        // Nothing firmer than the networks' seven days is public for Checkout.com and for what is our own.
        // https://docs.stripe.com/payments/place-a-hold-on-a-payment-method: seven days where the customer pays without a terminal.
        Psp::Own | Psp::Checkout | Psp::Stripe => "P7D",
        // https://www.adyen.help/hc/en-us/articles/4546089788060: 28 days, whatever the network.
        Psp::Adyen => "P28D",
    }
}

async fn capture(shop: &Shop, psp: Psp, id: &str) -> Answer {
    shop.send(match psp {
        Psp::Own => Ask::post(format!("/payments/{id}/captures"))
            .bearer(KEY)
            .json(&json!({})),
        Psp::Stripe => Ask::post(format!("/v1/payment_intents/{id}/capture"))
            .bearer("sk_test_standin")
            .form(&[]),
        Psp::Adyen => {
            let amount = json!({ "currency": "USD", "value": 2_500 });
            Ask::post(format!("/v72/payments/{id}/captures"))
                .header("x-api-key", "standin-adyen")
                .json(&json!({ "merchantAccount": "StandinMerchant", "amount": amount }))
        }
        Psp::Checkout => Ask::post(format!("/payments/{id}/captures"))
            .bearer("sk_sbox_standinstandinstandinstandi")
            .json(&json!({})),
    })
    .await
}

/// Where the payment stands, as the tester sees it.
async fn state(shop: &Shop, id: &str) -> String {
    let known = Ask::get(format!("/_standin/payments/{id}"));
    shop.send(known).await.expect(200).at("/state")
}

async fn held(shop: &Shop, psp: Psp) -> String {
    let token = shop.token(VISA).await;
    let cryptogram = shop.cryptogram(&token, "TAVV").await;
    let purchase = Purchase {
        later: true,
        ..Purchase::long(&token, &cryptogram)
    };
    shop.pay(psp, &purchase).await.id.unwrap()
}

#[tokio::test]
async fn what_nobody_captures_is_let_go() {
    let server = Shop::open().await;
    for psp in Psp::ALL {
        let shop = server.in_space(psp.name());
        let (in_time, late) = (held(&shop, psp).await, held(&shop, psp).await);
        shop.advance(span(psp)).await;
        assert_eq!(state(&shop, &late).await, "expired", "{psp:?}");
        let refused = capture(&shop, psp, &late).await;
        // Adyen takes note of every capture, and says how it went in a notice.
        let want = if psp == Psp::Adyen { 201 } else { 0 };
        if want != 0 {
            refused.expect(want);
        } else {
            assert!(
                (400..500).contains(&refused.status),
                "{psp:?} {}",
                refused.status
            );
        }
        assert_eq!(state(&shop, &late).await, "expired", "{psp:?}");
        assert_eq!(state(&shop, &in_time).await, "expired", "{psp:?}");
    }
    for psp in Psp::ALL {
        let shop = server.in_space(&format!("in-time-{}", psp.name()));
        let id = held(&shop, psp).await;
        shop.advance(if psp == Psp::Adyen {
            "P27DT23H59M59S"
        } else {
            "P6DT23H59M59S"
        })
        .await;
        let captured = capture(&shop, psp, &id).await;
        assert!(captured.status < 300, "{psp:?}");
        shop.advance("P1D").await;
        assert_eq!(state(&shop, &id).await, "captured", "{psp:?}");
    }
}

/// https://docs.stripe.com/api/payment_intents/object: `automatic` is one of Stripe's own reasons, and the charge says by when
/// it has to be captured.
#[tokio::test]
async fn stripe_cancels_the_intent_by_itself() {
    let shop = Shop::open().await;
    let id = held(&shop, Psp::Stripe).await;
    let path = format!("/v1/payment_intents/{id}?expand[]=latest_charge");
    let read = || shop.send(Ask::get(path.clone()).bearer("sk_test_standin"));
    let waiting = read().await.expect(200);
    let card = "/latest_charge/payment_method_details/card";
    let begun: i64 = waiting.at("/created").parse().unwrap();
    let before: i64 = waiting
        .at(&format!("{card}/capture_before"))
        .parse()
        .unwrap();
    assert_eq!(before - begun, 7 * 86_400);
    shop.advance("P8D").await;
    let over = read().await.expect(200);
    let said = [
        "/status",
        "/cancellation_reason",
        "/amount_capturable",
        "/canceled_at",
    ];
    let said = said.map(|name| over.at(name));
    let at = before.to_string();
    assert_eq!(said, ["canceled", "automatic", "0", at.as_str()]);
    let refused = capture(&shop, Psp::Stripe, &id).await.expect(400);
    assert_eq!(refused.at("/error/code"), "payment_intent_unexpected_state");
}

/// The same guide: an authorization that the merchant starts lasts four days and eighteen hours with Visa.
#[tokio::test]
async fn a_hold_of_the_merchants_is_shorter_with_visa() {
    let shop = Shop::open().await;
    let token = shop.token(VISA).await;
    let cryptogram = shop.cryptogram(&token, "TAVV").await;
    let first = shop
        .pay(Psp::Stripe, &Purchase::long(&token, &cryptogram))
        .await;
    let again = Purchase {
        later: true,
        ..Purchase::merchant(&token, first.nti.as_deref(), None)
    };
    let id = shop.pay(Psp::Stripe, &again).await.id.unwrap();
    shop.advance("P4DT17H").await;
    assert_eq!(state(&shop, &id).await, "authorized");
    shop.advance("PT1H").await;
    assert_eq!(state(&shop, &id).await, "expired");
}

/// What has been captured in part stays captured, and the rest is let go.
#[tokio::test]
async fn the_rest_of_a_part_that_was_captured_is_let_go() {
    let shop = Shop::open().await;
    let id = held(&shop, Psp::Own).await;
    let part = json!({ "amount": 500, "currency": "USD", "last": false });
    let ask = Ask::post(format!("/payments/{id}/captures")).bearer(KEY);
    shop.send(ask.json(&part)).await.expect(200);
    assert_eq!(state(&shop, &id).await, "partially_captured");
    shop.advance("P7D").await;
    assert_eq!(state(&shop, &id).await, "captured");
    let ask = Ask::post(format!("/payments/{id}/captures")).bearer(KEY);
    let refused = shop.send(ask.json(&part)).await;
    assert!(refused.status >= 400);
    let refund = Ask::post(format!("/payments/{id}/refunds")).bearer(KEY);
    let refunded = shop.send(refund.json(&json!({}))).await;
    assert_eq!(refunded.expect(200).at("/refunded"), "500");
}

/// https://docs.adyen.com/api-explorer/Checkout/72/post/payments, `captureDelayHours`: the payment is captured by itself so many
/// hours after its authorization, unless captures are made by hand.
#[tokio::test]
async fn adyen_captures_by_itself_after_the_delay_that_was_asked_for() {
    let shop = Shop::open().await;
    for (hours, by_hand, before, after) in [
        (0, false, "captured", "captured"),
        (24, false, "authorized", "captured"),
        (24, true, "authorized", "authorized"),
    ] {
        let body = json!({
            "merchantAccount": "StandinMerchant", "reference": "o-1", "captureDelayHours": hours,
            "amount": { "value": 1_000, "currency": "EUR" },
            "additionalData": { "manualCapture": by_hand.to_string() },
            "paymentMethod": {
                "type": "scheme", "number": VISA, "expiryMonth": "12", "expiryYear": "2029", "cvc": "123",
            },
        });
        let ask = Ask::post("/v72/payments").header("x-api-key", "standin-adyen");
        let paid = shop.send(ask.json(&body)).await.expect(200);
        let id = paid.at("/pspReference");
        shop.advance("PT23H59M59S").await;
        assert_eq!(state(&shop, &id).await, before, "{hours} {by_hand}");
        shop.advance("PT1S").await;
        assert_eq!(state(&shop, &id).await, after, "{hours} {by_hand}");
    }
}

/// A day is what the VGS toolkit grants a cryptogram; a short one has no firmer source.
#[tokio::test]
async fn cryptograms_end_by_the_clock() {
    for (span, approved) in [("PT24H", true), ("PT24H0.000001S", false)] {
        let shop = Shop::open().await;
        let token = shop.token(VISA).await;
        let long = shop.cryptogram(&token, "TAVV").await;
        let short = shop.cryptogram(&token, "DTVV").await;
        shop.advance(span).await;
        for purchase in [
            Purchase::long(&token, &long),
            Purchase::short(&token, &short),
        ] {
            let said = shop.pay(Psp::Own, &purchase).await;
            assert_eq!(said.approved, approved, "{span} {}", said.line);
            assert!(
                approved || said.line.ends_with("cryptogram_expired"),
                "{}",
                said.line
            );
        }
    }
}

/// At the end of the calendar time stands still, and nothing begins again in 1970.
#[tokio::test]
async fn the_end_of_the_calendar_is_no_beginning() {
    let shop = Shop::open().await;
    let id = held(&shop, Psp::Own).await;
    shop.advance("P3000000D").await;
    shop.advance("P3000000D").await;
    let clock = shop.send(Ask::get("/_standin/clock")).await.expect(200);
    assert_eq!(clock.at("/now"), "9999-12-31T23:59:59.999999Z");
    assert_eq!(state(&shop, &id).await, "expired");
    let body = json!({
        "amount": 100, "currency": "USD", "capture": "later",
        "card": { "number": VISA, "exp_month": 12, "exp_year": 2099, "security_code": "123" },
    });
    let late = shop
        .send(Ask::post("/payments").bearer(KEY).json(&body))
        .await;
    let late = late.expect(201);
    assert_eq!(late.at("/reason"), "expired");
    assert_eq!(late.at("/created_at"), "9999-12-31T23:59:59.999999Z");
    let back = json!({ "set": "2026-01-01T00:00:00Z", "force": true });
    let clock = shop.send(Ask::post("/_standin/clock").json(&back)).await;
    assert_eq!(clock.expect(200).at("/now"), "2026-01-01T00:00:00.000000Z");
}
