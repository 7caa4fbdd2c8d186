//! Ways to sign requests that card networks use: OAuth 1.0a with an RSA key, and Visa's x-pay-token with a shared secret.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use serde::Deserialize;

use super::super::http::Sent;
use super::super::mistake::Mistake;
use crate::crypto::digest::sha256;
use crate::crypto::keystore;
use crate::crypto::oauth1::{Dialect, Request, SignatureMethod, Signer};
use crate::crypto::rsa_key::PrivateKey;
use crate::crypto::xpay::{Form, PayToken, SharedSecret, SignedRequest};

/// OAuth 1.0a as a target file says it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Oauth1Table {
    consumer_key: String,
    /// A PEM file, or a keystore `.p12`.
    signing_key: PathBuf,
    /// Of the keystore.
    #[serde(default)]
    password: Option<String>,
    #[serde(default)]
    method: Oauth1Method,
}

/// How it is signed.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
enum Oauth1Method {
    #[default]
    #[serde(rename = "RSA-SHA256")]
    RsaSha256,
    #[serde(rename = "RSA-PSS")]
    RsaPss,
}

/// OAuth 1.0a, ready for use.
#[derive(Clone)]
pub(crate) struct Oauth1 {
    pub(crate) consumer_key: String,
    key: Arc<PrivateKey>,
    method: SignatureMethod,
}

impl fmt::Debug for Oauth1 {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Oauth1({}, {:?}, ***)", self.consumer_key, self.method)
    }
}

impl PartialEq for Oauth1 {
    fn eq(&self, other: &Self) -> bool {
        self.consumer_key == other.consumer_key && Arc::ptr_eq(&self.key, &other.key)
    }
}

impl Eq for Oauth1 {}

impl Oauth1Table {
    /// Reads the key.
    ///
    /// # Errors
    /// What is wrong with it, at the member that names it.
    pub(super) fn load(self) -> Result<Oauth1, Mistake> {
        let key = read_key(&self.signing_key, self.password.as_deref());
        let key = key.map_err(|why| {
            let file = self.signing_key.display();
            Mistake::new(&["signing_key"], format!("{file}: {why}"))
        })?;
        Ok(Oauth1 {
            consumer_key: self.consumer_key,
            key: Arc::new(key),
            method: match self.method {
                Oauth1Method::RsaSha256 => SignatureMethod::RsaSha256,
                Oauth1Method::RsaPss => SignatureMethod::RsaPss,
            },
        })
    }
}

fn read_key(file: &Path, password: Option<&str>) -> Result<PrivateKey, String> {
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    match String::from_utf8(bytes) {
        Ok(text) => PrivateKey::from_pkcs8_pem(&text).map_err(|error| error.to_string()),
        Err(binary) => {
            let entry = keystore::read(binary.as_bytes(), password.unwrap_or_default());
            entry.map(|entry| entry.key).map_err(|e| e.to_string())
        }
    }
}

impl Oauth1 {
    /// Adds the signature. `nonce` is new in every request.
    ///
    /// # Errors
    /// A text when the request's own URL is none, or the key fails.
    pub(crate) fn sign(&self, sent: &mut Sent, now_s: i64, nonce: &str) -> Result<(), String> {
        let url = url_of(sent)?;
        let scheme = url.scheme_str().unwrap_or("http");
        let authority = url.authority().map_or("", |authority| authority.as_str());
        let origin = format!("{scheme}://{authority}");
        let request = Request {
            method: &sent.method,
            origins: &[origin.as_str()],
            path: url.path(),
            query: url.query().unwrap_or_default(),
            body: sent.body.as_deref().unwrap_or_default().as_bytes(),
        };
        let signer = Signer {
            consumer_key: &self.consumer_key,
            key: &self.key,
            method: self.method,
            dialect: Dialect::Node,
        };
        // The salt of RSA-PSS need not be secret, only different.
        let mut rng = ChaCha20Rng::from_seed(sha256(nonce.as_bytes()));
        let timestamp_s = u64::try_from(now_s).unwrap_or_default();
        let header = signer.sign(&mut rng, &request, nonce, timestamp_s);
        let header = header.map_err(|error| format!("the signing key {error}"))?;
        sent.set_header("authorization", Some(header));
        Ok(())
    }
}

/// Visa's x-pay-token as a target file says it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct XPayToken {
    pub(crate) api_key: String,
    pub(crate) shared_secret: String,
    /// The pair of the query that holds the key.
    #[serde(default = "XPayToken::usual_parameter")]
    parameter: String,
    /// What the path begins with that is not signed.
    #[serde(default)]
    unsigned: String,
}

impl fmt::Debug for XPayToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "XPayToken({}, {:?}, {:?}, ***)",
            self.api_key, self.parameter, self.unsigned
        )
    }
}

impl XPayToken {
    fn usual_parameter() -> String {
        "apiKey".to_owned()
    }

    /// Adds the key to the query.
    pub(crate) fn name_key(&self, sent: &mut Sent) {
        let join = if sent.url.contains('?') { '&' } else { '?' };
        sent.url = format!("{}{join}{}={}", sent.url, self.parameter, self.api_key);
    }

    /// Adds the key to the query and the signature to the headers.
    ///
    /// # Errors
    /// A text when the request's own URL is none.
    pub(crate) fn sign(&self, sent: &mut Sent, now_s: i64) -> Result<(), String> {
        self.name_key(sent);
        let url = url_of(sent)?;
        let path = url.path();
        let signed = path.strip_prefix(&self.unsigned).unwrap_or(path);
        let request = SignedRequest {
            paths: &[signed],
            query: url.query().unwrap_or_default(),
            body: sent.body.as_deref().unwrap_or_default().as_bytes(),
        };
        let secret = SharedSecret::new(&self.shared_secret);
        let timestamp_s = u64::try_from(now_s).unwrap_or_default();
        let token = PayToken::sign(&secret, Form::Xv2, timestamp_s, &request);
        sent.set_header("x-pay-token", Some(token.to_header()));
        Ok(())
    }
}

fn url_of(sent: &Sent) -> Result<hyper::Uri, String> {
    let url = sent.url.parse();
    url.map_err(|error| format!("{}: {error}", sent.url))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::oauth1::Authorization;
    use crate::crypto::xpay::Policy;

    const KEY: &str = "fixtures/vectors/crypto/mastercard_test_key.pem";

    #[test]
    fn a_request_is_signed_as_mastercard_verifies_it() {
        for method in ["RSA-SHA256", "RSA-PSS"] {
            let text =
                format!("consumer_key = \"c\"\nsigning_key = \"{KEY}\"\nmethod = \"{method}\"");
            let table: Oauth1Table = toml::from_str(&text).unwrap();
            let oauth1 = table.load().unwrap();
            let mut sent = Sent::new("POST", "http://h:1/a?b=c").body("{}");
            oauth1.sign(&mut sent, 7, "n1").unwrap();
            let (_, header) = &sent.headers[0];
            let authorization = Authorization::parse(header).unwrap();
            let request = Request {
                method: "POST",
                origins: &["http://h:1"],
                path: "/a",
                query: "b=c",
                body: b"{}",
            };
            let verified = authorization.verify(&request, oauth1.key.public(), 7, 60);
            assert!(verified.is_ok(), "{method}: {verified:?}");
            assert!(header.contains(method), "{header}");
        }
    }

    #[test]
    fn a_key_that_cannot_be_read_is_told_of_at_its_member() {
        for file in ["nowhere.pem", "Cargo.toml"] {
            let text = format!("consumer_key = \"c\"\nsigning_key = \"{file}\"");
            let table: Oauth1Table = toml::from_str(&text).unwrap();
            let mistake = table.load().unwrap_err();
            assert_eq!(mistake.at, ["signing_key"]);
            assert!(mistake.message.contains(file), "{}", mistake.message);
        }
    }

    #[test]
    fn a_request_is_signed_as_visa_verifies_it() {
        let text =
            "api_key = \"k\"\nshared_secret = \"s\"\nunsigned = \"/vts\"\nparameter = \"apikey\"";
        let x_pay: XPayToken = toml::from_str(text).unwrap();
        let mut sent = Sent::new("POST", "http://h:1/vts/a?b=c").body("{}");
        x_pay.sign(&mut sent, 1000).unwrap();
        assert_eq!(sent.url, "http://h:1/vts/a?b=c&apikey=k");
        let token = PayToken::parse(&sent.headers[0].1).unwrap();
        let verified = |path: &str, secret: &str| {
            let request = SignedRequest {
                paths: &[path],
                query: "b=c&apikey=k",
                body: b"{}",
            };
            let policy = Policy {
                tolerance_s: 60,
                older_form: false,
            };
            token.verify(&SharedSecret::new(secret), &request, 1000, policy)
        };
        assert!(verified("/a", "s").is_ok());
        assert!(verified("/vts/a", "s").is_err() && verified("/a", "t").is_err());
    }
}
