//! Envelopes in and out: a member that is a JWE under the secret that Visa and the requestor share.

use serde::Serialize;
use serde_json::Value;

use super::errors::{Own, VisaError};
use crate::crypto::jwe::{Compact, JweError};
use crate::crypto::vts_jwe::EncryptionSecret;
use crate::domain::moment::Moment;
use crate::limits::ENVELOPE_BYTES_MAX;
use crate::operations::{Space, derived_ids};
use crate::wire::edge::read::{Flaw, Members};

/// What is in the envelope under this name. Nothing when there is none; a problem when it cannot be opened or holds no JSON.
pub(super) fn open(secret: &EncryptionSecret, members: &Members<'_>, name: &str) -> Option<Value> {
    let envelope = members.string(name, ENVELOPE_BYTES_MAX)?;
    let opened = plaintext(secret, envelope)
        .map_err(|error| format!("cannot be decrypted: {error}"))
        .and_then(|plain| {
            serde_json::from_slice(&plain).map_err(|error| format!("does not hold JSON: {error}"))
        });
    opened
        .map_err(|due| members.flaw(name, Flaw::Value, due))
        .ok()
}

fn plaintext(secret: &EncryptionSecret, envelope: &str) -> Result<Vec<u8>, JweError> {
    secret.open(&Compact::parse(envelope)?)
}

/// Seals what goes to the requestor.
pub(super) fn seal(
    space: &Space,
    now: Moment,
    plain: &impl Serialize,
) -> Result<String, VisaError> {
    let plain = serde_json::to_vec(plain).map_err(|_| Own::Sealing)?;
    Ok(derived_ids::seal_as_visa(space, now, &plain).map_err(|_| Own::Sealing)?)
}
