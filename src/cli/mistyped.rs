//! What is said of words and numbers of the command line that cannot be read: the word that was meant, and no words of Rust.

use std::error::Error as _;
use std::num::{IntErrorKind, ParseFloatError, ParseIntError};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};

use crate::domain::words::nearest;

/// The same error in plain words.
pub(super) fn told(mut error: Error, command: &mut Command) -> Error {
    if error.kind() == ErrorKind::ValueValidation {
        return number(&error).map_or(error, |plain| plain.format(command));
    }
    let suggested = error.get(ContextKind::SuggestedValue).is_some();
    if error.kind() == ErrorKind::InvalidValue
        && !suggested
        && let Some(meant) = meant(&error)
    {
        error.insert(ContextKind::SuggestedValue, ContextValue::String(meant));
    }
    error
}

/// The one of the words that can be given there which is fewest edits away.
fn meant(error: &Error) -> Option<String> {
    let (Some(ContextValue::String(given)), Some(ContextValue::Strings(known))) = (
        error.get(ContextKind::InvalidValue),
        error.get(ContextKind::ValidValue),
    ) else {
        return None;
    };
    let known: Vec<_> = known.iter().map(String::as_str).collect();
    nearest(given, &known).map(str::to_owned)
}

/// The error of a number, if it is one.
fn number(error: &Error) -> Option<Error> {
    let cause = error.source()?;
    let due = match cause.downcast_ref::<ParseIntError>() {
        Some(cause) => {
            let kinds = [
                (IntErrorKind::PosOverflow, "must be a smaller number"),
                (IntErrorKind::NegOverflow, "must be a larger number"),
                (IntErrorKind::Zero, "must be a whole number from 1"),
            ];
            let mut kinds = kinds.into_iter();
            let found = kinds.find(|(kind, _)| kind == cause.kind());
            found.map_or("must be a whole number from 0", |(_, due)| due)
        }
        None if cause.is::<ParseFloatError>() => "must be a number",
        None => return None,
    };
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(_) | None => None,
    };
    let argument = text(ContextKind::InvalidArg)?;
    let given = text(ContextKind::InvalidValue)?;
    let said = format!("invalid value '{given}' for '{argument}': {due}\n");
    Some(Error::raw(ErrorKind::ValueValidation, said))
}

#[cfg(test)]
mod tests {
    use super::super::whole;
    use super::*;

    fn said(words: &str) -> String {
        let mut command = whole();
        let given = command.try_get_matches_from_mut(words.split(' '));
        told(given.unwrap_err(), &mut command).to_string()
    }

    #[test]
    fn the_nearest_word_is_named() {
        for (words, tip) in [
            ("standin journal --format hra", "'har'"),
            ("standin completions bsh", "'bash'"),
            ("standin trigger suspnd", "'suspend'"),
            (
                "standin trigger payment_intent.suceeded",
                "'payment_intent.succeeded'",
            ),
            ("standin serve --log-format jsno", "'json'"),
            ("standin trigger suspend --by issure", "'issuer'"),
        ] {
            let said = said(words);
            assert!(
                said.contains(&format!("tip: a similar value exists: {tip}")),
                "{said}"
            );
        }
        for (words, tip) in [
            ("standin cards --network viza", "did you mean \"visa\"?"),
            ("standin serve --clock manul", "did you mean \"manual\"?"),
        ] {
            let said = said(words);
            assert!(said.contains(tip), "{said}");
        }
    }

    #[test]
    fn numbers_are_told_in_plain_words() {
        for (words, due) in [
            (
                "standin verify --exactly x",
                "'x' for '--exactly <N>': must be a whole number from 0",
            ),
            ("standin journal --from=-1", "must be a whole number from 0"),
            (
                "standin journal --rows 99999999999999999999",
                "must be a smaller number",
            ),
        ] {
            let said = said(words);
            assert!(said.contains(due), "{said}");
            assert!(!said.contains("digit"), "{said}");
        }
    }
}
