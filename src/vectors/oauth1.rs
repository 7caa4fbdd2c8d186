//! OAuth 1.0a with a hash of the body and RSA-SHA256, as Mastercard's signers write it.

use serde_json::{Value, json};

use super::VectorsError;
use super::material::{Material, NOW_S};
use super::pack::{Cases, Code, Pack, VALID};
use crate::crypto::digest::sha256;
use crate::crypto::encoding::{base64, hex};
use crate::crypto::oauth1::{Dialect, base_string};
use crate::crypto::rsa_key::{KeyError, PrivateKey};

const ORIGIN: &str = "https://api.mastercard.com";
const PATH: &str = "/mdes/digitization/static/1/0/tokenize";
const BODY: &str = r#"{"requestId":"1","note":"café"}"#;
const OTHER_BODY: &str = r#"{"requestId":"2","note":"café"}"#;
/// In seconds, either way.
const TOLERANCE_S: i64 = 300;

/// A request and how it is signed. What differs from the plain one is said by whoever makes another.
#[derive(Clone)]
struct Signed<'a> {
    key: &'a PrivateKey,
    method: &'a str,
    origin: &'a str,
    path: &'a str,
    query: &'a str,
    body: &'a str,
    /// In the order in which they are written.
    parameters: Vec<(&'static str, String)>,
}

impl Signed<'_> {
    fn signature(&self) -> Result<String, KeyError> {
        let mut parameters: Vec<_> = self.parameters.clone();
        parameters.sort();
        let parameters: Vec<_> = parameters
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let text = base_string(
            Dialect::Java,
            self.method,
            self.origin,
            self.path,
            self.query,
            &parameters,
        );
        Ok(base64(&self.key.sign_rs256(text.as_bytes())?))
    }

    fn header(&self) -> Result<String, KeyError> {
        let signature = escaped(&self.signature()?);
        let own = self.parameters.iter().cloned();
        let all = own.chain([("oauth_signature", signature)]);
        let all: Vec<_> = all
            .map(|(name, value)| format!("{name}=\"{value}\""))
            .collect();
        Ok(format!("OAuth {}", all.join(",")))
    }

    fn request(&self) -> Result<Value, KeyError> {
        Ok(self.with(&self.header()?))
    }

    fn with(&self, header: &str) -> Value {
        let mark = if self.query.is_empty() { "" } else { "?" };
        json!({ "request": {
            "method": self.method,
            "url": format!("{}{}{mark}{}", self.origin, self.path, self.query),
            "headers": { "authorization": header },
            "body": self.body,
        } })
    }

    fn set(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        for parameter in &mut self.parameters {
            if parameter.0 == name {
                parameter.1.clone_from(&value);
            }
        }
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.parameters.retain(|(known, _)| *known != name);
        self
    }
}

/// What base64 has besides letters and digits, escaped.
fn escaped(base64: &str) -> String {
    base64
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D")
}

fn hash(body: &str) -> String {
    base64(&sha256(body.as_bytes()))
}

/// Name, code and reason of each case.
const WORDS: &str = r#"
plain | valid | everything as the rules want it
get | valid | without a body, the hash is that of nothing
get-without-hash | valid | without a body, GET needs no hash
query | valid | the pairs of the query are signed among the parameters
escaped-query | valid | a query stays escaped in what is signed
oldest | valid | 300 s behind is the most that is granted
newest | valid | 300 s ahead is the most that is granted
other-order | valid | the header may have any order, as the parameters are sorted
port | valid | a port that is not the usual one is signed
no-version | valid | oauth_version may be left out
realm | valid | realm is no part of what is signed
spaces | valid | there may be spaces behind the commas
changed-body | body_hash | the body is another one than was hashed
emptied-body | body_hash | the body is gone
other-method | signature | POST was signed
other-path | signature | another path was signed
other-host | signature | another host was signed
added-query | signature | the query was not signed
rehashed-body | signature | body and hash were changed together after signing
changed-nonce | signature | the nonce was changed after signing
moved-timestamp | signature | the timestamp was changed after signing
other-key | signature | signed with another key
short-signature | signature | the end of the signature is missing
stale | stale | the timestamp is 301 s behind
early | early | the timestamp is 301 s ahead
milliseconds | early | the timestamp is in milliseconds
timestamp-as-date | time_form | the timestamp is a date
no-body-hash | missing | there is a body and no hash of it
no-hash-of-nothing | missing | POST has a hash of its empty body too
no-nonce | missing | there is no nonce
no-consumer-key | missing | nobody says whose key it is
no-timestamp | missing | there is no timestamp
no-method | missing | there is no signature method
hmac | method | the method is one with a shared secret
sha1 | method | the method hashes with SHA-1
plaintext | method | the method signs nothing
version | version | the version is that of another protocol
hash-in-hexadecimal | body_hash | the hash is in hexadecimal and not in base64
empty | scheme | the header is empty
bearer | scheme | the scheme is another one
no-quotes | malformed | the values have no quotes
twice | duplicate | the nonce comes twice
no-signature | missing | there is no signature
unescaped | unescaped | the signature is base64 as it is
"#;

pub(super) fn pack(material: &Material) -> Result<Pack, VectorsError> {
    let plain = Signed {
        key: &material.key,
        method: "POST",
        origin: ORIGIN,
        path: PATH,
        query: "",
        body: BODY,
        parameters: vec![
            ("oauth_body_hash", hash(BODY)),
            ("oauth_consumer_key", material.consumer_key.clone()),
            ("oauth_nonce", material.letters("nonce")),
            ("oauth_signature_method", "RSA-SHA256".to_owned()),
            ("oauth_timestamp", NOW_S.to_string()),
            ("oauth_version", "1.0".to_owned()),
        ],
    };
    let mut cases = Cases::new(WORDS);
    valid(&mut cases, &plain)?;
    changed(&mut cases, &plain, material)?;
    parameters(&mut cases, &plain)?;
    unreadable(&mut cases, &plain)?;
    Ok(Pack {
        name: "oauth1-rsa-sha256",
        about: "Requests signed with OAuth 1.0a, a body hash and RSA-SHA256, as a client of Mastercard's APIs signs them",
        sources: &[
            "RFC 5849; draft-eaton-oauth-bodyhash-00, with SHA-256",
            "Mastercard/oauth1-signer-java and -python: OAuth parameters are not escaped once more",
        ],
        rules: &[
            "The Authorization header has the scheme OAuth and parameters name=\"value\" with commas between them, none of them twice. realm is left out of everything.",
            "oauth_consumer_key, oauth_nonce, oauth_signature_method, oauth_timestamp and oauth_signature are there. oauth_version, if there, is 1.0.",
            "oauth_signature is percent-encoded; the other values are taken as they are written.",
            "oauth_signature_method is RSA-SHA256.",
            "oauth_timestamp is a decimal number of Unix seconds, at most 300 s from now, either way.",
            "oauth_body_hash is the base64 of the SHA-256 of the body; it must be there when there is a body, and with POST, PUT and PATCH also when there is none.",
            "The base string is the method, the URL without its query, and all pairs name=value of query and header but the signature, sorted and joined by &; each of the three is percent-encoded once, and & stands between them. Pairs of the query stay percent-encoded as they were sent.",
            "The signature is RSASSA-PKCS1-v1_5 with SHA-256 over the base string, by the client's key.",
        ],
        codes: &[
            Code(VALID, "accepted"),
            Code("scheme", "the header is not of the scheme OAuth"),
            Code("malformed", "the header cannot be taken apart"),
            Code("duplicate", "a parameter comes twice"),
            Code("missing", "a parameter is missing"),
            Code("unescaped", "the signature is not percent-encoded"),
            Code("version", "the version is not 1.0"),
            Code("method", "the signature method is not RSA-SHA256"),
            Code("time_form", "the timestamp is no decimal number of seconds"),
            Code("stale", "the timestamp is too far in the past"),
            Code("early", "the timestamp is too far in the future"),
            Code("body_hash", "the hash is not of this body"),
            Code(
                "signature",
                "the signature is of another request, or by another key",
            ),
        ],
        keys: json!({
            "consumer_key": material.consumer_key,
            "public_key": material.key.public().to_spki_pem()?,
            "private_key": material.key.to_pkcs8_pem()?,
        }),
        cases,
    })
}

fn valid(cases: &mut Cases, plain: &Signed<'_>) -> Result<(), KeyError> {
    let mut add = |name, signed: &Signed<'_>| signed.request().map(|input| cases.add(name, input));
    let at = |seconds: i64| {
        plain
            .clone()
            .set("oauth_timestamp", (NOW_S + seconds).to_string())
    };
    let get = Signed {
        method: "GET",
        body: "",
        ..plain.clone()
    };
    let get = get.set("oauth_body_hash", hash(""));
    let loopback = Signed {
        origin: "http://127.0.0.1:8080",
        ..plain.clone()
    };
    let reversed = Signed {
        parameters: plain.parameters.iter().rev().cloned().collect(),
        ..plain.clone()
    };
    add("plain", plain)?;
    add("get", &get)?;
    add("get-without-hash", &get.clone().without("oauth_body_hash"))?;
    add(
        "query",
        &Signed {
            query: "b=2&a=1",
            ..get.clone()
        },
    )?;
    add(
        "escaped-query",
        &Signed {
            query: "name=x%20y",
            ..get.clone()
        },
    )?;
    add("oldest", &at(-TOLERANCE_S))?;
    add("newest", &at(TOLERANCE_S))?;
    add("other-order", &reversed)?;
    add("port", &loopback)?;
    add("no-version", &plain.clone().without("oauth_version"))?;
    let header = plain.header()?;
    cases.add(
        "realm",
        plain.with(&header.replace("OAuth ", "OAuth realm=\"standin\",")),
    );
    cases.add(
        "spaces",
        plain.with(&header.replace("\",oauth", "\", oauth")),
    );
    Ok(())
}

fn changed(cases: &mut Cases, plain: &Signed<'_>, material: &Material) -> Result<(), KeyError> {
    let header = plain.header()?;
    let mut add = |name, signed: &Signed<'_>| {
        cases.add(name, signed.with(&header));
    };
    add(
        "changed-body",
        &Signed {
            body: OTHER_BODY,
            ..plain.clone()
        },
    );
    add(
        "emptied-body",
        &Signed {
            body: "",
            ..plain.clone()
        },
    );
    add(
        "other-method",
        &Signed {
            method: "PUT",
            ..plain.clone()
        },
    );
    add(
        "other-path",
        &Signed {
            path: "/mdes/digitization/static/1/0/delete",
            ..plain.clone()
        },
    );
    add(
        "other-host",
        &Signed {
            origin: "https://sandbox.api.mastercard.com",
            ..plain.clone()
        },
    );
    add(
        "added-query",
        &Signed {
            query: "a=1",
            ..plain.clone()
        },
    );
    let swapped = Signed {
        body: OTHER_BODY,
        ..plain.clone()
    };
    let rehashed = header.replace(&hash(BODY), &hash(OTHER_BODY));
    cases.add("rehashed-body", swapped.with(&rehashed));
    let nonce = material.letters("nonce");
    let other = material.letters("another nonce");
    cases.add("changed-nonce", plain.with(&header.replace(&nonce, &other)));
    let later = header.replace(&NOW_S.to_string(), &(NOW_S + 1).to_string());
    cases.add("moved-timestamp", plain.with(&later));
    let other = Signed {
        key: &material.other_key,
        ..plain.clone()
    };
    cases.add("other-key", other.request()?);
    let signature = plain.signature()?;
    let cut = header.replace(
        &escaped(&signature),
        &escaped(&signature[..signature.len() - 4]),
    );
    cases.add("short-signature", plain.with(&cut));
    Ok(())
}

fn parameters(cases: &mut Cases, plain: &Signed<'_>) -> Result<(), KeyError> {
    let mut add = |name, signed: Signed<'_>| signed.request().map(|input| cases.add(name, input));
    let set = |name, value: &str| plain.clone().set(name, value);
    let without = |name: &str| plain.clone().without(name);
    let at = |seconds: i64| set("oauth_timestamp", &(NOW_S + seconds).to_string());
    add("stale", at(-TOLERANCE_S - 1))?;
    add("early", at(TOLERANCE_S + 1))?;
    add(
        "milliseconds",
        set("oauth_timestamp", &(NOW_S * 1000).to_string()),
    )?;
    add(
        "timestamp-as-date",
        set("oauth_timestamp", "2023-11-14T22:13:20Z"),
    )?;
    add("no-body-hash", without("oauth_body_hash"))?;
    let bodiless = Signed {
        body: "",
        ..without("oauth_body_hash")
    };
    add("no-hash-of-nothing", bodiless)?;
    add("no-nonce", without("oauth_nonce"))?;
    add("no-consumer-key", without("oauth_consumer_key"))?;
    add("no-timestamp", without("oauth_timestamp"))?;
    add("no-method", without("oauth_signature_method"))?;
    add("hmac", set("oauth_signature_method", "HMAC-SHA256"))?;
    add("sha1", set("oauth_signature_method", "RSA-SHA1"))?;
    add("plaintext", set("oauth_signature_method", "PLAINTEXT"))?;
    add("version", set("oauth_version", "2.0"))?;
    let hexadecimal = hex(&sha256(BODY.as_bytes()));
    add("hash-in-hexadecimal", set("oauth_body_hash", &hexadecimal))?;
    Ok(())
}

fn unreadable(cases: &mut Cases, plain: &Signed<'_>) -> Result<(), KeyError> {
    let header = plain.header()?;
    let signature = plain.signature()?;
    let mut add = |name, header: &str| {
        cases.add(name, plain.with(header));
    };
    add("empty", "");
    add("bearer", &header.replace("OAuth ", "Bearer "));
    add("no-quotes", &header.replace('"', ""));
    add(
        "twice",
        &header.replace("oauth_nonce=", "oauth_nonce=\"first\",oauth_nonce="),
    );
    let (unsigned, _) = header.rsplit_once(",oauth_signature=").unwrap_or_default();
    add("no-signature", unsigned);
    add(
        "unescaped",
        &header.replace(&escaped(&signature), &signature),
    );
    Ok(())
}
