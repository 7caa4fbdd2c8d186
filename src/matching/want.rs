//! One value that a field may have, or may not.

use super::kind::{Kind, spelled};
use super::wildcard::path_fits;

/// A value as it was written, and how it is looked for.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Want {
    text: String,
    not: bool,
    test: Test,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) enum Test {
    Exact(String),
    Wildcard(String),
    /// From the first to the last number.
    Between(u64, u64),
}

impl Want {
    pub(super) fn read(kind: Kind, text: &str) -> Result<Self, String> {
        let (not, plain) = match text.strip_prefix('!') {
            Some(plain) => (true, plain),
            None => (false, text.strip_prefix("\\!").map_or(text, |_| &text[1..])),
        };
        let test = kind.read(plain)?;
        // A word is shown as it is compared.
        let text = match &test {
            Test::Exact(word) if !text.starts_with('\\') => {
                format!("{}{word}", if not { "!" } else { "" })
            }
            Test::Exact(_) | Test::Wildcard(_) | Test::Between(..) => text.to_owned(),
        };
        Ok(Self { text, not, test })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it says what a field must not be.
    pub(super) const fn is_not(&self) -> bool {
        self.not
    }

    /// The one text that it is found in.
    pub(super) fn exact(&self) -> Option<&str> {
        match &self.test {
            Test::Exact(text) if !self.not => Some(text),
            Test::Exact(_) | Test::Wildcard(_) | Test::Between(..) => None,
        }
    }

    /// Whether a value is as is written here, be it wanted or not.
    pub(super) fn fits(&self, kind: Kind, value: &str) -> bool {
        match &self.test {
            Test::Exact(text) if matches!(kind, Kind::Phrase(_)) => *text == spelled(value),
            Test::Exact(text) => text == value,
            Test::Wildcard(pattern) => path_fits(pattern, value),
            Test::Between(first, last) => {
                let number = value.parse::<u64>();
                number.is_ok_and(|number| (*first..=*last).contains(&number))
            }
        }
    }

    /// As it was written, with its value masked.
    pub(super) fn shown(&self, mask: impl Fn(&str) -> String) -> String {
        match self.text.strip_prefix('!') {
            Some(value) => format!("!{}", mask(value)),
            None => mask(&self.text),
        }
    }

    /// The same, to be shown.
    pub(super) fn masked(&self, kind: Kind) -> Self {
        Self {
            text: self.shown(|value| kind.shown(value)),
            ..self.clone()
        }
    }
}
