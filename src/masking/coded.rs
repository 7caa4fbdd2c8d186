//! Text in base64, in either alphabet, one piece or several with full stops between them: looked at as it is meant.

use super::shapes::is_private_key;
use super::{HIDDEN, text_at};
use crate::crypto::encoding::{from_base64, from_base64_url};

/// A shorter text hides no card number and no name with a value.
const LETTERS_MIN: usize = 12;

/// What is left of a text of which parts mean something that is not to be seen. None when there are none.
pub(super) fn masked(plain: &str, depth: usize) -> Option<String> {
    let letter = |c: u8| c.is_ascii_alphanumeric() || b"+/-_=.".contains(&c);
    if plain.len() < LETTERS_MIN || !plain.bytes().all(letter) {
        return None;
    }
    let mut hidden = false;
    let parts = plain.split('.').map(|part| {
        let hides = hides(part, depth);
        hidden |= hides;
        if hides { HIDDEN } else { part }
    });
    let shown = parts.collect::<Vec<_>>().join(".");
    hidden.then_some(shown)
}

fn hides(part: &str, depth: usize) -> bool {
    if part.len() < LETTERS_MIN {
        return false;
    }
    let bytes = from_base64(part).or_else(|_| from_base64_url(part.trim_end_matches('=')));
    let Ok(bytes) = bytes else {
        return false;
    };
    if is_private_key(&bytes) {
        return true;
    }
    let Ok(meant) = String::from_utf8(bytes) else {
        return false;
    };
    let readable = |c: char| !c.is_control() || c.is_whitespace();
    meant.chars().all(readable) && text_at(&meant, depth + 1) != meant
}
