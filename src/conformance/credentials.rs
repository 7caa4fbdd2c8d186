//! What the judge was given to speak to a network: keys that sign and seal. They come from a folder of the integrator's, with
//! an index `keys.json`, or from whoever started the target.

use std::path::Path;
use std::sync::Arc;
use std::{fmt, fs};

use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use serde::Deserialize;
use serde_json::Value;

use super::http::Sent;
use super::requestor::{MastercardCredentials, MastercardIndex};
use crate::crypto::jwe::Compact;
use crate::crypto::mac::{HmacKey, hmac_sha256};
use crate::crypto::vts_jwe::{EncryptionSecret, Material, Sender};
use crate::crypto::xpay::{Form, PayToken, SharedSecret, SignedRequest};

const INDEX: &str = "keys.json";

/// The judge's keys, network by network.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    pub(crate) visa: Option<VisaCredentials>,
    pub(crate) mastercard: Option<Arc<MastercardCredentials>>,
}

impl Credentials {
    /// Reads `keys.json` of a folder.
    ///
    /// # Errors
    /// A text for the caller that names the file and the member.
    pub(crate) fn read(folder: &Path) -> Result<Self, String> {
        let file = folder.join(INDEX);
        let complain = |error: &dyn fmt::Display| format!("--keys {}: {error}", file.display());
        let text = fs::read_to_string(&file).map_err(|error| complain(&error))?;
        let beside = |name: &str| fs::read(folder.join(name)).map_err(|error| error.to_string());
        Self::from_files(&text, &beside).map_err(|error| complain(&error))
    }

    /// Reads the text of an index; `file` reads a file beside it.
    ///
    /// # Errors
    /// A text that names the member and the file.
    pub fn from_files(
        index: &str,
        file: &dyn Fn(&str) -> Result<Vec<u8>, String>,
    ) -> Result<Self, String> {
        let index: Index = serde_json::from_str(index).map_err(|error| error.to_string())?;
        let mastercard = index.mastercard.as_ref();
        let mastercard = mastercard.map(|keys| MastercardCredentials::read(keys, file));
        Ok(Self {
            visa: index.visa.as_ref().map(VisaCredentials::new),
            mastercard: mastercard.transpose()?.map(Arc::new),
        })
    }

    /// With the keys of a token requestor at Visa.
    #[must_use]
    pub fn with_visa(self, keys: &VisaKeys) -> Self {
        Self {
            visa: Some(VisaCredentials::new(keys)),
            ..self
        }
    }

    /// The texts that no report may show.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        self.visa.iter().flat_map(|visa| {
            [
                visa.api_key.as_str(),
                visa.encryption_api_key.as_str(),
                visa.shared_secret.as_str(),
                visa.encryption_shared_secret.as_str(),
            ]
        })
    }
}

/// The index, as far as the judge reads it: what the networks keep for themselves is none of its business.
#[derive(Deserialize)]
struct Index {
    visa: Option<VisaKeys>,
    mastercard: Option<MastercardIndex>,
}

/// The four texts that a token requestor at Visa configures.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisaKeys {
    pub api_key: String,
    pub shared_secret: String,
    pub encryption_api_key: String,
    pub encryption_shared_secret: String,
}

impl fmt::Debug for VisaKeys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("VisaKeys(***)")
    }
}

/// The keys of a token requestor at Visa, ready for use.
#[derive(Clone)]
pub(crate) struct VisaCredentials {
    pub(crate) api_key: String,
    shared_secret: String,
    encryption_api_key: String,
    encryption_shared_secret: String,
    signing: SharedSecret,
    encryption: EncryptionSecret,
}

/// What is wrong with a signed request that must be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forgery {
    /// Signed with another secret.
    Secret,
    /// Signed so many seconds before (or, if negative, after) the time.
    Age(i64),
    /// The body is another one than was signed.
    Body,
    /// The key is nobody's.
    Key,
}

impl VisaCredentials {
    fn new(keys: &VisaKeys) -> Self {
        Self {
            api_key: keys.api_key.clone(),
            shared_secret: keys.shared_secret.clone(),
            encryption_api_key: keys.encryption_api_key.clone(),
            encryption_shared_secret: keys.encryption_shared_secret.clone(),
            signing: SharedSecret::new(&keys.shared_secret),
            encryption: EncryptionSecret::new(
                &keys.encryption_api_key,
                &keys.encryption_shared_secret,
            ),
        }
    }

    /// Adds the API key, which may name a space, and the signature.
    ///
    /// # Errors
    /// A text when the request's own URL is none.
    pub(crate) fn sign(
        &self,
        sent: &mut Sent,
        space: Option<&str>,
        now_s: i64,
        forgery: Option<Forgery>,
    ) -> Result<(), String> {
        let key = if forgery == Some(Forgery::Key) {
            "nobody"
        } else {
            &self.api_key
        };
        let at = space.map_or(String::new(), |space| format!("@{space}"));
        let join = if sent.url.contains('?') { '&' } else { '?' };
        sent.url = format!("{}{join}apiKey={key}{at}", sent.url);
        let url: hyper::Uri = sent
            .url
            .parse()
            .map_err(|error| format!("{}: {error}", sent.url))?;
        let age = match forgery {
            Some(Forgery::Age(seconds)) => seconds,
            Some(Forgery::Secret | Forgery::Body | Forgery::Key) | None => 0,
        };
        let request = SignedRequest {
            paths: &[url.path()],
            query: url.query().unwrap_or_default(),
            body: sent.body.as_deref().unwrap_or_default().as_bytes(),
        };
        let another = SharedSecret::new("another secret");
        let secret = if forgery == Some(Forgery::Secret) {
            &another
        } else {
            &self.signing
        };
        let timestamp_s = u64::try_from(now_s - age).unwrap_or_default();
        let token = PayToken::sign(secret, Form::Xv2, timestamp_s, &request);
        sent.set_header("x-pay-token", Some(token.to_header()));
        if forgery == Some(Forgery::Body) {
            let signed = sent.body.take().unwrap_or_default();
            sent.body = Some(format!("{signed} "));
        }
        Ok(())
    }

    /// Seals a plaintext. What is drawn for the envelope follows from secret and plaintext, so that a run can be repeated.
    ///
    /// # Errors
    /// A text, if the cipher refuses the material.
    pub(crate) fn seal(&self, plain: &Value) -> Result<String, String> {
        let plain = plain.to_string();
        let key = HmacKey::new(self.encryption_shared_secret.as_bytes());
        let drawn = hmac_sha256(&key, &[b"standin conform", plain.as_bytes()]);
        let material = Material::draw(&mut ChaCha20Rng::from_seed(drawn));
        let sealed = self
            .encryption
            .seal(Sender::Client, &material, plain.as_bytes());
        sealed.map_err(|error| error.to_string())
    }

    /// What an envelope holds, if it is one under these keys and holds JSON.
    pub(crate) fn open(&self, envelope: &str) -> Option<Value> {
        let plain = self.encryption.open(&Compact::parse(envelope).ok()?).ok()?;
        serde_json::from_slice(&plain).ok()
    }
}

impl fmt::Debug for VisaCredentials {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("VisaCredentials(***)")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::crypto::xpay::{PayTokenError, Policy};

    fn keys() -> VisaCredentials {
        VisaCredentials::new(&VisaKeys {
            api_key: "KEY123".to_owned(),
            shared_secret: "signing".to_owned(),
            encryption_api_key: "ENCKEY".to_owned(),
            encryption_shared_secret: "sealing".to_owned(),
        })
    }

    fn checked(forgery: Option<Forgery>) -> Result<(), PayTokenError> {
        let mut sent = Sent::new("POST", "http://127.0.0.1:9/vts/x?a=1").body("{}");
        keys().sign(&mut sent, Some("s"), 1_000, forgery).unwrap();
        let url: hyper::Uri = sent.url.parse().unwrap();
        let request = SignedRequest {
            paths: &[url.path()],
            query: url.query().unwrap(),
            body: sent.body.as_deref().unwrap().as_bytes(),
        };
        let (_, token) = sent.headers.last().unwrap();
        let policy = Policy {
            tolerance_s: 10,
            older_form: false,
        };
        PayToken::parse(token)?.verify(&SharedSecret::new("signing"), &request, 1_000, policy)
    }

    #[test]
    fn a_signature_holds_unless_it_is_to_be_forged() {
        assert_eq!(checked(None), Ok(()));
        assert_eq!(
            checked(Some(Forgery::Key)),
            Ok(()),
            "the key is not signed for"
        );
        assert_eq!(
            checked(Some(Forgery::Secret)),
            Err(PayTokenError::Signature)
        );
        assert_eq!(checked(Some(Forgery::Body)), Err(PayTokenError::Signature));
        assert!(matches!(
            checked(Some(Forgery::Age(11))),
            Err(PayTokenError::Stale { .. })
        ));
        assert!(matches!(
            checked(Some(Forgery::Age(-11))),
            Err(PayTokenError::Early { .. })
        ));
    }

    #[test]
    fn what_is_sealed_opens_and_a_secret_is_not_shown() {
        let plain = json!({ "token": "x" });
        let envelope = keys().seal(&plain).unwrap();
        assert_eq!(keys().open(&envelope), Some(plain));
        assert_eq!(keys().open("a.b.c.d.e"), None);
        assert_eq!(format!("{:?}", keys()), "VisaCredentials(***)");
    }
}
