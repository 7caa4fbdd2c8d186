//! Credentials that are told by what they look like, whatever they are called and wherever they stand. What says of which kind
//! one is stays readable, and nothing behind it.
//!
//! | shape | what stays | source |
//! |---|---|---|
//! | a private key in PEM | its first and its last line | RFC 7468 |
//! | JWT, JWS and JWE in one piece | the header, which is no secret | RFC 7515, RFC 7516 |
//! | the key of a payment service | its prefix | `keys` |
//! | what follows `Bearer` or `Basic` | the scheme | RFC 6750, RFC 7617 |

use std::ops::Range;

use serde_json::Value;

use super::{HIDDEN, keys};
use crate::crypto::encoding::{from_base64, from_base64_url};

/// Text without the credentials in it.
pub(super) fn masked(plain: &str) -> String {
    let mut shown = String::with_capacity(plain.len());
    let (mut copied, mut from, mut no_header_until) = (0, 0, 0);
    while let Some(start) = next_word(plain, from) {
        let found = private_key(plain, start)
            .or_else(|| scheme(plain, start))
            .or_else(|| signed(plain, start, &mut no_header_until))
            .or_else(|| keys::key(&plain[start..]).map(|key| start + key.start..start + key.end));
        from = start + 1;
        if let Some(hidden) = found {
            shown.push_str(&plain[copied..hidden.start]);
            shown.push_str(HIDDEN);
            (copied, from) = (hidden.end, hidden.end);
        }
    }
    shown + &plain[copied..]
}

/// Where letters or digits begin. Behind the backslash of an escape stands its letter, which is no part of a word.
fn next_word(plain: &str, from: usize) -> Option<usize> {
    let bytes = plain.as_bytes();
    let is_word = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let escapes = |at: usize| {
        at.checked_sub(1)
            .is_some_and(|before| bytes[before] == b'\\')
    };
    (from..bytes.len()).find(|at| {
        let before = at.checked_sub(1);
        let goes_on = before
            .is_some_and(|before| (is_word(before) || bytes[before] == b'_') && !escapes(before));
        is_word(*at) && !goes_on
    })
}

/// What stands between the first line of a private key and its last, or the end of the text.
fn private_key(plain: &str, start: usize) -> Option<Range<usize>> {
    let rest = plain[start..].strip_prefix("BEGIN")?;
    if !plain[..start].ends_with("-----") {
        return None;
    }
    // A form has another sign for a space.
    let in_label = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || " +%".contains(c);
    let label = &rest[..rest.find(|c| !in_label(c))?];
    let inner = rest[label.len()..].strip_prefix("-----")?;
    let label = label.replace("%20", " ").replace('+', " ");
    let is_private = label.ends_with("PRIVATE KEY") || label.ends_with("PRIVATE KEY BLOCK");
    let start = plain.len() - inner.len();
    is_private.then(|| start..start + inner.find("-----END").unwrap_or(inner.len()))
}

/// `Bearer` or `Basic` and what looks more like a credential than like a word.
fn scheme(plain: &str, start: usize) -> Option<Range<usize>> {
    let rest = &plain[start..];
    let scheme = &rest[..rest.find(|c: char| !c.is_ascii_alphabetic())?];
    let is_basic = scheme.eq_ignore_ascii_case("basic");
    if !is_basic && !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let behind = &rest[scheme.len()..];
    let given = behind.trim_start_matches([' ', '\t']);
    if given.len() == behind.len() {
        return None;
    }
    let at = plain.len() - given.len();
    let ends = |c: char| c.is_whitespace() || "\",;'<>()[]{}\\".contains(c);
    let given = &given[..given.find(ends).unwrap_or(given.len())];
    (is_token(given) || is_basic && is_pair(given)).then(|| at..at + given.len())
}

fn is_token(text: &str) -> bool {
    let length = text.len();
    let has = |of: fn(&u8) -> bool| text.bytes().skip(1).any(|byte| of(&byte));
    length >= TOKEN_LETTERS_MIN
        || text.contains(|c: char| c.is_ascii_digit())
        || (length >= MIXED_LETTERS_MIN
            && has(u8::is_ascii_uppercase)
            && has(u8::is_ascii_lowercase))
}

/// From so many letters on it is no ordinary word, and from fewer on where large and small ones are mixed.
const TOKEN_LETTERS_MIN: usize = 16;
const MIXED_LETTERS_MIN: usize = 8;

/// A name and a password in base64.
fn is_pair(text: &str) -> bool {
    from_base64(text).is_ok_and(|bytes| bytes.contains(&b':'))
}

/// What stands behind the header of a JWT, JWS or JWE: two further parts, or four. `no_header_until` is how far it is known
/// already that none begins.
fn signed(plain: &str, start: usize, no_header_until: &mut usize) -> Option<Range<usize>> {
    let rest = &plain[start..];
    // An opening brace in base64, and a quotation mark or a space.
    let begins = start >= *no_header_until && (rest.starts_with("ey") || rest.starts_with("ew"));
    if !begins {
        return None;
    }
    let in_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let header = &rest[..rest.find(|c| !in_part(c)).unwrap_or(rest.len())];
    let at = start + header.len() + 1;
    *no_header_until = at;
    let parts = rest[header.len()..].strip_prefix('.')?;
    let header: Value = serde_json::from_slice(&from_base64_url(header).ok()?).ok()?;
    header.get("alg")?;
    let end = parts.find(|c| !in_part(c) && c != '.' && c != '=');
    // The full stop of a sentence is none of it.
    let parts = parts[..end.unwrap_or(parts.len())].trim_end_matches('.');
    parts.contains('.').then(|| at..at + parts.len())
}

/// Whether bytes are a private key in DER (PKCS #8, PKCS #1, SEC 1): a sequence that begins with a small version. That of a
/// certificate or of a public key begins otherwise.
pub(super) fn is_private_key(bytes: &[u8]) -> bool {
    let Some((0x30, rest)) = bytes.split_first().map(|(tag, rest)| (*tag, rest)) else {
        return false;
    };
    let (length, inner) = match rest {
        [0x82, high, low, inner @ ..] => (usize::from(*high) << 8 | usize::from(*low), inner),
        [0x81, length, inner @ ..] => (usize::from(*length), inner),
        [length @ ..=0x7f, inner @ ..] => (usize::from(*length), inner),
        _ => return false,
    };
    length == inner.len()
        && length >= DER_BYTES_MIN
        && matches!(inner, [0x02, 0x01, 0x00 | 0x01, ..])
}

/// An Ed25519 key, the shortest, takes two more.
const DER_BYTES_MIN: usize = 44;
