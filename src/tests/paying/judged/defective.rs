//! A small client for each defect. The match has no wildcard, so that a new defect has a client that commits it.

use serde_json::{Value, json};
use standin::judge::Defect;

use super::{MASTERCARD, Scene, VISA, card};
use crate::client::Ask;
use crate::paying::shop::{KEY, Token};

/// A card that no token is made of here.
const PLAIN: &str = "4242424242424242";
/// Reported lost.
const LOST: &str = "4000000000009987";

fn by_card(number: &str) -> Value {
    json!({ "amount": 2_500, "currency": "USD", "card": card(number) })
}

fn by_token(token: &Token, cryptogram: Option<&str>) -> Value {
    json!({ "amount": 2_500, "currency": "USD", "network_token": token.presented(cryptogram) })
}

fn by_merchant(order: Value, reference: Option<&Value>) -> Value {
    let mut order = order;
    order["initiator"] = "merchant".into();
    if let Some(first) = reference {
        for member in ["network_transaction_id", "transaction_link_id"] {
            if !first[member].is_null() {
                order[member] = first[member].clone();
            }
        }
    }
    order
}

/// Does what the defect says, and nothing else that is wrong.
pub(super) async fn commit(defect: Defect, scene: &Scene) {
    match defect {
        Defect::SignatureRepeated | Defect::CredentialRepeated => refused(defect, scene).await,
        Defect::KeyOtherBody
        | Defect::KeyOtherRequest
        | Defect::RetriedWithNewKey
        | Defect::RetriedWithoutKey => keyed(defect, scene).await,
        Defect::CryptogramReused
        | Defect::CryptogramTooOld
        | Defect::CryptogramMixedUp
        | Defect::CryptogramMissing
        | Defect::CryptogramForLess
        | Defect::WrongIndicator => proved(defect, scene).await,
        Defect::CryptogramKept
        | Defect::SecurityCodeKept
        | Defect::SeriesWithoutReference
        | Defect::SeriesWithWrongReference
        | Defect::LinkIdMissing => later(defect, scene).await,
        Defect::FinalDeclineRetried => {
            for amount in [100, 200] {
                let mut order = by_card(LOST);
                order["amount"] = amount.into();
                scene.pay(None, &order).await.expect(201);
            }
        }
        Defect::CardNumberForToken => {
            scene.shop.token(VISA).await;
            scene.pay(None, &by_card(VISA)).await.expect(201);
        }
        Defect::TokenUsedAfterDeletion => used_after(scene, "delete").await,
        Defect::TokenUsedWhileSuspended => used_after(scene, "suspend").await,
        Defect::OldExpiryKept => used_after(scene, "update_expiry").await,
        Defect::RetryAfterIgnored
        | Defect::RefusedUnchanged
        | Defect::CardNumberInUrl
        | Defect::CardNumberInText => asked(defect, scene).await,
        Defect::BadSignatureAccepted => {
            told_with(
                scene,
                "webhook_bad_signature other_secret on event=suspended",
            )
            .await;
        }
        Defect::StaleMessageAccepted => {
            told_with(scene, "webhook_stale_timestamp 1h on event=suspended").await;
        }
        Defect::DuplicateRefused => {
            let mut seen = 0;
            scene.receiver.behave(move |_, body| {
                seen += usize::from(String::from_utf8_lossy(body).contains("suspended"));
                (if seen > 1 { 409 } else { 200 }, None)
            });
            told_with(scene, "webhook_duplicate 1 on event=suspended").await;
        }
        Defect::ReceiverRedirects => {
            scene.receiver.behave(|_, _| (302, None));
            scene.shop.token(VISA).await;
            scene.told().await;
        }
    }
}

async fn refused(defect: Defect, scene: &Scene) {
    let ask = if defect == Defect::SignatureRepeated {
        let token = format!("xv2:1700000000:{}", "0".repeat(64));
        Ask::post("/vts/provisionedTokens?apiKey=nobody")
            .header("x-pay-token", token)
            .json(&json!({}))
    } else {
        let order = by_card(PLAIN);
        Ask::post("/payments").bearer("wrong_key").json(&order)
    };
    for _ in 0..2 {
        scene.shop.send(ask.clone()).await.expect(401);
    }
}

async fn keyed(defect: Defect, scene: &Scene) {
    let order = by_card(PLAIN);
    let lost = "lost_after_commit gateway_timeout on operation=authorize when first=1";
    if defect == Defect::KeyOtherBody {
        scene.pay(Some("order-1"), &order).await.expect(201);
        let mut other = order.clone();
        other["amount"] = 2_600.into();
        scene.pay(Some("order-1"), &other).await;
    } else if defect == Defect::KeyOtherRequest {
        let paid = scene.pay(Some("order-1"), &order).await.expect(201);
        let path = format!("/payments/{}/refunds", paid.at("/id"));
        let ask = Ask::post(path).bearer(KEY);
        let ask = ask.header("idempotency-key", "order-1");
        let amount = json!({ "amount": 100, "currency": "USD" });
        scene.shop.send(ask.json(&amount)).await;
    } else if defect == Defect::RetriedWithNewKey {
        scene.arm(lost).await;
        assert_eq!(scene.pay(Some("try-1"), &order).await.status, 504);
        scene.pay(Some("try-2"), &order).await.expect(201);
    } else {
        assert_eq!(defect, Defect::RetriedWithoutKey);
        scene.arm(lost).await;
        assert_eq!(scene.pay(None, &order).await.status, 504);
        scene.pay(None, &order).await.expect(201);
    }
}

async fn proved(defect: Defect, scene: &Scene) {
    let shop = &scene.shop;
    let token = shop.token(VISA).await;
    let cryptogram = shop.cryptogram(&token, "TAVV").await;
    let mut order = by_token(&token, Some(&cryptogram));
    if defect == Defect::CryptogramReused {
        scene.pay(None, &order).await.expect(201);
    } else if defect == Defect::CryptogramTooOld {
        shop.advance("P2D").await;
    } else if defect == Defect::CryptogramMixedUp {
        let other = shop.token(MASTERCARD).await;
        order = by_token(&other, Some(&cryptogram));
    } else if defect == Defect::CryptogramMissing {
        order = by_token(&token, None);
    } else if defect == Defect::CryptogramForLess {
        let wanted = json!({ "cryptogram_type": "TAVV", "amount": 10.0, "currency_code": "USD" });
        let small = shop.cryptogram_with(&token, &wanted).await;
        order = by_token(&token, Some(&small));
    } else {
        assert_eq!(defect, Defect::WrongIndicator);
        order["network_token"]["eci"] = "02".into();
    }
    scene.pay(None, &order).await.expect(201);
}

async fn later(defect: Defect, scene: &Scene) {
    let shop = &scene.shop;
    if defect == Defect::SecurityCodeKept {
        let first = scene.pay(None, &by_card(PLAIN)).await.expect(201).json();
        let mut order = by_merchant(by_card(PLAIN), Some(&first));
        order["card"]["security_code"] = "123".into();
        scene.pay(None, &order).await.expect(201);
        return;
    }
    let pan = if defect == Defect::LinkIdMissing {
        MASTERCARD
    } else {
        VISA
    };
    let token = shop.token(pan).await;
    let cryptogram = shop.cryptogram(&token, "TAVV").await;
    let first = scene.pay(None, &by_token(&token, Some(&cryptogram))).await;
    let mut first = first.expect(201).json();
    let bare = by_token(&token, None);
    let order = if defect == Defect::CryptogramKept {
        let fresh = shop.cryptogram(&token, "TAVV").await;
        by_merchant(by_token(&token, Some(&fresh)), Some(&first))
    } else if defect == Defect::SeriesWithoutReference {
        by_merchant(bare, None)
    } else if defect == Defect::SeriesWithWrongReference {
        first["network_transaction_id"] = "123456789012345".into();
        by_merchant(bare, Some(&first))
    } else {
        assert_eq!(defect, Defect::LinkIdMissing);
        first["transaction_link_id"] = Value::Null;
        by_merchant(bare, Some(&first))
    };
    scene.pay(None, &order).await.expect(201);
}

/// Pays with a token as if nothing had been told.
async fn used_after(scene: &Scene, event: &str) {
    let token = scene.shop.token(VISA).await;
    let cryptogram = scene.shop.cryptogram(&token, "TAVV").await;
    scene.shop.event(&token, event).await;
    scene.told().await;
    assert!(scene.receiver.arrived().len() > 1);
    scene
        .pay(None, &by_token(&token, Some(&cryptogram)))
        .await
        .expect(201);
}

async fn asked(defect: Defect, scene: &Scene) {
    if defect == Defect::RetryAfterIgnored {
        scene
            .arm("status 429 retry_after=60s on operation=authorize when first=1")
            .await;
        let order = by_card(PLAIN);
        scene.pay(None, &order).await.expect(429);
        scene.pay(None, &order).await.expect(201);
    } else if defect == Defect::RefusedUnchanged {
        let mut order = by_card(PLAIN);
        order["amount"] = "much".into();
        for _ in 0..2 {
            assert!(scene.pay(None, &order).await.status >= 400);
        }
    } else if defect == Defect::CardNumberInUrl {
        let ask = Ask::get(format!("/payments/1?card_number={PLAIN}"));
        scene.shop.send(ask.bearer(KEY)).await.expect(404);
    } else {
        assert_eq!(defect, Defect::CardNumberInText);
        let mut order = by_card(PLAIN);
        order["reference"] = format!("order of {PLAIN}").into();
        scene.pay(None, &order).await.expect(201);
    }
}

/// Has a suspension told under a fault rule, to a receiver that takes everything unless it was told otherwise.
async fn told_with(scene: &Scene, rule: &str) {
    scene.arm(rule).await;
    let token = scene.shop.token(VISA).await;
    scene.shop.event(&token, "suspend").await;
    scene.told().await;
}
