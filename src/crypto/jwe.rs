//! The compact form of JWE (RFC 7516), taken apart before any key is used. Which algorithms are allowed is the business of
//! the two that open it, `vts_jwe.rs` and `mastercard_jwe.rs`: the header is never asked to choose.

use serde::Deserialize;

use super::aes::CipherError;
use super::encoding::{EncodingError, from_base64_url};
use crate::limits::ENVELOPE_BYTES_MAX;

/// Why an envelope was not opened, in the order of the checks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JweError {
    #[error("the envelope is longer than {ENVELOPE_BYTES_MAX} bytes")]
    TooLong,
    #[error("the envelope does not have five parts")]
    Parts,
    #[error("the {part} {error}")]
    Encoding {
        part: &'static str,
        error: EncodingError,
    },
    #[error("the header is not a JSON object that names alg and enc once, as texts")]
    Header,
    #[error("the header marks an extension as critical, and none is known")]
    Critical,
    #[error("the header asks for compression, which is refused")]
    Compression,
    #[error("the key management algorithm is not {want}")]
    Algorithm { want: &'static str },
    #[error("the content encryption is not among those of this key")]
    ContentEncryption,
    #[error("the header names no key")]
    NoKeyId,
    #[error("the header names a key that is not this one")]
    KeyId,
    #[error("the header's {name} is missing or has the wrong length")]
    KeyWrap { name: &'static str },
    #[error("the content key is not for the recipient, or was changed")]
    Key,
    #[error("the content: {0}")]
    Content(CipherError),
}

/// What the header may say that matters here. A member that comes twice is an error of serde's; others are ignored.
#[derive(Debug, Deserialize)]
pub struct Header {
    pub alg: String,
    pub enc: String,
    pub kid: Option<String>,
    /// Key wrapping by AES-GCM: its nonce and tag.
    pub(super) iv: Option<String>,
    pub(super) tag: Option<String>,
    #[serde(default, deserialize_with = "present")]
    zip: bool,
    #[serde(default, deserialize_with = "present")]
    crit: bool,
}

/// An envelope in its parts.
#[derive(Debug)]
pub struct Compact<'a> {
    pub header: Header,
    /// The header as it was sent: the associated data of the content.
    pub(super) associated: &'a [u8],
    pub(super) encrypted_key: Vec<u8>,
    pub(super) iv: Vec<u8>,
    pub(super) ciphertext: Vec<u8>,
    pub(super) tag: Vec<u8>,
}

impl<'a> Compact<'a> {
    /// Takes an envelope apart. Letters of either base64 alphabet are accepted, because Mastercard's Node client writes
    /// both.
    ///
    /// # Errors
    /// [`JweError`] up to and including [`JweError::Compression`].
    pub fn parse(token: &'a str) -> Result<Self, JweError> {
        if token.len() > ENVELOPE_BYTES_MAX {
            return Err(JweError::TooLong);
        }
        let mut parts = token.split('.');
        let mut next = || parts.next().ok_or(JweError::Parts);
        let (encoded_header, key, iv, ciphertext, tag) =
            (next()?, next()?, next()?, next()?, next()?);
        if parts.next().is_some() {
            return Err(JweError::Parts);
        }
        let header: Header = serde_json::from_slice(&decode("header", encoded_header)?)
            .map_err(|_| JweError::Header)?;
        if header.crit {
            return Err(JweError::Critical);
        }
        if header.zip {
            return Err(JweError::Compression);
        }
        Ok(Self {
            header,
            associated: encoded_header.as_bytes(),
            encrypted_key: decode("encrypted key", key)?,
            iv: decode("initialization vector", iv)?,
            ciphertext: decode("ciphertext", ciphertext)?,
            tag: decode("tag", tag)?,
        })
    }
}

fn decode(part: &'static str, text: &str) -> Result<Vec<u8>, JweError> {
    from_base64_url(text).map_err(|error| JweError::Encoding { part, error })
}

/// Whether a member is there at all, whatever its value.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    serde::de::IgnoredAny::deserialize(deserializer).map(|_| true)
}
