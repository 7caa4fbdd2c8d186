//! Mastercard Checkout Solutions: cards on file that are tokens of MDES, and credentials in signed answers.

use serde_json::{Value, json};
use standin::crypto::jws::verify_object;
use standin::crypto::rsa_key::PublicKey;

use crate::client::{Answer, Ask, Stand};
use crate::merchant::{Form, MASTERCARD, Merchant, STEP_UP, keyed, path};

pub(super) const BASE: &str = "/src/api/digital/payments";
pub(super) const CLIENT: &str = "da547d77-0f9f-4d53-9cc3-3e9733ba9ff5";
const LONG: &str = "CARD_APPLICATION_CRYPTOGRAM_SHORT_FORM";
const SHORT: &str = "DYNAMIC_CARD_SECURITY_CODE";

pub(super) fn enrol_body(merchant: &Merchant, pan: &str) -> Value {
    let card = json!({
        "primaryAccountNumber": pan,
        "panExpirationMonth": "09",
        "panExpirationYear": "2030",
        "cardSecurityCode": "123",
        "cardholderFullName": "Jane Doe",
    });
    json!({
        "srcClientId": CLIENT,
        "serviceId": "SCOF",
        "cardSource": "MERCHANT",
        "consumer": { "consumerIdentity": { "identityType": "EXTERNAL_ACCOUNT_ID", "identityValue": "customer-1" } },
        "encryptedCard": merchant.seal(&card)["encryptedData"],
    })
}

pub(super) fn checkout_body(card: &str, data: &str) -> Value {
    json!({
        "srcClientId": CLIENT,
        "serviceId": "SCOF",
        "srcDigitalCardId": card,
        "dpaTransactionOptions": { "paymentOptions": [{ "dynamicDataType": data }] },
    })
}

fn merchant(stand: &Stand) -> Merchant {
    Merchant::of(stand, "default", Form::Jwe)
}

fn enrol(merchant: &Merchant, pan: &str) -> Ask {
    merchant.post(&format!("{BASE}/cards"), &enrol_body(merchant, pan))
}

fn card(merchant: &Merchant, id: &str, more: &str) -> Ask {
    merchant.get(&format!(
        "{BASE}/cards/{id}?srcClientId={CLIENT}&serviceId=SCOF{more}"
    ))
}

fn credentials(merchant: &Merchant, id: &str, data: &str) -> Ask {
    let body = checkout_body(id, data);
    merchant.post(&format!("{BASE}/transaction/credentials"), &body)
}

/// What credentials hold, once their signature has been checked against the keys that are served.
async fn opened(stand: &Stand, merchant: &Merchant, answer: &Answer) -> Value {
    let keys = stand.send(Ask::get("/keys")).await.expect(200).json();
    let signed = &answer.json()["checkoutResponseJWS"];
    let kid = &signed["jose_header"]["kid"];
    let keys = keys["keys"].as_array().unwrap();
    let key = keys.iter().find(|key| key["kid"] == *kid).unwrap();
    assert_eq!(key["use"], "sig");
    let number = |name: &str| {
        standin::crypto::encoding::from_base64_url(key[name].as_str().unwrap()).unwrap()
    };
    let key = PublicKey::from_numbers(&number("n"), &number("e")).unwrap();
    let payload = verify_object(signed, &key).unwrap();
    let mut bent = signed.clone();
    bent["jws_payload"]["srciTransactionId"] = json!("another");
    assert!(verify_object(&bent, &key).is_err());
    assert_eq!(signed["jose_header"]["iss"], "https://mastercard.com");
    assert!(signed["jose_header"]["iat"].is_string());
    merchant.open(&json!({ "encryptedData": payload["encryptedPayload"] }))
}

#[tokio::test]
async fn a_card_is_enrolled_and_pays_in_both_ways() {
    let stand = Stand::start(keyed()).await;
    let merchant = merchant(&stand);
    let made = stand.send(enrol(&merchant, MASTERCARD)).await.expect(200);
    let id = made.at("/maskedCard/srcDigitalCardId");
    assert_eq!(id.len(), 36);
    assert_eq!(made.at("/maskedCard/panLastFour"), "4444");
    assert_eq!(
        made.at("/maskedConsumer/maskedConsumerIdentity/maskedIdentityValue"),
        "c***1"
    );
    assert!(made.header("x-src-cx-flow-id").is_some());
    assert!(!made.text().contains("customer-1"));

    let long = stand
        .send(credentials(&merchant, &id, LONG))
        .await
        .expect(200);
    let plain = opened(&stand, &merchant, &long).await;
    let number = plain["token"]["paymentToken"].as_str().unwrap();
    assert!(number.ends_with(&made.at("/maskedCard/tokenLastFour")));
    assert_eq!(
        plain["token"]["paymentAccountReference"],
        made.at("/maskedCard/paymentAccountReference")
    );
    let data = &plain["dynamicData"];
    assert_eq!(data["dynamicDataType"], LONG);
    assert_eq!(data["dynamicDataValue"].as_str().unwrap().len(), 28);
    // A day after the manual clock's beginning.
    assert_eq!(data["dynamicDataExpiration"], "1767312000");
    let short = stand
        .send(credentials(&merchant, &id, SHORT))
        .await
        .expect(200);
    let plain = opened(&stand, &merchant, &short).await;
    assert_eq!(
        plain["dynamicData"]["dynamicDataValue"]
            .as_str()
            .unwrap()
            .len(),
        3
    );
    let none = stand
        .send(credentials(&merchant, &id, "NONE"))
        .await
        .expect(200);
    assert_eq!(
        opened(&stand, &merchant, &none).await.get("dynamicData"),
        None
    );

    let read = stand
        .send(card(&merchant, &id, "&tokenRequested=true"))
        .await
        .expect(200);
    let sealed = merchant.open(&json!({ "encryptedData": read.json()["encryptedPaymentData"] }));
    assert_eq!(sealed["token"]["paymentToken"], number);
    let plain = stand.send(card(&merchant, &id, "")).await.expect(200);
    assert_eq!(plain.json().get("encryptedPaymentData"), None);
    assert!(!plain.text().contains(number));

    let list = format!("{BASE}/cards/{id}/transactions?srcClientId={CLIENT}&serviceId=SCOF");
    let list = stand.send(merchant.get(&list)).await.expect(200).json();
    let kinds = list["transactions"].as_array().unwrap().iter();
    let kinds: Vec<_> = kinds
        .map(|one| one["dynamicDataType"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, [LONG, SHORT, "NONE"]);
    let later = format!(
        "{BASE}/cards/{id}/transactions?srcClientId={CLIENT}&serviceId=SCOF&transactionsFromTimestamp=2027-01-01T00:00:00Z"
    );
    let later = stand.send(merchant.get(&later)).await.expect(200).json();
    assert_eq!(later["transactions"], json!([]));
}

/// The token of a card on file is a token of MDES, and each side sees what the other does.
#[tokio::test]
async fn a_card_on_file_is_a_token_of_mdes() {
    let stand = Stand::start(keyed()).await;
    let merchant = merchant(&stand);
    let made = stand.send(enrol(&merchant, MASTERCARD)).await.expect(200);
    let id = made.at("/maskedCard/srcDigitalCardId");
    let token = made.at("/maskedCard/tokenUniqueReference");
    let read = stand.send(merchant.get_token(&token)).await.expect(200);
    assert_eq!(read.at("/token/status"), "ACTIVE");
    let digitized = stand
        .send(merchant.tokenize(MASTERCARD, "task-1"))
        .await
        .expect(200);
    assert_eq!(
        digitized.at("/tokenUniqueReference"),
        token,
        "one account, one token"
    );

    stand
        .send(merchant.change("suspend", &token, "CARDHOLDER"))
        .await
        .expect(200);
    let shown = stand.send(card(&merchant, &id, "")).await.expect(200);
    assert_eq!(shown.at("/maskedCard/digitalCardData/status"), "SUSPENDED");
    for data in [LONG, SHORT, "NONE"] {
        let refused = stand
            .send(credentials(&merchant, &id, data))
            .await
            .expect(400);
        assert_eq!(refused.at("/reason"), "INVALID_STATE", "{data:?}");
        assert_eq!(
            refused.at("/errordetail/0/reason"),
            "SUSPENDED_CARD",
            "{data:?}"
        );
    }
    stand
        .send(merchant.change("unsuspend", &token, "CARDHOLDER"))
        .await
        .expect(200);

    let mut body = enrol_body(&merchant, MASTERCARD);
    body.as_object_mut().unwrap().remove("encryptedCard");
    for (kind, name) in [
        ("TOKEN_UNIQUE_REFERENCE", &token),
        ("SRC_DIGITAL_CARD_ID", &id),
    ] {
        body["enrolmentReferenceData"] =
            json!({ "enrolmentReferenceType": kind, "enrolmentReferenceId": name });
        let again = stand
            .send(merchant.post(&format!("{BASE}/cards"), &body))
            .await
            .expect(200);
        assert_eq!(again.at("/maskedCard/srcDigitalCardId"), id, "{kind:?}");
    }
    let gone = format!(
        "{BASE}/cards/{id}?srcClientId={CLIENT}&serviceId=SCOF&reason=OTHER&requestor=CARDHOLDER"
    );
    stand
        .send(merchant.sign(Ask::delete(&gone)))
        .await
        .expect(200);
    let shown = stand.send(card(&merchant, &id, "")).await.expect(200);
    assert_eq!(shown.at("/maskedCard/digitalCardData/status"), "CANCELLED");
    let twice = stand
        .send(merchant.sign(Ask::delete(&gone)))
        .await
        .expect(400);
    assert_eq!(twice.at("/reason"), "INVALID_STATE");
    let read = stand.send(merchant.get_token(&token)).await.expect(200);
    assert_eq!(read.at("/token/status"), "DEACTIVATED");
}

#[tokio::test]
async fn cards_are_refused_or_wait() {
    let rows = [
        ("5100260000770014", 400, "PAN_INELIGIBLE"),
        ("5100260000770022", 400, "PAN_INELIGIBLE"),
        ("5204731940398145", 400, "ISSUER_DECLINED"),
        ("5204731601950473", 400, "INVALID_PAN"),
        ("5100260000770063", 400, "TOKENIZATION_INELIGIBLE"),
        ("5100260000770097", 503, "NO_RESPONSE_FROM_ISSUER"),
        ("5100260000770105", 503, "UNAVAILABLE"),
        ("5100260000770113", 500, "INTERNAL"),
    ];
    let stand = Stand::start(keyed()).await;
    let merchant = merchant(&stand);
    for (pan, status, says) in rows {
        let refused = stand.send(enrol(&merchant, pan)).await.expect(status);
        assert!(refused.text().contains(says), "{pan}: {}", refused.text());
        assert_eq!(refused.at("/status"), status.to_string());
    }
    let waits = stand.send(enrol(&merchant, STEP_UP)).await.expect(200);
    assert_eq!(waits.at("/maskedCard/digitalCardData/status"), "PENDING");
    assert_eq!(
        waits.at("/maskedCard/digitalCardData/pendingEvents/0"),
        "PENDING_CONSUMER_IDV"
    );
    let id = waits.at("/maskedCard/srcDigitalCardId");
    stand
        .send(credentials(&merchant, &id, LONG))
        .await
        .expect(400);
    let token = waits.at("/maskedCard/tokenUniqueReference");
    let event = Ask::post(format!("/_standin/tokens/{token}/events"));
    stand
        .send(event.json(&json!({ "event": "activate" })))
        .await
        .expect(200);
    stand
        .send(credentials(&merchant, &id, LONG))
        .await
        .expect(200);
    let tasks = json!({ "requestId": "r", "taskId": "none", "tokenRequestorId": "40000000001" });
    stand
        .send(merchant.post(&path("getTaskStatus"), &tasks))
        .await
        .expect(500);
}
