//! Headers and base strings whose source is somebody else.

use std::sync::LazyLock;

use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use serde::Deserialize;
use standin::crypto::oauth1::{
    Authorization, Dialect, Request, SignatureMethod, Signer, base_string,
};

use super::KEY;

#[derive(Deserialize)]
struct Vectors {
    timestamp_s: u64,
    header: Vec<HeaderCase>,
    base_string: Vec<BaseStringCase>,
}

#[derive(Debug, Deserialize)]
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
    toml::from_str(include_str!(
        "../../../../fixtures/vectors/crypto/oauth1.toml"
    ))
    .unwrap()
});
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
        assert!(
            authorization.consumer_key().contains("!standin-key-id"),
            "{case:?}"
        );
        assert!([8, 16].contains(&authorization.nonce().len()), "{case:?}");
        assert_eq!(authorization.timestamp_s(), VECTORS.timestamp_s, "{case:?}");
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
