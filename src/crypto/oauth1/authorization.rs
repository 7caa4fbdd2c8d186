//! The Authorization header: read, and checked against the request it came with.

use super::base_string::{Dialect, base_string};
use super::{OauthError, Request, SignatureMethod, percent};
use crate::crypto::digest::sha256;
use crate::crypto::encoding::{base64, from_base64};
use crate::crypto::mac::same;
use crate::crypto::rsa_key::PublicKey;
use crate::limits::{OAUTH_HEADER_BYTES_MAX, OAUTH_PARAMETERS_MAX};

const BODY_HASH: &str = "oauth_body_hash";
const CONSUMER_KEY: &str = "oauth_consumer_key";
const NONCE: &str = "oauth_nonce";
const SIGNATURE: &str = "oauth_signature";
const SIGNATURE_METHOD: &str = "oauth_signature_method";
const TIMESTAMP: &str = "oauth_timestamp";
const VERSION: &str = "oauth_version";

/// The parameters of a header that has all it needs. Two headers that differ only in white space, order or escapes are
/// equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// Sorted by name, escapes taken off, without signature and realm.
    parameters: Vec<(String, String)>,
    method: SignatureMethod,
    timestamp_s: u64,
    signature: Vec<u8>,
}

impl Authorization {
    /// Reads the value of the Authorization header. Values may be escaped or, as Mastercard's signers write all but the
    /// signature, not; the signature must be.
    ///
    /// # Errors
    /// [`OauthError`] up to and including [`OauthError::Timestamp`], and [`OauthError::Signature`] for a signature that is
    /// not base64.
    pub fn parse(header: &str) -> Result<Self, OauthError> {
        if header.len() > OAUTH_HEADER_BYTES_MAX {
            return Err(OauthError::TooLong);
        }
        let mut parameters = parameters(header)?;
        let mut take = |name: &str| {
            let at = parameters.iter().position(|(known, _)| known == name)?;
            Some(parameters.remove(at).1)
        };
        take("realm");
        let signature = take(SIGNATURE);
        let found = |name: &'static str| {
            let known = parameters.iter().find(|(known, _)| known == name);
            known
                .map(|(_, value)| value.as_str())
                .filter(|value| !value.is_empty())
        };
        let required = |name| found(name).ok_or(OauthError::Missing { name });
        required(CONSUMER_KEY)?;
        required(NONCE)?;
        let method = required(SIGNATURE_METHOD)?;
        let timestamp = required(TIMESTAMP)?;
        let signature = signature.ok_or(OauthError::Missing { name: SIGNATURE })?;
        if found(VERSION).is_some_and(|version| version != "1.0") {
            return Err(OauthError::Version);
        }
        let method = [SignatureMethod::RsaSha256, SignatureMethod::RsaPss]
            .into_iter()
            .find(|known| known.name() == method)
            .ok_or(OauthError::SignatureMethod)?;
        if !timestamp.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(OauthError::Timestamp);
        }
        let timestamp_s = timestamp.parse().map_err(|_| OauthError::Timestamp)?;
        let signature = from_base64(&signature).map_err(|_| OauthError::Signature)?;
        Ok(Self {
            parameters,
            method,
            timestamp_s,
            signature,
        })
    }

    /// Who signed: what to look a public key up by.
    pub fn consumer_key(&self) -> &str {
        self.value(CONSUMER_KEY).unwrap_or_default()
    }

    /// The nonce. The same nonce, timestamp and consumer key must not be accepted twice.
    pub fn nonce(&self) -> &str {
        self.value(NONCE).unwrap_or_default()
    }

    /// When the request was signed, in Unix seconds.
    pub fn timestamp_s(&self) -> u64 {
        self.timestamp_s
    }

    fn value(&self, name: &str) -> Option<&str> {
        let known = self.parameters.iter().find(|(known, _)| known == name);
        known.map(|(_, value)| value.as_str())
    }

    /// Checks clock, body and signature, and returns the dialect in which the base string matched.
    ///
    /// # Errors
    /// [`OauthError`] from [`OauthError::Stale`] on, the first cause in the order of its variants; and
    /// [`OauthError::Missing`] where a hash of the body must be and is not.
    pub fn verify(
        &self,
        request: &Request<'_>,
        key: &PublicKey,
        now_s: u64,
        tolerance_s: u32,
    ) -> Result<Dialect, OauthError> {
        let behind_s = now_s.saturating_sub(self.timestamp_s);
        if behind_s > u64::from(tolerance_s) {
            return Err(OauthError::Stale {
                behind_s,
                tolerance_s,
            });
        }
        let ahead_s = self.timestamp_s.saturating_sub(now_s);
        if ahead_s > u64::from(tolerance_s) {
            return Err(OauthError::Early {
                ahead_s,
                tolerance_s,
            });
        }
        self.check_body(request)?;
        let parameters = self.signed_parameters();
        let mut tried: Vec<String> = Vec::new();
        for origin in request.origins {
            for dialect in Dialect::ALL {
                for origin in spellings(dialect, origin) {
                    let Request {
                        method,
                        path,
                        query,
                        ..
                    } = request;
                    let text = base_string(dialect, method, &origin, path, query, &parameters);
                    if tried.contains(&text) {
                        continue;
                    }
                    if self.matches(key, &text) {
                        return Ok(dialect);
                    }
                    tried.push(text);
                }
            }
        }
        Err(OauthError::Signature)
    }

    /// A text of which a signature of this request would have been right: the one of the first origin and dialect.
    pub fn acceptable(&self, request: &Request<'_>) -> String {
        let Request {
            method,
            origins,
            path,
            query,
            ..
        } = request;
        let origin = origins.first().copied().unwrap_or_default();
        let parameters = self.signed_parameters();
        base_string(Dialect::Java, method, origin, path, query, &parameters)
    }

    fn signed_parameters(&self) -> Vec<(&str, &str)> {
        let parameters = self.parameters.iter();
        parameters
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect()
    }

    /// Where a method carries a body, an empty one has a hash too (Mastercard's oauth1-signer-java, issue 5). A request by
    /// another method that has none may leave the hash out, as older signers did.
    fn check_body(&self, request: &Request<'_>) -> Result<(), OauthError> {
        let Request { method, body, .. } = request;
        let Some(received) = self.value(BODY_HASH) else {
            let carries = ["POST", "PUT", "PATCH"].contains(method);
            return if body.is_empty() && !carries {
                Ok(())
            } else {
                Err(OauthError::Missing { name: BODY_HASH })
            };
        };
        let calculated = sha256(body);
        if from_base64(received).is_ok_and(|hash| same(&hash, &calculated)) {
            return Ok(());
        }
        Err(OauthError::BodyHash {
            calculated: base64(&calculated),
            received: received.to_owned(),
        })
    }

    fn matches(&self, key: &PublicKey, base_string: &str) -> bool {
        let message = base_string.as_bytes();
        let verdict = match self.method {
            SignatureMethod::RsaSha256 => key.verify_rs256(message, &self.signature),
            SignatureMethod::RsaPss => key.verify_pss(message, &self.signature),
        };
        verdict.is_ok()
    }
}

/// An origin as a signer may have seen it: Node's keeps a default port that was in the URL, and HTTP does not carry it.
fn spellings(dialect: Dialect, origin: &str) -> Vec<String> {
    let mut spellings = vec![origin.to_owned()];
    if dialect == Dialect::Node {
        match origin.split_once("://") {
            Some(("https", authority)) if !authority.contains(':') => {
                spellings.push(format!("{origin}:443"));
            }
            Some(("http", authority)) if !authority.contains(':') => {
                spellings.push(format!("{origin}:80"));
            }
            Some(_) | None => {}
        }
    }
    spellings
}

/// Cuts `OAuth name="value", …` into its parameters, sorted by name.
fn parameters(header: &str) -> Result<Vec<(String, String)>, OauthError> {
    let scheme = header
        .get(..5)
        .filter(|scheme| scheme.eq_ignore_ascii_case("OAuth"));
    let rest = scheme.and(header.get(5..)).ok_or(OauthError::Scheme)?;
    if !rest.starts_with([' ', '\t']) {
        return Err(OauthError::Scheme);
    }
    let position = |rest: &str| OauthError::Malformed {
        position: header.len() - rest.len(),
    };
    let mut found: Vec<(String, String)> = Vec::new();
    let mut rest = rest.trim_start_matches([' ', '\t']);
    loop {
        let malformed = position(rest);
        let parameter = rest.split_once("=\"").and_then(|(name, rest)| {
            let (value, rest) = rest.split_once('"')?;
            Some((name, value, rest.trim_start_matches([' ', '\t'])))
        });
        let Some((name, value, after)) = parameter else {
            return Err(malformed);
        };
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
        let is_visible = value.bytes().all(|byte| byte.is_ascii_graphic());
        if name.is_empty() || !name.bytes().all(is_name) || !is_visible {
            return Err(malformed);
        }
        // Base64 ends in `=` for keys of any usual length, which stands in no encoded value (RFC 5849, section 3.6). Clients
        // that forgot it were refused by Mastercard (its oauth1-signer-python, issue 35).
        if name == SIGNATURE && value.contains(['+', '/', '=']) {
            return Err(OauthError::Unescaped);
        }
        let value = percent::decode(value).ok_or(malformed)?;
        if found.iter().any(|(known, _)| known == name) {
            return Err(OauthError::Duplicate {
                name: name.to_owned(),
            });
        }
        found.push((name.to_owned(), value));
        if after.is_empty() {
            break;
        }
        if found.len() >= OAUTH_PARAMETERS_MAX {
            return Err(OauthError::TooLong);
        }
        rest = after
            .strip_prefix(',')
            .ok_or_else(|| position(after))?
            .trim_start_matches([' ', '\t']);
    }
    found.sort();
    Ok(found)
}
