//! The envelopes of Visa's token service between two holders of one secret: A256GCMKW with A256GCM, as `jose` makes them for
//! visa/mcp's api-client and as Visa returns them (a sample in bePaid's documentation).

use rand::CryptoRng;
use serde::Serialize;

use super::aes::{gcm_open, gcm_seal};
use super::digest::sha256;
use super::encoding::{base64_url, from_base64_url};
use super::jwe::{Compact, JweError};

const ALGORITHM: &str = "A256GCMKW";
const CONTENT_ENCRYPTION: &str = "A256GCM";
const IV_BYTES: usize = 12;
const TAG_BYTES: usize = 16;

/// An encryption key pair in Visa's words: an API key that names it, and a shared secret. `Debug` shows no secret.
#[derive(Clone)]
pub struct EncryptionSecret {
    key_id: String,
    /// SHA-256 of the secret as text.
    key: [u8; 32],
}

/// The secrets of one envelope. Used once: a nonce that comes twice under one key gives the plaintext away.
#[derive(Clone)]
pub struct Material {
    pub content_key: [u8; 32],
    pub key_iv: [u8; IV_BYTES],
    pub content_iv: [u8; IV_BYTES],
}

/// Who writes the envelope, which shows in its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A client with a JOSE library: alg, enc and kid, then what the key wrap adds.
    Client,
    /// Visa: also typ `JOSE`, channelSecurityContext `SHARED_SECRET`, and iat, a text of Unix seconds.
    Visa { issued_at_s: u64 },
}

#[derive(Serialize)]
struct ClientHeader<'a> {
    alg: &'a str,
    enc: &'a str,
    kid: &'a str,
    iv: &'a str,
    tag: &'a str,
}

#[derive(Serialize)]
struct VisaHeader<'a> {
    alg: &'a str,
    iv: &'a str,
    tag: &'a str,
    enc: &'a str,
    typ: &'a str,
    kid: &'a str,
    #[serde(rename = "channelSecurityContext")]
    channel_security_context: &'a str,
    iat: String,
}

// === impl EncryptionSecret ===

impl EncryptionSecret {
    pub fn new(key_id: &str, secret: &str) -> Self {
        Self {
            key_id: key_id.to_owned(),
            key: sha256(secret.as_bytes()),
        }
    }

    /// The encryption API key, which is the `kid` of every envelope under this secret.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Opens an envelope whose `kid` is this secret's.
    ///
    /// # Errors
    /// [`JweError`], the first cause in the order of its variants.
    pub fn open(&self, envelope: &Compact<'_>) -> Result<Vec<u8>, JweError> {
        let header = &envelope.header;
        if header.alg != ALGORITHM {
            return Err(JweError::Algorithm { want: ALGORITHM });
        }
        if header.enc != CONTENT_ENCRYPTION {
            return Err(JweError::ContentEncryption);
        }
        if header.kid.as_deref().ok_or(JweError::NoKeyId)? != self.key_id {
            return Err(JweError::KeyId);
        }
        let key_iv = wrap_part("iv", header.iv.as_deref(), IV_BYTES)?;
        let key_tag = wrap_part("tag", header.tag.as_deref(), TAG_BYTES)?;
        let content_key = gcm_open(&self.key, &key_iv, b"", &envelope.encrypted_key, &key_tag)
            .map_err(|_| JweError::Key)?;
        if content_key.len() != 32 {
            return Err(JweError::Key);
        }
        if envelope.iv.len() != IV_BYTES {
            let length = envelope.iv.len();
            return Err(JweError::Content(super::aes::CipherError::IvLength {
                length,
            }));
        }
        let Compact {
            associated,
            iv,
            ciphertext,
            tag,
            ..
        } = envelope;
        gcm_open(&content_key, iv, associated, ciphertext, tag).map_err(JweError::Content)
    }

    /// Seals a plaintext with the given material.
    ///
    /// # Errors
    /// [`JweError`] if the cipher refuses the material, which its lengths rule out.
    pub fn seal(
        &self,
        sender: Sender,
        material: &Material,
        plaintext: &[u8],
    ) -> Result<String, JweError> {
        let Material {
            content_key,
            key_iv,
            content_iv,
        } = material;
        let (encrypted_key, key_tag) =
            gcm_seal(&self.key, key_iv, b"", content_key).map_err(|_| JweError::Key)?;
        let header = self.header(sender, &base64_url(key_iv), &base64_url(&key_tag))?;
        let header = base64_url(&header);
        let (ciphertext, tag) = gcm_seal(content_key, content_iv, header.as_bytes(), plaintext)
            .map_err(JweError::Content)?;
        let parts = [&encrypted_key[..], content_iv, &ciphertext, &tag];
        let parts = parts.map(base64_url).join(".");
        Ok(format!("{header}.{parts}"))
    }

    fn header(&self, sender: Sender, iv: &str, tag: &str) -> Result<Vec<u8>, JweError> {
        let (alg, enc, kid) = (ALGORITHM, CONTENT_ENCRYPTION, self.key_id.as_str());
        let header = match sender {
            Sender::Client => serde_json::to_vec(&ClientHeader {
                alg,
                enc,
                kid,
                iv,
                tag,
            }),
            Sender::Visa { issued_at_s } => serde_json::to_vec(&VisaHeader {
                alg,
                iv,
                tag,
                enc,
                typ: "JOSE",
                kid,
                channel_security_context: "SHARED_SECRET",
                iat: issued_at_s.to_string(),
            }),
        };
        header.map_err(|_| JweError::Header)
    }
}

impl std::fmt::Debug for EncryptionSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EncryptionSecret({}, ***)", self.key_id)
    }
}

// === impl Material ===

impl Material {
    /// Draws the secrets of one envelope.
    pub fn draw<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        let mut material = Self {
            content_key: [0; 32],
            key_iv: [0; IV_BYTES],
            content_iv: [0; IV_BYTES],
        };
        rng.fill_bytes(&mut material.content_key);
        rng.fill_bytes(&mut material.key_iv);
        rng.fill_bytes(&mut material.content_iv);
        material
    }
}

impl std::fmt::Debug for Material {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Material(***)")
    }
}

fn wrap_part(name: &'static str, text: Option<&str>, bytes: usize) -> Result<Vec<u8>, JweError> {
    let decoded = text.and_then(|text| from_base64_url(text).ok());
    decoded
        .filter(|decoded| decoded.len() == bytes)
        .ok_or(JweError::KeyWrap { name })
}
