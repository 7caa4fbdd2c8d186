//! What Visa gives a token requestor: an API key with the secret that signs its requests (x-pay-token), and an encryption
//! API key with the secret that seals what is in them (both pairs as visa/mcp's api-client configures them).

use std::fmt;

use crate::crypto::encoding::base58;
use crate::crypto::rsa_key::KeyError;
use crate::crypto::vts_jwe::EncryptionSecret;
use crate::crypto::xpay::SharedSecret;
use crate::operations::keyring::Origin;

/// The credentials of one token requestor at Visa. `Debug` shows the two API keys, which are names, and no secret.
#[derive(Clone)]
pub struct VisaKeys {
    api_key: String,
    shared_secret: String,
    encryption_shared_secret: String,
    signing: SharedSecret,
    encryption: EncryptionSecret,
}

impl VisaKeys {
    /// From the four texts that an integrator configures. The secrets are used as they are written, undecoded.
    pub fn new(
        api_key: &str,
        shared_secret: &str,
        encryption_api_key: &str,
        encryption_shared_secret: &str,
    ) -> Self {
        Self {
            api_key: api_key.to_owned(),
            shared_secret: shared_secret.to_owned(),
            encryption_shared_secret: encryption_shared_secret.to_owned(),
            signing: SharedSecret::new(shared_secret),
            encryption: EncryptionSecret::new(encryption_api_key, encryption_shared_secret),
        }
    }

    /// # Errors
    /// [`KeyError`] when the machine has no randomness to give.
    pub(super) fn make(origin: &Origin) -> Result<Self, KeyError> {
        let text = |name| origin.draw(name).map(letters);
        Ok(Self::new(
            &text("visa-api-key")?,
            &text("visa-shared-secret")?,
            &text("visa-encryption-api-key")?,
            &text("visa-encryption-shared-secret")?,
        ))
    }

    /// Names the requestor in the query of every request.
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// The text of the secret that signs requests, for handing it out. Never log it.
    pub fn shared_secret(&self) -> &str {
        &self.shared_secret
    }

    /// Names the encryption secret in the header of every envelope.
    pub fn encryption_api_key(&self) -> &str {
        self.encryption.key_id()
    }

    /// The text of the secret that seals envelopes, for handing it out. Never log it.
    pub fn encryption_shared_secret(&self) -> &str {
        &self.encryption_shared_secret
    }

    /// What signs and checks `x-pay-token`.
    pub const fn signing(&self) -> &SharedSecret {
        &self.signing
    }

    /// What opens and seals envelopes.
    pub const fn encryption(&self) -> &EncryptionSecret {
        &self.encryption
    }
}

impl fmt::Debug for VisaKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "VisaKeys({}, {}, ***)",
            self.api_key,
            self.encryption.key_id()
        )
    }
}

/// Forty-four base58 letters, which every shell, query and configuration file takes as they are.
fn letters(drawn: [u8; 32]) -> String {
    let (mut head, mut tail) = ([0; 16], [0; 16]);
    head.copy_from_slice(&drawn[..16]);
    tail.copy_from_slice(&drawn[16..]);
    base58(head) + &base58(tail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    #[test]
    fn a_seed_gives_the_same_keys_and_they_are_four() {
        let make = || VisaKeys::make(&Origin::Seed(Seed::from_text("keys"))).unwrap();
        let (one, other) = (make(), make());
        let texts = |keys: &VisaKeys| {
            [
                keys.api_key().to_owned(),
                keys.shared_secret().to_owned(),
                keys.encryption_api_key().to_owned(),
                keys.encryption_shared_secret().to_owned(),
            ]
        };
        assert_eq!(texts(&one), texts(&other));
        let distinct: std::collections::HashSet<_> = texts(&one).into_iter().collect();
        assert_eq!(distinct.len(), 4);
        let drawn = VisaKeys::make(&Origin::Machine).unwrap();
        assert_ne!(drawn.api_key(), one.api_key());
    }

    #[test]
    fn no_secret_is_shown() {
        let keys = VisaKeys::new("name", "signs", "other", "seals");
        assert_eq!(format!("{keys:?}"), "VisaKeys(name, other, ***)");
    }
}
