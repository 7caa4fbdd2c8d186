//! Amounts in minor units with their currency.

use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A currency of ISO 4217 by its three letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

/// The currencies that people pay with, by how many decimals they have: ISO 4217, list one, without metals, funds and the codes
/// for tests and for no currency. The guilder of the Antilles and the lev were withdrawn in 2025 and 2026; services still list
/// them.
const CURRENCIES: [(usize, &[&str]); 3] = [
    (
        0,
        &[
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND",
            "VUV", "XAF", "XOF", "XPF",
        ],
    ),
    (
        2,
        &[
            "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD",
            "BDT", "BGN", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD",
            "CDF", "CHF", "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DKK", "DOP", "DZD", "EGP",
            "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GTQ", "GYD",
            "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IRR", "JMD", "KES", "KGS", "KHR",
            "KPW", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "MAD", "MDL", "MGA", "MKD",
            "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN",
            "NIO", "NOK", "NPR", "NZD", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "QAR", "RON",
            "RSD", "RUB", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD",
            "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TOP", "TRY", "TTD", "TWD",
            "TZS", "UAH", "USD", "UYU", "UZS", "VED", "VES", "WST", "XCD", "XCG", "YER", "ZAR",
            "ZMW", "ZWG",
        ],
    ),
    (3, &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]),
];

/// Why a text is not a currency code or an amount of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("must be a currency of ISO 4217, in three upper-case letters")]
    Currency,
    #[error("must be a decimal number of zero or more in major units")]
    NotANumber,
    #[error("has more decimals than the currency")]
    TooFine,
    #[error("is larger than {AMOUNT_MINOR_MAX} minor units")]
    TooLarge,
}

/// What five bytes of a cryptogram can hold.
pub const AMOUNT_MINOR_MAX: u64 = (1 << 40) - 1;

impl Currency {
    pub const USD: Self = Self(*b"USD");

    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let letters = <[u8; 3]>::try_from(text.as_bytes()).map_err(|_| MoneyError::Currency)?;
        match decimals_of(letters) {
            Some(_) => Ok(Self(letters)),
            None => Err(MoneyError::Currency),
        }
    }

    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many decimals an amount has in major units: 0, 2 or 3.
    pub fn decimals(&self) -> usize {
        decimals_of(self.0).unwrap_or(2)
    }

    /// Fifteen bits: each letter counts from A as zero, in base 26.
    pub fn packed(self) -> u16 {
        // 26 to the third is less than 2 to the fifteenth.
        place_of(self.0) as u16
    }

    pub fn unpack(mut packed: u16) -> Option<Self> {
        let mut letters = [0; 3];
        for letter in letters.iter_mut().rev() {
            *letter = b'A' + u8::try_from(packed % 26).ok()?;
            packed /= 26;
        }
        (packed == 0).then_some(Self(letters))
    }
}

/// How many codes three letters make.
const CODES: usize = 26 * 26 * 26;
const NOT_A_CURRENCY: u8 = u8::MAX;
/// How many decimals each code has, by its place in the alphabet: a payment asks for this several times.
static DECIMALS: [u8; CODES] = decimals_by_place();

const fn decimals_by_place() -> [u8; CODES] {
    let mut places = [NOT_A_CURRENCY; CODES];
    let mut row = 0;
    while row < CURRENCIES.len() {
        let (decimals, codes) = CURRENCIES[row];
        let mut at = 0;
        while at < codes.len() {
            // There are three decimals at most.
            if let [first, second, third] = *codes[at].as_bytes() {
                places[place_of([first, second, third])] = decimals as u8;
            }
            at += 1;
        }
        row += 1;
    }
    places
}

/// The place of three upper-case letters among all.
const fn place_of(letters: [u8; 3]) -> usize {
    let [first, second, third] = letters;
    ((first - b'A') as usize * 26 + (second - b'A') as usize) * 26 + (third - b'A') as usize
}

fn decimals_of(letters: [u8; 3]) -> Option<usize> {
    let known = letters.iter().all(u8::is_ascii_uppercase);
    let decimals = known.then(|| DECIMALS[place_of(letters)])?;
    (decimals != NOT_A_CURRENCY).then_some(usize::from(decimals))
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let code = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        Self::parse(&code).map_err(D::Error::custom)
    }
}

/// So many minor units of a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Amount {
    pub minor: u64,
    pub currency: Currency,
}

impl Amount {
    pub fn new(minor: u64, currency: Currency) -> Result<Self, MoneyError> {
        if minor > AMOUNT_MINOR_MAX {
            return Err(MoneyError::TooLarge);
        }
        Ok(Self { minor, currency })
    }

    /// Reads major units as a JSON number writes them, such as `100.5`, without going through floating point.
    pub fn from_major(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (
                mantissa,
                exponent
                    .parse::<i32>()
                    .map_err(|_| MoneyError::NotANumber)?,
            ),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits = whole.bytes().chain(fraction.bytes());
        if whole.is_empty() || whole.len() + fraction.len() > 30 {
            return Err(MoneyError::NotANumber);
        }
        // Thirty digits fit.
        let value = digits.try_fold(0_u128, |value, digit| {
            let digit = digit.is_ascii_digit().then(|| digit - b'0')?;
            Some(value * 10 + u128::from(digit))
        });
        let value = value.ok_or(MoneyError::NotANumber)?;
        let decimals = i32::try_from(fraction.len())
            .unwrap_or(i32::MAX)
            .saturating_sub(exponent);
        let shift = i32::try_from(currency.decimals())
            .unwrap_or(2)
            .saturating_sub(decimals);
        let minor = if value == 0 {
            Some(0)
        } else if shift >= 0 {
            let scale = u32::try_from(shift).ok().filter(|shift| *shift <= 20);
            let scale = scale.ok_or(MoneyError::TooLarge)?;
            value.checked_mul(10_u128.pow(scale))
        } else {
            let scale = u32::try_from(-shift).ok().filter(|shift| *shift <= 30);
            let scale = 10_u128.pow(scale.ok_or(MoneyError::TooFine)?);
            if !value.is_multiple_of(scale) {
                return Err(MoneyError::TooFine);
            }
            Some(value / scale)
        };
        let minor = minor
            .and_then(|minor| u64::try_from(minor).ok())
            .ok_or(MoneyError::TooLarge)?;
        Self::new(minor, currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn major_units_become_minor_units() {
        let rows = [
            ("100.5", "USD", Ok(10_050)),
            ("0", "USD", Ok(0)),
            ("1e2", "USD", Ok(10_000)),
            ("12.340", "EUR", Ok(1_234)),
            ("500", "JPY", Ok(500)),
            ("1.234", "KWD", Ok(1_234)),
            ("1.234", "USD", Err(MoneyError::TooFine)),
            ("1.5", "JPY", Err(MoneyError::TooFine)),
            ("-1", "USD", Err(MoneyError::NotANumber)),
            ("1e400", "USD", Err(MoneyError::TooLarge)),
            ("1e-400", "USD", Err(MoneyError::TooFine)),
            ("99999999999", "USD", Err(MoneyError::TooLarge)),
            ("", "USD", Err(MoneyError::NotANumber)),
        ];
        for (text, code, want) in rows {
            let got = Amount::from_major(text, Currency::parse(code).unwrap());
            assert_eq!(got.map(|amount| amount.minor), want, "{text} {code}");
        }
    }

    #[test]
    fn a_currency_fits_fifteen_bits() {
        for code in ["AED", "USD", "ZWG"] {
            let currency = Currency::parse(code).unwrap();
            assert!(currency.packed() < 1 << 15, "{code:?}");
            assert_eq!(
                Currency::unpack(currency.packed()),
                Some(currency),
                "{code:?}"
            );
        }
        assert_eq!(Currency::unpack(u16::MAX), None);
        assert_eq!(
            Currency::unpack(17_575).map(|packed| packed.0),
            Some(*b"ZZZ")
        );
    }

    /// ISO 4217, list one. Metals, funds, and the codes for tests and for no currency are in it too, and nobody pays in them.
    #[test]
    fn a_currency_is_one_of_the_list() {
        for (code, decimals) in [("JPY", 0), ("EUR", 2), ("XCG", 2), ("KWD", 3)] {
            assert_eq!(
                Currency::parse(code).unwrap().decimals(),
                decimals,
                "{code}"
            );
        }
        for code in [
            "ZZZ", "AAA", "XXX", "XTS", "XAU", "CHE", "HRK", "usd", "US", "USDX", "", "€",
        ] {
            assert_eq!(Currency::parse(code), Err(MoneyError::Currency), "{code}");
        }
        let codes: Vec<_> = CURRENCIES.iter().flat_map(|(_, codes)| *codes).collect();
        let unique: std::collections::BTreeSet<_> = codes.iter().collect();
        assert_eq!(unique.len(), codes.len());
    }
}
