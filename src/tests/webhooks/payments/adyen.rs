//! Adyen's standard notifications.

use serde_json::{Value, json};
use standin::crypto::encoding::{base64, from_hex};
use standin::crypto::mac::{HmacKey, hmac_sha256};
use standin::domain::webhook::Profile;

use super::{IS_DECLINED, PAYS, scene, told};
use crate::client::{Answer, Ask, Stand};

const ADYEN: &str = "standin-adyen";

async fn adyen(stand: &Stand, path: &str, body: &Value) -> Answer {
    let ask = Ask::post(format!("/v72{path}")).header("x-api-key", ADYEN);
    stand.send(ask.json(body)).await
}

async fn at_adyen(stand: &Stand, number: &str, manual: bool) -> String {
    let body = json!({
        "merchantAccount": "StandinMerchant",
        "amount": { "currency": "EUR", "value": 1000 },
        "reference": "order-1",
        "returnUrl": "https://localhost/",
        "additionalData": { "manualCapture": manual.to_string() },
        "metadata": { "order": "77", "a/b": "c" },
        "paymentMethod": {
            "type": "scheme", "number": number, "expiryMonth": "12", "expiryYear": "2034", "cvc": "123",
        },
    });
    adyen(stand, "/payments", &body)
        .await
        .expect(200)
        .at("/pspReference")
}

pub(super) fn item(told: &Value) -> &Value {
    &told["notificationItems"][0]["NotificationRequestItem"]
}

/// Over the members and in the order of Adyen's page on the verification of HMAC signatures.
fn is_signed(item: &Value, secret: &str) -> bool {
    let text = |pointer: &str| {
        let value = item.pointer(pointer).cloned().unwrap_or_default();
        value
            .as_str()
            .map_or_else(|| value.to_string().replace("null", ""), str::to_owned)
    };
    let over = [
        "/pspReference",
        "/originalReference",
        "/merchantAccountCode",
        "/merchantReference",
        "/amount/value",
        "/amount/currency",
        "/eventCode",
        "/success",
    ];
    let over = over.map(text).join(":");
    let key = from_hex(secret).unwrap();
    let want = base64(&hmac_sha256(&HmacKey::new(&key), &[over.as_bytes()]));
    item["additionalData"]["hmacSignature"] == want
}

/// A modification of so much.
fn amount(value: u32, reference: &str) -> Value {
    json!({
        "merchantAccount": "StandinMerchant", "reference": reference,
        "amount": { "currency": "EUR", "value": value },
    })
}

/// Original reference, event, success and reference of each.
fn summaries(told: &[Value]) -> Vec<(String, String, String, String)> {
    let row = |item: &Value| {
        let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
        (
            text("originalReference"),
            text("eventCode"),
            text("success"),
            text("merchantReference"),
        )
    };
    told.iter().map(item).map(row).collect()
}

/// Adyen answers "received" to every modification; how it went is told afterwards, also of what is not possible.
#[tokio::test]
async fn adyen_tells_how_each_modification_went() {
    let (stand, receiver, secret) = scene(Profile::Adyen).await;
    let paid = at_adyen(&stand, PAYS, false).await;
    at_adyen(&stand, IS_DECLINED, false).await;
    let held = at_adyen(&stand, PAYS, true).await;
    let captures = format!("/payments/{held}/captures");
    let capture = adyen(&stand, &captures, &amount(700, "c-1"))
        .await
        .expect(201);
    let again = adyen(&stand, &captures, &amount(700, "c-2"))
        .await
        .expect(201);
    let refunds = format!("/payments/{held}/refunds");
    adyen(&stand, &refunds, &amount(200, "r-1"))
        .await
        .expect(201);
    let given_up = at_adyen(&stand, PAYS, true).await;
    let bare = json!({ "merchantAccount": "StandinMerchant" });
    adyen(&stand, &format!("/payments/{given_up}/cancels"), &bare)
        .await
        .expect(201);
    let reversed = at_adyen(&stand, PAYS, true).await;
    adyen(&stand, &format!("/payments/{reversed}/reversals"), &bare)
        .await
        .expect(201);

    let told = told(&stand, &receiver).await;
    assert!(
        told.iter().all(|one| is_signed(item(one), &secret)),
        "{told:?}"
    );
    assert!(told.iter().all(|one| one["live"] == "false"));
    let mut rows = summaries(&told);
    rows.sort();
    let row = |original: &str, code: &str, success: &str, reference: &str| {
        [original, code, success, reference]
            .map(str::to_owned)
            .into()
    };
    let mut want: Vec<(String, String, String, String)> = vec![
        row("", "AUTHORISATION", "false", "order-1"),
        row("", "AUTHORISATION", "true", "order-1"),
        row("", "AUTHORISATION", "true", "order-1"),
        row("", "AUTHORISATION", "true", "order-1"),
        row("", "AUTHORISATION", "true", "order-1"),
        row(&held, "CAPTURE", "true", "c-1"),
        row(&held, "CAPTURE", "false", "c-2"),
        row(&held, "REFUND", "true", "r-1"),
        row(&given_up, "CANCELLATION", "true", "order-1"),
        row(&reversed, "CANCEL_OR_REFUND", "true", "order-1"),
    ];
    want.sort();
    assert_eq!(rows, want);
    let of = |reference: &str| {
        told.iter()
            .map(item)
            .find(|item| item["pspReference"] == reference)
    };
    let first = of(&paid).unwrap();
    assert_eq!(first["amount"], json!({ "currency": "EUR", "value": 1000 }));
    let reason = first["reason"].as_str().unwrap();
    assert!(reason.ends_with(":4242:12/2034"), "{reason}");
    assert_eq!(
        of(&capture.at("/pspReference")).unwrap()["amount"]["value"],
        700
    );
    let refused = of(&again.at("/pspReference")).unwrap();
    assert_eq!(refused["success"], "false");
    assert_eq!(refused["reason"], "Insufficient balance on payment");
}

/// Adyen, Checkout API, `metadata`: told with AUTHORISATION, approved or not, and of nothing that is done with a payment.
#[tokio::test]
async fn adyen_tells_metadata_and_why_a_payment_was_refused() {
    let (stand, receiver, _) = scene(Profile::Adyen).await;
    let held = at_adyen(&stand, PAYS, true).await;
    let path = format!("/payments/{held}/captures");
    adyen(&stand, &path, &amount(1000, "c-1")).await.expect(201);
    at_adyen(&stand, IS_DECLINED, false).await;
    let told = told(&stand, &receiver).await;
    let of = |code: &str, success: &str| {
        let mut items = told.iter().map(item);
        let found = items.find(|item| item["eventCode"] == code && item["success"] == success);
        found.unwrap()
    };
    let approved = of("AUTHORISATION", "true");
    let declined = of("AUTHORISATION", "false");
    let captured = of("CAPTURE", "true");
    let told_of = |item: &Value, name: &str| item["additionalData"][name].clone();
    for item in [approved, declined] {
        assert_eq!(told_of(item, "metadata.order"), "77");
        assert_eq!(told_of(item, "metadata.a/b"), "c");
    }
    assert_eq!(told_of(captured, "metadata.order"), Value::Null);
    assert_eq!(told_of(approved, "refusalReasonRaw"), "AUTHORISED");
    assert_eq!(declined["reason"], "Refused");
    assert_eq!(told_of(declined, "refusalReasonRaw"), "05 : Do not honor");
}

/// Of what is not possible the notification says why in Adyen's words, as far as they have been seen.
#[tokio::test]
async fn adyen_says_why_a_modification_was_not_possible() {
    let (stand, receiver, _) = scene(Profile::Adyen).await;
    let paid = at_adyen(&stand, PAYS, false).await;
    let held = at_adyen(&stand, PAYS, true).await;
    let cancelled = at_adyen(&stand, PAYS, true).await;
    let bare = json!({ "merchantAccount": "StandinMerchant" });
    let path = format!("/payments/{cancelled}/cancels");
    adyen(&stand, &path, &bare).await.expect(201);
    let empty = "Insufficient balance on payment";
    let uncaptured = "Transaction hasn't been captured, refund not possible";
    let rows = [
        (&paid, "refunds", amount(1001, "r-1"), empty),
        (&paid, "captures", amount(1000, "c-1"), empty),
        (&held, "captures", amount(1001, "c-2"), empty),
        (&held, "refunds", amount(500, "r-2"), uncaptured),
        (&cancelled, "refunds", amount(500, "r-3"), uncaptured),
        (&cancelled, "captures", amount(500, "c-3"), empty),
        (&cancelled, "cancels", bare, empty),
    ];
    for (payment, what, body, reason) in rows {
        let path = format!("/payments/{payment}/{what}");
        let answer = adyen(&stand, &path, &body).await.expect(201);
        assert_eq!(answer.at("/status"), "received");
        let told = told(&stand, &receiver).await;
        let last = item(told.last().unwrap());
        assert_eq!(last["pspReference"], answer.at("/pspReference"));
        assert_eq!(
            (&last["success"], &last["reason"]),
            (&json!("false"), &json!(reason)),
            "{what}"
        );
    }
}

/// Adyen, cancel with your own reference: received whatever it names, and told as TECHNICAL_CANCEL.
#[tokio::test]
async fn adyen_cancels_by_the_merchants_reference() {
    let (stand, receiver, secret) = scene(Profile::Adyen).await;
    at_adyen(&stand, PAYS, true).await;
    stand.client.advance("", "PT1S").await;
    let latest = at_adyen(&stand, PAYS, true).await;
    let cancel = async |payment: &str| {
        let body = json!({
            "merchantAccount": "StandinMerchant", "paymentReference": payment, "reference": "x-1",
        });
        adyen(&stand, "/cancels", &body).await.expect(201)
    };
    let before = told(&stand, &receiver).await.len();
    let nothing = cancel("order-9").await;
    assert_eq!(nothing.at("/status"), "received");
    assert_eq!(told(&stand, &receiver).await.len(), before);
    for (success, reason) in [("true", ""), ("false", "Insufficient balance on payment")] {
        let answer = cancel("order-1").await;
        assert_eq!(answer.at("/paymentReference"), "order-1");
        let told = told(&stand, &receiver).await;
        let last = item(told.last().unwrap());
        assert!(is_signed(last, &secret));
        let members = [
            "eventCode",
            "success",
            "reason",
            "originalReference",
            "pspReference",
        ];
        let want = [
            "TECHNICAL_CANCEL",
            success,
            reason,
            &latest,
            &answer.at("/pspReference"),
        ];
        assert_eq!(members.map(|name| last[name].as_str().unwrap()), want);
    }
}

/// AUTHORISATION is told of a payment whose shopper was authenticated once that has been said, and not before.
#[tokio::test]
async fn adyen_tells_of_a_shopper_who_was_to_be_authenticated() {
    let (stand, receiver, secret) = scene(Profile::Adyen).await;
    for (status, success) in [("Y", "true"), ("N", "false")] {
        let body = json!({
            "merchantAccount": "StandinMerchant",
            "amount": { "currency": "EUR", "value": 1000 },
            "reference": "order-2",
            "authenticationData": {
                "attemptAuthentication": "always",
                "threeDSRequestData": { "nativeThreeDS": "preferred" },
            },
            "paymentMethod": {
                "type": "scheme", "number": "4212345678910006", "expiryMonth": "03", "expiryYear": "2030", "cvc": "737",
            },
        });
        let before = told(&stand, &receiver).await.len();
        let due = adyen(&stand, "/payments", &body).await.expect(200);
        assert_eq!(told(&stand, &receiver).await.len(), before);
        let result = json!({ "transStatus": status }).to_string();
        let body = json!({
            "paymentData": due.at("/action/paymentData"),
            "details": { "threeds2.challengeResult": base64(result.as_bytes()) },
        });
        let paid = adyen(&stand, "/payments/details", &body).await.expect(200);
        let told = told(&stand, &receiver).await;
        let item = item(&told[before]);
        assert!(is_signed(item, &secret));
        assert_eq!(
            (&item["eventCode"], &item["success"], &item["pspReference"]),
            (
                &json!("AUTHORISATION"),
                &json!(success),
                &json!(paid.at("/pspReference"))
            )
        );
        if success == "false" {
            assert_eq!(item["reason"], "3D Not Authenticated");
        }
    }
}

/// Faults know the events by our words, and spoil a signature that stands in the body too.
#[tokio::test]
async fn a_signature_inside_a_notification_can_be_bad() {
    for how in ["other_secret", "other_body", "missing"] {
        let (stand, receiver, secret) = scene(Profile::Adyen).await;
        let text = format!("webhook_bad_signature {how} on event=payment_approved");
        let arm = Ask::post("/_standin/faults").json(&json!({ "text": text }));
        stand.send(arm).await.expect(201);
        at_adyen(&stand, PAYS, false).await;
        stand.client.advance("", "PT0S").await;
        stand.send(Ask::delete("/_standin/faults")).await;
        at_adyen(&stand, PAYS, false).await;
        let told = told(&stand, &receiver).await;
        let good: Vec<_> = told
            .iter()
            .map(|one| is_signed(item(one), &secret))
            .collect();
        let signed = |one: &Value| !item(one)["additionalData"]["hmacSignature"].is_null();
        assert_eq!(good.iter().filter(|good| **good).count(), 1, "{how}");
        assert_eq!(told.iter().all(signed), how != "missing");
    }
}
