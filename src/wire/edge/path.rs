//! Paths as surfaces read them: without the prefix that chooses a space, and with every escape that is not needed undone,
//! so that two spellings of one path are one path (RFC 3986, section 6.2.2.2).

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::operations::{SpaceName, SpaceNameError};

/// Splits `/~NAME/rest` into the space and `/rest`.
///
/// # Errors
/// When what follows the tilde cannot name a space.
pub fn split_prefix(path: &str) -> Result<(Option<SpaceName>, &str), SpaceNameError> {
    let Some(prefixed) = path.strip_prefix("/~") else {
        return Ok((None, path));
    };
    let end = prefixed.find('/').unwrap_or(prefixed.len());
    let (name, rest) = prefixed.split_at(end);
    Ok((
        Some(SpaceName::parse(name)?),
        if rest.is_empty() { "/" } else { rest },
    ))
}

/// What no part of a path is called: the replacement character of Unicode, escaped.
const UNREADABLE: &str = "%EF%BF%BD";

/// The path without escapes of letters, digits and `-._~`. A part that is no text once it is decoded is replaced by one that
/// is, so that a surface can say in its own words that nothing is there.
pub fn readable(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let parts: Vec<_> = path.split('/').map(readable_part).collect();
    Cow::Owned(parts.join("/"))
}

fn readable_part(part: &str) -> Cow<'_, str> {
    if percent_decode_str(part).decode_utf8().is_err() {
        return Cow::Borrowed(UNREADABLE);
    }
    let mut read = String::with_capacity(part.len());
    let mut rest = part;
    while let Some(at) = rest.find('%') {
        read.push_str(&rest[..at]);
        let escape = rest.get(at..at + 3).unwrap_or_default();
        let byte = escape
            .get(1..)
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        let plain = byte.filter(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(byte));
        match plain {
            Some(byte) => {
                read.push(char::from(byte));
                rest = &rest[at + 3..];
            }
            None => {
                // What is no escape must not become one by what is undone behind it.
                read.push_str(if byte.is_some() { "%" } else { "%25" });
                rest = &rest[at + 1..];
            }
        }
    }
    read.push_str(rest);
    Cow::Owned(read)
}

/// A parameter of a path, with every escape undone.
pub(super) fn decoded(raw: &str) -> String {
    if raw.contains('%') {
        percent_decode_str(raw).decode_utf8_lossy().into_owned()
    } else {
        raw.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_names_a_space() {
        let name = |text| SpaceName::parse(text).unwrap();
        assert_eq!(split_prefix("/cards"), Ok((None, "/cards")));
        assert_eq!(
            split_prefix("/~a-1/cards/x"),
            Ok((Some(name("a-1")), "/cards/x"))
        );
        assert_eq!(split_prefix("/~a"), Ok((Some(name("a")), "/")));
        assert!(split_prefix("/~/cards").is_err());
        assert!(split_prefix("/~a%2f/cards").is_err());
    }

    #[test]
    fn two_spellings_of_one_path_are_one_path() {
        for (written, read) in [
            ("/cards", "/cards"),
            ("/%7Ea/c%61rds", "/~a/cards"),
            ("/cards/%C3%A9", "/cards/%C3%A9"),
            ("/cards/a%2Fb", "/cards/a%2Fb"),
            ("/cards/%zz", "/cards/%25zz"),
            ("/cards/%", "/cards/%25"),
            ("/a%2", "/a%252"),
            ("/a%8%30", "/a%2580"),
            ("/a%%34%31", "/a%2541"),
            ("/cards/a%ffb/x", "/cards/%EF%BF%BD/x"),
            ("/cards/%c3", "/cards/%EF%BF%BD"),
            ("/cards/%é", "/cards/%25é"),
        ] {
            assert_eq!(readable(written), read);
        }
        assert_eq!(decoded("a%2Fb%C3%A9%zz"), "a/bé%zz");
    }
}
