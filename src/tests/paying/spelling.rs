//! The same number or word in other spellings, wherever a payment service reads one.

use serde_json::{Value, json};

use super::shop::{KEY, Shop, VISA};
use crate::client::{Answer, Ask};

const CHECKOUT: &str = "sk_sbox_standinstandinstandinstandi";

async fn own(shop: &Shop, amount: &str) -> Answer {
    let body = format!(
        r#"{{"amount": {amount}, "currency": "USD", "card": {{"number": "{VISA}", "exp_month": 12.0, "exp_year": 2.029e3, "security_code": "123"}}}}"#
    );
    let ask = Ask::post("/payments").bearer(KEY);
    shop.send(ask.body("application/json", body)).await
}

async fn checkout(shop: &Shop, amount: &Value, month: &Value, year: &Value) -> Answer {
    let body = json!({
        "source": { "type": "card", "number": VISA, "expiry_month": month, "expiry_year": year, "cvv": "123" },
        "amount": amount, "currency": "USD",
    });
    shop.send(Ask::post("/payments").bearer(CHECKOUT).json(&body))
        .await
}

async fn adyen(shop: &Shop, version: &str, change: impl FnOnce(&mut Value)) -> Answer {
    let mut body = json!({
        "merchantAccount": "StandinMerchant", "reference": "o-1",
        "amount": { "value": 1_000, "currency": "EUR" },
        "paymentMethod": {
            "type": "scheme", "number": VISA, "expiryMonth": "12", "expiryYear": "2029", "cvc": "123",
        },
    });
    change(&mut body);
    let ask = Ask::post(format!("/{version}/payments")).header("x-api-key", "standin-adyen");
    shop.send(ask.json(&body)).await
}

/// JSON Schema 2020-12, validation, section 6.1.1: a number with nothing behind its point is an integer.
#[tokio::test]
async fn an_integer_is_one_however_it_is_spelt() {
    let shop = Shop::open().await;
    for amount in ["1000", "1000.0", "1e3", "1E+3"] {
        assert_eq!(own(&shop, amount).await.expect(201).at("/amount"), "1000");
    }
    for (amount, due) in [
        ("1000.5", "must be an integer"),
        ("\"1000\"", "must be an integer"),
        ("1e300", "must be minor units"),
        ("-1.0", "must be minor units"),
    ] {
        let refused = own(&shop, amount).await.expect(422);
        assert!(refused.text().contains(due), "{amount} {}", refused.text());
    }
}

/// The sandbox takes digits in a text for amount and expiry, which its reference has as integers; and a year of four digits only
/// (https://github.com/juspay/hyperswitch/issues/12388).
#[tokio::test]
async fn checkout_com_takes_digits_in_a_text() {
    let shop = Shop::open().await;
    let fine = [
        (json!("200"), json!("06"), json!("2029")),
        (json!(200.0), json!("6"), json!(2029)),
        (json!(2e2), json!(6), json!("2029")),
    ];
    for (amount, month, year) in fine {
        let paid = checkout(&shop, &amount, &month, &year).await.expect(201);
        let said = ["/amount", "/source/expiry_month", "/source/expiry_year"];
        assert_eq!(said.map(|name| paid.at(name)), ["200", "6", "2029"]);
    }
    let wrong = [
        (json!("+200"), json!(6), json!(2029), "amount_invalid"),
        (json!(" 200"), json!(6), json!(2029), "amount_invalid"),
        (json!("2e2"), json!(6), json!(2029), "amount_invalid"),
        (
            json!(200),
            json!("-6"),
            json!(2029),
            "card_expiry_month_invalid",
        ),
        (
            json!(200),
            json!(6),
            json!("29"),
            "card_expiry_year_invalid",
        ),
        (json!(200), json!(6), json!(29), "card_expiry_year_invalid"),
    ];
    for (amount, month, year, code) in wrong {
        let refused = checkout(&shop, &amount, &month, &year).await.expect(422);
        assert_eq!(
            refused.at("/error_codes/0"),
            code,
            "{amount} {month} {year}"
        );
    }
}

/// A month that is a number is a month all the same: only its type is wrong, and only that may be said.
#[tokio::test]
async fn adyen_says_of_a_wrong_type_that_it_is_one() {
    let shop = Shop::open().await;
    for (name, value) in [
        ("expiryMonth", json!(3)),
        ("expiryYear", json!(2029)),
        ("cvc", json!(123)),
        ("number", json!(4_111_111_111_111_111_u64)),
    ] {
        let refused = adyen(&shop, "v72", |body| body["paymentMethod"][name] = value).await;
        let refused = refused.expect(422);
        assert_eq!(refused.at("/errorCode"), "702", "{name}");
        let want = format!("Unexpected input: field 'paymentMethod.{name}' must be a string");
        assert_eq!(refused.at("/message"), want);
    }
    let refused = adyen(&shop, "v72", |body| body["amount"]["value"] = json!("1000")).await;
    assert_eq!(refused.expect(422).at("/errorCode"), "137");
    let paid = adyen(&shop, "v72", |body| body["amount"]["value"] = json!(1000.0)).await;
    assert_eq!(paid.expect(200).at("/resultCode"), "Authorised");
}

/// Versions are those of Adyen's OpenAPI repository. From v68 on a token's cryptogram has a member of its own
/// (https://github.com/activemerchant/active_merchant/pull/5055).
#[tokio::test]
async fn a_version_of_adyen_reads_the_members_that_it_has() {
    let shop = Shop::open().await;
    let token = shop.token(VISA).await;
    let own = "tokenAuthenticationVerificationValue";
    for (version, member, status) in [
        ("v32", "cavv", 200),
        ("v67", "cavv", 200),
        ("v68", "cavv", 422),
        ("v68", own, 200),
        ("v72", "cavv", 422),
        ("v72", own, 200),
        ("v73", own, 404),
        ("v99", own, 404),
        ("v54", "cavv", 404),
        ("v00", "cavv", 404),
    ] {
        let cryptogram = shop.cryptogram(&token, "TAVV").await;
        let answer = adyen(&shop, version, |body| {
            body["paymentMethod"] = json!({
                "type": "networkToken", "number": token.number,
                "expiryMonth": format!("{:02}", token.month), "expiryYear": token.year.to_string(),
            });
            body["mpiData"][member] = cryptogram.into();
        });
        let answer = answer.await.expect(status);
        if status == 422 {
            assert!(answer.at("/message").contains(own), "{version}");
        }
    }
}

/// ISO 4217 has no ZZZ, and its codes for no currency and for tests are none either. Each service says so in its own words: Stripe at `currency`, Adyen with 138
/// (its list of API errors), Checkout.com with `currency_invalid`.
#[tokio::test]
async fn a_currency_that_is_none_is_refused() {
    let shop = Shop::open().await;
    for code in ["ZZZ", "XXX", "XTS"] {
        let lower = code.to_lowercase();
        let members = [("amount", "1000"), ("currency", lower.as_str())];
        let ask = Ask::post("/v1/payment_intents").bearer("sk_test_standin");
        let refused = shop.send(ask.form(&members)).await.expect(400);
        assert_eq!(refused.at("/error/param"), "currency");
        let refused = adyen(&shop, "v72", |body| {
            body["amount"]["currency"] = code.into()
        });
        assert_eq!(refused.await.expect(422).at("/errorCode"), "138");
        let body = json!({
            "source": { "type": "card", "number": VISA, "expiry_month": 6, "expiry_year": 2029 },
            "amount": 100, "currency": code,
        });
        let refused = shop.send(Ask::post("/payments").bearer(CHECKOUT).json(&body));
        assert_eq!(
            refused.await.expect(422).at("/error_codes/0"),
            "currency_invalid"
        );
        let body = json!({
            "amount": 100, "currency": code,
            "card": { "number": VISA, "exp_month": 6, "exp_year": 2029, "security_code": "123" },
        });
        let refused = shop.send(Ask::post("/payments").bearer(KEY).json(&body));
        assert!(refused.await.expect(422).text().contains("ISO 4217"));
    }
}

/// https://github.com/cartalyst/stripe/issues/128: nothing but a plain run of digits is an integer in a form.
#[tokio::test]
async fn stripe_takes_nothing_but_digits() {
    let shop = Shop::open().await;
    for (amount, status) in [("0700", 200), ("+700", 400), ("7e2", 400), ("700.0", 400)] {
        let members = [("amount", amount), ("currency", "usd")];
        let ask = Ask::post("/v1/payment_intents").bearer("sk_test_standin");
        let answer = shop.send(ask.form(&members)).await.expect(status);
        if status == 400 {
            assert_eq!(answer.at("/error/code"), "parameter_invalid_integer");
        }
    }
}

/// The protocol's schema says integer of `max_amount`, and its text that `1.0` is one.
#[tokio::test]
async fn a_delegation_reads_integers_as_the_schema_does() {
    let shop = Shop::open().await;
    for (place, amount) in ["2500", "2500.0", "2.5e3"].into_iter().enumerate() {
        let body = format!(
            r#"{{"payment_method": {{"type": "card", "card_number_type": "fpan", "number": "{VISA}", "exp_month": "12", "exp_year": "2029", "display_card_funding_type": "credit", "metadata": {{}}}},
            "allowance": {{"reason": "one_time", "max_amount": {amount}, "currency": "usd", "checkout_session_id": "c", "merchant_id": "standin-merchant", "expires_at": "9999-12-31T23:59:59Z"}},
            "risk_signals": [{{"type": "card_testing", "score": 1, "action": "authorized"}}], "metadata": {{}}}}"#
        );
        let ask = Ask::post("/agentic_commerce/delegate_payment").bearer(KEY);
        let ask = ask.header("idempotency-key", format!("k{place}"));
        let ask = ask.header("api-version", "2026-04-17");
        let given = shop.send(ask.body("application/json", body)).await;
        let credential = given.expect(201).at("/id");
        let pay = json!({ "amount": 2_500, "currency": "USD", "credential": credential });
        let paid = shop
            .send(Ask::post("/payments").bearer(KEY).json(&pay))
            .await;
        assert_eq!(paid.expect(201).at("/approved"), "true", "{amount}");
    }
}
