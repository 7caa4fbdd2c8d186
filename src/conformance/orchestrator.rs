//! The judge as hyperswitch: it seals cards for a token service and opens what it is answered, with the keys of hyperswitch's
//! own configuration.

use std::fmt;

use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use serde_json::{Value, json};

use super::target::TestCard;
use crate::crypto::digest::sha256;
use crate::crypto::jwe::Compact;
use crate::crypto::mastercard_jwe::{ContentEncryption, IvLength, Outline, open, seal};
use crate::crypto::recipient::{KeyNames, Recipient};
use crate::crypto::rsa_key::{PrivateKey, PublicKey};

/// See the module.
pub(crate) struct OrchestratorKeys {
    service: PublicKey,
    own: Recipient,
    key_id: String,
}

impl OrchestratorKeys {
    /// Reads `{key_id, public_key, private_key}`: the service's public key and the orchestrator's private one, in PEM.
    ///
    /// # Errors
    /// A text that names the member.
    pub(crate) fn read(document: &Value) -> Result<Self, String> {
        let text = |name: &str| {
            let found = document.get(name).and_then(Value::as_str);
            found.ok_or_else(|| format!("{name} is missing"))
        };
        let key = PrivateKey::from_pkcs8_pem(text("private_key")?);
        let key = key.map_err(|error| format!("private_key: {error}"))?;
        let service = PublicKey::from_spki_pem(text("public_key")?);
        let key_id = text("key_id")?.to_owned();
        Ok(Self {
            service: service.map_err(|error| format!("public_key: {error}"))?,
            own: Recipient {
                names: KeyNames::of(key.public()).with_text(&key_id),
                key,
                encryptions: &ContentEncryption::ALL,
            },
            key_id,
        })
    }

    /// A card as hyperswitch seals it: JSON that is encoded twice.
    pub(crate) fn seal(&self, card: &TestCard) -> Option<String> {
        let inner = json!({
            "cardNumber": card.pan,
            "expMonth": card.exp_month.to_string(),
            "expYear": card.exp_year.to_string(),
        });
        let plain = json!(inner.to_string()).to_string();
        let outline = Outline {
            key_id: Some(&self.key_id),
            encryption: ContentEncryption::A128Gcm,
            iv_length: IvLength::Twelve,
        };
        // What is drawn for the envelope follows from the plaintext, so that a run can be repeated.
        let mut rng = ChaCha20Rng::from_seed(sha256(plain.as_bytes()));
        seal(&mut rng, &self.service, &outline, plain.as_bytes()).ok()
    }

    /// What an envelope holds, if it is for these keys and holds JSON.
    pub(crate) fn open(&self, sealed: &str) -> Option<Value> {
        let plain = open(&self.own, &Compact::parse(sealed).ok()?).ok()?;
        serde_json::from_slice(&plain).ok()
    }
}

impl fmt::Debug for OrchestratorKeys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "OrchestratorKeys({}, ***)", self.key_id)
    }
}
