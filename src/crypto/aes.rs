//! AES in the two modes the networks use: GCM with any of the key sizes and a nonce of 12 or 16 bytes, and CBC with
//! PKCS#7 padding. Keys and nonces come in; none is drawn here.

use aes::{Aes128, Aes192, Aes256};
use aes_gcm::AesGcm;
use aes_gcm::aead::consts::{U12, U16};
use aes_gcm::aead::{AeadInOut, KeyInit, Nonce, Tag};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};

/// The length of a GCM tag and of a CBC initialization vector.
pub const BLOCK_BYTES: usize = 16;

/// Why a cipher did not do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CipherError {
    #[error("the key has {length} bytes, which this cipher does not take")]
    KeyLength { length: usize },
    #[error("the initialization vector has {length} bytes, which this cipher does not take")]
    IvLength { length: usize },
    #[error("the authentication tag has {length} bytes instead of 16")]
    TagLength { length: usize },
    #[error("the message was changed or is under another key")]
    Refused,
}

/// Encrypts with AES-GCM and returns the ciphertext and the tag of 16 bytes.
///
/// # Errors
/// [`CipherError::KeyLength`] unless the key has 16, 24 or 32 bytes; [`CipherError::IvLength`] unless the nonce has 12, as
/// everybody expects, or 16, as Mastercard's clients write.
pub fn gcm_seal(
    key: &[u8],
    iv: &[u8],
    associated: &[u8],
    plaintext: &[u8],
) -> Result<(Vec<u8>, [u8; BLOCK_BYTES]), CipherError> {
    match (key.len(), iv.len()) {
        (16, 12) => gcm_seal_with::<AesGcm<Aes128, U12>>(key, iv, associated, plaintext),
        (16, 16) => gcm_seal_with::<AesGcm<Aes128, U16>>(key, iv, associated, plaintext),
        (24, 12) => gcm_seal_with::<AesGcm<Aes192, U12>>(key, iv, associated, plaintext),
        (24, 16) => gcm_seal_with::<AesGcm<Aes192, U16>>(key, iv, associated, plaintext),
        (32, 12) => gcm_seal_with::<AesGcm<Aes256, U12>>(key, iv, associated, plaintext),
        (32, 16) => gcm_seal_with::<AesGcm<Aes256, U16>>(key, iv, associated, plaintext),
        (16 | 24 | 32, length) => Err(CipherError::IvLength { length }),
        (length, _) => Err(CipherError::KeyLength { length }),
    }
}

/// Decrypts with AES-GCM after the tag has been checked.
///
/// # Errors
/// Lengths as [`gcm_seal`]; [`CipherError::TagLength`] for a tag that is cut short; [`CipherError::Refused`] if it does not
/// fit key, nonce, associated data and ciphertext.
pub fn gcm_open(
    key: &[u8],
    iv: &[u8],
    associated: &[u8],
    ciphertext: &[u8],
    tag: &[u8],
) -> Result<Vec<u8>, CipherError> {
    match (key.len(), iv.len()) {
        (16, 12) => gcm_open_with::<AesGcm<Aes128, U12>>(key, iv, associated, ciphertext, tag),
        (16, 16) => gcm_open_with::<AesGcm<Aes128, U16>>(key, iv, associated, ciphertext, tag),
        (24, 12) => gcm_open_with::<AesGcm<Aes192, U12>>(key, iv, associated, ciphertext, tag),
        (24, 16) => gcm_open_with::<AesGcm<Aes192, U16>>(key, iv, associated, ciphertext, tag),
        (32, 12) => gcm_open_with::<AesGcm<Aes256, U12>>(key, iv, associated, ciphertext, tag),
        (32, 16) => gcm_open_with::<AesGcm<Aes256, U16>>(key, iv, associated, ciphertext, tag),
        (16 | 24 | 32, length) => Err(CipherError::IvLength { length }),
        (length, _) => Err(CipherError::KeyLength { length }),
    }
}

fn gcm_seal_with<C: AeadInOut + KeyInit>(
    key: &[u8],
    iv: &[u8],
    associated: &[u8],
    plaintext: &[u8],
) -> Result<(Vec<u8>, [u8; BLOCK_BYTES]), CipherError> {
    let cipher = cipher::<C>(key)?;
    let nonce = nonce::<C>(iv)?;
    let mut ciphertext = plaintext.to_vec();
    let tag = cipher
        .encrypt_inout_detached(nonce, associated, ciphertext.as_mut_slice().into())
        .map_err(|_| CipherError::Refused)?;
    let tag = tag
        .as_slice()
        .try_into()
        .map_err(|_| CipherError::Refused)?;
    Ok((ciphertext, tag))
}

fn gcm_open_with<C: AeadInOut + KeyInit>(
    key: &[u8],
    iv: &[u8],
    associated: &[u8],
    ciphertext: &[u8],
    tag: &[u8],
) -> Result<Vec<u8>, CipherError> {
    let cipher = cipher::<C>(key)?;
    let nonce = nonce::<C>(iv)?;
    let tag = <&Tag<C>>::try_from(tag).map_err(|_| CipherError::TagLength { length: tag.len() })?;
    let mut plaintext = ciphertext.to_vec();
    cipher
        .decrypt_inout_detached(nonce, associated, plaintext.as_mut_slice().into(), tag)
        .map_err(|_| CipherError::Refused)?;
    Ok(plaintext)
}

fn cipher<C: KeyInit>(key: &[u8]) -> Result<C, CipherError> {
    C::new_from_slice(key).map_err(|_| CipherError::KeyLength { length: key.len() })
}

fn nonce<C: AeadInOut>(iv: &[u8]) -> Result<&Nonce<C>, CipherError> {
    <&Nonce<C>>::try_from(iv).map_err(|_| CipherError::IvLength { length: iv.len() })
}

/// Encrypts with AES-128-CBC and PKCS#7 padding.
///
/// # Errors
/// [`CipherError::KeyLength`] or [`CipherError::IvLength`] unless both have 16 bytes.
pub fn cbc_seal(key: &[u8], iv: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, CipherError> {
    let (key, iv) = cbc_lengths(key, iv)?;
    Ok(cbc::Encryptor::<Aes128>::new(key.into(), iv.into()).encrypt_padded_vec::<Pkcs7>(plaintext))
}

/// Decrypts AES-128-CBC and takes the padding off. Nothing vouches for the plaintext: this mode has no tag.
///
/// # Errors
/// Lengths as [`cbc_seal`]; [`CipherError::Refused`] if the ciphertext is no whole number of blocks or the padding is wrong.
pub fn cbc_open(key: &[u8], iv: &[u8], ciphertext: &[u8]) -> Result<Vec<u8>, CipherError> {
    let (key, iv) = cbc_lengths(key, iv)?;
    cbc::Decryptor::<Aes128>::new(key.into(), iv.into())
        .decrypt_padded_vec::<Pkcs7>(ciphertext)
        .map_err(|_| CipherError::Refused)
}

fn cbc_lengths<'a>(
    key: &'a [u8],
    iv: &'a [u8],
) -> Result<(&'a [u8; 16], &'a [u8; BLOCK_BYTES]), CipherError> {
    let key_length = CipherError::KeyLength { length: key.len() };
    let iv_length = CipherError::IvLength { length: iv.len() };
    Ok((
        key.try_into().map_err(|_| key_length)?,
        iv.try_into().map_err(|_| iv_length)?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::encoding::{from_hex, hex};

    /// The GCM specification (McGrew and Viega), test cases 2, 8 and 14: one block of zeros under each size of key.
    #[test]
    fn the_published_cases_for_each_key_size() {
        let rows = [
            (
                16,
                "0388dace60b6a392f328c2b971b2fe78",
                "ab6e47d42cec13bdf53a67b21257bddf",
            ),
            (
                24,
                "98e7247c07f0fe411c267e4384b0f600",
                "2ff58d80033927ab8ef4d4587514f0fb",
            ),
            (
                32,
                "cea7403d4d606b6e074ec5d3baf39d18",
                "d0d1c8a799996bf0265b98b5d48ab919",
            ),
        ];
        for (key_bytes, ciphertext, tag) in rows {
            let key = vec![0; key_bytes];
            let sealed = gcm_seal(&key, &[0; 12], b"", &[0; 16]).unwrap();
            assert_eq!(
                (hex(&sealed.0).as_str(), hex(&sealed.1).as_str()),
                (ciphertext, tag)
            );
            let opened = gcm_open(&key, &[0; 12], b"", &sealed.0, &sealed.1);
            assert_eq!(opened.unwrap(), [0; 16], "{key_bytes:?}");
        }
    }

    #[test]
    fn a_nonce_of_sixteen_bytes_is_hashed_and_not_cut() {
        for key_bytes in [16, 24, 32] {
            let key = vec![7; key_bytes];
            let mut iv = [9; 16];
            let (ciphertext, tag) = gcm_seal(&key, &iv, b"aad", b"plain").unwrap();
            assert_eq!(
                gcm_open(&key, &iv, b"aad", &ciphertext, &tag).unwrap(),
                b"plain",
                "{key_bytes:?}"
            );
            iv[15] ^= 1;
            let refused = gcm_open(&key, &iv, b"aad", &ciphertext, &tag);
            assert_eq!(refused, Err(CipherError::Refused), "{key_bytes:?}");
        }
    }

    #[test]
    fn anything_else_than_what_was_sealed_is_refused() {
        let key = [1; 32];
        let iv = [2; 12];
        let (ciphertext, tag) = gcm_seal(&key, &iv, b"aad", b"plain").unwrap();
        let refused = Err(CipherError::Refused);
        assert_eq!(gcm_open(&[3; 32], &iv, b"aad", &ciphertext, &tag), refused);
        assert_eq!(gcm_open(&key, &iv, b"aae", &ciphertext, &tag), refused);
        assert_eq!(gcm_open(&key, &iv, b"aad", &ciphertext[1..], &tag), refused);
        let short = gcm_open(&key, &iv, b"aad", &ciphertext, &tag[..12]);
        assert_eq!(short, Err(CipherError::TagLength { length: 12 }));
        let iv_length = gcm_open(&key, &[2; 8], b"aad", &ciphertext, &tag);
        assert_eq!(iv_length, Err(CipherError::IvLength { length: 8 }));
        let key_length = gcm_seal(&key[..31], &iv, b"aad", b"plain");
        assert_eq!(key_length, Err(CipherError::KeyLength { length: 31 }));
    }

    /// NIST SP 800-38A, F.2.1, first block; the second block is the padding of a full one.
    #[test]
    fn cbc_pads_and_takes_the_padding_off() {
        let key = from_hex("2b7e151628aed2a6abf7158809cf4f3c").unwrap();
        let iv = from_hex("000102030405060708090a0b0c0d0e0f").unwrap();
        let block = from_hex("6bc1bee22e409f96e93d7e117393172a").unwrap();
        let sealed = cbc_seal(&key, &iv, &block).unwrap();
        assert_eq!(sealed.len(), 32);
        assert_eq!(hex(&sealed[..16]), "7649abac8119b246cee98e9b12e9197d");
        assert_eq!(cbc_open(&key, &iv, &sealed).unwrap(), block);
        assert_eq!(
            cbc_open(&key, &iv, &sealed[..16]),
            Err(CipherError::Refused)
        );
        assert_eq!(
            cbc_open(&key, &iv, &sealed[..31]),
            Err(CipherError::Refused)
        );
        assert_eq!(cbc_open(&key, &iv, b""), Err(CipherError::Refused));
        assert_eq!(
            cbc_open(&key[..15], &iv, b""),
            Err(CipherError::KeyLength { length: 15 })
        );
        assert_eq!(
            cbc_open(&key, &iv[..8], b""),
            Err(CipherError::IvLength { length: 8 })
        );
    }
}
