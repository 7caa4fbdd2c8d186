//! How a value is written: amounts with decimals, months and years in the orders that payment APIs have, padded numbers.
//! Read both ways: `{token_expiry:MM/YY}` writes a month, and `/valid_thru as MM/YY` reads one.

use serde_json::{Value, json};

use super::super::currency::decimals;
use super::template::shown;
use crate::crypto::encoding::base64;

/// The orders of month and year; the suite's own is the first.
const MONTHS: [&str; 9] = [
    "YYYY-MM", "MMYY", "MM/YY", "MM/YYYY", "MM-YYYY", "MMYYYY", "YYMM", "YYYYMM", "YYYY/MM",
];
/// What else there is, as it is told to whoever misspells one.
pub(crate) const OTHERS: [&str; 10] = [
    "text", "number", "upper", "lower", "base64", "last4", "tail", ".2", "02", "major",
];

/// How a value is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Month and year in this order.
    Month(&'static str),
    /// With so many decimals.
    Decimals(usize),
    /// A whole number with zeros in front, so many digits in all.
    Padded(usize),
    /// As a text.
    Text,
    /// As a number.
    Number,
    /// In capitals.
    Upper,
    /// In small letters.
    Lower,
    /// As base64 of its bytes.
    Base64,
    /// The last four characters.
    Last4,
    /// What follows the last slash.
    Tail,
    /// An amount in major units, such as 12.50; the suite counts in minor ones.
    Major,
}

impl Format {
    /// Reads the name of a format.
    ///
    /// # Errors
    /// A text with the nearest format that there is.
    pub(crate) fn parse(name: &str) -> Result<Self, String> {
        if let Some(known) = MONTHS.iter().find(|known| **known == name) {
            return Ok(Self::Month(known));
        }
        let count = |digits: &str| digits.parse().ok().filter(|count| *count <= 19);
        if let Some(decimals) = name.strip_prefix('.').and_then(count) {
            return Ok(Self::Decimals(decimals));
        }
        if let Some(width) = name.strip_prefix('0').and_then(count) {
            return Ok(Self::Padded(width));
        }
        Ok(match name {
            "text" => Self::Text,
            "number" => Self::Number,
            "upper" => Self::Upper,
            "lower" => Self::Lower,
            "base64" => Self::Base64,
            "last4" => Self::Last4,
            "tail" => Self::Tail,
            "major" => Self::Major,
            _ => {
                let known: Vec<&str> = MONTHS.iter().chain(&OTHERS).copied().collect();
                let hint = super::super::closest::hint(name, &known);
                return Err(format!("there is no format {name:?}{hint}"));
            }
        })
    }

    /// Every format by its name, and what it does. `.2` and `02` stand for any count up to 19.
    pub(crate) fn meanings() -> Vec<(&'static str, &'static str)> {
        let names = MONTHS.iter().chain(&OTHERS);
        let known = names.filter_map(|name| Some((*name, Self::parse(name).ok()?)));
        known
            .map(|(name, format)| (name, format.meaning()))
            .collect()
    }

    const fn meaning(&self) -> &'static str {
        match self {
            Self::Month(_) => "month and year in this order",
            Self::Decimals(_) => "so many decimals: .2 writes 12.50, .0 writes 12",
            Self::Padded(_) => {
                "a whole number with zeros in front, so many digits in all: 02 writes 07"
            }
            Self::Text => "as a text, where a lone placeholder would be a number",
            Self::Number => "as a number",
            Self::Upper => "in capitals",
            Self::Lower => "in small letters",
            Self::Base64 => "as base64 of its bytes",
            Self::Last4 => "the last four characters",
            Self::Tail => "what follows the last slash",
            Self::Major => {
                "behind a source: an amount in major units, 12.50 or 1200, with the decimals of the payment's currency"
            }
        }
    }

    /// Writes a value of the suite's.
    pub(crate) fn write(&self, value: &Value) -> Option<Value> {
        let text = shown(value);
        Some(match self {
            Self::Month(order) => {
                // A month that there is not is written too: it is sent on purpose.
                let (year, month) = text.split_once('-')?;
                json!(write_month(order, year.parse().ok()?, month.parse().ok()?))
            }
            Self::Decimals(decimals) => {
                json!(format!("{:.*}", decimals, text.parse::<f64>().ok()?))
            }
            Self::Padded(width) => json!(format!("{:0>width$}", text)),
            Self::Text => json!(text),
            Self::Number => serde_json::from_str::<serde_json::Number>(&text)
                .ok()
                .map(Value::Number)?,
            Self::Upper => json!(text.to_uppercase()),
            Self::Lower => json!(text.to_lowercase()),
            Self::Base64 => json!(base64(text.as_bytes())),
            Self::Last4 => json!(text.get(text.len().checked_sub(4)?..)?),
            Self::Tail => json!(text.rsplit('/').next()?),
            // Requests have {amount_text} for it.
            Self::Major => json!(text),
        })
    }

    /// Reads a value of the target's into the suite's form; one that is not written so is left as it is, to be judged.
    pub(crate) fn read(&self, value: &Value, currency: &str) -> Value {
        let text = shown(value);
        match self {
            Self::Major => minor_units(&text, decimals(currency))
                .map_or_else(|| value.clone(), |minor| json!(minor)),
            Self::Month(order) => read_month(order, &text).map_or_else(
                || value.clone(),
                |(year, month)| json!(write_month("YYYY-MM", year, month)),
            ),
            Self::Text
            | Self::Number
            | Self::Upper
            | Self::Lower
            | Self::Base64
            | Self::Last4
            | Self::Tail
            | Self::Decimals(_)
            | Self::Padded(_) => self.write(value).unwrap_or_else(|| value.clone()),
        }
    }
}

/// The minor units of an amount that is written in major ones, if that is a whole number of them.
fn minor_units(text: &str, decimals: usize) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits = [whole, fraction].concat();
    let is_number = !whole.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let missing = decimals.checked_sub(fraction.len())?;
    let digits = format!("{digits}{}", "0".repeat(missing));
    digits.parse().ok().filter(|_| is_number)
}

fn write_month(order: &str, year: u16, month: u8) -> String {
    order
        .replace("YYYY", &format!("{year:04}"))
        .replace("YY", &format!("{:02}", year % 100))
        .replace("MM", &format!("{month:02}"))
}

/// Year and month of a text in exactly this order.
pub(crate) fn read_month(order: &str, text: &str) -> Option<(u16, u8)> {
    let (mut year, mut month) = (String::new(), String::new());
    let mut characters = text.chars();
    for wanted in order.chars() {
        let found = characters.next()?;
        match wanted {
            'Y' if found.is_ascii_digit() => year.push(found),
            'M' if found.is_ascii_digit() => month.push(found),
            separator if separator == found => {}
            _ => return None,
        }
    }
    if characters.next().is_some() {
        return None;
    }
    let year: u16 = year.parse().ok()?;
    let month: u8 = month.parse().ok()?;
    let year = if year < 100 { year + 2000 } else { year };
    (1..=12).contains(&month).then_some((year, month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_in_major_units_is_read_as_minor_ones() {
        for (written, currency, minor) in [
            (json!("12.50"), "EUR", json!(1_250)),
            (json!(12.5), "EUR", json!(1_250)),
            (json!("12.345"), "KWD", json!(12_345)),
            (json!("1200"), "JPY", json!(1_200)),
            (json!("1200.00"), "JPY", json!(1_200)),
            (json!("12.505"), "EUR", json!("12.505")),
            (json!("12,50"), "EUR", json!("12,50")),
            (json!("-1"), "EUR", json!("-1")),
            (json!(""), "EUR", json!("")),
        ] {
            assert_eq!(Format::Major.read(&written, currency), minor, "{written}");
        }
    }

    #[test]
    fn months_are_written_and_read_in_every_order() {
        let suite = json!("2031-07");
        for order in MONTHS {
            let format = Format::parse(order).unwrap();
            let written = format.write(&suite).unwrap();
            assert_eq!(format.read(&written, "EUR"), suite, "{order}");
        }
        let format = Format::parse("MM/YY").unwrap();
        assert_eq!(format.write(&suite), Some(json!("07/31")));
        for wrong in ["13/31", "7/31", "07/311", "0731", ""] {
            assert_eq!(format.read(&json!(wrong), "EUR"), json!(wrong));
        }
    }

    #[test]
    fn numbers_and_texts() {
        let rows = [
            (".2", json!(12.5), json!("12.50")),
            (".0", json!(1200), json!("1200")),
            ("02", json!(7), json!("07")),
            ("text", json!(7), json!("7")),
            ("number", json!("7"), json!(7)),
            ("upper", json!("visa"), json!("VISA")),
            ("last4", json!("123456"), json!("3456")),
            ("tail", json!("/tokens/t1"), json!("t1")),
            ("base64", json!("a"), json!("YQ==")),
        ];
        for (name, value, written) in rows {
            assert_eq!(Format::parse(name).unwrap().write(&value), Some(written));
        }
        assert!(Format::parse("MM/Y").unwrap_err().contains("MM/YY"));
        // A format that changes nothing would promise what nobody does.
        assert!(Format::parse("minor").is_err());
    }
}
