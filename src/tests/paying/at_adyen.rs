//! Payments at Adyen as its Checkout API has them: sealed card data of the test environment, metadata, and members that are none.

use serde_json::{Map, Value, json};

use super::shop::{Shop, VISA};
use crate::client::{Answer, Ask};

/// The documented test values (Adyen, test card numbers).
fn sealed() -> Value {
    json!({
        "type": "scheme", "encryptedCardNumber": "test_4111111111111111", "encryptedExpiryMonth": "test_03",
        "encryptedExpiryYear": "test_2030", "encryptedSecurityCode": "test_737",
    })
}

async fn pay(shop: &Shop, version: &str, method: &Value, more: &Value) -> Answer {
    let mut body = json!({
        "merchantAccount": "StandinMerchant", "reference": "order-1", "paymentMethod": method,
        "amount": { "value": 1_000, "currency": "EUR" }, "returnUrl": "https://localhost/",
    });
    let members = body.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    let ask = Ask::post(format!("/{version}/payments")).header("x-api-key", "standin-adyen");
    shop.send(ask.json(&body)).await
}

fn said(answer: &Answer) -> (u16, String, String) {
    (
        answer.status,
        answer.at("/errorCode"),
        answer.at("/message"),
    )
}

#[tokio::test]
async fn what_is_sealed_for_the_test_environment_is_opened() {
    let shop = Shop::open().await;
    let paid = pay(&shop, "v72", &sealed(), &json!({})).await.expect(200);
    let additional = |name: &str| paid.at(&format!("/additionalData/{name}"));
    assert_eq!(paid.at("/resultCode"), "Authorised");
    let names = [
        "cardSummary",
        "cardBin",
        "issuerBin",
        "expiryDate",
        "paymentMethod",
    ];
    assert_eq!(
        names.map(additional),
        ["1111", "411111", "41111111", "3/2030", "visa"]
    );
    let names = [
        "authorisedAmountValue",
        "authorisedAmountCurrency",
        "merchantReference",
    ];
    assert_eq!(names.map(additional), ["1000", "EUR", "order-1"]);
    assert_eq!(additional("refusalReasonRaw"), "AUTHORISED");
    // Part of it may come as it is.
    let mut mixed = sealed();
    mixed["encryptedSecurityCode"].take();
    mixed["cvc"] = "737".into();
    pay(&shop, "v72", &mixed, &json!({})).await.expect(200);
    // A holder's name decides as ever.
    let mut refused = sealed();
    refused["holderName"] = "DECLINED".into();
    let refused = pay(&shop, "v72", &refused, &json!({})).await.expect(200);
    assert_eq!(refused.at("/resultCode"), "Refused");
    assert_eq!(
        refused.at("/additionalData/refusalReasonRaw"),
        "05 : Do not honor"
    );
    assert_eq!(refused.at("/additionalData/refusalCodeRaw"), "05");
}

/// Adyen, API error codes: 174, and what is wrong behind the seal has the code that it has without one.
#[tokio::test]
async fn what_cannot_be_opened_is_said() {
    let shop = Shop::open().await;
    let rows = [
        ("encryptedCardNumber", json!("adyenjs_0_1_25$abc"), "174"),
        ("encryptedCardNumber", json!("4111111111111111"), "174"),
        (
            "encryptedExpiryMonth",
            json!("eyJhbGciOiJSU0EtT0FFUCJ9.x.x.x.x"),
            "174",
        ),
        ("encryptedSecurityCode", json!(""), "174"),
        ("encryptedCard", json!("test_4111111111111111"), "174"),
        ("encryptedCardNumber", json!("test_4111"), "101"),
        ("encryptedExpiryMonth", json!("test_13"), "140"),
        ("encryptedExpiryYear", json!("test_30"), "141"),
        ("encryptedExpiryYear", Value::Null, "141"),
        ("encryptedCardNumber", json!({}), "702"),
    ];
    for (name, value, code) in rows {
        let mut method = sealed();
        method[name] = value.clone();
        let refused = pay(&shop, "v72", &method, &json!({})).await;
        assert_eq!(refused.expect(422).at("/errorCode"), code, "{name} {value}");
    }
}

/// What is allowed or blocked may be named by its brand.
#[tokio::test]
async fn a_shop_s_page_is_told_what_it_may_offer() {
    let shop = Shop::open().await;
    let offered = async |more: Value| {
        let mut body = json!({ "merchantAccount": "StandinMerchant", "countryCode": "NL" });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let ask = Ask::post("/v72/paymentMethods").header("x-api-key", "standin-adyen");
        shop.send(ask.json(&body)).await
    };
    let all = json!([{ "brands": ["visa", "mc", "amex", "discover"], "name": "Cards", "type": "scheme" }]);
    let some = json!([{ "brands": ["mc"], "name": "Cards", "type": "scheme" }]);
    for (more, want) in [
        (json!({}), &all),
        (
            json!({ "allowedPaymentMethods": ["scheme", "ideal"] }),
            &all,
        ),
        (json!({ "allowedPaymentMethods": ["mc"] }), &some),
        (
            json!({ "blockedPaymentMethods": ["visa", "amex", "discover"] }),
            &some,
        ),
        (json!({ "blockedPaymentMethods": ["scheme"] }), &json!([])),
    ] {
        let answer = offered(more).await.expect(200).json();
        assert_eq!(&answer["paymentMethods"], want);
    }
    let wrong = offered(json!({ "allowedPaymentMethods": "scheme" })).await;
    assert_eq!(wrong.expect(422).at("/errorCode"), "702");
}

#[tokio::test]
async fn metadata_has_its_limits() {
    let shop = Shop::open().await;
    let pairs = |count: usize| -> Map<String, Value> {
        let names = (0..count).map(|n| (format!("name{n}"), json!("value")));
        names.collect()
    };
    let long = |count: usize| "x".repeat(count);
    let size = "Metadata size exceeds limit";
    let rows = [
        (json!(pairs(20)), 200, ""),
        (json!(pairs(21)), 422, size),
        (json!({ long(20): long(80) }), 200, ""),
        (
            json!({ long(21): "x" }),
            422,
            "Metadata key size exceeds limit",
        ),
        (
            json!({ "a": long(81) }),
            422,
            "Metadata value size exceeds limit",
        ),
        (
            json!({ "a": 1 }),
            422,
            "Field 'metadata.a' must be a string",
        ),
        (json!("a"), 422, "Field 'metadata' must be an object"),
    ];
    for (metadata, status, message) in rows {
        let more = json!({ "metadata": metadata });
        let answer = pay(&shop, "v72", &sealed(), &more).await.expect(status);
        if status == 422 {
            assert_eq!(answer.at("/message"), message);
        }
    }
}

/// adyen-ruby-api-library's tests have status, code and sentence. Earlier versions have other lists, which are not imitated.
#[tokio::test]
async fn a_member_that_is_none_is_refused() {
    let shop = Shop::open().await;
    let more =
        json!({ "addCommercetoolsLineItems": true, "shopperReference": "s-1", "other": null });
    let sentence = "Structure of PaymentRequest contains the following unknown fields: \
                    [addCommercetoolsLineItems, other]";
    for version in ["v68", "v71", "v72"] {
        let refused = pay(&shop, version, &sealed(), &more).await;
        assert_eq!(said(&refused), (400, "702".to_owned(), sentence.to_owned()));
        assert_eq!(refused.at("/errorType"), "validation");
    }
    pay(&shop, "v64", &sealed(), &more).await.expect(200);
    let known = json!({
        "shopperReference": "s-1", "shopperEmail": "a@example.com", "countryCode": "NL", "channel": "Web",
        "browserInfo": { "userAgent": "x" }, "lineItems": [{ "id": "1" }], "origin": "https://localhost",
        "storePaymentMethod": false, "shopperName": { "firstName": "A", "lastName": "B" }, "mcc": null,
    });
    pay(&shop, "v72", &sealed(), &known).await.expect(200);
    for (name, value, due) in [
        ("shopperReference", json!({}), "a string"),
        ("countryCode", json!([]), "a string"),
        ("browserInfo", json!("x"), "an object"),
        ("lineItems", json!({}), "a list"),
    ] {
        let refused = pay(&shop, "v72", &sealed(), &json!({ name: value })).await;
        let want = format!("Field '{name}' must be {due}");
        assert_eq!(said(&refused), (422, "702".to_owned(), want));
    }
    // What is in a payment method is its own.
    let plain = json!({ "type": "scheme", "number": VISA, "expiryMonth": "03", "expiryYear": "2030", "cvc": "737" });
    pay(&shop, "v72", &plain, &json!({})).await.expect(200);
}
