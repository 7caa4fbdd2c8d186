//! Vault aliases: stand-in texts for card numbers and security codes, found again by look-up and never by shape.

use serde::{Deserialize, Serialize};

use super::card::{Pan, with_check_digit};
use super::moment::Moment;
use super::written;
use crate::crypto::check_digit::passes_luhn;
use crate::crypto::digest::sha256;
use crate::crypto::encoding::base58;
use crate::limits::VOLATILE_ALIAS_LIFETIME;
use crate::seed::{Purpose, Seed};

/// How an alias looks (VGS vault API, alias formats).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Format {
    /// `tok_sandbox_` and 22 base58 characters.
    Uuid,
    RawUuid,
    /// Prefixed base58 that ends in the last four characters.
    GenericTFour,
    /// As many digits as the value has; 3 to 16 of them.
    NumLengthPreserving,
    /// A number of the same length that passes Luhn and keeps the first six and last four digits.
    FpeSixTFour,
    /// A number of the same length that passes Luhn and keeps the last four digits.
    FpeTFour,
    /// Nineteen digits from 99 that pass Luhn.
    Pfpt,
    /// Nineteen characters: first six, eight letters or digits, `V`, last four.
    #[serde(rename = "ALPHANUMERIC_SIX_T_FOUR")]
    AlphanumericSixTFour,
    /// Chosen by the caller (standin's own).
    Custom,
}

/// How long a value is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Storage {
    Persistent,
    /// For security codes; forgotten after an hour.
    Volatile,
}

/// What an alias is found by: the first sixteen bytes of its SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AliasKey(pub [u8; 16]);

impl AliasKey {
    pub fn of(alias: &str) -> Self {
        let mut key = [0; 16];
        key.copy_from_slice(&sha256(alias.as_bytes())[..16]);
        Self(key)
    }
}

/// What an alias stands for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Secret {
    Pan(#[serde(with = "written")] Pan),
    Text(Box<str>),
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// An alias of the vault.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AliasRecord {
    pub key: AliasKey,
    pub secret: Secret,
    pub format: Format,
    pub storage: Storage,
    pub created: Moment,
}

impl AliasRecord {
    pub fn is_gone(&self, now: Moment) -> bool {
        self.storage == Storage::Volatile && now.since(self.created) > VOLATILE_ALIAS_LIFETIME
    }
}

written::in_hex!(AliasKey, 16, |key| &key.0, AliasKey);

/// The alias of a value in a format. The same value gets the same alias in a space; `attempt` counts from zero and grows
/// only when the alias is taken. A format that does not fit the value falls back to [`Format::Uuid`].
pub fn alias(seed: &Seed, value: &str, format: Format, attempt: u32) -> (String, Format) {
    let word = serde_json::to_string(&format).unwrap_or_default();
    let inputs: [&[u8]; 3] = [value.as_bytes(), word.as_bytes(), &attempt.to_be_bytes()];
    let bytes = seed.derive16(Purpose::Alias, &inputs);
    let digits = |count| seed.digits(Purpose::Alias, &inputs, count);
    let all_digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let numeric = all_digits && (12..=19).contains(&value.len());
    let long = value.is_ascii() && value.len() >= 10;
    let shaped = match format {
        Format::RawUuid => Some(uuid::Uuid::from_bytes(bytes).to_string()),
        Format::GenericTFour if long => Some(format!(
            "tok_sandbox_{}{}",
            &base58(bytes)[..18],
            &value[value.len() - 4..]
        )),
        Format::NumLengthPreserving if all_digits && (3..=16).contains(&value.len()) => {
            Some(digits(value.len()))
        }
        Format::FpeSixTFour if numeric => Some(keep_check(
            &value[..6],
            &digits(value.len() - 11),
            &value[value.len() - 4..],
        )),
        Format::FpeTFour if numeric => Some(keep_check(
            "",
            &digits(value.len() - 5),
            &value[value.len() - 4..],
        )),
        Format::Pfpt => Some(with_check_digit(&format!("99{}", digits(16)))),
        Format::AlphanumericSixTFour if numeric => {
            let tail = &value[value.len() - 4..];
            Some(format!("{}{}V{tail}", &value[..6], &base58(bytes)[14..]))
        }
        Format::Uuid
        | Format::Custom
        | Format::GenericTFour
        | Format::NumLengthPreserving
        | Format::FpeSixTFour
        | Format::FpeTFour
        | Format::AlphanumericSixTFour => None,
    };
    shaped.map_or_else(
        || (format!("tok_sandbox_{}", base58(bytes)), Format::Uuid),
        |text| (text, format),
    )
}

/// Puts one digit between head and tail so that the whole passes Luhn.
fn keep_check(head: &str, middle: &str, tail: &str) -> String {
    (0..10)
        .map(|digit| format!("{head}{middle}{digit}{tail}"))
        .find(|number| passes_luhn(number))
        .unwrap_or_else(|| format!("{head}{middle}0{tail}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_has_its_shape() {
        let seed = Seed::from_text("alias tests");
        let value = "4111111111111111";
        let of = |format| alias(&seed, value, format, 0).0;
        assert_eq!(of(Format::Uuid).len(), "tok_sandbox_".len() + 22);
        assert_eq!(of(Format::RawUuid).len(), 36);
        assert!(of(Format::GenericTFour).ends_with("1111"));
        assert_eq!(of(Format::NumLengthPreserving).len(), 16);
        let fpe = of(Format::FpeSixTFour);
        assert!(fpe.starts_with("411111") && fpe.ends_with("1111") && passes_luhn(&fpe));
        assert!(passes_luhn(&of(Format::FpeTFour)) && of(Format::FpeTFour).len() == 16);
        assert!(of(Format::Pfpt).starts_with("99") && of(Format::Pfpt).len() == 19);
        let mixed = of(Format::AlphanumericSixTFour);
        assert!(mixed.len() == 19 && &mixed[14..15] == "V", "{mixed}");
    }

    #[test]
    fn a_format_that_does_not_fit_falls_back() {
        let seed = Seed::from_text("alias tests");
        let (text, format) = alias(&seed, "12x", Format::FpeSixTFour, 0);
        assert!(text.starts_with("tok_sandbox_") && format == Format::Uuid);
        assert_ne!(
            alias(&seed, "123", Format::Uuid, 0),
            alias(&seed, "123", Format::Uuid, 1)
        );
    }
}
