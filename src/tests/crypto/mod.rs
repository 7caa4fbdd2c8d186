//! Known answers of the networks' byte-level security, and forgeries of it. The answers are in `fixtures/vectors/crypto/`;
//! `fixtures/vectors/crypto/README.md` says what is where.

use proptest::test_runner::Config;
use standin::crypto::encoding::{base64, from_hex};
use standin::crypto::mastercard_jwe::ContentEncryption;
use standin::crypto::recipient::{KeyNames, Recipient};
use standin::crypto::rsa_key::PrivateKey;

mod field_level;
mod mastercard_jwe;
mod oauth1;
mod sealed;
mod vts_jwe;
mod xpay;

/// Cases of each property. A debug build is many times slower at arithmetic and runs within every `cargo test`; the
/// release run is the long one and takes some minutes.
const FORGERY_CASES: u32 = if cfg!(debug_assertions) {
    2_000
} else {
    100_000
};

/// No file of past failures is kept: a failure prints its input, and the input becomes a test.
fn forgeries() -> Config {
    Config {
        cases: FORGERY_CASES,
        failure_persistence: None,
        ..Config::default()
    }
}

/// A compact JWE in the one alphabet that RFC 7515 knows. Two texts that agree in this carry the same bytes.
fn canonical(envelope: &str) -> String {
    envelope.replace('/', "_").replace('+', "-")
}

/// The test key that Mastercard's client-encryption libraries publish (client-encryption-java,
/// src/test/resources/keys/pkcs8/test_key_pkcs8-2048.pem).
fn mastercard_test_key() -> PrivateKey {
    let pem = include_str!("../../../fixtures/vectors/crypto/mastercard_test_key.pem");
    PrivateKey::from_pkcs8_pem(pem).unwrap()
}

/// That key, under the names that its published certificate gives it (known by its SHA-256 only) and those of our own
/// certificate for it.
fn mastercard_test_recipient(published_fingerprint: &str) -> Recipient {
    let key = mastercard_test_key();
    let own = include_str!("../../../fixtures/vectors/crypto/mastercard_test_certificate.pem");
    let own = standin::crypto::certificate::Certificate::from_pem(own).unwrap();
    let names = KeyNames::of(key.public())
        .with_certificate(own.der())
        .with_text(published_fingerprint)
        .with_text(&base64(&from_hex(published_fingerprint).unwrap()));
    Recipient {
        key,
        names,
        encryptions: &ContentEncryption::ALL,
    }
}
