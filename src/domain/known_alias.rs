//! Aliases that every space has from the start: one of each listed test number, and those that documents print.

use serde::Deserialize;

use super::card::Pan;
use crate::crypto::digest::sha256;
use crate::crypto::encoding::base58;

/// The alias that a listed test number has in every space from the start: `tok_sandbox_` and the first sixteen bytes of
/// the SHA-256 of its digits in base58.
pub fn standing_alias(pan: &Pan) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&sha256(pan.expose().as_bytes())[..16]);
    format!("tok_sandbox_{}", base58(bytes))
}

/// An alias that a document prints, and the value that it stands for in every space until somebody gives it another.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleAlias {
    pub alias: String,
    /// A card number, or text such as a security code.
    pub value: String,
    /// Who prints it.
    pub source: String,
}

/// The value behind an alias that a document prints.
pub fn sample<'a>(samples: &'a [SampleAlias], alias: &str) -> Option<&'a str> {
    let found = samples.iter().find(|sample| sample.alias == alias);
    found.map(|sample| sample.value.as_str())
}
