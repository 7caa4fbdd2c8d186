//! How little and how much Stripe takes, and how its messages write it (Stripe, supported currencies, minimum and maximum
//! charge amounts).

use super::errors::{Own, StripeError};
use crate::domain::money::{Amount, Currency};

/// The least that a charge can be, in minor units. Of other currencies it is what half a dollar comes to, for which there are
/// no rates here.
const LEAST: [(&str, u64); 24] = [
    ("AED", 200),
    ("AUD", 50),
    ("BGN", 100),
    ("BRL", 50),
    ("CAD", 50),
    ("CHF", 50),
    ("CZK", 1_500),
    ("DKK", 250),
    ("EUR", 50),
    ("GBP", 30),
    ("HKD", 400),
    ("HUF", 17_500),
    ("INR", 50),
    ("JPY", 50),
    ("MXN", 1_000),
    ("MYR", 200),
    ("NOK", 300),
    ("NZD", 50),
    ("PLN", 200),
    ("RON", 200),
    ("SEK", 300),
    ("SGD", 50),
    ("THB", 1_000),
    ("USD", 50),
];
/// Eight digits, and twelve in rupiah.
const MOST: u64 = 99_999_999;
const MOST_RUPIAH: u64 = 999_999_999_999;
const SIGNS: [(&str, &str); 5] = [
    ("AUD", "A$"),
    ("EUR", "€"),
    ("GBP", "£"),
    ("JPY", "¥"),
    ("USD", "$"),
];

/// What is to be paid, which this parameter says.
///
/// # Errors
/// `parameter_invalid_integer`, `amount_too_large` or `amount_too_small`.
pub(super) fn charged(
    name: &'static str,
    minor: u64,
    currency: Currency,
) -> Result<Amount, StripeError> {
    let most = if currency.code() == "IDR" {
        MOST_RUPIAH
    } else {
        MOST
    };
    let least = LEAST.iter().find(|(code, _)| *code == currency.code());
    let least = least.map_or(1, |(_, least)| *least);
    let (code, message) = if minor == 0 {
        let due = "This value must be greater than or equal to 1.".to_owned();
        ("parameter_invalid_integer", due)
    } else if minor > most {
        let most = shown(most, currency);
        (
            "amount_too_large",
            format!("Amount must be no more than {most}"),
        )
    } else if minor < least {
        let code = currency.code().to_ascii_lowercase();
        let least = shown(least, currency);
        (
            "amount_too_small",
            format!("Amount must be at least {least} {code}"),
        )
    } else {
        return Ok(Amount { minor, currency });
    };
    Err(Own::Parameter {
        name,
        code,
        message,
    }
    .into())
}

/// Major units with the currency's sign, as messages for people have them: `$999,999.99`.
pub(super) fn shown(minor: u64, currency: Currency) -> String {
    let decimals = u32::try_from(currency.decimals()).unwrap_or(2);
    let unit = 10_u64.pow(decimals);
    let mut text = grouped(minor / unit);
    if decimals > 0 {
        let width = currency.decimals();
        text += &format!(".{:0width$}", minor % unit);
    }
    match SIGNS.iter().find(|(code, _)| *code == currency.code()) {
        Some((_, sign)) => format!("{sign}{text}"),
        None => format!("{text} {}", currency.code()),
    }
}

/// With a comma after every third digit from behind.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(minor: u64, code: &str) -> Option<String> {
        let currency = Currency::parse(code).unwrap();
        match charged("amount", minor, currency) {
            Ok(_) => None,
            Err(StripeError::Own(Own::Parameter { code, message, .. })) => {
                Some(format!("{code}: {message}"))
            }
            Err(other) => panic!("{other:?}"),
        }
    }

    /// https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
    #[test]
    fn an_amount_is_neither_too_small_nor_too_large() {
        for (minor, code, want) in [
            (50, "USD", ""),
            (
                49,
                "USD",
                "amount_too_small: Amount must be at least $0.50 usd",
            ),
            (30, "GBP", ""),
            (
                29,
                "GBP",
                "amount_too_small: Amount must be at least £0.30 gbp",
            ),
            (50, "JPY", ""),
            (
                49,
                "JPY",
                "amount_too_small: Amount must be at least ¥50 jpy",
            ),
            (
                1_499,
                "CZK",
                "amount_too_small: Amount must be at least 15.00 CZK czk",
            ),
            (1, "KES", ""),
            (
                0,
                "KES",
                "parameter_invalid_integer: This value must be greater than or equal to 1.",
            ),
            (99_999_999, "USD", ""),
            (
                100_000_000,
                "USD",
                "amount_too_large: Amount must be no more than $999,999.99",
            ),
            (
                100_000_000,
                "JPY",
                "amount_too_large: Amount must be no more than ¥99,999,999",
            ),
            (100_000_000, "IDR", ""),
        ] {
            assert_eq!(refused(minor, code).unwrap_or_default(), want);
        }
    }
}
