//! What our own code makes of a case: nothing, or the code of the pack for the error that it gives.

use serde_json::Value;
use standin::crypto::field_level::{self, FieldError, Fields, TextForm};
use standin::crypto::jwe::{Compact, JweError};
use standin::crypto::mastercard_jwe::ContentEncryption;
use standin::crypto::oauth1::{Authorization, OauthError, Request};
use standin::crypto::recipient::{KeyNames, Recipient};
use standin::crypto::rsa_key::{PrivateKey, PublicKey};
use standin::crypto::vts_jwe::EncryptionSecret;
use standin::crypto::webhook::{Scheme, WebhookError, is_notification};
use standin::crypto::xpay::{PayToken, PayTokenError, Policy, SharedSecret, SignedRequest};

pub(super) fn check(pack: &str, whole: &Value, case: &Value) -> Result<(), String> {
    let keys = &whole["keys"];
    let now = whole["now"].as_i64().unwrap();
    let code = match pack {
        "x-pay-token" => x_pay_token(keys, case, now),
        "oauth1-rsa-sha256" => oauth1(keys, case, now),
        "shared-secret-jwe" => envelope(keys, case),
        "mastercard-field-level" => payload(keys, case),
        "webhooks-standard" => message(Scheme::Standard, text(keys, "secret"), case, now),
        "webhooks-stripe" => message(Scheme::Stripe, text(keys, "secret"), case, now),
        "webhooks-vgs" => message(Scheme::Vgs, text(keys, "secret"), case, now),
        "webhooks-checkout" => message(Scheme::Checkout, text(keys, "secret"), case, now),
        "webhooks-adyen" => adyen(text(keys, "hmac_key"), case, now),
        other => panic!("{other} is checked by nobody"),
    };
    code.map_err(str::to_owned)
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member]
        .as_str()
        .unwrap_or_else(|| panic!("{member} is no text"))
}

type Checked = Result<(), &'static str>;

fn x_pay_token(keys: &Value, case: &Value, now: i64) -> Checked {
    let request = &case["request"];
    let target = text(request, "target");
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let signed = SignedRequest {
        paths: &[path],
        query,
        body: text(request, "body").as_bytes(),
    };
    let policy = Policy {
        tolerance_s: 480,
        older_form: false,
    };
    let secret = SharedSecret::new(text(keys, "secret"));
    let token = PayToken::parse(text(&request["headers"], "x-pay-token"));
    let checked =
        token.and_then(|token| token.verify(&secret, &signed, now.unsigned_abs(), policy));
    checked.map_err(|error| match error {
        PayTokenError::Form => "form",
        PayTokenError::Timestamp => "time_form",
        PayTokenError::Mac => "mac_form",
        PayTokenError::OlderForm => "older_form",
        PayTokenError::Stale { .. } => "stale",
        PayTokenError::Early { .. } => "early",
        PayTokenError::Signature => "signature",
    })
}

fn oauth1(keys: &Value, case: &Value, now: i64) -> Checked {
    let request = &case["request"];
    let url: http::Uri = text(request, "url").parse().unwrap();
    let origin = format!(
        "{}://{}",
        url.scheme_str().unwrap(),
        url.authority().unwrap()
    );
    let signed = Request {
        method: text(request, "method"),
        origins: &[&origin],
        path: url.path(),
        query: url.query().unwrap_or_default(),
        body: text(request, "body").as_bytes(),
    };
    let key = PublicKey::from_spki_pem(text(keys, "public_key")).unwrap();
    let authorization = Authorization::parse(text(&request["headers"], "authorization"));
    let checked =
        authorization.and_then(|found| found.verify(&signed, &key, now.unsigned_abs(), 300));
    checked.map(|_| ()).map_err(|error| match error {
        OauthError::Scheme => "scheme",
        OauthError::TooLong | OauthError::Malformed { .. } => "malformed",
        OauthError::Duplicate { .. } => "duplicate",
        OauthError::Missing { .. } => "missing",
        OauthError::Unescaped => "unescaped",
        OauthError::Version => "version",
        OauthError::SignatureMethod => "method",
        OauthError::Timestamp => "time_form",
        OauthError::Stale { .. } => "stale",
        OauthError::Early { .. } => "early",
        OauthError::BodyHash { .. } => "body_hash",
        OauthError::Signature => "signature",
    })
}

fn envelope(keys: &Value, case: &Value) -> Checked {
    let secret = EncryptionSecret::new(text(keys, "kid"), text(keys, "secret"));
    let opened = Compact::parse(text(case, "envelope")).and_then(|envelope| secret.open(&envelope));
    let opened = opened.map_err(|error| match error {
        JweError::Parts => "parts",
        JweError::TooLong | JweError::Encoding { .. } | JweError::Header => "header",
        JweError::Critical => "critical",
        JweError::Compression => "compression",
        JweError::Algorithm { .. } => "algorithm",
        JweError::ContentEncryption => "content_encryption",
        JweError::NoKeyId => "no_key_id",
        JweError::KeyId => "key_id",
        JweError::KeyWrap { .. } => "key_wrap",
        JweError::Key => "key",
        JweError::Content(_) => "content",
    })?;
    assert_eq!(
        opened,
        text(case, "plaintext").as_bytes(),
        "{}",
        case["name"]
    );
    Ok(())
}

fn payload(keys: &Value, case: &Value) -> Checked {
    let key = PrivateKey::from_pkcs8_pem(text(keys, "private_key")).unwrap();
    let recipient = Recipient {
        names: KeyNames::of(key.public()),
        key,
        encryptions: &ContentEncryption::ALL,
    };
    let payload = &case["payload"];
    let optional = |member: &str| payload[member].as_str().map(str::to_owned);
    let fields = Fields {
        iv: text(payload, "iv").to_owned(),
        encrypted_key: text(payload, "encryptedKey").to_owned(),
        encrypted_data: text(payload, "encryptedData").to_owned(),
        oaep_hashing_algorithm: optional("oaepHashingAlgorithm"),
        public_key_fingerprint: optional("publicKeyFingerprint"),
    };
    let opened = field_level::open(&recipient, TextForm::Hex, &fields);
    let opened = opened.map_err(|error| match error {
        FieldError::KeyId => "key_id",
        FieldError::Algorithm => "algorithm",
        FieldError::TooLong | FieldError::Encoding { .. } => "encoding",
        FieldError::Key => "key",
        FieldError::Content(_) => "content",
    })?;
    assert_eq!(
        opened,
        text(case, "plaintext").as_bytes(),
        "{}",
        case["name"]
    );
    Ok(())
}

fn adyen(key: &str, case: &Value, now: i64) -> Checked {
    // A notification that was written in another way is one all the same.
    let body: Value = serde_json::from_str(text(&case["message"], "body")).unwrap();
    let scheme = match is_notification(&body.to_string()) {
        true => Scheme::AdyenItem,
        false => Scheme::AdyenPayload,
    };
    message(scheme, key, case, now)
}

fn message(scheme: Scheme, secret: &str, case: &Value, now: i64) -> Checked {
    let message = &case["message"];
    let header = |name: &str| message["headers"][name].as_str().map(str::to_owned);
    let checked = scheme.verify(secret, header, text(message, "body"), now);
    checked.map_err(|error| match error {
        WebhookError::Secret => "secret",
        WebhookError::Missing { .. } => "missing",
        WebhookError::Malformed { .. } => "malformed",
        WebhookError::Time => "time_form",
        WebhookError::Version { .. } => "version",
        WebhookError::Stale { .. } => "stale",
        WebhookError::Early { .. } => "early",
        WebhookError::Signature => "signature",
    })
}
