//! RSA-OAEP: puts a short key into an envelope for one recipient. ring has no RSA encryption; the `rsa` crate has, and it
//! takes a generator, so that an envelope can be byte-stable.

use rand::{CryptoRng, SeedableRng as _};
use rand_chacha::ChaCha20Rng;
use ring::rand::{SecureRandom as _, SystemRandom};
use rsa::Oaep;
use serde::{Deserialize, Serialize};
use sha2::{Sha256, Sha512};

use super::rsa_key::{KeyError, PrivateKey, PublicKey};

/// The hash of RSA-OAEP, used for the empty label and for MGF1 alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OaepHash {
    Sha256,
    Sha512,
}

/// A ciphertext that this key and hash do not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ciphertext is not for this key and hash")]
pub struct NotForThisKey;

impl PublicKey {
    /// Encrypts, with a seed from the generator.
    ///
    /// # Errors
    /// [`KeyError::Failed`] for a plaintext longer than the padding leaves room for: 190 bytes with SHA-256 and 126 with
    /// SHA-512 under a key of 2048 bits.
    pub fn encrypt<R: CryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        hash: OaepHash,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        let ciphertext = match hash {
            OaepHash::Sha256 => self.key.encrypt(rng, Oaep::<Sha256>::new(), plaintext),
            OaepHash::Sha512 => self.key.encrypt(rng, Oaep::<Sha512>::new(), plaintext),
        };
        ciphertext.map_err(|_| KeyError::Failed)
    }
}

impl PrivateKey {
    /// Decrypts, blinded: how long that takes tells nothing of the key (RUSTSEC-2023-0071 is about decrypting without). What
    /// is drawn for it shows in nothing that comes out, so it may come from the machine.
    ///
    /// # Errors
    /// [`NotForThisKey`], whatever is wrong with the ciphertext: more would help an attacker find the plaintext.
    pub fn decrypt(&self, hash: OaepHash, ciphertext: &[u8]) -> Result<Vec<u8>, NotForThisKey> {
        let mut seed = [0; 32];
        SystemRandom::new()
            .fill(&mut seed)
            .map_err(|_| NotForThisKey)?;
        let mut rng = ChaCha20Rng::from_seed(seed);
        let plaintext = match hash {
            OaepHash::Sha256 => {
                let padding = Oaep::<Sha256>::new();
                self.key.decrypt_blinded(&mut rng, padding, ciphertext)
            }
            OaepHash::Sha512 => {
                let padding = Oaep::<Sha512>::new();
                self.key.decrypt_blinded(&mut rng, padding, ciphertext)
            }
        };
        plaintext.map_err(|_| NotForThisKey)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_opens_with_its_key_and_hash_and_with_nothing_else() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let key = PrivateKey::generate(&mut rng).unwrap();
        let stranger = PrivateKey::generate(&mut rng).unwrap();
        let mut twin = rng.clone();
        for (hash, other, room) in [
            (OaepHash::Sha256, OaepHash::Sha512, 190),
            (OaepHash::Sha512, OaepHash::Sha256, 126),
        ] {
            let plaintext = vec![5; room];
            let mut ciphertext = key.public().encrypt(&mut rng, hash, &plaintext).unwrap();
            assert_eq!(
                key.public().encrypt(&mut twin, hash, &plaintext).unwrap(),
                ciphertext
            );
            assert_eq!(key.decrypt(hash, &ciphertext).unwrap(), plaintext);
            assert_eq!(key.decrypt(other, &ciphertext), Err(NotForThisKey));
            assert_eq!(stranger.decrypt(hash, &ciphertext), Err(NotForThisKey));
            ciphertext[100] ^= 1;
            assert_eq!(key.decrypt(hash, &ciphertext), Err(NotForThisKey));
            assert_eq!(key.decrypt(hash, &ciphertext[1..]), Err(NotForThisKey));
            assert_eq!(key.decrypt(hash, b""), Err(NotForThisKey));
            let too_long = key.public().encrypt(&mut rng, hash, &vec![5; room + 1]);
            assert_eq!(too_long, Err(KeyError::Failed), "{hash:?}");
        }
    }
}
