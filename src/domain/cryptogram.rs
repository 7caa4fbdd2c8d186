//! One-time values that prove a payment comes from the holder of a token.
//!
//! A long cryptogram is twenty bytes and carries its own counter, time of issue and limit under the MAC, so checking one
//! needs only the token's key. A short cryptogram is three digits, the dynamic truncation of RFC 4226 over the counter;
//! it carries nothing, so the unexpired ones are listed with their token. `fixtures/vectors/README.md` has the recipe.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::moment::Moment;
use super::money::{Amount, Currency};
use crate::crypto::encoding::{base64, from_base64};
use crate::crypto::mac::{HmacKey, hmac_sha256, same};
use crate::domain::id::TokenReference;
use crate::seed::{Purpose, Seed};

/// First byte of a long cryptogram that any amount may use.
const FREE: u8 = 0x02;
/// First byte of a long cryptogram that carries the largest amount it may be used for.
const LIMITED: u8 = 0x03;
const LONG_BYTES: usize = 20;
/// Counters are three bytes on the wire.
pub const COUNTER_MAX: u32 = (1 << 24) - 1;

/// Long for the cryptogram fields of a payment API, short for a security-code field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CryptogramKind {
    Long,
    Short,
}

/// The secret of one token.
#[derive(Debug, Clone)]
pub struct TokenKey(HmacKey);

impl TokenKey {
    pub fn derive(seed: &Seed, token: &TokenReference) -> Self {
        Self(HmacKey::new(
            &seed.derive(Purpose::TokenKey, &[token.bytes()]),
        ))
    }
}

/// Twenty bytes, written as 28 base64 characters.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Long([u8; LONG_BYTES]);

/// Three decimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Short(u16);

/// What a long cryptogram says of itself once its MAC has been checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claims {
    pub counter: u32,
    /// To the second.
    pub issued: Moment,
    pub limit: Option<Amount>,
}

/// The bytes are not a cryptogram of this token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cryptogram of this token")]
pub struct NotOurs;

impl Long {
    pub fn mint(key: &TokenKey, claims: Claims) -> Self {
        let mut bytes = [0; LONG_BYTES];
        bytes[0] = if claims.limit.is_some() {
            LIMITED
        } else {
            FREE
        };
        bytes[1..4].copy_from_slice(&claims.counter.to_be_bytes()[1..]);
        let seconds = u32::try_from(claims.issued.seconds()).unwrap_or(u32::MAX);
        bytes[4..8].copy_from_slice(&seconds.to_be_bytes());
        if let Some(limit) = claims.limit {
            bytes[8..13].copy_from_slice(&limit.minor.to_be_bytes()[3..]);
            bytes[13..15].copy_from_slice(&limit.currency.packed().to_be_bytes());
        }
        let head = head_length(bytes[0]);
        let mac = long_mac(key, &bytes[..head]);
        bytes[head..].copy_from_slice(&mac[..LONG_BYTES - head]);
        Self(bytes)
    }

    /// Checks the MAC in constant time and reads the claims. Whether it has expired or been spent is for others to say.
    pub fn open(&self, key: &TokenKey) -> Result<Claims, NotOurs> {
        let bytes = &self.0;
        if ![FREE, LIMITED].contains(&bytes[0]) {
            return Err(NotOurs);
        }
        let head = head_length(bytes[0]);
        let mac = long_mac(key, &bytes[..head]);
        if !same(&mac[..LONG_BYTES - head], &bytes[head..]) {
            return Err(NotOurs);
        }
        let limit = (bytes[0] == LIMITED).then(|| {
            let minor =
                u64::from_be_bytes([0, 0, 0, bytes[8], bytes[9], bytes[10], bytes[11], bytes[12]]);
            let currency = Currency::unpack(u16::from_be_bytes([bytes[13], bytes[14]]))?;
            Amount::new(minor, currency).ok()
        });
        Ok(Claims {
            counter: u32::from_be_bytes([0, bytes[1], bytes[2], bytes[3]]),
            issued: Moment::from_seconds(i64::from(u32::from_be_bytes([
                bytes[4], bytes[5], bytes[6], bytes[7],
            ]))),
            limit: match limit {
                None => None,
                Some(Some(amount)) => Some(amount),
                Some(None) => return Err(NotOurs),
            },
        })
    }

    /// From 28 base64 characters or 40 hexadecimal digits, as acquirers carry it.
    pub fn parse(text: &str) -> Result<Self, NotOurs> {
        let bytes = if text.len() == 2 * LONG_BYTES {
            crate::crypto::encoding::from_hex(text)
        } else {
            from_base64(text)
        };
        let bytes = bytes.map_err(|_| NotOurs)?;
        Ok(Self(bytes.try_into().map_err(|_| NotOurs)?))
    }

    pub fn base64(&self) -> String {
        base64(&self.0)
    }
}

impl fmt::Debug for Long {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Long(***)")
    }
}

fn head_length(first: u8) -> usize {
    if first == LIMITED { 15 } else { 8 }
}

fn long_mac(key: &TokenKey, head: &[u8]) -> [u8; 32] {
    hmac_sha256(&key.0, &[b"long", head])
}

impl Short {
    /// Dynamic truncation (RFC 4226 section 5.3) over HMAC-SHA256 instead of HMAC-SHA1, to three digits.
    pub fn mint(key: &TokenKey, counter: u32) -> Self {
        let mac = hmac_sha256(&key.0, &[b"short", &counter.to_be_bytes()]);
        let offset = usize::from(mac[31] & 0x0f);
        let word = u32::from_be_bytes([
            mac[offset],
            mac[offset + 1],
            mac[offset + 2],
            mac[offset + 3],
        ]);
        Self(u16::try_from((word & 0x7fff_ffff) % 1000).unwrap_or(0))
    }

    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().ok().map(Self)).flatten()
    }

    pub fn digits(&self) -> String {
        format!("{:03}", self.0)
    }
}

impl fmt::Debug for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Short(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> TokenKey {
        let seed = Seed::from_text("cryptogram tests");
        TokenKey::derive(&seed, &TokenReference::from_bytes([7; 16]))
    }

    #[test]
    fn what_is_minted_opens_and_nothing_else_does() {
        let limit = Amount::new(10_050, Currency::parse("USD").unwrap()).ok();
        for limit in [None, limit] {
            let claims = Claims {
                counter: 513,
                issued: Moment::from_seconds(1_700_000_000),
                limit,
            };
            let long = Long::mint(&key(), claims);
            assert_eq!(long.base64().len(), 28, "{limit:?}");
            assert_eq!(
                Long::parse(&long.base64()).unwrap().open(&key()),
                Ok(claims),
                "{limit:?}"
            );
            for byte in 0..LONG_BYTES {
                for bit in 0..8 {
                    let mut bent = long;
                    bent.0[byte] ^= 1 << bit;
                    assert_eq!(bent.open(&key()), Err(NotOurs), "byte {byte} bit {bit}");
                }
            }
        }
    }

    #[test]
    fn a_short_one_is_three_digits() {
        for counter in 0..2_000 {
            let short = Short::mint(&key(), counter);
            assert_eq!(short.digits().len(), 3, "{counter:?}");
            assert_eq!(Short::parse(&short.digits()), Some(short), "{counter:?}");
        }
        for text in ["", "12", "1234", "12x", "１2"] {
            assert_eq!(Short::parse(text), None);
        }
    }
}
