//! Card numbers, token numbers and expiries. A number that looks like another number has its own type, and none of
//! them prints more than its last four digits.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::moment::Moment;
use crate::crypto::check_digit::passes_luhn;

const DIGITS_MAX: usize = 19;

/// Twelve to nineteen decimal digits in nine bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Digits {
    value: [u8; 8],
    length: u8,
}

/// Why a text is not a card or token number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    #[error("must consist of digits only")]
    NotDigits,
    #[error("must have 12 to 19 digits")]
    Length,
    #[error("fails the check digit (Luhn)")]
    CheckDigit,
}

impl Digits {
    fn parse(text: &str) -> Result<Self, NumberError> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NumberError::NotDigits);
        }
        if !(12..=DIGITS_MAX).contains(&text.len()) {
            return Err(NumberError::Length);
        }
        let value: u64 = text.parse().map_err(|_| NumberError::Length)?;
        Ok(Self {
            value: value.to_be_bytes(),
            length: u8::try_from(text.len()).unwrap_or(19),
        })
    }

    fn text(self) -> String {
        (*self.shown()).to_owned()
    }

    fn shown(self) -> DigitText {
        let mut digits = [b'0'; DIGITS_MAX];
        let mut rest = u64::from_be_bytes(self.value);
        for digit in digits[..usize::from(self.length)].iter_mut().rev() {
            // The remainder of a division by ten fits any integer.
            *digit += (rest % 10) as u8;
            rest /= 10;
        }
        DigitText {
            digits,
            length: self.length,
        }
    }
}

/// The digits of a number, written out without asking for memory. It prints nothing of itself.
#[derive(Clone, Copy)]
pub struct DigitText {
    digits: [u8; DIGITS_MAX],
    length: u8,
}

impl DigitText {
    pub fn as_bytes(&self) -> &[u8] {
        &self.digits[..usize::from(self.length)]
    }
}

impl Deref for DigitText {
    type Target = str;

    fn deref(&self) -> &str {
        // They are digits, so nothing is ever lost.
        std::str::from_utf8(&self.digits[..usize::from(self.length)]).unwrap_or_default()
    }
}

impl fmt::Debug for DigitText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DigitText(…)")
    }
}

/// Appends the check digit that makes `body` pass [`passes_luhn`].
pub fn with_check_digit(body: &str) -> String {
    (0..10_u8)
        .map(|digit| format!("{body}{digit}"))
        .find(|number| passes_luhn(number))
        .unwrap_or_else(|| body.to_owned())
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Digits);

        impl $name {
            /// Checks length and digits, not the check digit: some published test numbers fail it.
            pub fn parse(text: &str) -> Result<Self, NumberError> {
                Digits::parse(text).map($name)
            }

            /// Nine bytes that are in the order of the numbers.
            pub fn ordered(&self) -> [u8; 9] {
                let mut bytes = [self.0.length; 9];
                bytes[..8].copy_from_slice(&self.0.value);
                bytes
            }

            /// The whole number, for the place on the wire that needs it. Never log it.
            pub fn expose(&self) -> String {
                self.0.text()
            }

            /// The same, on the stack.
            pub fn digits(&self) -> DigitText {
                self.0.shown()
            }

            /// The first `count` digits.
            pub fn first(&self, count: usize) -> String {
                let mut text = self.0.text();
                text.truncate(count);
                text
            }

            pub fn last4(&self) -> String {
                let text = self.0.text();
                text[text.len() - 4..].to_owned()
            }

            pub fn network(&self) -> Option<Network> {
                Network::of(&self.0.text())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "(..{})"), self.last4())
            }
        }
    };
}

number! {
    /// A primary account number: the number of a card. Not a [`TokenNumber`], which looks the same.
    ///
    /// ```compile_fail,E0308
    /// # use standin::domain::card::{Pan, TokenNumber};
    /// fn tokenize(_: &Pan) {}
    /// tokenize(&TokenNumber::parse("4895370016781988").unwrap()); // a token is not a card
    /// ```
    Pan
}

number! {
    /// A network token (DPAN): the number that stands in for a [`Pan`].
    TokenNumber
}

number! {
    /// A number as a merchant sends it: a card's or a token's, which cannot be told apart by looking.
    PresentedNumber
}

impl PresentedNumber {
    /// The number, taken for a card's.
    pub const fn as_pan(&self) -> Pan {
        Pan(self.0)
    }

    /// The number, taken for a token's.
    pub const fn as_token(&self) -> TokenNumber {
        TokenNumber(self.0)
    }
}

/// The card network that a number belongs to, by its leading digits (ISO/IEC 7812 issuer ranges).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Network {
    Visa,
    Mastercard,
    Amex,
    Discover,
}

impl Network {
    pub const ALL: [Self; 4] = [Self::Visa, Self::Mastercard, Self::Amex, Self::Discover];

    fn of(number: &str) -> Option<Self> {
        let lead = |count: usize| {
            number
                .get(..count)
                .and_then(|text| text.parse::<u32>().ok())
        };
        match (lead(1)?, lead(2)?, lead(4)?) {
            (4, _, _) => Some(Self::Visa),
            (_, 51..=55, _) | (_, _, 2221..=2720) => Some(Self::Mastercard),
            (_, 34 | 37, _) => Some(Self::Amex),
            (_, 65, _) | (_, _, 6011) => Some(Self::Discover),
            _ => None,
        }
    }

    /// The name as people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Visa => "Visa",
            Self::Mastercard => "Mastercard",
            Self::Amex => "American Express",
            Self::Discover => "Discover",
        }
    }

    /// The lower-case word of fixtures, filters and the control plane.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Visa => "visa",
            Self::Mastercard => "mastercard",
            Self::Amex => "amex",
            Self::Discover => "discover",
        }
    }
}

/// The month at whose end a card or token stops being valid. Four-digit year.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Expiry {
    year: u16,
    month: u8,
}

/// Why a year and month are not an expiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExpiryError {
    #[error("must be a month from 1 to 12")]
    Month,
    #[error("must be a year of two digits, or of four from 2000 to 2099")]
    Year,
}

impl Expiry {
    /// `year` has two digits (2000 to 2099) or four. Whether it has passed is asked with [`Expiry::is_past`].
    pub fn new(month: i64, year: i64) -> Result<Self, ExpiryError> {
        let month = u8::try_from(month).ok().filter(|m| (1..=12).contains(m));
        let year = match year {
            0..=99 => u16::try_from(2000 + year).ok(),
            2000..=2099 => u16::try_from(year).ok(),
            _ => None,
        };
        Ok(Self {
            year: year.ok_or(ExpiryError::Year)?,
            month: month.ok_or(ExpiryError::Month)?,
        })
    }

    pub const fn year(self) -> u16 {
        self.year
    }

    pub const fn year_two_digits(self) -> u8 {
        (self.year % 100) as u8
    }

    pub const fn month(self) -> u8 {
        self.month
    }

    /// A card is valid through the last day of its month.
    pub fn is_past(self, now: Moment) -> bool {
        (self.year, self.month) < now.year_month()
    }

    /// The same month a number of months later; stays within 2099.
    #[must_use]
    pub fn plus_months(self, months: u16) -> Self {
        let count = self.year * 12 + u16::from(self.month) - 1 + months;
        let year = (count / 12).min(2099);
        Self {
            year,
            month: u8::try_from(count % 12).unwrap_or(0) + 1,
        }
    }

    /// The month in which `now` lies.
    pub fn of(now: Moment) -> Self {
        let (year, month) = now.year_month();
        Self {
            year: year.clamp(2000, 2099),
            month,
        }
    }

    /// `2026-01`, as CALM writes it.
    pub fn year_month(self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }

    /// `0126`, as MDES writes it.
    pub fn mmyy(self) -> String {
        format!("{:02}{:02}", self.month, self.year_two_digits())
    }
}

impl fmt::Debug for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.year_month())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_only_their_last_four() {
        let pan = Pan::parse("4111111111111111").unwrap();
        assert_eq!(format!("{pan:?}"), "Pan(..1111)");
        assert_eq!(
            (pan.first(6).as_str(), pan.last4().as_str()),
            ("411111", "1111")
        );
        assert_eq!(pan.expose(), "4111111111111111");
    }

    #[test]
    fn what_is_not_a_number_says_why() {
        let rows = [
            ("", NumberError::NotDigits),
            ("4111 1111 1111 1111", NumberError::NotDigits),
            ("４１１１１１１１１１１１", NumberError::NotDigits),
            ("41111111111", NumberError::Length),
            ("41111111111111111111", NumberError::Length),
        ];
        for (text, why) in rows {
            assert_eq!(Pan::parse(text), Err(why), "{text}");
        }
    }

    #[test]
    fn the_check_digit() {
        assert!(passes_luhn("4111111111111111"));
        assert!(!passes_luhn("4111111111111112"));
        assert!(!passes_luhn(""));
        assert_eq!(with_check_digit("411111111111111"), "4111111111111111");
        assert_eq!(with_check_digit("555555555555444"), "5555555555554444");
    }

    #[test]
    fn networks_by_leading_digits() {
        let rows = [
            ("4111111111111111", Some(Network::Visa)),
            ("5555555555554444", Some(Network::Mastercard)),
            ("2222690420064590", Some(Network::Mastercard)),
            ("340000104332183", Some(Network::Amex)),
            ("6011000025883707", Some(Network::Discover)),
            ("9999999999999994", None),
        ];
        for (number, network) in rows {
            assert_eq!(Pan::parse(number).unwrap().network(), network, "{number}");
        }
    }

    #[test]
    fn an_expiry_lasts_to_the_end_of_its_month() {
        let expiry = Expiry::new(12, 23).unwrap();
        assert!(!expiry.is_past(Moment::parse("2023-12-31T23:59:59Z").unwrap()));
        assert!(expiry.is_past(Moment::parse("2024-01-01T00:00:00Z").unwrap()));
        assert_eq!(expiry, Expiry::new(12, 2023).unwrap());
        assert_eq!(expiry.plus_months(36).year_month(), "2026-12");
        assert_eq!(expiry.mmyy(), "1223");
        assert_eq!(Expiry::new(13, 23), Err(ExpiryError::Month));
        assert_eq!(Expiry::new(1, 123), Err(ExpiryError::Year));
    }
}
