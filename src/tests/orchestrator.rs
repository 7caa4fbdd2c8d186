//! hyperswitch as far as a token service sees it: keys from its configuration, cards sealed to the service, tokens opened.

use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use serde_json::{Value, json};
use standin::crypto::jwe::Compact;
use standin::crypto::mastercard_jwe::{ContentEncryption, IvLength, Outline, open, seal};
use standin::crypto::recipient::{KeyNames, Recipient};
use standin::crypto::rsa_key::{PrivateKey, PublicKey};

use crate::client::Answer;

/// What hyperswitch is configured with.
pub(crate) struct Orchestrator {
    service: PublicKey,
    own: Recipient,
    key_id: String,
}

impl Orchestrator {
    /// With the keys that the control plane gives out.
    pub(crate) fn configured(keys: &Answer) -> Self {
        let key = PrivateKey::from_pkcs8_pem(&keys.at("/private_key")).unwrap();
        let key_id = keys.at("/key_id");
        Self {
            service: PublicKey::from_spki_pem(&keys.at("/public_key")).unwrap(),
            own: Recipient {
                names: KeyNames::of(key.public()).with_text(&key_id),
                key,
                encryptions: &ContentEncryption::ALL,
            },
            key_id,
        }
    }

    pub(crate) fn generate(&self, card: &Value, customer: &str) -> Value {
        let outline = Outline {
            key_id: Some(&self.key_id),
            encryption: ContentEncryption::A128Gcm,
            iv_length: IvLength::Twelve,
        };
        // Encoded twice, as hyperswitch does.
        let plain = json!(card.to_string()).to_string();
        let mut rng = ChaCha20Rng::from_seed([7; 32]);
        let sealed = seal(&mut rng, &self.service, &outline, plain.as_bytes()).unwrap();
        json!({
            "service": "NETWORK_TOKEN", "cardData": sealed, "keyId": self.key_id, "shouldSendToken": true,
            "orderData": { "consentId": "consent", "customerId": customer },
        })
    }

    pub(crate) fn opened(&self, answer: &Answer) -> Value {
        let payload = answer.at("/payload");
        let plain = open(&self.own, &Compact::parse(&payload).unwrap()).unwrap();
        serde_json::from_slice(&plain).unwrap()
    }
}
