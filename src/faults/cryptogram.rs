//! What is wrong with a cryptogram that is handed out. It looks like any other; only the payment shows it.

use serde::Serialize;

use super::fault::{Fault, Kind, Plain};

/// A defect of the cryptogram that the next issue returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Cryptogram {
    /// Its MAC is not that of the token.
    WrongCryptogram,
    /// It was issued so long ago that it has expired.
    ExpiredCryptogram,
    /// A short one where a long one was asked for, or the other way round.
    WrongCryptogramKind,
    /// It counts as used already.
    SpentCryptogram,
}

pub(super) const KINDS: &[Kind] = &[
    kind(
        "wrong_cryptogram",
        "the cryptogram is not one of this token",
        |_| Ok(plain(Cryptogram::WrongCryptogram)),
    ),
    kind(
        "expired_cryptogram",
        "the cryptogram has expired when it is handed out",
        |_| Ok(plain(Cryptogram::ExpiredCryptogram)),
    ),
    kind(
        "wrong_cryptogram_kind",
        "short in place of long, or long in place of short",
        |_| Ok(plain(Cryptogram::WrongCryptogramKind)),
    ),
    kind(
        "spent_cryptogram",
        "the cryptogram has been used when it is handed out",
        |_| Ok(plain(Cryptogram::SpentCryptogram)),
    ),
];

const fn kind(word: &'static str, about: &'static str, read: super::fault::Read) -> Kind {
    Kind {
        word,
        about,
        parameters: &[],
        example: word,
        read,
    }
}

const fn plain(cryptogram: Cryptogram) -> Fault {
    Fault::Plain(Plain::Cryptogram(cryptogram))
}
