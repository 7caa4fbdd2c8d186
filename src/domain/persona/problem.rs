//! What can be wrong with a list of test cards.

/// Why a list of test cards cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PersonasError {
    #[error("{0}")]
    Syntax(String),
    #[error("card {0}: give either pan or prefix, as 4 to 19 digits")]
    Number(usize),
    #[error(
        "card {0}: the number fails its check digit; set luhn_exempt = true if it is published so"
    )]
    CheckDigit(usize),
    #[error("card {0}: the number stands there twice")]
    Twice(usize),
    #[error(
        "published {0}: give one of pan, amount and asked, and an answer of two letters or digits"
    )]
    Published(usize),
    #[error("enrolled {0}: pan must be the digits of a card number")]
    Enrolled(usize),
    #[error("prefix {0:?} must be 4 to 19 digits")]
    AllowedPrefix(String),
}
