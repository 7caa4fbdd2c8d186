//! RSA key pairs: made from a given generator, written and read as PEM, named by fingerprint, and used to sign.
//!
//! ring signs and verifies; the `rsa` crate does what ring lacks: making keys, PSS with a given generator, and OAEP (in
//! `oaep.rs`). Both hold the same numbers, checked when the key is made. No private number leaves but as PKCS#8, when asked for.

use rand::CryptoRng;
use ring::rand::SystemRandom;
use ring::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RSA_PSS_2048_8192_SHA256, RsaKeyPair,
    RsaParameters, RsaPublicKeyComponents,
};
use rsa::pkcs8::{
    DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey, LineEnding,
};
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, Pss};
use sha2::Sha256;

use super::digest::sha256;
use super::encoding::hex;

/// The size of the keys we make, and the least that we take.
pub const MODULUS_BITS: usize = 2048;

/// Why a key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("is not an RSA private key in PKCS#8 form")]
    NotAPrivateKey,
    #[error("is not an RSA public key in SubjectPublicKeyInfo form")]
    NotAPublicKey,
    #[error(
        "has numbers that form no RSA key of 2048 to 4096 bits with an exponent of 65537 or more"
    )]
    Unfit,
    #[error("could not be made or written")]
    Failed,
}

/// A signature that its key did not make over this message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not match")]
pub struct BadSignature;

/// The salt of RSASSA-PSS in Mastercard's clients: as long as the digest.
const PSS_SALT_BYTES: usize = 32;

/// A private RSA key and its public half. `Debug` shows the fingerprint only.
pub struct PrivateKey {
    pub(super) key: rsa::PrivateKey,
    signer: RsaKeyPair,
    public: PublicKey,
}

/// A public RSA key.
#[derive(Clone)]
pub struct PublicKey {
    pub(super) key: rsa::PublicKey,
    /// Big-endian, without leading zeros, as ring and a JWKS want them.
    modulus: Vec<u8>,
    exponent: Vec<u8>,
    spki_der: Vec<u8>,
}

// === impl PrivateKey ===

impl PrivateKey {
    /// A new key of 2048 bits with exponent 65537, drawn from the generator alone: the same generator, seeded alike, makes
    /// the same key.
    ///
    /// # Errors
    /// [`KeyError::Failed`] if no key comes out, which a working generator does not bring about.
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R) -> Result<Self, KeyError> {
        let key = rsa::PrivateKey::new(rng, MODULUS_BITS).map_err(|_| KeyError::Failed)?;
        Self::new(key)
    }

    /// Reads a `PRIVATE KEY` block.
    ///
    /// # Errors
    /// [`KeyError::NotAPrivateKey`] for anything else, [`KeyError::Unfit`] for a key ring refuses to sign with.
    pub fn from_pkcs8_pem(pem: &str) -> Result<Self, KeyError> {
        let key = rsa::PrivateKey::from_pkcs8_pem(pem).map_err(|_| KeyError::NotAPrivateKey)?;
        Self::new(key)
    }

    /// Reads the DER of a PKCS#8 private key; errors as [`Self::from_pkcs8_pem`].
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        let key = rsa::PrivateKey::from_pkcs8_der(der).map_err(|_| KeyError::NotAPrivateKey)?;
        Self::new(key)
    }

    fn new(key: rsa::PrivateKey) -> Result<Self, KeyError> {
        let der = key.to_pkcs8_der().map_err(|_| KeyError::Failed)?;
        let signer = RsaKeyPair::from_pkcs8(der.as_bytes()).map_err(|_| KeyError::Unfit)?;
        let public = PublicKey::new(key.to_public_key())?;
        Ok(Self {
            key,
            signer,
            public,
        })
    }

    /// The key as a PEM block `PRIVATE KEY`, lines ended by a line feed.
    ///
    /// # Errors
    /// [`KeyError::Failed`] if the key cannot be encoded, which its making has ruled out.
    pub fn to_pkcs8_pem(&self) -> Result<String, KeyError> {
        let pem = self
            .key
            .to_pkcs8_pem(LineEnding::LF)
            .map_err(|_| KeyError::Failed)?;
        Ok(pem.as_str().to_owned())
    }

    /// The key as PKCS#8 DER; errors as [`Self::to_pkcs8_pem`].
    pub fn to_pkcs8_der(&self) -> Result<Vec<u8>, KeyError> {
        let der = self.key.to_pkcs8_der().map_err(|_| KeyError::Failed)?;
        Ok(der.as_bytes().to_vec())
    }

    /// The public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 (`RS256`, `RSA-SHA256`). Deterministic.
    ///
    /// # Errors
    /// [`KeyError::Failed`] if the arithmetic of a damaged key does not check.
    pub fn sign_rs256(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let mut signature = vec![0; self.signer.public().modulus_len()];
        // This padding has no random part: the generator is part of ring's interface only.
        self.signer
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                message,
                &mut signature,
            )
            .map_err(|_| KeyError::Failed)?;
        Ok(signature)
    }
}

impl PrivateKey {
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt as long as the digest, drawn from the generator.
    ///
    /// # Errors
    /// As [`Self::sign_rs256`].
    pub fn sign_pss<R: CryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        message: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        let padding = Pss::<Sha256>::new_with_salt(PSS_SALT_BYTES);
        self.key
            .sign_with_rng(rng, padding, &sha256(message))
            .map_err(|_| KeyError::Failed)
    }
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PrivateKey({})", self.public.fingerprint())
    }
}

// === impl PublicKey ===

impl PublicKey {
    /// Reads a `PUBLIC KEY` block.
    ///
    /// # Errors
    /// [`KeyError::NotAPublicKey`] for anything else, [`KeyError::Unfit`] for a key under 2048 bits or over 4096.
    pub fn from_spki_pem(pem: &str) -> Result<Self, KeyError> {
        Self::new(rsa::PublicKey::from_public_key_pem(pem).map_err(|_| KeyError::NotAPublicKey)?)
    }

    /// Reads the DER of a SubjectPublicKeyInfo; errors as [`Self::from_spki_pem`].
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyError> {
        Self::new(rsa::PublicKey::from_public_key_der(der).map_err(|_| KeyError::NotAPublicKey)?)
    }

    /// A key from the big-endian numbers of a JWK.
    ///
    /// # Errors
    /// [`KeyError::Unfit`] for numbers that form no key of a size we take.
    pub fn from_numbers(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyError> {
        let number = |bytes: &[u8]| {
            let bits = u32::try_from(bytes.len() * 8).map_err(|_| KeyError::Unfit)?;
            BoxedUint::from_be_slice(bytes, bits).map_err(|_| KeyError::Unfit)
        };
        let key = rsa::PublicKey::new(number(modulus)?, number(exponent)?);
        Self::new(key.map_err(|_| KeyError::Unfit)?)
    }

    fn new(key: rsa::PublicKey) -> Result<Self, KeyError> {
        let modulus = key.n_bytes().to_vec();
        let exponent = key.e_bytes().to_vec();
        let bits = usize::try_from(key.n().bit_width_vartime()).map_err(|_| KeyError::Unfit)?;
        if !(MODULUS_BITS..=2 * MODULUS_BITS).contains(&bits) {
            return Err(KeyError::Unfit);
        }
        let spki = key.to_public_key_der().map_err(|_| KeyError::Failed)?;
        Ok(Self {
            key,
            modulus,
            exponent,
            spki_der: spki.as_bytes().to_vec(),
        })
    }

    /// The modulus, big-endian, without leading zeros: base64url of it is `n` of a JWK.
    pub fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    /// The public exponent, big-endian, without leading zeros: base64url of it is `e` of a JWK.
    pub fn exponent(&self) -> &[u8] {
        &self.exponent
    }

    /// SHA-256 of the SubjectPublicKeyInfo as 64 lower-case hexadecimal digits: what Mastercard's clients call the
    /// fingerprint of the public key.
    pub fn fingerprint(&self) -> String {
        hex(&sha256(&self.spki_der))
    }

    /// The SubjectPublicKeyInfo in DER.
    pub fn spki_der(&self) -> &[u8] {
        &self.spki_der
    }

    /// The key as a PEM block `PUBLIC KEY`.
    ///
    /// # Errors
    /// [`KeyError::Failed`] if the key cannot be encoded, which its making has ruled out.
    pub fn to_spki_pem(&self) -> Result<String, KeyError> {
        self.key
            .to_public_key_pem(LineEnding::LF)
            .map_err(|_| KeyError::Failed)
    }

    /// Checks a signature of RSASSA-PKCS1-v1_5 with SHA-256.
    ///
    /// # Errors
    /// [`BadSignature`], whatever is wrong with it.
    pub fn verify_rs256(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        self.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
    }

    /// Checks a signature of RSASSA-PSS with SHA-256 and a salt of 32 bytes.
    ///
    /// # Errors
    /// [`BadSignature`], whatever is wrong with it.
    pub fn verify_pss(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        self.verify(&RSA_PSS_2048_8192_SHA256, message, signature)
    }

    fn verify(
        &self,
        algorithm: &'static RsaParameters,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), BadSignature> {
        RsaPublicKeyComponents {
            n: &self.modulus,
            e: &self.exponent,
        }
        .verify(algorithm, message, signature)
        .map_err(|_| BadSignature)
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKey({})", self.fingerprint())
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand_chacha::ChaCha20Rng;

    use super::*;

    /// Slow for a unit test (a second or two unoptimised) because two keys of full size are made.
    #[test]
    fn one_seed_makes_one_key_that_survives_its_own_pem() {
        let make = |seed| PrivateKey::generate(&mut ChaCha20Rng::from_seed([seed; 32])).unwrap();
        let key = make(1);
        let pem = key.to_pkcs8_pem().unwrap();
        assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
        assert_eq!(
            key.public().fingerprint(),
            "464639b16479f5903e745555d0460f3ea2d3ba4d35962d193063e206f9a26a75"
        );
        assert_ne!(make(2).to_pkcs8_pem().unwrap(), pem);

        let again = PrivateKey::from_pkcs8_pem(&pem).unwrap();
        assert_eq!(again.to_pkcs8_pem().unwrap(), pem);
        assert_eq!(again.to_pkcs8_der().unwrap(), key.to_pkcs8_der().unwrap());
        let public = key.public();
        assert_eq!(public.modulus().len(), 256);
        assert_eq!(public.exponent(), [1, 0, 1]);
        let spki = PublicKey::from_spki_pem(&public.to_spki_pem().unwrap()).unwrap();
        assert_eq!(spki.spki_der(), public.spki_der());
        // A leading zero, as Java's BigInteger writes it, changes nothing.
        let modulus = [&[0], public.modulus()].concat();
        let numbers = PublicKey::from_numbers(&modulus, &[0, 1, 0, 1]).unwrap();
        assert_eq!(numbers.modulus(), public.modulus());
        assert_eq!(numbers.fingerprint(), public.fingerprint());

        let signature = key.sign_rs256(b"message").unwrap();
        assert_eq!(again.sign_rs256(b"message").unwrap(), signature);
        assert_eq!(numbers.verify_rs256(b"message", &signature), Ok(()));
        assert_eq!(
            numbers.verify_rs256(b"massage", &signature),
            Err(BadSignature)
        );
        assert_eq!(
            numbers.verify_rs256(b"message", &signature[1..]),
            Err(BadSignature)
        );
        assert_eq!(
            format!("{key:?}"),
            format!("PrivateKey({})", public.fingerprint())
        );
    }

    #[test]
    fn pss_takes_its_salt_from_the_generator() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let key = PrivateKey::generate(&mut rng).unwrap();
        let public = key.public();
        let mut twin = rng.clone();

        let signature = key.sign_pss(&mut rng, b"message").unwrap();
        assert_eq!(key.sign_pss(&mut twin, b"message").unwrap(), signature);
        assert_eq!(public.verify_pss(b"message", &signature), Ok(()));
        assert_eq!(public.verify_pss(b"massage", &signature), Err(BadSignature));
        assert_eq!(
            public.verify_rs256(b"message", &signature),
            Err(BadSignature)
        );
    }

    #[test]
    fn what_is_no_key_of_ours_is_refused_with_its_cause() {
        assert_eq!(
            PrivateKey::from_pkcs8_pem("").unwrap_err(),
            KeyError::NotAPrivateKey
        );
        assert_eq!(
            PrivateKey::from_pkcs8_der(b"\x30\x00").unwrap_err(),
            KeyError::NotAPrivateKey
        );
        assert_eq!(
            PublicKey::from_spki_pem("-----").unwrap_err(),
            KeyError::NotAPublicKey
        );
        assert_eq!(
            PublicKey::from_spki_der(&[0; 40]).unwrap_err(),
            KeyError::NotAPublicKey
        );
        let numbers = |size: usize| PublicKey::from_numbers(&vec![0xff; size], &[1, 0, 1]);
        assert_eq!(numbers(0).unwrap_err(), KeyError::Unfit);
        assert_eq!(numbers(128).unwrap_err(), KeyError::Unfit);
        assert!(numbers(256).is_ok());
        assert_eq!(numbers(1024).unwrap_err(), KeyError::Unfit);
        assert_eq!(
            PublicKey::from_numbers(&[0xff; 256], &[]).unwrap_err(),
            KeyError::Unfit
        );
    }
}
