//! The signed answer of Mastercard Checkout Solutions: a JWS with RS256 whose parts stand side by side in a JSON object, as
//! its specification shows them, or in one compact text, as JWS libraries want it.
//!
//! What is signed is the compact form of the same JSON texts, so that whoever serialises the object's parts again, without
//! white space and in the order received, can verify it.

use serde::Serialize;
use serde_json::{Value, json};

use super::jwt::{self, JwtError};
use super::rsa_key::{KeyError, PrivateKey, PublicKey};

/// The header of the answer.
#[derive(Clone, Copy, Debug)]
pub struct JoseHeader<'a> {
    pub kid: &'a str,
    pub iss: &'a str,
    pub jti: &'a str,
    /// Unix seconds; a text on the wire.
    pub iat_s: u64,
}

#[derive(Serialize)]
struct WireHeader<'a> {
    iss: &'a str,
    iat: String,
    alg: &'a str,
    jti: &'a str,
    kid: &'a str,
}

/// A signed answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    header: Value,
    payload: Value,
    compact: String,
}

impl Envelope {
    /// Signs a payload.
    ///
    /// # Errors
    /// [`KeyError::Failed`] if the key cannot sign.
    pub fn sign(
        header: &JoseHeader<'_>,
        payload: Value,
        key: &PrivateKey,
    ) -> Result<Self, KeyError> {
        let JoseHeader {
            kid,
            iss,
            jti,
            iat_s,
        } = *header;
        let header = WireHeader {
            iss,
            iat: iat_s.to_string(),
            alg: "RS256",
            jti,
            kid,
        };
        let header = serde_json::to_value(header).map_err(|_| KeyError::Failed)?;
        let (header_text, payload_text) = (header.to_string(), payload.to_string());
        let compact = jwt::sign(header_text.as_bytes(), payload_text.as_bytes(), key)?;
        Ok(Self {
            header,
            payload,
            compact,
        })
    }

    /// One text of three parts.
    pub fn compact(&self) -> &str {
        &self.compact
    }

    /// An object of three members: `jose_header`, `jws_payload`, `jws_signature`.
    pub fn to_object(&self) -> Value {
        let signature = self.compact.rsplit('.').next();
        json!({
            "jose_header": self.header,
            "jws_payload": self.payload,
            "jws_signature": signature,
        })
    }
}

/// Checks an answer in the form of [`Envelope::to_object`] and returns its payload.
///
/// # Errors
/// [`JwtError::Parts`] if a member is missing, and whatever [`jwt::verify`] finds.
pub fn verify_object(object: &Value, key: &PublicKey) -> Result<Value, JwtError> {
    let member = |name: &str| object.get(name).ok_or(JwtError::Parts);
    let payload = member("jws_payload")?;
    let signature = member("jws_signature")?.as_str().ok_or(JwtError::Parts)?;
    let part = |value: &Value| super::encoding::base64_url(value.to_string().as_bytes());
    let compact = format!(
        "{}.{}.{signature}",
        part(member("jose_header")?),
        part(payload)
    );
    jwt::verify(&compact, key)?;
    Ok(payload.clone())
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand_chacha::ChaCha20Rng;

    use super::*;

    fn signed(key: &PrivateKey) -> Envelope {
        let header = JoseHeader {
            kid: "k1",
            iss: "https://mastercard.com",
            jti: "j1",
            iat_s: 1_700_000_000,
        };
        let payload = json!({ "srcCorrelationId": "c1", "encryptedPayload": "a.b.c.d.e" });
        Envelope::sign(&header, payload, key).unwrap()
    }

    #[test]
    fn both_forms_carry_the_same_signature() {
        let key = PrivateKey::generate(&mut ChaCha20Rng::from_seed([1; 32])).unwrap();
        let envelope = signed(&key);
        let object = envelope.to_object();
        assert_eq!(
            object["jose_header"].to_string(),
            r#"{"iss":"https://mastercard.com","iat":"1700000000","alg":"RS256","jti":"j1","kid":"k1"}"#
        );
        let claims = jwt::verify(envelope.compact(), key.public()).unwrap();
        assert_eq!(claims, object["jws_payload"].to_string().as_bytes());
        let text = serde_json::to_string_pretty(&object).unwrap();
        let received: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            verify_object(&received, key.public()).unwrap(),
            object["jws_payload"]
        );
    }

    #[test]
    fn a_changed_member_is_refused() {
        let key = PrivateKey::generate(&mut ChaCha20Rng::from_seed([1; 32])).unwrap();
        let object = signed(&key).to_object();
        let mut changed = object.clone();
        changed["jws_payload"]["srcCorrelationId"] = json!("c2");
        assert_eq!(
            verify_object(&changed, key.public()),
            Err(JwtError::Signature)
        );
        let mut changed = object.clone();
        changed["jose_header"]["alg"] = json!("none");
        assert_eq!(
            verify_object(&changed, key.public()),
            Err(JwtError::Algorithm)
        );
        for name in ["jose_header", "jws_payload", "jws_signature"] {
            let mut changed = object.clone();
            changed.as_object_mut().unwrap().remove(name);
            assert_eq!(
                verify_object(&changed, key.public()),
                Err(JwtError::Parts),
                "{name}"
            );
        }
        assert_eq!(
            verify_object(&json!("text"), key.public()),
            Err(JwtError::Parts)
        );
    }
}
