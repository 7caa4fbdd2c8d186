//! The client's half: signs a request as Mastercard's own signers do.

use rand::CryptoRng;

use super::base_string::{Dialect, base_string};
use super::{Request, SignatureMethod, percent};
use crate::crypto::digest::sha256;
use crate::crypto::encoding::base64;
use crate::crypto::rsa_key::{KeyError, PrivateKey};

/// Who signs, and how.
#[derive(Debug)]
pub struct Signer<'a> {
    /// Client id, `!`, key id; 97 characters in production.
    pub consumer_key: &'a str,
    pub key: &'a PrivateKey,
    pub method: SignatureMethod,
    /// In whose dialect the base string is written; matters only if the request has a query.
    pub dialect: Dialect,
}

impl Signer<'_> {
    /// The value of the Authorization header, in the order of Mastercard's Node signer. The request is signed for the first
    /// of its origins.
    ///
    /// # Errors
    /// [`KeyError::Failed`] if the key cannot sign.
    pub fn sign<R: CryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        request: &Request<'_>,
        nonce: &str,
        timestamp_s: u64,
    ) -> Result<String, KeyError> {
        let body_hash = base64(&sha256(request.body));
        let timestamp = timestamp_s.to_string();
        let parameters = [
            ("oauth_body_hash", body_hash.as_str()),
            ("oauth_consumer_key", self.consumer_key),
            ("oauth_nonce", nonce),
            ("oauth_signature_method", self.method.name()),
            ("oauth_timestamp", timestamp.as_str()),
            ("oauth_version", "1.0"),
        ];
        let origin = request.origins.first().copied().unwrap_or_default();
        let Request {
            method,
            path,
            query,
            ..
        } = request;
        let text = base_string(self.dialect, method, origin, path, query, &parameters);
        let signature = match self.method {
            SignatureMethod::RsaSha256 => self.key.sign_rs256(text.as_bytes())?,
            SignatureMethod::RsaPss => self.key.sign_pss(rng, text.as_bytes())?,
        };
        let signature = percent::encode(&base64(&signature));
        let all = parameters
            .iter()
            .copied()
            .chain([("oauth_signature", signature.as_str())]);
        let all: Vec<String> = all
            .map(|(name, value)| format!("{name}=\"{value}\""))
            .collect();
        Ok(format!("OAuth {}", all.join(",")))
    }
}
