//! PKCS#12 keystores with one private key, for clients that want no other form: Mastercard's portal hands out signing keys
//! as `.p12`, and its clients ask for file, alias and password.
//!
//! The library that writes them salts them from the system's generator, so the file differs from run to run; the key and the
//! certificate inside do not.

use p12_keystore::{Certificate as Entry, KeyStore, KeyStoreEntry, Pkcs12ImportPolicy};
use p12_keystore::{PrivateKey as Pkcs8, PrivateKeyChain};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::certificate::Certificate;
use super::digest::sha256;
use super::rsa_key::PrivateKey;

/// Why a keystore was not read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeystoreError {
    #[error("is not a PKCS#12 keystore, or the password is wrong")]
    Unreadable,
    #[error("holds no private key with a certificate")]
    NoKey,
    #[error("holds a key that is not RSA of 2048 to 4096 bits, or a certificate for another key")]
    Unfit,
    #[error("could not be written")]
    Failed,
}

/// A private key, its certificate, and the name under which a keystore holds them.
#[derive(Debug)]
pub struct KeyEntry {
    pub alias: String,
    pub key: PrivateKey,
    pub certificate: Certificate,
}

/// Writes a keystore of one entry, encrypted with AES-256 under a key from the password.
///
/// # Errors
/// [`KeystoreError::Failed`] for an alias or password that PKCS#12 cannot hold.
pub fn write(entry: &KeyEntry, password: &str) -> Result<Vec<u8>, KeystoreError> {
    let failed = |_| KeystoreError::Failed;
    let pkcs8 = entry
        .key
        .to_pkcs8_der()
        .map_err(|_| KeystoreError::Failed)?;
    let key = Pkcs8::from_der(&pkcs8).map_err(failed)?;
    let certificate = Entry::from_der(entry.certificate.der()).map_err(failed)?;
    let id = sha256(entry.certificate.public().spki_der());
    let chain = PrivateKeyChain::new(&id[..], key, [certificate]);
    let mut store = KeyStore::new();
    store.add_entry(&entry.alias, KeyStoreEntry::PrivateKeyChain(chain));
    store.writer(password).write().map_err(failed)
}

/// Writes a keystore of certificates, each in PEM, that whoever reads it is to believe.
///
/// # Errors
/// [`KeystoreError::Failed`] for what is no certificate, or a password that PKCS#12 cannot hold.
pub fn of_authorities(pems: &[&str], password: &str) -> Result<Vec<u8>, KeystoreError> {
    let failed = |_| KeystoreError::Failed;
    let mut store = KeyStore::new();
    for (place, pem) in pems.iter().enumerate() {
        let der = CertificateDer::from_pem_slice(pem.as_bytes());
        let der = der.map_err(|_| KeystoreError::Failed)?;
        let entry = Entry::from_der(&der).map_err(failed)?;
        let alias = format!("authority-{}", place + 1);
        store.add_entry(&alias, KeyStoreEntry::Certificate(entry));
    }
    store.writer(password).write().map_err(failed)
}

/// Reads the first private key of a keystore.
///
/// # Errors
/// [`KeystoreError`], the first cause in the order of its variants.
pub fn read(bytes: &[u8], password: &str) -> Result<KeyEntry, KeystoreError> {
    let store = KeyStore::from_pkcs12(bytes, password, Pkcs12ImportPolicy::Strict)
        .map_err(|_| KeystoreError::Unreadable)?;
    let (alias, chain) = store.private_key_chain().ok_or(KeystoreError::NoKey)?;
    let leaf = chain.certs().first().ok_or(KeystoreError::NoKey)?;
    let key = PrivateKey::from_pkcs8_der(chain.key().as_der()).map_err(|_| KeystoreError::Unfit)?;
    let certificate = Certificate::from_der(leaf.as_der()).map_err(|_| KeystoreError::Unfit)?;
    if certificate.public().spki_der() != key.public().spki_der() {
        return Err(KeystoreError::Unfit);
    }
    Ok(KeyEntry {
        alias: alias.to_owned(),
        key,
        certificate,
    })
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand_chacha::ChaCha20Rng;

    use super::*;
    use crate::crypto::certificate::Subject;

    fn entry() -> KeyEntry {
        let key = PrivateKey::generate(&mut ChaCha20Rng::from_seed([1; 32])).unwrap();
        let subject = Subject {
            common_name: "standin signing",
            serial: &[7],
            not_before_s: 1_700_000_000,
            not_after_s: 2_000_000_000,
        };
        let certificate = Certificate::self_signed(&key, &subject).unwrap();
        KeyEntry {
            alias: "keyalias".to_owned(),
            key,
            certificate,
        }
    }

    /// Takes a moment: the password is stretched by ten thousand rounds, several times.
    #[test]
    fn a_keystore_gives_back_what_was_put_in_and_only_for_the_password() {
        let entry = entry();
        let bytes = write(&entry, "keystorepassword").unwrap();
        let read_back = read(&bytes, "keystorepassword").unwrap();
        assert_eq!(read_back.alias, "keyalias");
        assert_eq!(read_back.key.to_pkcs8_der(), entry.key.to_pkcs8_der());
        assert_eq!(read_back.certificate.der(), entry.certificate.der());
        assert_eq!(
            read(&bytes, "keystorepasswort").unwrap_err(),
            KeystoreError::Unreadable
        );
        assert_eq!(
            read(&bytes[1..], "keystorepassword").unwrap_err(),
            KeystoreError::Unreadable
        );
        assert_eq!(read(b"", "").unwrap_err(), KeystoreError::Unreadable);
    }

    #[test]
    fn a_certificate_for_another_key_is_refused() {
        let stranger = PrivateKey::generate(&mut ChaCha20Rng::from_seed([2; 32])).unwrap();
        let entry = KeyEntry {
            key: stranger,
            ..entry()
        };
        let bytes = write(&entry, "x").unwrap();
        assert_eq!(read(&bytes, "x").unwrap_err(), KeystoreError::Unfit);
    }

    #[test]
    fn a_store_without_a_key_is_refused() {
        let mut store = KeyStore::new();
        let certificate = Entry::from_der(entry().certificate.der()).unwrap();
        store.add_entry("only", KeyStoreEntry::Certificate(certificate));
        let bytes = store.writer("x").write().unwrap();
        assert_eq!(read(&bytes, "x").unwrap_err(), KeystoreError::NoKey);
    }
}
