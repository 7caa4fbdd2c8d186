//! The keys of the packs and the chance in them, all from one seed.

use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;

use super::VectorsError;
use crate::crypto::encoding::{base58, base64, hex};
use crate::crypto::rsa_key::PrivateKey;
use crate::seed::{Purpose, Seed};

/// By this clock every case is to be checked: 2023-11-14T22:13:20Z.
pub(super) const NOW_S: i64 = 1_700_000_000;

/// See the module.
#[derive(Debug)]
pub(super) struct Material {
    seed: Seed,
    /// Signs requests, or opens what is sealed for it.
    pub(super) key: PrivateKey,
    /// Somebody else's.
    pub(super) other_key: PrivateKey,
    /// Names the client whose key it is.
    pub(super) consumer_key: String,
}

impl Material {
    /// Makes two RSA keys, which takes a moment.
    pub(super) fn new(seed: &Seed) -> Result<Self, VectorsError> {
        let key = |name: &str| PrivateKey::generate(&mut rng(seed, name));
        let (client, project) = (short(seed, "client"), short(seed, "project"));
        Ok(Self {
            key: key("key")?,
            other_key: key("other-key")?,
            consumer_key: format!("{client}!{project}"),
            seed: seed.clone(),
        })
    }

    /// A generator for one purpose.
    pub(super) fn rng(&self, name: &str) -> ChaCha20Rng {
        rng(&self.seed, name)
    }

    /// Thirty-two bytes.
    pub(super) fn bytes(&self, name: &str) -> [u8; 32] {
        self.seed.derive(Purpose::Vector, &[name.as_bytes()])
    }

    /// Twenty-two letters and digits.
    pub(super) fn letters(&self, name: &str) -> String {
        short(&self.seed, name)
    }

    /// Thirty-two bytes in hexadecimal.
    pub(super) fn hexadecimal(&self, name: &str) -> String {
        hex(&self.bytes(name))
    }

    /// Thirty-two bytes in base64.
    pub(super) fn base64(&self, name: &str) -> String {
        base64(&self.bytes(name))
    }
}

fn rng(seed: &Seed, name: &str) -> ChaCha20Rng {
    ChaCha20Rng::from_seed(seed.derive(Purpose::Vector, &[name.as_bytes()]))
}

fn short(seed: &Seed, name: &str) -> String {
    base58(seed.derive16(Purpose::Vector, &[name.as_bytes()]))
}
