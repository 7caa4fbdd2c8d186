//! What the values of a field can be, and what is wrong with one that nothing could match.

use super::want::Test;
use crate::domain::number;
use crate::domain::words::unknown;
use crate::limits::TEXT_BYTES_MAX;
use crate::masking;

/// What the values of a field can be.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// One of a closed set.
    Words(fn() -> Vec<&'static str>),
    /// One of these phrases, in which `_`, `-` and spaces mean the same. An empty list allows any phrase.
    Phrase(&'static [&'static str]),
    /// A method of HTTP, in any case.
    Method,
    /// A path, in which `*` stands for a segment or part of one and `**` for anything.
    Path,
    /// Any text, in which `*` stands for anything.
    Text,
    /// Digits of one of these lengths, and what is said of others.
    Digits(&'static [usize], &'static str),
    Currency,
    /// A whole number, and what is said of anything else.
    Number(&'static str),
    /// A number of so many digits.
    Year,
    /// A status of HTTP, or 0 for no answer.
    Status,
}

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const STATUS: &str = "must be a status such as 404, a class such as 5xx, a span such as 400..499, or 0 for no answer";
const STATUS_MIN: u64 = 100;
const YEAR: &str = "must be a year of four digits";

impl Kind {
    /// Whether a number of JSON can be a value: no zeros are lost with it.
    pub(super) const fn is_numeric(self) -> bool {
        matches!(self, Self::Number(_) | Self::Year | Self::Status)
    }

    /// A value as it may be shown. A path is read as it is meant, however it was encoded.
    pub fn shown(self, value: &str) -> String {
        match self {
            Self::Path => masking::path(value),
            Self::Words(_)
            | Self::Phrase(_)
            | Self::Method
            | Self::Text
            | Self::Digits(..)
            | Self::Currency
            | Self::Number(_)
            | Self::Year
            | Self::Status => masking::value(value),
        }
    }

    /// How a value is looked for.
    pub(super) fn read(self, text: &str) -> Result<Test, String> {
        let exact = |right: bool, problem: &str| {
            if right {
                Ok(Test::Exact(text.to_owned()))
            } else {
                Err(problem.to_owned())
            }
        };
        let digits = || text.bytes().all(|byte| byte.is_ascii_digit());
        let test = match self {
            Self::Words(words) => word(text, &words()),
            Self::Phrase(known) => phrase(text, known),
            Self::Method => word(&text.to_ascii_uppercase(), &METHODS),
            Self::Path if text.starts_with(['/', '*']) => Ok(wildcard(text, text.to_owned())),
            Self::Path => Err("must begin with '/' or '*'".to_owned()),
            Self::Text => Ok(wildcard(text, text.replace('*', "**"))),
            Self::Digits(lengths, problem) => {
                exact(digits() && lengths.contains(&text.len()), problem)
            }
            Self::Currency => exact(
                text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()),
                "must be three capital letters",
            ),
            Self::Number(problem) => span(text, number::digits, problem),
            Self::Year => span(
                text,
                |end| (end.len() == 4).then(|| number::digits(end))?,
                YEAR,
            ),
            Self::Status => status(text),
        }?;
        if text.is_empty() || text.len() > TEXT_BYTES_MAX || text.contains(char::is_control) {
            return Err(format!(
                "must have 1 to {TEXT_BYTES_MAX} bytes and no control characters"
            ));
        }
        Ok(test)
    }
}

fn word(text: &str, known: &[&str]) -> Result<Test, String> {
    if known.contains(&text) {
        Ok(Test::Exact(text.to_owned()))
    } else {
        Err(unknown(text, known))
    }
}

fn phrase(text: &str, known: &[&str]) -> Result<Test, String> {
    let wanted = spelled(text);
    let is = |word: &&str| spelled(word) == wanted;
    if known.is_empty() || known.iter().any(is) {
        return Ok(Test::Exact(wanted));
    }
    Err(unknown(text, known))
}

/// A phrase in the one spelling in which it is compared.
pub(super) fn spelled(phrase: &str) -> String {
    phrase.replace(['_', '-'], " ").to_lowercase()
}

fn wildcard(text: &str, pattern: String) -> Test {
    if text.contains('*') {
        Test::Wildcard(pattern)
    } else {
        Test::Exact(text.to_owned())
    }
}

/// A number, or numbers between two ends, both of which belong to them.
fn span(text: &str, read: impl Fn(&str) -> Option<u64>, problem: &str) -> Result<Test, String> {
    let end = |end: &str| {
        let digits = end.bytes().all(|byte| byte.is_ascii_digit());
        let read = if digits { read(end) } else { None };
        read.ok_or_else(|| problem.to_owned())
    };
    if let Some((first, last)) = text.split_once("..") {
        let open = |text: &str, otherwise| match text {
            "" => Ok(otherwise),
            text => end(text),
        };
        let (first, last) = (open(first, 0)?, open(last, u64::MAX)?);
        return if first > last || text == ".." {
            Err(format!("{text:?} has nothing between its ends"))
        } else {
            Ok(Test::Between(first, last))
        };
    }
    let nothing = || format!("nothing is {text}");
    if let Some(least) = text.strip_prefix(">=") {
        return Ok(Test::Between(end(least)?, u64::MAX));
    }
    if let Some(most) = text.strip_prefix("<=") {
        return Ok(Test::Between(0, end(most)?));
    }
    if let Some(below) = text.strip_prefix('>') {
        let least = end(below)?.checked_add(1).ok_or_else(nothing)?;
        return Ok(Test::Between(least, u64::MAX));
    }
    if let Some(above) = text.strip_prefix('<') {
        let most = end(above)?.checked_sub(1).ok_or_else(nothing)?;
        return Ok(Test::Between(0, most));
    }
    Ok(Test::Exact(end(text)?.to_string()))
}

fn status(text: &str) -> Result<Test, String> {
    if let Some(class) = text.strip_suffix("xx") {
        let class = number::digits::<u64>(class);
        let class = class.filter(|class| (1..=5).contains(class));
        let first = 100 * class.ok_or_else(|| STATUS.to_owned())?;
        return Ok(Test::Between(first, first + 99));
    }
    let read = |end: &str| {
        let number = number::digits(end)?;
        let known = end == "0" || (end.len() == 3 && (STATUS_MIN..=599).contains(&number));
        known.then_some(number)
    };
    match span(text, read, STATUS)? {
        // Where there was no answer there is no status to compare: 0 is found only where it is asked for by itself.
        Test::Between(_, last) if last < STATUS_MIN => Err(STATUS.to_owned()),
        Test::Between(first, last) => Ok(Test::Between(first.max(STATUS_MIN), last)),
        exact @ (Test::Exact(_) | Test::Wildcard(_)) => Ok(exact),
    }
}
