//! The holder of a decryption key, and the names under which senders may know that key.
//!
//! Mastercard's clients name a key by a fingerprint, and which one is a matter of their configuration: SHA-256 of the
//! certificate or of the public key, in hexadecimal or base64; old MDES samples have SHA-1 of the certificate. So a name is
//! opaque, and any known one will do.

use super::digest::{sha1, sha256};
use super::encoding::{from_base64, from_hex};
use super::mastercard_jwe::ContentEncryption;
use super::rsa_key::{PrivateKey, PublicKey};

/// The names of one key.
#[derive(Clone, Debug)]
pub struct KeyNames {
    digests: Vec<Vec<u8>>,
    texts: Vec<String>,
}

impl KeyNames {
    /// The name every key has: SHA-256 of its SubjectPublicKeyInfo.
    pub fn of(key: &PublicKey) -> Self {
        Self {
            digests: vec![sha256(key.spki_der()).to_vec()],
            texts: Vec::new(),
        }
    }

    /// Adds the names that a certificate for the key gives it: SHA-256 and SHA-1 of its DER.
    #[must_use]
    pub fn with_certificate(mut self, der: &[u8]) -> Self {
        self.digests.push(sha256(der).to_vec());
        self.digests.push(sha1(der).to_vec());
        self
    }

    /// Adds a name that was agreed on, such as the `kid` in a published key set.
    #[must_use]
    pub fn with_text(mut self, name: &str) -> Self {
        self.texts.push(name.to_owned());
        self
    }

    /// Whether the key is known under this name.
    pub fn include(&self, name: &str) -> bool {
        let known =
            |digest: Result<Vec<u8>, _>| digest.is_ok_and(|digest| self.digests.contains(&digest));
        self.texts.iter().any(|text| text == name)
            || known(from_hex(name))
            || known(from_base64(name))
    }
}

/// A private key with its names and the content encryptions that are accepted for it.
#[derive(Debug)]
pub struct Recipient {
    pub key: PrivateKey,
    pub names: KeyNames,
    pub encryptions: &'static [ContentEncryption],
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::encoding::{base64, hex};

    #[test]
    fn a_key_answers_to_each_of_its_names() {
        let key = PublicKey::from_numbers(&[0xff; 256], &[1, 0, 1]).unwrap();
        let names = KeyNames::of(&key);
        let certificate = b"a certificate";
        let more = names
            .clone()
            .with_certificate(certificate)
            .with_text("key-1");
        assert!(names.include(&key.fingerprint()));
        assert!(names.include(&key.fingerprint().to_uppercase()));
        assert!(names.include(&base64(&sha256(key.spki_der()))));
        for name in [
            hex(&sha256(certificate)),
            hex(&sha1(certificate)),
            base64(&sha256(certificate)),
            "key-1".to_owned(),
        ] {
            assert!(!names.include(&name) && more.include(&name), "{name}");
        }
        for stranger in ["", "key-2", "00", &"0".repeat(64)] {
            assert!(!more.include(stranger), "{stranger}");
        }
    }
}
