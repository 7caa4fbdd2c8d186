//! 3-D Secure at Adyen: the cards of its page on testing 3D Secure 2 authentication, by redirect and in the shop's own page, from
//! `/payments` to `/payments/details`.

use serde_json::{Value, json};
use standin::crypto::encoding::{base64, from_base64};

use super::shop::Shop;
use crate::client::{Answer, Ask};

const ADYEN: &str = "standin-adyen";
/// Of the three cards of whose ways Adyen's own tests tell (github.com/Adyen/adyen-web, end-to-end tests).
const FRICTIONLESS: &str = "5201281505129736";
const CHALLENGE: &str = "4212345678910006";
/// Enrolled, by Adyen's page: its shopper's device is looked at, and then the shopper is asked.
const FULL: &str = "4917610000000000";
/// On no list of enrolled cards.
const NOT_ENROLLED: &str = "4111111111111111";

async fn post(shop: &Shop, path: &str, body: &Value) -> Answer {
    let ask = Ask::post(format!("/v72{path}")).header("x-api-key", ADYEN);
    shop.send(ask.json(body)).await
}

fn order(number: &str, more: &Value) -> Value {
    let mut order = json!({
        "merchantAccount": "StandinMerchant",
        "amount": { "currency": "EUR", "value": 1000 },
        "reference": "order-1",
        "returnUrl": "https://shop.example/back?order=1#end",
        "paymentMethod": {
            "type": "scheme", "number": number, "expiryMonth": "03", "expiryYear": "2030", "cvc": "737",
        },
    });
    let members = more.as_object().unwrap().clone();
    order.as_object_mut().unwrap().extend(members);
    order
}

fn always(native: &str) -> Value {
    json!({ "authenticationData": {
        "attemptAuthentication": "always",
        "threeDSRequestData": { "nativeThreeDS": native },
    } })
}

async fn pay(shop: &Shop, number: &str, more: &Value) -> Value {
    let paid = post(shop, "/payments", &order(number, more)).await;
    paid.expect(200).json()
}

async fn details(shop: &Shop, body: &Value) -> Answer {
    post(shop, "/payments/details", body).await
}

/// The shopper says how it ended, at the page of an action.
async fn go(shop: &Shop, url: &str, outcome: &str) -> Answer {
    let place = url.find("/checkoutshopper/").unwrap();
    let ask = Ask::post(&url[place..]).form(&[("outcome", outcome)]);
    shop.send(ask).await
}

/// The `redirectResult` that the shopper brings back.
fn brought(answer: &Answer) -> String {
    let location = answer.header("location").unwrap();
    let rest = location.strip_prefix("https://shop.example/back?order=1&redirectResult=");
    rest.unwrap().strip_suffix("#end").unwrap().to_owned()
}

fn encoded(value: &Value) -> String {
    base64(value.to_string().as_bytes())
}

/// docs.adyen.com, redirect 3D Secure authentication; the shape of the last answer is also in
/// github.com/Adyen/adyen-java-api-library/issues/914.
#[tokio::test]
async fn a_shopper_is_sent_away_and_comes_back_with_what_to_say() {
    let shop = Shop::open().await;
    for (outcome, result, code) in [
        ("succeeded", "Authorised", Value::Null),
        // 11 in Adyen's list of refusal reasons.
        ("failed", "Refused", json!("11")),
    ] {
        let sent = pay(&shop, FULL, &always("disabled")).await;
        assert_eq!(sent["resultCode"], "RedirectShopper");
        let action = &sent["action"];
        assert_eq!(
            (
                &action["type"],
                &action["method"],
                &action["paymentMethodType"]
            ),
            (&json!("redirect"), &json!("GET"), &json!("scheme"))
        );
        assert_eq!(sent["pspReference"], Value::Null, "there is no payment yet");
        let url = action["url"].as_str().unwrap();
        let place = url.find("/checkoutshopper/").unwrap();
        let page = shop.send(Ask::get(&url[place..])).await.expect(200);
        assert!(page.text().contains("Complete authentication"));
        let wrong = go(&shop, url, "success").await.expect(422);
        assert_eq!(wrong.at("/errorCode"), "702");
        let back = go(&shop, url, outcome).await.expect(303);
        let said = json!({ "details": { "redirectResult": brought(&back) } });
        let paid = details(&shop, &said).await.expect(200).json();
        assert_eq!(
            (&paid["resultCode"], &paid["refusalReasonCode"]),
            (&json!(result), &code)
        );
        let additional = &paid["additionalData"];
        let passed = (outcome == "succeeded").to_string();
        assert_eq!(additional["threeDOffered"], "true");
        assert_eq!(additional["threeDAuthenticated"], passed.as_str());
        if outcome == "failed" {
            assert_eq!(paid["refusalReason"], "3D Not Authenticated");
            assert_eq!(
                additional["refusalReasonRaw"],
                Value::Null,
                "nobody was asked"
            );
        }
        // Whoever says it again hears the same, and there is nothing left to do on the page.
        assert_eq!(details(&shop, &said).await.expect(200).json(), paid);
        let page = go(&shop, url, outcome).await.expect(200);
        assert!(page.text().contains("nothing to authenticate"));
    }
}

/// In the shop's own page the device is looked at, the shopper is asked, or both, as the card has it.
#[tokio::test]
async fn each_card_goes_its_way_in_the_shops_own_page() {
    let shop = Shop::open().await;
    for (number, first, then) in [
        (FRICTIONLESS, "IdentifyShopper", "Authorised"),
        (FULL, "IdentifyShopper", "ChallengeShopper"),
        (CHALLENGE, "ChallengeShopper", "ChallengeShopper"),
    ] {
        let due = pay(&shop, number, &always("preferred")).await;
        assert_eq!(due["resultCode"], first, "{number}");
        let subtype = &due["action"]["subtype"];
        let want = if first == "IdentifyShopper" {
            "fingerprint"
        } else {
            "challenge"
        };
        assert_eq!(
            (subtype, &due["action"]["type"]),
            (&json!(want), &json!("threeDS2"))
        );
        let token = from_base64(due["action"]["token"].as_str().unwrap()).unwrap();
        let token: Value = serde_json::from_slice(&token).unwrap();
        assert!(token["threeDSServerTransID"].is_string());
        let looked = json!({
            "details": { "threeds2.fingerprint": encoded(&json!({ "threeDSCompInd": "Y" })) },
            "paymentData": due["action"]["paymentData"],
        });
        let next = details(&shop, &looked).await.expect(200).json();
        assert_eq!(next["resultCode"], then, "{number}");
    }
    // Adyen's component says both at once, and names the payment itself.
    for (status, result) in [
        ("Y", "Authorised"),
        ("A", "Authorised"),
        ("N", "Refused"),
        ("R", "Refused"),
    ] {
        let due = pay(&shop, FULL, &always("preferred")).await;
        let said = json!({
            "transStatus": status, "authorisationToken": due["action"]["authorisationToken"],
        });
        let said = json!({ "details": { "threeDSResult": encoded(&said) } });
        let paid = details(&shop, &said).await.expect(200).json();
        assert_eq!(paid["resultCode"], result, "{status}");
    }
    // Older integrations name it in paymentData.
    let due = pay(&shop, CHALLENGE, &always("preferred")).await;
    let said = json!({
        "details": { "threeds2.challengeResult": encoded(&json!({ "transStatus": "Y" })) },
        "paymentData": due["action"]["paymentData"],
    });
    let paid = details(&shop, &said).await.expect(200);
    assert_eq!(paid.at("/resultCode"), "Authorised");
}

/// Adyen's page on testing: without a word of it nobody is authenticated, as the account's rule is "Prefer Not".
#[tokio::test]
async fn who_asks_for_nothing_is_not_sent_away() {
    let shop = Shop::open().await;
    let legacy = json!({ "additionalData": { "executeThreeD": "true" } });
    let native = json!({ "additionalData": { "executeThreeD": "true", "allow3DS2": "true" } });
    let never = json!({ "authenticationData": { "attemptAuthentication": "never" } });
    let mut moto = always("disabled");
    moto["shopperInteraction"] = "Moto".into();
    let mut done = always("disabled");
    done["mpiData"] = json!({ "cavv": "AAABCQ==", "authenticationResponse": "Y" });
    for (number, more, want) in [
        (FULL, &json!({}), "Authorised"),
        (FULL, &never, "Authorised"),
        (NOT_ENROLLED, &always("disabled"), "Authorised"),
        (FULL, &moto, "Authorised"),
        (FULL, &done, "Authorised"),
        (FULL, &legacy, "RedirectShopper"),
        (FULL, &native, "IdentifyShopper"),
    ] {
        let paid = pay(&shop, number, more).await;
        assert_eq!(paid["resultCode"], want, "{number} {more}");
    }
    // Another word than these two does not say that nobody is to be authenticated.
    for member in ["executeThreeD", "allow3DS2"] {
        let unclear = order(FULL, &json!({ "additionalData": { member: "True" } }));
        let refused = post(&shop, "/payments", &unclear).await.expect(422);
        assert_eq!(refused.at("/errorCode"), "702", "{member}");
        let message = refused.json()["message"].to_string();
        assert!(
            message.contains(&format!("additionalData.{member}")),
            "{message}"
        );
    }
}

/// Who was authenticated is answered as anybody: the holder's name still chooses the answer.
#[tokio::test]
async fn the_issuer_is_asked_once_the_shopper_is_known() {
    let shop = Shop::open().await;
    let mut poor = order(FULL, &always("preferred"));
    poor["paymentMethod"]["holderName"] = "NOT_ENOUGH_BALANCE".into();
    let due = post(&shop, "/payments", &poor).await.expect(200).json();
    let said = json!({
        "details": { "threeds2.challengeResult": encoded(&json!({ "transStatus": "Y" })) },
        "paymentData": due["action"]["paymentData"],
    });
    let paid = details(&shop, &said).await.expect(200).json();
    assert_eq!(
        (&paid["resultCode"], &paid["refusalReason"]),
        (&json!("Refused"), &json!("Not enough balance"))
    );
}

/// The code and the sentence for details that name no payment are those of
/// github.com/Adyen/adyen-java-api-library/issues/914, the sentence for a wrong `transStatus` that of
/// github.com/Adyen/adyen-ios/issues/1545; the rest is ours.
#[tokio::test]
async fn details_that_say_nothing_are_refused() {
    let shop = Shop::open().await;
    let due = pay(&shop, FULL, &always("preferred")).await;
    let token = &due["action"]["authorisationToken"];
    let result = |said: &Value| json!({ "details": { "threeDSResult": encoded(said) } });
    for (body, code, says) in [
        (
            json!({ "details": {} }),
            "14_002",
            "Required field 'paymentData' is not provided.",
        ),
        (
            json!({ "details": { "redirectResult": "x" } }),
            "702",
            "redirectResult",
        ),
        (
            json!({ "details": { "threeDSResult": "?" } }),
            "702",
            "threeDSResult",
        ),
        (
            result(&json!({ "transStatus": "Y" })),
            "14_002",
            "paymentData",
        ),
        (
            result(&json!({ "transStatus": "Y", "authorisationToken": "x.y" })),
            "14_002",
            "paymentData",
        ),
        (
            result(&json!({ "transStatus": "C", "authorisationToken": token })),
            "702",
            "Invalid transStatus",
        ),
        (json!({}), "158", "details"),
    ] {
        let refused = details(&shop, &body).await.expect(422);
        assert_eq!(refused.at("/errorCode"), code, "{body}");
        assert!(
            refused.at("/message").contains(says),
            "{body}: {}",
            refused.text()
        );
    }
    let mut lost = order(FULL, &always("disabled"));
    lost.as_object_mut().unwrap().remove("returnUrl");
    let refused = post(&shop, "/payments", &lost).await.expect(422);
    assert!(refused.at("/message").contains("returnUrl"));
    let nowhere = Ask::get("/checkoutshopper/threeDS/nothing");
    shop.send(nowhere).await.expect(404);
    // It is the other merchant's business as little as any payment.
    let said = json!({ "transStatus": "Y", "authorisationToken": token });
    let ask = Ask::post("/v72/payments/details").header("x-api-key", "other-adyen");
    shop.send(ask.json(&result(&said))).await.expect(422);
}
