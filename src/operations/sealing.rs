//! Opens what requestors seal for Mastercard, in either of the two forms of its clients, and seals what they are answered.

use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use serde::de::IgnoredAny;

use super::space::{SharedConfig, Space};
use crate::crypto::aes::CipherError;
use crate::crypto::field_level::{self, FieldError, Fields, TextForm};
use crate::crypto::jwe::{Compact, JweError};
use crate::crypto::mastercard_jwe::{self, IvLength, Outline};
use crate::crypto::oaep::OaepHash;
use crate::crypto::rsa_key::KeyError;
use crate::domain::digitization::SealedForm;
use crate::domain::moment::Moment;
use crate::seed::Purpose;

/// Something sealed for Mastercard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sealed {
    Fields(Fields),
    Compact(String),
}

/// Why something was not opened or sealed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("{0}")]
    Fields(#[from] FieldError),
    /// Of a form without integrity: which of these it is would help an attacker find the plaintext (a padding oracle).
    #[error("what is in it was sealed otherwise or changed, or is no JSON")]
    Content,
    #[error("{0}")]
    Jwe(#[from] JweError),
    #[error("a key {0}")]
    Key(#[from] KeyError),
}

/// Opens something, and says in which form it was sealed.
///
/// # Errors
/// [`SealError`].
pub fn open(config: &SharedConfig, sealed: &Sealed) -> Result<(Vec<u8>, SealedForm), SealError> {
    let recipient = &config.networks.mastercard.requests()?.recipient;
    match sealed {
        Sealed::Fields(fields) => {
            let text = TextForm::of_iv(&fields.iv);
            let plain = match field_level::open(recipient, text, fields) {
                Err(FieldError::Content(CipherError::Refused)) => None,
                opened => Some(opened?),
            };
            let is_json = |plain: &Vec<u8>| serde_json::from_slice::<IgnoredAny>(plain).is_ok();
            let plain = plain.filter(is_json).ok_or(SealError::Content)?;
            let hash = fields.oaep_hashing_algorithm.as_deref();
            let hash = hash
                .and_then(OaepHash::from_name)
                .unwrap_or(OaepHash::Sha256);
            Ok((plain, SealedForm::FieldLevel { hash, text }))
        }
        Sealed::Compact(text) => {
            let envelope = Compact::parse(text)?;
            let plain = mastercard_jwe::open(recipient, &envelope)?;
            let known = recipient.encryptions.iter();
            let mut known = known.filter(|known| known.name() == envelope.header.enc);
            let encryption = *known.next().ok_or(JweError::ContentEncryption)?;
            Ok((plain, SealedForm::Jwe { encryption }))
        }
    }
}

/// Seals an answer for the requestor, in a form. What is drawn for it follows from the plaintext and the instant, so it comes
/// twice only if the whole envelope does.
///
/// # Errors
/// [`SealError`] when a key cannot be made or used.
pub fn seal(
    space: &Space,
    now: Moment,
    form: SealedForm,
    iv_length: IvLength,
    plaintext: &[u8],
) -> Result<Sealed, SealError> {
    let to = space.config.networks.mastercard.responses()?;
    let name = to.fingerprint();
    let at = now.micros().to_be_bytes();
    let inputs: [&[u8]; 3] = [name.as_bytes(), &at, plaintext];
    let drawn = space.seed.derive(Purpose::Envelope, &inputs);
    let mut rng = ChaCha20Rng::from_seed(drawn);
    match form {
        SealedForm::FieldLevel { hash, text } => {
            let name = Some(name.as_str());
            let fields = field_level::seal(&mut rng, to, text, hash, name, plaintext)?;
            Ok(Sealed::Fields(fields))
        }
        SealedForm::Jwe { encryption } => {
            let outline = Outline {
                key_id: Some(&name),
                encryption,
                iv_length,
            };
            let compact = mastercard_jwe::seal(&mut rng, to, &outline, plaintext)?;
            Ok(Sealed::Compact(compact))
        }
    }
}
