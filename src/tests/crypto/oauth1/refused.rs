//! What is accepted in more than one spelling, and each way to be refused.

use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use standin::crypto::digest::sha256;
use standin::crypto::encoding::base64;
use standin::crypto::oauth1::{
    Authorization, Dialect, OauthError, Request, SignatureMethod, base_string,
};
use standin::crypto::rsa_key::PrivateKey;
use standin::limits::{OAUTH_HEADER_BYTES_MAX, OAUTH_PARAMETERS_MAX};

use super::{KEY, NOW_S, REQUEST, SIGNED, TOLERANCE_S, sign, verify};

#[test]
fn values_may_be_escaped_and_spaced_as_rfc_5849_has_it() {
    let header = SIGNED
        .replace('!', "%21")
        .replace("=\",", "%3D\",")
        .replace(',', " ,\t ");
    let header = header.replace("OAuth ", "oauth   realm=\"x\", ");
    assert_ne!(header, *SIGNED);
    assert_eq!(Authorization::parse(&header), Authorization::parse(&SIGNED));
    assert_eq!(verify(&header, &REQUEST), Ok(Dialect::Java));
}

#[test]
fn rsa_pss_is_checked_as_such_and_not_as_the_other() {
    let header = sign(SignatureMethod::RsaPss, &REQUEST);
    assert_eq!(verify(&header, &REQUEST), Ok(Dialect::Java));
    let renamed = header.replace("RSA-PSS", "RSA-SHA256");
    assert_eq!(verify(&renamed, &REQUEST), Err(OauthError::Signature));
}

#[test]
fn any_one_of_the_origins_may_have_been_signed() {
    let origins = [
        "http://127.0.0.1:8080",
        "https://sandbox.api.mastercard.com",
    ];
    let request = Request {
        origins: &origins,
        ..REQUEST
    };
    assert_eq!(verify(&SIGNED, &request), Ok(Dialect::Java));
    let request = Request {
        origins: &origins[..1],
        ..REQUEST
    };
    assert_eq!(verify(&SIGNED, &request), Err(OauthError::Signature));
    let request = Request {
        origins: &[],
        ..REQUEST
    };
    assert_eq!(verify(&SIGNED, &request), Err(OauthError::Signature));
}

#[test]
fn what_is_no_oauth_header_is_refused_at_its_place() {
    let malformed = |position| OauthError::Malformed { position };
    for (header, want) in [
        ("Bearer x", OauthError::Scheme),
        ("OAuth", OauthError::Scheme),
        ("OAuthx=\"1\"", OauthError::Scheme),
        ("OÄuth a=\"1\"", OauthError::Scheme),
        ("OAuth ", malformed(6)),
        ("OAuth a=1", malformed(6)),
        ("OAuth a=\"1", malformed(6)),
        ("OAuth a=\"%\"", malformed(6)),
        ("OAuth a=\"b c\"", malformed(6)),
        ("OAuth a=\"1\",", malformed(12)),
        ("OAuth a=\"1\" b=\"2\"", malformed(12)),
        (
            "OAuth a=\"1\",a=\"2\"",
            OauthError::Duplicate {
                name: "a".to_owned(),
            },
        ),
    ] {
        assert_eq!(Authorization::parse(header).unwrap_err(), want, "{header}");
    }
    let long = format!("OAuth {}", "x".repeat(OAUTH_HEADER_BYTES_MAX));
    assert_eq!(
        Authorization::parse(&long).unwrap_err(),
        OauthError::TooLong
    );
    let many: Vec<String> = (0..=OAUTH_PARAMETERS_MAX)
        .map(|n| format!("p{n}=\"\""))
        .collect();
    let many = Authorization::parse(&format!("OAuth {}", many.join(",")));
    assert_eq!(many.unwrap_err(), OauthError::TooLong);
}

/// Each row is wrong in every way below it, so that a check which moves breaks the rows it jumped over.
#[test]
fn each_refusal_has_its_cause_and_its_rank() {
    let missing = |name| OauthError::Missing { name };
    let rows = [
        ("oauth_version", "2.0", missing("oauth_consumer_key")),
        ("oauth_consumer_key", "k", missing("oauth_nonce")),
        ("oauth_nonce", "n", missing("oauth_signature_method")),
        (
            "oauth_signature_method",
            "HMAC-SHA1",
            missing("oauth_timestamp"),
        ),
        ("oauth_timestamp", "x", missing("oauth_signature")),
        ("oauth_signature", "*", OauthError::Version),
        ("oauth_version", "1.0", OauthError::SignatureMethod),
        (
            "oauth_signature_method",
            "RSA-SHA256",
            OauthError::Timestamp,
        ),
        (
            "oauth_timestamp",
            "18446744073709551616",
            OauthError::Timestamp,
        ),
        ("oauth_timestamp", "1", OauthError::Signature),
    ];
    let mut parameters: Vec<(&str, &str)> = Vec::new();
    for (name, value, want) in rows {
        parameters.retain(|(known, _)| *known != name);
        parameters.push((name, value));
        let all: Vec<String> = parameters
            .iter()
            .map(|(n, v)| format!("{n}=\"{v}\""))
            .collect();
        let refused = Authorization::parse(&format!("OAuth {}", all.join(","))).unwrap_err();
        assert_eq!(refused, want, "{name}={value}");
    }
    let empty = Authorization::parse("OAuth oauth_consumer_key=\"\"").unwrap_err();
    assert_eq!(empty, missing("oauth_consumer_key"));
}

#[test]
fn clock_then_body_then_signature() {
    let other = Request {
        path: "/other",
        body: b"{}",
        ..REQUEST
    };
    let parsed = Authorization::parse(&SIGNED).unwrap();
    let at = |now_s| parsed.verify(&other, KEY.public(), now_s, TOLERANCE_S);
    let stale = OauthError::Stale {
        behind_s: 301,
        tolerance_s: 300,
    };
    let early = OauthError::Early {
        ahead_s: 301,
        tolerance_s: 300,
    };
    assert_eq!(at(NOW_S + 301), Err(stale));
    assert_eq!(at(NOW_S - 301), Err(early));
    let body_hash = OauthError::BodyHash {
        calculated: "RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=".to_owned(),
        received: base64(&sha256(REQUEST.body)),
    };
    assert_eq!(at(NOW_S + 300), Err(body_hash));
    let path = Request {
        path: "/other",
        ..REQUEST
    };
    assert_eq!(verify(&SIGNED, &path), Err(OauthError::Signature));
    let stranger = PrivateKey::generate(&mut ChaCha20Rng::from_seed([9; 32])).unwrap();
    let verdict = parsed.verify(&REQUEST, stranger.public(), NOW_S, TOLERANCE_S);
    assert_eq!(verdict, Err(OauthError::Signature));
}

/// A header that is right but for the hash, which it has not.
fn without_hash(request: &Request<'_>) -> String {
    let parameters = [
        ("oauth_consumer_key", "client!key"),
        ("oauth_nonce", "n"),
        ("oauth_signature_method", "RSA-SHA256"),
        ("oauth_timestamp", "1700000000"),
    ];
    let Request { method, path, .. } = *request;
    let text = base_string(
        Dialect::Java,
        method,
        REQUEST.origins[0],
        path,
        "",
        &parameters,
    );
    let signature = base64(&KEY.sign_rs256(text.as_bytes()).unwrap());
    let escaped = [("+", "%2B"), ("/", "%2F"), ("=", "%3D")];
    let signature = escaped.iter().fold(signature, |text, (plain, escape)| {
        text.replace(plain, escape)
    });
    let all = parameters
        .into_iter()
        .chain([("oauth_signature", signature.as_str())]);
    let all: Vec<String> = all
        .map(|(name, value)| format!("{name}=\"{value}\""))
        .collect();
    format!("OAuth {}", all.join(","))
}

/// Mastercard's older Python signer sent no hash with GET and DELETE. With POST an empty body has one too
/// (<https://github.com/Mastercard/oauth1-signer-java/issues/5>).
#[test]
fn only_what_carries_no_body_needs_no_hash() {
    let missing = Err(OauthError::Missing {
        name: "oauth_body_hash",
    });
    let full = REQUEST.body;
    for (method, body, want) in [
        ("GET", &b""[..], Ok(Dialect::Java)),
        ("DELETE", b"", Ok(Dialect::Java)),
        ("POST", b"", missing.clone()),
        ("PUT", b"", missing.clone()),
        ("PATCH", b"", missing.clone()),
        ("POST", full, missing.clone()),
        ("DELETE", full, missing),
    ] {
        let request = Request {
            method,
            body,
            ..REQUEST
        };
        assert_eq!(verify(&without_hash(&request), &request), want, "{method}");
    }
    let empty = Request {
        body: b"",
        ..REQUEST
    };
    let header = sign(SignatureMethod::RsaSha256, &empty);
    assert!(header.contains("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="));
    assert_eq!(verify(&header, &empty), Ok(Dialect::Java));
}
