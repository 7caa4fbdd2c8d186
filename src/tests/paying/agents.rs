//! Payments that somebody lets an agent make: what was allowed is enforced when the payment is authorized, whoever presents
//! the credential, and the call that hands it over is answered once per key.

use serde_json::{Value, json};
use standin::operations::settings::Settings;

use super::shop::{KEY, OTHER_KEY, Shop, VISA};
use crate::client::{Answer, Ask, options};

fn delegation(number: &str, year: i64) -> Value {
    json!({
        "payment_method": {
            "type": "card", "card_number_type": "network_token", "number": number,
            "exp_month": "12", "exp_year": year.to_string(),
            "display_card_funding_type": "credit", "metadata": {},
        },
        "allowance": {
            "reason": "one_time", "max_amount": 2_500, "currency": "usd", "checkout_session_id": "csn_1",
            "merchant_id": "standin-merchant", "expires_at": "2026-01-01T00:10:00Z",
        },
        "risk_signals": [{ "type": "card_testing", "score": 1, "action": "authorized" }],
        "metadata": { "source": "agent" },
    })
}

fn delegate(key: &str, body: &Value) -> Ask {
    let ask = Ask::post("/agentic_commerce/delegate_payment").bearer(KEY);
    let ask = ask.header("idempotency-key", key);
    ask.header("api-version", "2026-04-17").json(body)
}

/// A token, handed over with a short cryptogram of its own.
async fn handed_over(shop: &Shop, key: &str) -> Answer {
    // Other merchants take the token, so that only the allowance stands in their way.
    let token = shop.token_of("standin-agentic", VISA).await;
    let code = shop.cryptogram(&token, "DTVV").await;
    let mut body = delegation(&token.number, token.year);
    body["payment_method"]["cvc"] = code.into();
    shop.send(delegate(key, &body)).await
}

async fn pay(shop: &Shop, key: &str, credential: &str, minor: u64, currency: &str) -> Answer {
    let body = json!({ "amount": minor, "currency": currency, "credential": credential });
    shop.send(Ask::post("/payments").bearer(key).json(&body))
        .await
}

#[tokio::test]
async fn each_limit_is_enforced_and_a_refusal_uses_nothing_of_it() {
    let shop = Shop::open().await;
    let id = handed_over(&shop, "k1").await.expect(201).at("/id");
    let rows = [
        (OTHER_KEY, 2_500, "USD", "credential_merchant_mismatch"),
        (KEY, 2_500, "EUR", "credential_currency_mismatch"),
        (KEY, 2_501, "USD", "credential_amount_exceeded"),
    ];
    for (key, minor, currency, reason) in rows {
        let answer = pay(&shop, key, &id, minor, currency).await.expect(201);
        assert_eq!(answer.at("/reason"), reason);
    }
    // Neither the credential nor the code that it stands for has been used by any of them.
    let paid = pay(&shop, KEY, &id, 2_500, "USD").await.expect(201);
    assert_eq!(paid.at("/approved"), "true");
    let again = pay(&shop, KEY, &id, 1, "USD").await.expect(201);
    assert_eq!(again.at("/reason"), "credential_consumed");
    let late = shop.in_space("late");
    let id = handed_over(&late, "k1").await.expect(201).at("/id");
    late.advance("PT10M").await;
    let answer = pay(&late, KEY, &id, 1, "USD").await.expect(201);
    assert_eq!(answer.at("/reason"), "credential_expired");
    let unknown = pay(&shop, KEY, "vt_1111111111111111111111", 1, "USD").await;
    assert_eq!(
        unknown.expect(422).at("/error/members/0/pointer"),
        "/credential"
    );
}

#[tokio::test]
async fn a_key_is_required_answered_once_and_good_for_one_request() {
    let shop = Shop::open().await;
    let body = delegation(VISA, 2_029);
    let card = {
        let mut body = body;
        body["payment_method"]["card_number_type"] = "fpan".into();
        body
    };
    let first = shop.send(delegate("k1", &card)).await.expect(201);
    let again = shop.send(delegate("k1", &card)).await.expect(201);
    assert_eq!(again.body, first.body);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let other = shop.send(delegate("k2", &card)).await.expect(201);
    assert_ne!(other.at("/id"), first.at("/id"));
    let mut dearer = card.clone();
    dearer["allowance"]["max_amount"] = 9_999.into();
    let conflict = shop.send(delegate("k1", &dearer)).await.expect(422);
    assert_eq!(conflict.at("/code"), "idempotency_conflict");
    let bare = Ask::post("/agentic_commerce/delegate_payment")
        .bearer(KEY)
        .json(&card);
    let refused = shop.send(bare.clone()).await.expect(400);
    assert_eq!(refused.at("/code"), "idempotency_key_required");
    let long = shop.send(delegate(&"k".repeat(256), &card)).await;
    long.expect(400);
    let lenient = Settings::parse("[payments]\ndelegation_headers = \"lenient\"\n").unwrap();
    let shop = Shop::open_with(standin::server::Options {
        settings: lenient,
        ..options()
    })
    .await;
    let ids = [shop.send(bare.clone()).await, shop.send(bare).await];
    let [one, two] = ids.map(|answer| answer.expect(201).at("/id"));
    assert_ne!(one, two, "without a key each call is a call of its own");
}

/// The answer repeats by what client and server can find the request again, and one signal of risk need not be sent.
#[tokio::test]
async fn an_answer_names_its_request_and_a_wrong_version_hears_the_right_ones() {
    let shop = Shop::open().await;
    let mut body = delegation(VISA, 2_029);
    body["payment_method"]["card_number_type"] = "fpan".into();
    body["risk_signals"] = json!([]);
    let ask = delegate("k1", &body).header("request-id", "req-1");
    let answer = shop.send(ask.clone()).await.expect(201);
    assert_eq!(answer.header("request-id"), Some("req-1"));
    assert_eq!(answer.header("idempotency-key"), Some("k1"));
    let metadata = |name: &str| answer.at(&format!("/metadata/{name}"));
    assert_eq!(metadata("source"), "agent");
    assert_eq!(metadata("merchant_id"), "standin-merchant");
    assert_eq!(metadata("idempotency_key"), "k1");
    let bare = Ask::post("/agentic_commerce/delegate_payment").bearer(KEY);
    let bare = bare.header("idempotency-key", "k2").json(&body);
    let old = bare.clone().header("api-version", "2025-09-29");
    for (ask, code) in [
        (bare, "missing_api_version"),
        (old, "unsupported_api_version"),
    ] {
        let refused = shop.send(ask).await.expect(400);
        assert_eq!(refused.at("/code"), code);
        assert_eq!(refused.at("/supported_versions/0"), "2026-04-17");
    }
}

/// The schema of 2026-04-17 has small letters (`^[a-z]{3}$`), and checkout-sdk-python types the member as its `Currency`, which
/// is in capitals. Checkout.com's clients send no idempotency key by themselves (checkout-sdk-node) and the version of 2025.
#[tokio::test]
async fn each_key_has_the_rules_of_its_service() {
    let shop = Shop::open().await;
    let mut body = delegation(VISA, 2_029);
    body["payment_method"]["card_number_type"] = "fpan".into();
    let ask = |key: &str, currency: &str| {
        let mut body = body.clone();
        body["allowance"]["currency"] = currency.into();
        Ask::post("/agentic_commerce/delegate_payment")
            .bearer(key)
            .json(&body)
    };
    let by_protocol = |currency: &str| {
        let ask = ask(KEY, currency).header("idempotency-key", currency);
        ask.header("api-version", "2026-04-17")
    };
    shop.send(by_protocol("usd")).await.expect(201);
    for currency in ["USD", "Usd", "xyz"] {
        let refused = shop.send(by_protocol(currency)).await.expect(400);
        assert_eq!(refused.at("/param"), "$.allowance.currency", "{currency}");
    }
    let checkout = "sk_sbox_standinstandinstandinstandi";
    for currency in ["usd", "USD"] {
        let bare = ask(checkout, currency);
        let handed = shop.send(bare.clone()).await.expect(201);
        let paid = pay(&shop, KEY, &handed.at("/id"), 2_500, "USD").await;
        assert_eq!(paid.expect(201).at("/approved"), "true", "{currency}");
        let dated = bare.header("api-version", "2025-09-29");
        shop.send(dated).await.expect(201);
    }
    let mixed = shop.send(ask(checkout, "Usd")).await.expect(400);
    assert_eq!(mixed.at("/param"), "$.allowance.currency");
    assert!(
        mixed
            .at("/message")
            .contains("all of them capital or all small")
    );
    for (key, versions) in [
        (KEY, json!(["2026-04-17"])),
        (checkout, json!(["2026-04-17", "2025-09-29"])),
    ] {
        let other = ask(key, "usd").header("idempotency-key", "other");
        let other = other.header("api-version", "2020-01-01");
        let refused = shop.send(other).await.expect(400);
        assert_eq!(refused.at("/code"), "unsupported_api_version");
        assert_eq!(refused.json()["supported_versions"], versions, "{key}");
    }
}

/// Of two bodies that differ in the spelling of a number the second is the first one again (RFC on idempotency, equality).
#[tokio::test]
async fn a_number_in_another_spelling_is_the_same_request() {
    let shop = Shop::open().await;
    let mut body = delegation(VISA, 2_029);
    body["payment_method"]["card_number_type"] = "fpan".into();
    let text = body.to_string();
    let amount = |amount: &str| text.replace("\"max_amount\":2500", amount);
    let send = |body: String| {
        let mut ask = delegate("k1", &json!({}));
        ask.body = body.into();
        shop.send(ask)
    };
    let first = send(text.clone()).await.expect(201);
    for spelling in ["2500.0", "2.5e3", "25E+2", "25000e-1"] {
        let again = amount(&format!("\"max_amount\":{spelling}"));
        assert_ne!(again, text);
        assert_eq!(send(again).await.expect(201).body, first.body, "{spelling}");
    }
    let other = amount("\"max_amount\":2501.0");
    send(other).await.expect(422);
}

#[tokio::test]
async fn what_is_wrong_is_named_as_a_path() {
    let shop = Shop::open().await;
    let good = delegation(VISA, 2_029);
    let rows = [
        (
            "/payment_method/number",
            json!("4111"),
            "$.payment_method.number",
        ),
        (
            "/payment_method/number",
            json!("4111111111111112"),
            "$.payment_method.number",
        ),
        (
            "/payment_method/type",
            json!("wallet"),
            "$.payment_method.type",
        ),
        (
            "/payment_method/exp_month",
            json!(12),
            "$.payment_method.exp_month",
        ),
        (
            "/payment_method/exp_year",
            json!(null),
            "$.payment_method.exp_year",
        ),
        ("/allowance/reason", json!("always"), "$.allowance.reason"),
        ("/allowance/max_amount", json!(-1), "$.allowance.max_amount"),
        ("/allowance/currency", json!("USD"), "$.allowance.currency"),
        (
            "/allowance/merchant_id",
            json!("nobody"),
            "$.allowance.merchant_id",
        ),
        (
            "/allowance/expires_at",
            json!("soon"),
            "$.allowance.expires_at",
        ),
        ("/risk_signals", json!({}), "$.risk_signals"),
        (
            "/risk_signals/0/score",
            json!("low"),
            "$.risk_signals[0].score",
        ),
        ("/metadata", json!(null), "$.metadata"),
    ];
    for (place, value, param) in rows {
        let mut body = good.clone();
        *body.pointer_mut(place).unwrap() = value;
        let answer = shop.send(delegate(place, &body)).await.expect(400);
        assert_eq!(answer.at("/param"), param, "{place}");
        assert_eq!(answer.at("/type"), "invalid_request", "{place}");
        assert_eq!(answer.at("/code"), "invalid_card", "{place}");
    }
}

#[tokio::test]
async fn a_token_that_other_merchants_take_is_kept_within_its_allowance() {
    let shop = Shop::open().await;
    let token = shop.token_of("standin-agentic", VISA).await;
    let path = format!("/_standin/tokens/{}/allowance", token.reference);
    let limits = json!({
        "merchants": ["other-merchant"], "max_amount": 5_000, "currency": "USD", "expires_at": "2026-01-01T00:10:00Z",
    });
    let limit = || Ask::new("PUT", path.clone()).json(&limits);
    shop.send(limit()).await.expect(200);
    let pay = async |key: &str, minor: u64| {
        let code = shop.cryptogram(&token, "DTVV").await;
        let body = json!({ "amount": minor, "currency": "USD", "card": token.as_card(&code) });
        let answer = shop
            .send(Ask::post("/payments").bearer(key).json(&body))
            .await;
        answer.expect(201).at("/reason")
    };
    assert_eq!(pay(KEY, 100).await, "credential_merchant_mismatch");
    assert_eq!(pay(OTHER_KEY, 3_000).await, "null");
    assert_eq!(pay(OTHER_KEY, 2_001).await, "credential_amount_exceeded");
    assert_eq!(pay(OTHER_KEY, 2_000).await, "null");
    let seen = shop.send(Ask::get(path.clone())).await.expect(200);
    assert_eq!(
        (seen.at("/allowance/payments"), seen.at("/allowance/used")),
        ("2".into(), "5000".into())
    );
    shop.send(limit()).await.expect(200);
    assert_eq!(pay(OTHER_KEY, 5_000).await, "null");
    shop.send(limit()).await.expect(200);
    shop.send(Ask::delete(path.clone())).await.expect(200);
    assert_eq!(pay(OTHER_KEY, 1).await, "credential_revoked");
    shop.send(limit()).await.expect(200);
    shop.advance("PT10M").await;
    assert_eq!(pay(OTHER_KEY, 1).await, "credential_expired");
}
