//! What looks like a secret and is none stays as it is.

use serde_json::json;

use super::super::{body, target, text};

const NAMES: [&str; 65] = [
    "cvc_check",
    "cvv_result",
    "cvcResult",
    "avs_result",
    "pinned",
    "shipping",
    "spinning",
    "opinion",
    "tracking_number",
    "soundtrack",
    "cryptogram_type",
    "cryptogramType",
    "token_type",
    "public_key",
    "publishable_key",
    "idempotency_key",
    "publicKeyFingerprint",
    "secret_last4",
    "api_key_id",
    "client_secret_expires_at",
    "password_updated_at",
    "token_endpoint",
    "authorization_endpoint",
    "token_endpoint_auth_methods_supported",
    "authorization_id",
    "authorizationCode",
    "authorized",
    "author",
    "panUniqueReference",
    "vPanEnrollmentID",
    "panSource",
    "panSequenceNumber",
    "company",
    "expand",
    "card",
    "cards",
    "card_number_type",
    "order_numbers",
    "idempotency_keys",
    "compass",
    "lipids",
    "order_number",
    "phone_number",
    "receipt_number",
    "cidr",
    "acid",
    "placid",
    "eci",
    "last_four",
    "tokenPanSuffix_reference",
    "maxOTPRequestsAllowed",
    "otp_required",
    "network_transaction_id",
    "transaction_link_id",
    "token",
    "tokens",
    "tokenUniqueReference",
    "keyId",
    "client_id",
    "dynamicDataType",
    "cookies_required",
    "secretary",
    "bearing",
    "captcha",
    "trackId",
];

#[test]
fn names_that_are_about_a_secret_or_about_something_else() {
    for name in NAMES {
        let plain = json!({ name: "plain words" }).to_string();
        assert_eq!(body(plain.as_bytes()), plain);
        let form = format!("a=1&{name}=plain");
        assert_eq!(body(form.as_bytes()), form);
        let query = format!("/a?{name}=plain");
        assert_eq!(target(&query), query);
    }
}

#[test]
fn numbers_that_are_no_cards() {
    let bodies = [
        // A Visa transaction id, and an American Express one that passes the check digit, under its name.
        r#"{"network_transaction_id":"378282246310005"}"#,
        r#"{"networkTransactionId":"483297487231504"}"#,
        r#"{"scheme_transaction":{"id":"378282246310005"}}"#,
        r#"{"nti":"MCC123ABC0309"}"#,
        r#"{"created":1767225600000,"at":1767225600000000}"#,
        r#"{"at":"2026-01-01T00:00:00.123456Z","date":"2026-01-01 00:00:00"}"#,
        r#"{"amount":1050,"amounts":[{"value":1000}],"total":{"value":"10.00"}}"#,
        r#"{"amount":{"value":1000,"currency":"EUR"}}"#,
        r#"{"cvc":"","cvv":null,"has_password":true}"#,
        r#"{"id":"V0010014610000000085141000282","phone":"+49 30 1234567"}"#,
        r#"{"a":"no 4111111111111112"}"#,
        r#"{"text": "{\"a\": 1}"}"#,
    ];
    for plain in bodies {
        let shown = body(plain.as_bytes());
        let same: serde_json::Value = serde_json::from_str(plain).unwrap();
        assert_eq!(shown, same.to_string());
    }
}

#[test]
fn sentences_about_secrets() {
    for plain in [
        "cvc: must be three digits",
        "/data/attributes/cvc: is missing",
        "client_secret: cannot be given beside client_assertion",
        "the authorization header is missing",
        "authorization: is missing",
        "value: 3 is too small",
        "number: expected 2, got 3",
        "see https://a.test/docs/secrets?page=2#cvc",
        "401 unauthorized; token_missing",
        "mastercard does not declare cryptogram-short: issue short cryptograms",
    ] {
        assert_eq!(text(plain), plain);
    }
}
