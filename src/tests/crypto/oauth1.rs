//! OAuth 1.0a: the headers of Mastercard's own signers, published base strings, each way to be refused, and forgeries.

use std::sync::LazyLock;

use proptest::prelude::*;
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use serde::Deserialize;
use standin::crypto::oauth1::{
    Authorization, Dialect, OauthError, Request, SignatureMethod, Signer, base_string,
};
use standin::crypto::rsa_key::PrivateKey;
use standin::limits::{OAUTH_HEADER_BYTES_MAX, OAUTH_PARAMETERS_MAX};

use super::{forgeries, mastercard_test_key};

#[derive(Deserialize)]
struct Vectors {
    timestamp_s: u64,
    header: Vec<HeaderCase>,
    base_string: Vec<BaseStringCase>,
}

#[derive(Deserialize)]
struct HeaderCase {
    source: String,
    dialect: String,
    method: String,
    origin: String,
    path: String,
    query: String,
    body: String,
    header: String,
}

#[derive(Deserialize)]
struct BaseStringCase {
    source: String,
    dialects: Vec<String>,
    method: String,
    origin: String,
    path: String,
    query: String,
    parameters: Vec<(String, String)>,
    text: String,
}

static VECTORS: LazyLock<Vectors> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../fixtures/vectors/crypto/oauth1.toml")).unwrap()
});
static KEY: LazyLock<PrivateKey> = LazyLock::new(mastercard_test_key);
static SIGNED: LazyLock<String> = LazyLock::new(|| sign(SignatureMethod::RsaSha256, &REQUEST));

const NOW_S: u64 = 1_700_000_000;
const TOLERANCE_S: u32 = 300;
const REQUEST: Request<'_> = Request {
    method: "POST",
    origins: &["https://sandbox.api.mastercard.com"],
    path: "/mdes/digitization/static/1/0/tokenize",
    query: "",
    body: br#"{"requestId":"1"}"#,
};

fn sign(method: SignatureMethod, request: &Request<'_>) -> String {
    let signer = Signer {
        consumer_key: "client!key",
        key: &KEY,
        method,
        dialect: Dialect::Java,
    };
    signer
        .sign(
            &mut ChaCha20Rng::from_seed([3; 32]),
            request,
            "uTeLPs6K",
            NOW_S,
        )
        .unwrap()
}

fn verify(header: &str, request: &Request<'_>) -> Result<Dialect, OauthError> {
    Authorization::parse(header)?.verify(request, KEY.public(), NOW_S, TOLERANCE_S)
}

#[test]
fn the_headers_of_mastercard_s_own_signers() {
    assert_eq!(VECTORS.header.len(), 11);
    for case in &VECTORS.header {
        let HeaderCase {
            source,
            dialect,
            method,
            origin,
            path,
            query,
            body,
            header,
        } = case;
        let origins = [origin.as_str()];
        let request = Request {
            method,
            origins: &origins,
            path,
            query,
            body: body.as_bytes(),
        };
        let authorization = Authorization::parse(header).unwrap();
        let verdict = authorization.verify(&request, KEY.public(), VECTORS.timestamp_s, 0);
        let verdict = verdict.map(|dialect| format!("{dialect:?}"));
        assert_eq!(verdict.as_ref(), Ok(dialect), "{source}: {path}?{query}");
        assert!(authorization.consumer_key().contains("!standin-key-id"));
        assert!([8, 16].contains(&authorization.nonce().len()));
        assert_eq!(authorization.timestamp_s(), VECTORS.timestamp_s);
    }
}

/// RSA-PSS is left out because its salt is random.
#[test]
fn our_signer_writes_the_header_of_mastercard_s_node_signer() {
    let cases = VECTORS
        .header
        .iter()
        .filter(|case| case.source.contains("npm"));
    let mut seen = 0;
    for case in cases.filter(|case| !case.header.contains("RSA-PSS")) {
        let consumer_key = Authorization::parse(&case.header).unwrap();
        // Node keeps the default port that one of the URLs names.
        let port = if case.query.contains("empty") {
            ":443"
        } else {
            ""
        };
        let origin = format!("{}{port}", case.origin);
        let request = Request {
            method: &case.method,
            origins: &[&origin],
            path: &case.path,
            query: &case.query,
            body: case.body.as_bytes(),
        };
        let signer = Signer {
            consumer_key: consumer_key.consumer_key(),
            key: &KEY,
            method: SignatureMethod::RsaSha256,
            dialect: Dialect::Node,
        };
        let mut rng = ChaCha20Rng::from_seed([3; 32]);
        let header = signer
            .sign(&mut rng, &request, "uTeLPs6K", VECTORS.timestamp_s)
            .unwrap();
        // JavaScript's encodeURIComponent and RFC 3986 agree on base64.
        assert_eq!(header, case.header, "{}", case.query);
        seen += 1;
    }
    assert_eq!(seen, 6);
}

#[test]
fn the_published_base_strings() {
    assert_eq!(VECTORS.base_string.len(), 9);
    for case in &VECTORS.base_string {
        let BaseStringCase {
            source,
            dialects,
            method,
            origin,
            path,
            query,
            parameters,
            text,
        } = case;
        let parameters: Vec<(&str, &str)> = parameters
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        for dialect in Dialect::ALL {
            let built = base_string(dialect, method, origin, path, query, &parameters);
            let expected = dialects.contains(&format!("{dialect:?}"));
            assert_eq!(&built == text, expected, "{source}: {dialect:?} {built}");
        }
    }
}

/// Each row is the base string's last part for one query, in the order of `Dialect::ALL`.
#[test]
fn the_dialects_part_ways_where_the_signers_do() {
    for (query, java, python, node, rfc) in [
        ("a=b+c", "a=b+c", "a=b+c", "a=b+c", "a=b%20c"),
        (
            "a=b+c&d=%41",
            "a=b%2Bc&d=A",
            "a=b%20c&d=A",
            "a=b+c&d=%41",
            "a=b%20c&d=A",
        ),
        ("a=1&a1=0", "a=1&a1=0", "a1=0&a=1", "a=1&a1=0", "a=1&a1=0"),
        ("a=1&a=1", "a=1&a=1", "a=1&a=1", "a=1", "a=1&a=1"),
        ("=x", "=x=", "=x", "=x=", "=x"),
        ("a&&b", "=&a=&b=", "a=&b=", "=&a=&b=", "a=&b="),
        ("a&", "a=", "a=", "=&a=", "a="),
        ("a=%26b", "a=&b=", "a=%26b", "a=%26b", "a=%26b"),
        (
            "c%40=1&c=2",
            "c=2&c%40=1",
            "c%40=1&c=2",
            "c%40=1&c=2",
            "c=2&c%40=1",
        ),
        ("a=%", "a=%", "a=%", "a=%", "a=%25"),
    ] {
        for (dialect, want) in Dialect::ALL.into_iter().zip([java, python, node, rfc]) {
            let built = base_string(dialect, "GET", "https://h", "/", query, &[]);
            let last = built.rsplit_once('&').unwrap().1;
            let escaped = want.replace('%', "%25").replace('=', "%3D");
            let escaped = escaped.replace('&', "%26").replace('+', "%2B");
            assert_eq!(last, escaped, "{dialect:?} {query}");
        }
    }
    let built = base_string(
        Dialect::Node,
        "GET",
        "https://h",
        "/a'b!c!",
        "d=(*!*')",
        &[],
    );
    assert_eq!(built, "GET&https%3A%2F%2Fh%2Fa%2527b%21c!&d%3D(%2A!*%2527)");
}

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
    assert_eq!(at(NOW_S + 300), Err(OauthError::BodyHash));
    let path = Request {
        path: "/other",
        ..REQUEST
    };
    assert_eq!(verify(&SIGNED, &path), Err(OauthError::Signature));
    let stranger = PrivateKey::generate(&mut ChaCha20Rng::from_seed([9; 32])).unwrap();
    let verdict = parsed.verify(&REQUEST, stranger.public(), NOW_S, TOLERANCE_S);
    assert_eq!(verdict, Err(OauthError::Signature));
}

/// Mastercard's older Python signer sent no hash with GET and DELETE.
#[test]
fn a_body_needs_its_hash_and_no_body_needs_none() {
    let parameters = [
        ("oauth_consumer_key", "client!key"),
        ("oauth_nonce", "n"),
        ("oauth_signature_method", "RSA-SHA256"),
        ("oauth_timestamp", "1700000000"),
    ];
    let Request { method, path, .. } = REQUEST;
    let text = base_string(
        Dialect::Java,
        method,
        REQUEST.origins[0],
        path,
        "",
        &parameters,
    );
    let signature = standin::crypto::encoding::base64(&KEY.sign_rs256(text.as_bytes()).unwrap());
    let all = parameters
        .into_iter()
        .chain([("oauth_signature", signature.as_str())]);
    let all: Vec<String> = all
        .map(|(name, value)| format!("{name}=\"{value}\""))
        .collect();
    let header = format!("OAuth {}", all.join(","));
    assert_eq!(
        verify(
            &header,
            &Request {
                body: b"",
                ..REQUEST
            }
        ),
        Ok(Dialect::Java)
    );
    let missing = OauthError::Missing {
        name: "oauth_body_hash",
    };
    assert_eq!(verify(&header, &REQUEST), Err(missing));
}

proptest! {
    #![proptest_config(forgeries())]

    #[test]
    fn no_text_panics_the_parser(
        header in "OAuth \\PC{0,200}", pairs in "OAuth ((oauth_[a-z_]{1,10}|\\PC{0,3})=\"[!-~]{0,8}\", ?){0,9}",
    ) {
        prop_assert!(verify(&header, &REQUEST).is_err());
        prop_assert!(verify(&pairs, &REQUEST).is_err());
    }

    #[test]
    fn no_query_panics_a_dialect(query in "[a-c0-1=&%+!*'()~é]{0,40}", path in "/[a-b%!'/]{0,20}") {
        for dialect in Dialect::ALL {
            let text = base_string(dialect, "GET", "https://h", &path, &query, &[("k", "v")]);
            prop_assert!(text.starts_with("GET&https%3A%2F%2Fh"));
        }
    }

    /// Accepted is only a header that says the same: another case of the scheme or of an escape.
    #[test]
    fn a_changed_byte_of_the_header_is_refused(
        at in any::<prop::sample::Index>(), change in 1_u8..=255,
    ) {
        let mut bytes = SIGNED.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        if let Ok(header) = String::from_utf8(bytes) && verify(&header, &REQUEST).is_ok() {
            prop_assert_eq!(Authorization::parse(&header), Authorization::parse(&SIGNED));
        }
    }

    #[test]
    fn a_changed_request_is_refused(
        method in "POST|PUT", path in "/[a-z/]{0,20}", query in "([a-z]=[0-9])?",
        body in proptest::collection::vec(any::<u8>(), 0..20),
    ) {
        let request = Request { method: &method, path: &path, query: &query, body: &body, ..REQUEST };
        prop_assert!(verify(&SIGNED, &request).is_err());
        let request = Request { body: REQUEST.body, ..request };
        prop_assert!(verify(&SIGNED, &request).is_err());
    }
}
