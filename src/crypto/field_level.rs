//! Mastercard's field-level encryption, as MDES uses it: a session key of AES-128 in RSA-OAEP, and the data under it in CBC.
//!
//! The format has no integrity: whoever can change the ciphertext changes what it opens to. In MDES the signed hash of the
//! whole body is what keeps it unchanged.

use rand::CryptoRng;
use serde::{Deserialize, Serialize};

use super::aes::{BLOCK_BYTES, CipherError, cbc_open, cbc_seal};
use super::encoding::{EncodingError, base64, from_base64, from_hex, hex};
use super::oaep::OaepHash;
use super::recipient::Recipient;
use super::rsa_key::{KeyError, PublicKey};
use crate::limits::ENVELOPE_BYTES_MAX;

const SESSION_KEY_BYTES: usize = 16;

/// How bytes are written in the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextForm {
    /// MDES.
    Hex,
    /// Other Mastercard APIs, by configuration of the client.
    Base64,
}

/// The fields of an encrypted payload, whatever they are called on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    pub iv: String,
    pub encrypted_key: String,
    pub encrypted_data: String,
    /// `SHA256` or `SHA512`; SHA-256 if it is left out.
    pub oaep_hashing_algorithm: Option<String>,
    /// The name under which the recipient knows its key; if it is left out, this one is meant.
    pub public_key_fingerprint: Option<String>,
}

/// Why a payload was not opened, in the order of the checks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    #[error("the encrypted payload is longer than {ENVELOPE_BYTES_MAX} bytes")]
    TooLong,
    #[error("the fingerprint names a key that is not this one")]
    KeyId,
    #[error("the OAEP hashing algorithm is neither SHA256 nor SHA512")]
    Algorithm,
    #[error("{field} {error}")]
    Encoding {
        field: &'static str,
        error: EncodingError,
    },
    #[error("the session key is not for the recipient, or was changed")]
    Key,
    #[error("the data: {0}")]
    Content(CipherError),
}

// === impl TextForm ===

impl TextForm {
    /// The form in which an initialization vector of 16 bytes is written: hexadecimal takes 32 characters and base64 24.
    pub fn of_iv(iv: &str) -> Self {
        if iv.len() == 2 * BLOCK_BYTES {
            Self::Hex
        } else {
            Self::Base64
        }
    }

    fn read(self, field: &'static str, text: &str) -> Result<Vec<u8>, FieldError> {
        let bytes = match self {
            Self::Hex => from_hex(text),
            Self::Base64 => from_base64(text),
        };
        bytes.map_err(|error| FieldError::Encoding { field, error })
    }

    fn write(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => hex(bytes),
            Self::Base64 => base64(bytes),
        }
    }
}

// === impl OaepHash ===

impl OaepHash {
    /// The value of `oaepHashingAlgorithm`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        }
    }

    /// Reads `SHA256` or `SHA512`, also with the hyphen that the clients' own configuration has.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "SHA256" | "SHA-256" => Some(Self::Sha256),
            "SHA512" | "SHA-512" => Some(Self::Sha512),
            _ => None,
        }
    }
}

/// Opens a payload for this recipient.
///
/// # Errors
/// [`FieldError`], the first cause in the order of its variants.
pub fn open(recipient: &Recipient, form: TextForm, fields: &Fields) -> Result<Vec<u8>, FieldError> {
    let length = fields.iv.len() + fields.encrypted_key.len() + fields.encrypted_data.len();
    if length > ENVELOPE_BYTES_MAX {
        return Err(FieldError::TooLong);
    }
    let fingerprint = fields.public_key_fingerprint.as_deref();
    if fingerprint.is_some_and(|name| !recipient.names.include(name)) {
        return Err(FieldError::KeyId);
    }
    let hash = match fields.oaep_hashing_algorithm.as_deref() {
        Some(name) => OaepHash::from_name(name).ok_or(FieldError::Algorithm)?,
        None => OaepHash::Sha256,
    };
    let iv = form.read("iv", &fields.iv)?;
    let encrypted_key = form.read("encryptedKey", &fields.encrypted_key)?;
    let ciphertext = form.read("encryptedData", &fields.encrypted_data)?;
    let session_key = recipient
        .key
        .decrypt(hash, &encrypted_key)
        .map_err(|_| FieldError::Key)?;
    if session_key.len() != SESSION_KEY_BYTES {
        return Err(FieldError::Key);
    }
    cbc_open(&session_key, &iv, &ciphertext).map_err(FieldError::Content)
}

/// Seals a plaintext for the holder of a public key. Session key, initialization vector and padding are drawn in this order.
/// `fingerprint` is the name under which the recipient knows its key.
///
/// # Errors
/// [`KeyError::Failed`] if the key cannot encrypt, which its making has ruled out.
pub fn seal<R: CryptoRng + ?Sized>(
    rng: &mut R,
    to: &PublicKey,
    form: TextForm,
    hash: OaepHash,
    fingerprint: Option<&str>,
    plaintext: &[u8],
) -> Result<Fields, KeyError> {
    let mut session_key = [0; SESSION_KEY_BYTES];
    rng.fill_bytes(&mut session_key);
    let mut iv = [0; BLOCK_BYTES];
    rng.fill_bytes(&mut iv);
    let encrypted_key = to.encrypt(rng, hash, &session_key)?;
    let ciphertext = cbc_seal(&session_key, &iv, plaintext).map_err(|_| KeyError::Failed)?;
    Ok(Fields {
        iv: form.write(&iv),
        encrypted_key: form.write(&encrypted_key),
        encrypted_data: form.write(&ciphertext),
        oaep_hashing_algorithm: Some(hash.name().to_owned()),
        public_key_fingerprint: fingerprint.map(str::to_owned),
    })
}
