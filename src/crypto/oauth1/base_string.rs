//! What is signed: method, URL and parameters in one line, in the dialect of each signer.
//!
//! All of Mastercard's signers put the OAuth parameters in as they are, where RFC 5849 would escape them once more. With a
//! query they part ways: in what they escape, in how they sort, and in what becomes of pairs that come twice.

use super::percent::{decode_leniently, encode, encode_as_javascript};

/// Whose base string it is. The order is the one in which a verifier tries them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Mastercard's oauth1-signer-java: the query is escaped anew only if it has escapes; sorted by key, then value.
    Java,
    /// Mastercard's oauth1-signer-python: like Java, but `+` is a space, and the pairs are sorted as whole texts.
    Python,
    /// Mastercard's oauth1-signer-nodejs: the query as it is, each pair once, and only the first `*` and `!` escaped.
    Node,
    /// RFC 5849 to the letter.
    Rfc5849,
}

impl Dialect {
    pub const ALL: [Self; 4] = [Self::Java, Self::Python, Self::Node, Self::Rfc5849];
}

/// Builds the base string of a request in a dialect. The parameters are those of the header, without the signature.
///
/// `origin` is scheme and authority. A default port is dropped but in [`Dialect::Node`], whose signer keeps what it is given.
pub fn base_string(
    dialect: Dialect,
    method: &str,
    origin: &str,
    path: &str,
    query: &str,
    parameters: &[(&str, &str)],
) -> String {
    let origin = origin.to_ascii_lowercase();
    let path = if path.is_empty() { "/" } else { path };
    match dialect {
        Dialect::Java => {
            let pairs = sorted(java_query(query), parameters, str::to_owned);
            join(method, &without_default_port(&origin), path, &text(&pairs))
        }
        Dialect::Python => {
            let pairs = python_query(query).into_iter();
            let own = parameters
                .iter()
                .map(|(key, value)| (key.to_string(), value.to_string()));
            let mut texts: Vec<String> = pairs
                .chain(own)
                .map(|(key, value)| format!("{key}={value}"))
                .collect();
            texts.sort();
            join(
                method,
                &without_default_port(&origin),
                path,
                &texts.join("&"),
            )
        }
        Dialect::Node => node(method, &origin, path, query, parameters),
        Dialect::Rfc5849 => {
            let pairs = sorted(rfc_query(query), parameters, encode);
            join(method, &without_default_port(&origin), path, &text(&pairs))
        }
    }
}

type Pairs = Vec<(String, String)>;

fn join(method: &str, origin: &str, path: &str, parameters: &str) -> String {
    let method = method.to_ascii_uppercase();
    format!(
        "{method}&{}&{}",
        encode(&format!("{origin}{path}")),
        encode(parameters)
    )
}

fn sorted(query: Pairs, parameters: &[(&str, &str)], write: fn(&str) -> String) -> Pairs {
    let own = parameters
        .iter()
        .map(|(key, value)| (write(key), write(value)));
    let mut pairs: Pairs = query.into_iter().chain(own).collect();
    pairs.sort();
    pairs
}

fn text(pairs: &Pairs) -> String {
    let texts: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    texts.join("&")
}

fn without_default_port(origin: &str) -> String {
    let port = match origin.split_once("://") {
        Some(("http", _)) => ":80",
        Some(("https", _)) => ":443",
        Some(_) | None => return origin.to_owned(),
    };
    origin.strip_suffix(port).unwrap_or(origin).to_owned()
}

/// The query is decoded whole and then cut, as `java.net.URI` does it.
fn java_query(query: &str) -> Pairs {
    let decoded = decode_leniently(query);
    let write = if decoded == query {
        str::to_owned
    } else {
        encode
    };
    // Java's split drops empty texts at the end, but not those in between.
    let pairs = decoded.trim_end_matches('&');
    if pairs.is_empty() {
        return Vec::new();
    }
    let pairs = pairs.split('&').map(|pair| {
        let (key, value) = cut_after_a_key(pair);
        (write(key), write(value))
    });
    pairs.collect()
}

/// The query is cut and then decoded as a form, as `urllib.parse.parse_qsl` does it.
fn python_query(query: &str) -> Pairs {
    let must_encode = decode_leniently(query) != query;
    let write = |text: &str| {
        let decoded = decode_leniently(&text.replace('+', " "));
        if must_encode {
            encode(&decoded)
        } else {
            decoded.replace(' ', "+")
        }
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs
        .map(|(key, value)| (write(key), write(value)))
        .collect()
}

/// RFC 5849, section 3.4.1.3: the query is a form, decoded and escaped anew.
fn rfc_query(query: &str) -> Pairs {
    let write = |text: &str| encode(&decode_leniently(&text.replace('+', " ")));
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs
        .map(|(key, value)| (write(key), write(value)))
        .collect()
}

/// Java and Node take a pair that begins with `=` for a key without a value.
fn cut_after_a_key(pair: &str) -> (&str, &str) {
    match pair.find('=') {
        Some(at) if at > 0 => (&pair[..at], &pair[at + 1..]),
        Some(_) | None => (pair, ""),
    }
}

fn node(
    method: &str,
    origin: &str,
    path: &str,
    query: &str,
    parameters: &[(&str, &str)],
) -> String {
    // Node's url.parse escapes an apostrophe in path and query, and encodeURIComponent would have left it.
    let (path, query) = (path.replace('\'', "%27"), query.replace('\'', "%27"));
    let pairs = query
        .split('&')
        .filter(|_| !query.is_empty())
        .map(cut_after_a_key);
    let mut pairs: Vec<(&str, &str)> = pairs.chain(parameters.iter().copied()).collect();
    // The signer sorts map entries as JavaScript sorts anything, as texts; an entry's text is its key and a comma.
    pairs.sort_by_cached_key(|(key, value)| (format!("{key},[object Set]"), value.to_string()));
    pairs.dedup();
    let texts: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let parameters = encode_as_javascript(&texts.join("&")).replacen('*', "%2A", 1);
    let url = encode_as_javascript(&format!("{origin}{path}"));
    let method = method.to_ascii_uppercase();
    format!("{method}&{url}&{parameters}").replacen('!', "%21", 1)
}
