//! Mastercard's JWE: a content key in RSA-OAEP-256 and one of four content encryptions, as Mastercard's client-encryption
//! libraries and Checkout Solutions use it.
//!
//! What other JOSE libraries do not expect: the nonce of GCM has 16 bytes unless the client was told otherwise, and the
//! header need not name a key.

use rand::CryptoRng;
use serde::{Deserialize, Serialize};

use super::aes::{BLOCK_BYTES, CipherError, cbc_open, cbc_seal, gcm_open, gcm_seal};
use super::encoding::base64_url;
use super::jwe::{Compact, JweError};
use super::mac::{HmacKey, hmac_sha256, same};
use super::oaep::OaepHash;
use super::recipient::Recipient;
use super::rsa_key::PublicKey;

const ALGORITHM: &str = "RSA-OAEP-256";

/// How the content is encrypted (RFC 7518, section 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContentEncryption {
    A128Gcm,
    A192Gcm,
    A256Gcm,
    A128CbcHs256,
}

/// The length of a GCM nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IvLength {
    /// RFC 7518.
    Twelve,
    /// Mastercard's client-encryption libraries, unless configured otherwise.
    Sixteen,
}

/// What a sender decides about an envelope.
#[derive(Clone, Copy, Debug)]
pub struct Outline<'a> {
    /// The name under which the recipient knows its key.
    pub key_id: Option<&'a str>,
    pub encryption: ContentEncryption,
    /// Of GCM; CBC always has 16.
    pub iv_length: IvLength,
}

#[derive(Serialize)]
struct Header<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
    cty: &'a str,
    alg: &'a str,
    enc: &'a str,
}

// === impl ContentEncryption ===

impl ContentEncryption {
    /// Everything that Mastercard's own clients decrypt.
    pub const ALL: [Self; 4] = [
        Self::A128Gcm,
        Self::A192Gcm,
        Self::A256Gcm,
        Self::A128CbcHs256,
    ];

    /// The value of `enc`.
    pub fn name(self) -> &'static str {
        match self {
            Self::A128Gcm => "A128GCM",
            Self::A192Gcm => "A192GCM",
            Self::A256Gcm => "A256GCM",
            Self::A128CbcHs256 => "A128CBC-HS256",
        }
    }

    fn key_bytes(self) -> usize {
        match self {
            Self::A128Gcm => 16,
            Self::A192Gcm => 24,
            Self::A256Gcm | Self::A128CbcHs256 => 32,
        }
    }

    fn iv_bytes(self, length: IvLength) -> usize {
        match (self, length) {
            (Self::A128Gcm | Self::A192Gcm | Self::A256Gcm, IvLength::Twelve) => 12,
            (Self::A128Gcm | Self::A192Gcm | Self::A256Gcm, IvLength::Sixteen)
            | (Self::A128CbcHs256, IvLength::Twelve | IvLength::Sixteen) => BLOCK_BYTES,
        }
    }

    fn open(self, content_key: &[u8], envelope: &Compact<'_>) -> Result<Vec<u8>, CipherError> {
        let Compact {
            associated,
            iv,
            ciphertext,
            tag,
            ..
        } = envelope;
        match self {
            Self::A128Gcm | Self::A192Gcm | Self::A256Gcm => {
                gcm_open(content_key, iv, associated, ciphertext, tag)
            }
            Self::A128CbcHs256 => {
                let (mac_key, key) = halves(content_key)?;
                if tag.len() != BLOCK_BYTES {
                    return Err(CipherError::TagLength { length: tag.len() });
                }
                if !same(tag, &cbc_tag(mac_key, associated, iv, ciphertext)) {
                    return Err(CipherError::Refused);
                }
                cbc_open(key, iv, ciphertext)
            }
        }
    }

    fn seal(
        self,
        content_key: &[u8],
        iv: &[u8],
        associated: &[u8],
        plaintext: &[u8],
    ) -> Result<(Vec<u8>, [u8; BLOCK_BYTES]), CipherError> {
        match self {
            Self::A128Gcm | Self::A192Gcm | Self::A256Gcm => {
                gcm_seal(content_key, iv, associated, plaintext)
            }
            Self::A128CbcHs256 => {
                let (mac_key, key) = halves(content_key)?;
                let ciphertext = cbc_seal(key, iv, plaintext)?;
                let tag = cbc_tag(mac_key, associated, iv, &ciphertext);
                Ok((ciphertext, tag))
            }
        }
    }
}

/// RFC 7518, section 5.2.2.1: the first half of the content key is for the MAC.
fn halves(content_key: &[u8]) -> Result<(&[u8], &[u8]), CipherError> {
    let halves = content_key
        .split_at_checked(16)
        .filter(|(_, key)| key.len() == 16);
    halves.ok_or(CipherError::KeyLength {
        length: content_key.len(),
    })
}

fn cbc_tag(mac_key: &[u8], associated: &[u8], iv: &[u8], ciphertext: &[u8]) -> [u8; BLOCK_BYTES] {
    // The length of the associated data in bits; a header is far shorter than 2^61 bytes.
    let bits = (associated.len() as u64 * 8).to_be_bytes();
    let mac = hmac_sha256(&HmacKey::new(mac_key), &[associated, iv, ciphertext, &bits]);
    let mut tag = [0; BLOCK_BYTES];
    tag.copy_from_slice(&mac[..BLOCK_BYTES]);
    tag
}

/// Opens an envelope for this recipient. A header that names no key is taken to mean this one.
///
/// # Errors
/// [`JweError`], the first cause in the order of its variants.
pub fn open(recipient: &Recipient, envelope: &Compact<'_>) -> Result<Vec<u8>, JweError> {
    let header = &envelope.header;
    if header.alg != ALGORITHM {
        return Err(JweError::Algorithm { want: ALGORITHM });
    }
    let encryption = recipient
        .encryptions
        .iter()
        .find(|known| known.name() == header.enc);
    let encryption = encryption.ok_or(JweError::ContentEncryption)?;
    if header
        .kid
        .as_ref()
        .is_some_and(|kid| !recipient.names.include(kid))
    {
        return Err(JweError::KeyId);
    }
    let content_key = recipient
        .key
        .decrypt(OaepHash::Sha256, &envelope.encrypted_key);
    let content_key = content_key.map_err(|_| JweError::Key)?;
    if content_key.len() != encryption.key_bytes() {
        return Err(JweError::Key);
    }
    encryption
        .open(&content_key, envelope)
        .map_err(JweError::Content)
}

/// Seals a plaintext for the holder of a public key. Content key, nonce and padding are drawn in this order.
///
/// # Errors
/// [`JweError::Key`] if the key cannot encrypt, which its making has ruled out.
pub fn seal<R: CryptoRng + ?Sized>(
    rng: &mut R,
    to: &PublicKey,
    outline: &Outline<'_>,
    plaintext: &[u8],
) -> Result<String, JweError> {
    let Outline {
        key_id: kid,
        encryption,
        iv_length,
    } = *outline;
    let mut content_key = vec![0; encryption.key_bytes()];
    rng.fill_bytes(&mut content_key);
    let mut iv = vec![0; encryption.iv_bytes(iv_length)];
    rng.fill_bytes(&mut iv);
    let encrypted_key = to
        .encrypt(rng, OaepHash::Sha256, &content_key)
        .map_err(|_| JweError::Key)?;
    let header = Header {
        kid,
        cty: "application/json",
        alg: ALGORITHM,
        enc: encryption.name(),
    };
    let header = base64_url(&serde_json::to_vec(&header).map_err(|_| JweError::Header)?);
    let (ciphertext, tag) = encryption
        .seal(&content_key, &iv, header.as_bytes(), plaintext)
        .map_err(JweError::Content)?;
    let parts = [&encrypted_key[..], &iv, &ciphertext, &tag]
        .map(base64_url)
        .join(".");
    Ok(format!("{header}.{parts}"))
}
