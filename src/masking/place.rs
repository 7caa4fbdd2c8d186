//! Where something stands, and how it is shown there.

use super::names::{Meaning, meaning, meaning_of_header};
use super::{HIDDEN, digits, text_at};

/// Somewhere below a name, or below none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place(Meaning);

impl Place {
    pub(super) const TOP: Self = Self(Meaning::Plain);
    pub(super) const SECRET: Self = Self(Meaning::Secret);
    pub(super) const CREDENTIALS: Self = Self(Meaning::Credentials);

    /// The place of a header's value.
    pub(super) fn of_header(name: &str) -> Self {
        Self(meaning_of_header(name))
    }

    /// The place under a name here. What stands under a secret's name is secret, whatever it is called; only a cryptogram
    /// may say of what kind it is.
    pub(super) fn below(self, name: &str) -> Self {
        if name.bytes().all(|byte| byte.is_ascii_digit()) && name.len() < 4 {
            // A place in a list, or none.
            return self;
        }
        let own = meaning(name);
        Self(match (self.0, own) {
            (Meaning::Secret, _) => Meaning::Secret,
            (Meaning::Cryptogram, Meaning::About) => Meaning::About,
            (Meaning::Cryptogram, _) => Meaning::Secret,
            (Meaning::Number, Meaning::Plain | Meaning::Value) => Meaning::Number,
            (Meaning::Amount, Meaning::Value) => Meaning::Amount,
            (Meaning::Reference, Meaning::Value | Meaning::About) => Meaning::Reference,
            (_, own) => own,
        })
    }

    /// What stands below names that lead from one to the next, as in `card[cvc]`.
    pub(super) fn below_all<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Self {
        names.into_iter().fold(self, Self::below)
    }

    /// Whether nothing that stands here may be seen.
    pub(super) const fn is_secret(self) -> bool {
        matches!(self.0, Meaning::Secret | Meaning::Cryptogram)
    }

    /// Whether nothing of it is left but perhaps a scheme.
    pub(super) const fn hides_all(self) -> bool {
        self.is_secret() || matches!(self.0, Meaning::Credentials)
    }

    /// Whether a cryptogram belongs here, which never is a word.
    pub(super) const fn is_cryptogram(self) -> bool {
        matches!(self.0, Meaning::Cryptogram)
    }

    /// Whether a card number belongs here.
    pub(super) const fn is_number(self) -> bool {
        matches!(self.0, Meaning::Number)
    }

    /// Whether a card belongs here, of which a number by itself is not to be seen.
    pub(super) const fn is_card(self) -> bool {
        matches!(self.0, Meaning::Card)
    }

    /// Whether not everything that stands here may be seen as it is.
    pub(super) const fn hides(self) -> bool {
        self.hides_all() || matches!(self.0, Meaning::Number | Meaning::Value)
    }

    /// A text that stands here.
    pub(super) fn shown(self, plain: &str, depth: usize) -> String {
        match self.0 {
            _ if plain.is_empty() => String::new(),
            Meaning::Secret | Meaning::Cryptogram => HIDDEN.to_owned(),
            Meaning::Credentials => credentials(plain),
            Meaning::Number | Meaning::Value => {
                digits::grouped_number(plain).unwrap_or_else(|| HIDDEN.to_owned())
            }
            Meaning::Card => digits::grouped_number(plain).unwrap_or_else(|| text_at(plain, depth)),
            Meaning::Reference if is_reference(plain) => plain.to_owned(),
            Meaning::Reference | Meaning::Amount | Meaning::About | Meaning::Plain => {
                text_at(plain, depth)
            }
        }
    }

    /// A number that stands here, by its digits. None when it may be seen as it is.
    pub(super) fn shown_number(self, plain: &str) -> Option<String> {
        match self.0 {
            Meaning::Amount => None,
            Meaning::Secret | Meaning::Cryptogram | Meaning::Credentials => Some(HIDDEN.to_owned()),
            Meaning::Number | Meaning::Value => Some(self.shown(plain, 0)),
            Meaning::Card => digits::grouped_number(plain),
            Meaning::Reference if is_reference(plain) => None,
            Meaning::Reference | Meaning::About | Meaning::Plain => {
                Some(digits::masked(plain)).filter(|masked| masked != plain)
            }
        }
    }

    /// The value of a header that has this meaning.
    pub(super) fn header(self, value: &str) -> String {
        if self.is_secret() {
            return credentials(value);
        }
        self.shown(value, 0)
    }
}

/// The scheme, and nothing of what follows.
fn credentials(plain: &str) -> String {
    match plain.trim_start().split_once(' ') {
        Some((scheme, _)) if scheme.chars().all(|c| c.is_ascii_alphabetic() || c == '-') => {
            format!("{scheme} {HIDDEN}")
        }
        Some(_) | None => HIDDEN.to_owned(),
    }
}

/// Thirteen to fifteen digits under the name of a reference are taken for one. A longer number may be a card's.
fn is_reference(plain: &str) -> bool {
    (13..=15).contains(&plain.len()) && plain.bytes().all(|byte| byte.is_ascii_digit())
}
