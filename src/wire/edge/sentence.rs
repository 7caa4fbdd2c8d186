//! What the inside says, as clients are told it.

use crate::domain::rejection::Rejection;

/// The words of a rejection, and what can be done about it where that is up to whoever runs standin.
pub(in crate::wire) fn said(rejection: Rejection) -> String {
    let mut said = rejection.to_string();
    if rejection == Rejection::NotATestCard {
        said.push_str("; to accept numbers like it, start standin with --allow-pan PREFIX");
    }
    said
}

/// Begins with a small letter.
pub(in crate::wire) fn in_small_letters(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// Begins with a capital letter.
pub(in crate::wire) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
