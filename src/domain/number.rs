//! Numbers as others write them. A number is what it means and not how it is spelt: to a JSON schema `1000`, `1000.0` and
//! `1e3` are the same integer (JSON Schema 2020-12, validation, section 6.1.1; the Agentic Commerce Protocol repeats it). In a
//! text only digits are a number: a sign or a space before them is something else than the number.

use std::str::FromStr;

use serde::{Deserialize, Deserializer};
use serde_json::Number;

/// The whole number that is meant, if it is one. What is too large for 64 bits is as good as the largest or the smallest
/// number, so that whoever compares it with a bound says the truth about it.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a float that is too large becomes the nearest end, which is what is wanted"
)]
pub fn whole(number: &Number) -> Option<i64> {
    if let Some(number) = number.as_i64() {
        return Some(number);
    }
    if number.is_u64() {
        return Some(i64::MAX);
    }
    let float = number.as_f64()?;
    (float.fract() == 0.0).then_some(float as i64)
}

/// The same where nothing is below zero.
pub fn whole_from_zero(number: &Number) -> Option<u64> {
    if let Some(number) = number.as_u64() {
        return Some(number);
    }
    u64::try_from(whole(number)?).ok()
}

/// One spelling for every number that means the same.
pub fn in_one_spelling(number: &Number) -> String {
    // Beyond these a float is not the only whole number that it may stand for.
    let exact = number.as_f64().is_some_and(|float| float.abs() < 9e15);
    match whole(number).filter(|_| exact) {
        Some(whole) => whole.to_string(),
        None => number.to_string(),
    }
}

/// What digits say, and nothing but digits.
pub fn digits<T: FromStr>(text: &str) -> Option<T> {
    let all = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().ok()).flatten()
}

/// A member of a body that may be left out, for `serde`.
///
/// # Errors
/// When it is no whole number of zero or more.
pub fn optional_whole<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let Some(number) = Option::<Number>::deserialize(from)? else {
        return Ok(None);
    };
    whole_from_zero(&number)
        .map(Some)
        .ok_or_else(|| serde::de::Error::custom("must be a whole number of zero or more"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// JSON Schema 2020-12, validation, section 6.1.1: any number with a zero fractional part is an integer.
    #[test]
    fn a_number_is_what_it_means() {
        let rows = [
            ("1000", Some(1_000)),
            ("1000.0", Some(1_000)),
            ("1e3", Some(1_000)),
            ("1E+3", Some(1_000)),
            ("10000e-1", Some(1_000)),
            ("-0.0", Some(0)),
            ("-5", Some(-5)),
            ("1.5", None),
            ("1e-3", None),
            ("18446744073709551615", Some(i64::MAX)),
            ("1e300", Some(i64::MAX)),
            ("-1e300", Some(i64::MIN)),
        ];
        for (text, want) in rows {
            let number: Number = serde_json::from_str(text).unwrap();
            assert_eq!(whole(&number), want, "{text}");
            let from_zero = want.and_then(|want| u64::try_from(want).ok());
            if number.as_u64().is_none() {
                assert_eq!(whole_from_zero(&number), from_zero, "{text}");
            }
        }
    }

    #[test]
    fn what_means_the_same_is_written_alike() {
        let rows = [
            ("10", "10"),
            ("10.0", "10"),
            ("1e1", "10"),
            ("100E-1", "10"),
            ("-0.0", "0"),
            ("0.50", "0.5"),
            ("5e-1", "0.5"),
            ("9223372036854775807", "9223372036854775807"),
            ("18446744073709551615", "18446744073709551615"),
        ];
        let spelling = |text: &str| in_one_spelling(&serde_json::from_str(text).unwrap());
        for (text, want) in rows {
            assert_eq!(spelling(text), want, "{text}");
        }
        assert_eq!(spelling("1e300"), spelling("10E299"));
        assert_ne!(spelling("1e300"), spelling("1e301"));
    }

    #[test]
    fn in_a_text_only_digits_are_a_number() {
        assert_eq!(digits::<u64>("0700"), Some(700));
        for text in ["", "+700", "-700", " 700", "700 ", "7_0", "7.0", "7e2", "٧"] {
            assert_eq!(digits::<u64>(text), None, "{text:?}");
        }
    }
}
