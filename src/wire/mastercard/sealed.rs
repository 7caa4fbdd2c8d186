//! Sealed members: read in either form, and written in the form that the requestor uses.

use serde_json::{Map, Value, json};

use super::errors::{MdesError, Own};
use crate::crypto::field_level::{Fields, TextForm};
use crate::crypto::mastercard_jwe::{ContentEncryption, IvLength};
use crate::crypto::oaep::OaepHash;
use crate::domain::digitization::SealedForm;
use crate::domain::id::TokenReference;
use crate::domain::rejection::Rejection;
use crate::limits::ENVELOPE_BYTES_MAX;
use crate::operations::sealing::{self, Sealed};
use crate::operations::settings::{AnswerForm, GcmIvBytes, MastercardDialect};
use crate::operations::{Call, digitization};
use crate::wire::edge::read::{Flaw, Members};

/// The specification bounds a fingerprint to 64 characters and a key, which is 512 for 2048 bits, to as many.
const FINGERPRINT_BYTES_MAX: usize = 64;
const KEY_BYTES_MAX: usize = 1024;
const IV_BYTES_MAX: usize = 32;
/// Sixteen bytes of zero: what the specification assumes when no initialization vector is sent.
const NO_IV: &str = "00000000000000000000000000000000";

/// What an `encryptedPayload` holds. A text of parts between dots in `encryptedData` is the one form; anything else there is
/// the other, whose further members stand beside it.
pub(super) fn read(members: &Members<'_>) -> Option<Sealed> {
    let data = members.required_string("encryptedData", ENVELOPE_BYTES_MAX);
    if let Some(compact) = data.filter(|data| data.contains('.')) {
        return Some(Sealed::Compact(compact.to_owned()));
    }
    let fingerprint = members.required_string("publicKeyFingerprint", FINGERPRINT_BYTES_MAX);
    let key = members.required_string("encryptedKey", KEY_BYTES_MAX);
    let iv = members.string("iv", IV_BYTES_MAX).unwrap_or(NO_IV);
    let hash = members.string("oaepHashingAlgorithm", FINGERPRINT_BYTES_MAX);
    if hash.is_some_and(|name| OaepHash::from_name(name).is_none()) {
        let due = "must be SHA256 or SHA512";
        members.flaw("oaepHashingAlgorithm", Flaw::Value, due);
    }
    Some(Sealed::Fields(Fields {
        iv: iv.to_owned(),
        encrypted_key: key?.to_owned(),
        encrypted_data: data?.to_owned(),
        oaep_hashing_algorithm: hash.map(str::to_owned),
        public_key_fingerprint: fingerprint.map(str::to_owned),
    }))
}

/// Seals something about a token in the form that its requestor uses.
pub(super) async fn about(
    call: &Call,
    token: &TokenReference,
    plain: &Value,
) -> Result<Map<String, Value>, MdesError> {
    let settings = &call.space.config.settings.mastercard;
    let form = form(call, token).await?;
    let iv_length = match settings.gcm_iv_bytes {
        GcmIvBytes::Sixteen => IvLength::Sixteen,
        GcmIvBytes::Twelve => IvLength::Twelve,
    };
    let plain = plain.to_string();
    let sealed = sealing::seal(&call.space, call.now, form, iv_length, plain.as_bytes());
    Ok(members(sealed.map_err(Own::Sealing)?))
}

/// The form in which the requestor of a token is answered.
pub(super) async fn form(call: &Call, token: &TokenReference) -> Result<SealedForm, Rejection> {
    let shown = digitization::form(call, token).await?;
    Ok(shown.unwrap_or_else(|| usual(&call.space.config.settings.mastercard)))
}

/// The form for a requestor who has shown none: a token that was made through the gateway.
pub(super) fn usual(settings: &MastercardDialect) -> SealedForm {
    match settings.answer_form {
        AnswerForm::FieldLevel => SealedForm::FieldLevel {
            hash: OaepHash::Sha256,
            text: TextForm::Hex,
        },
        AnswerForm::Jwe => SealedForm::Jwe {
            encryption: ContentEncryption::A256Gcm,
        },
    }
}

/// The members of an `encryptedPayload` or a `tokenDetail`.
pub(super) fn members(sealed: Sealed) -> Map<String, Value> {
    let body = match sealed {
        Sealed::Compact(compact) => json!({ "encryptedData": compact }),
        Sealed::Fields(fields) => json!({
            "publicKeyFingerprint": fields.public_key_fingerprint,
            "encryptedKey": fields.encrypted_key,
            "oaepHashingAlgorithm": fields.oaep_hashing_algorithm,
            "iv": fields.iv,
            "encryptedData": fields.encrypted_data,
        }),
    };
    match body {
        Value::Object(members) => members,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}
