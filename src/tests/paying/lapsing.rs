//! An authorization that nobody captures ends by the clock of the space, after the time that its payment service grants.

use serde_json::json;

use super::psp::{Psp, Purchase};
use super::shop::{KEY, Shop, VISA};
use crate::client::{Answer, Ask};

/// The service, how long it waits, and how long that is less a second.
const ROWS: [(Psp, &str); 4] = [
    // Nothing firmer than the networks' seven days is public for Checkout.com and for what is our own.
    (Psp::Own, "P7D"),
    (Psp::Checkout, "P7D"),
    // https://docs.stripe.com/payments/place-a-hold-on-a-payment-method: seven days where the customer pays without a terminal.
    (Psp::Stripe, "P7D"),
    // https://www.adyen.help/hc/en-us/articles/4546089788060: 28 days, whatever the network.
    (Psp::Adyen, "P28D"),
];

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
    for (psp, span) in ROWS {
        let shop = server.in_space(psp.name());
        let (in_time, late) = (held(&shop, psp).await, held(&shop, psp).await);
        shop.advance(span).await;
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
    for (psp, _) in ROWS {
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
