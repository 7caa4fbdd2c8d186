//! Known answers of the networks' byte-level security, and forgeries of it. The answers are in `fixtures/vectors/crypto/`,
//! each with its source.

use proptest::test_runner::Config;
use standin::crypto::rsa_key::PrivateKey;

mod oauth1;
mod vts_jwe;
mod xpay;

/// Cases of each property. A debug build is many times slower at arithmetic and runs within every `cargo test`; the
/// release run is the long one.
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
