//! Paths and URLs.

use super::place::Place;
use super::{HIDDEN, digits, form, text_at};

/// The path of a target, or a pattern of one.
pub fn path(plain: &str) -> String {
    segments(plain, false, 0)
}

/// The same of a webhook's URL, in which a segment may be a token.
pub fn webhook_path(plain: &str) -> String {
    segments(plain, true, 0)
}

/// The target of a request: a path and a query, or the whole URL of a webhook, whose path may hold a token.
pub fn target(plain: &str) -> String {
    match plain.split_once("://") {
        Some((scheme, rest)) if !scheme.contains(['/', '?']) => {
            format!("{scheme}://{}", absolute(rest, true, 0))
        }
        Some(_) | None => match plain.split_once('?') {
            Some((path, query)) => {
                format!(
                    "{}?{}",
                    self::path(path),
                    form::masked(query, Place::TOP, 0)
                )
            }
            None => path(plain),
        },
    }
}

/// Text in which every URL is masked.
pub(super) fn within(plain: &str, depth: usize) -> String {
    let mut shown = String::with_capacity(plain.len());
    let mut rest = plain;
    while let Some(at) = rest.find("://") {
        let (before, url) = rest.split_at(at + 3);
        let ends = |c: char| c.is_whitespace() || "\"'<>\\`{}|^".contains(c);
        let (url, after) = url.split_at(url.find(ends).unwrap_or(url.len()));
        shown.push_str(before);
        shown.push_str(&absolute(url, false, depth));
        rest = after;
    }
    shown + rest
}

/// A URL without its scheme.
fn absolute(url: &str, of_webhook: bool, depth: usize) -> String {
    let (authority, rest) = url.split_at(url.find(['/', '?', '#']).unwrap_or(url.len()));
    let (rest, fragment) = match rest.split_once('#') {
        Some((rest, fragment)) => (rest, Some(fragment)),
        None => (rest, None),
    };
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (rest, None),
    };
    let mut shown = match authority.rsplit_once('@') {
        Some((_, host)) => format!("{HIDDEN}@{host}"),
        None => authority.to_owned(),
    };
    shown.push_str(&segments(path, of_webhook, depth));
    for (mark, pairs) in [('?', query), ('#', fragment)] {
        if let Some(pairs) = pairs {
            shown.push(mark);
            shown.push_str(&form::masked_in_url(pairs, depth));
        }
    }
    shown
}

/// Each segment is looked at as it is meant, and shown as it is written unless something in it is hidden.
fn segments(plain: &str, of_webhook: bool, depth: usize) -> String {
    let segment = |segment: &str| {
        if of_webhook && is_token(segment) {
            return HIDDEN.to_owned();
        }
        // A path that was a URL's in disguise.
        let masked = text_at(&form::meant(segment), depth + 1);
        if masked == form::decoded(segment) {
            segment.to_owned()
        } else {
            masked
        }
    };
    let segments: Vec<_> = plain.split('/').map(segment).collect();
    digits::masked(&segments.join("/"))
}

/// Whether a segment is what nobody would have chosen as a name: long, and of letters and digits.
fn is_token(segment: &str) -> bool {
    let is = |of: fn(&char) -> bool| segment.chars().any(|c| of(&c));
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    segment.len() >= TOKEN_LETTERS_MIN
        && segment.chars().all(letters)
        && is(char::is_ascii_digit)
        && is(char::is_ascii_alphabetic)
}

const TOKEN_LETTERS_MIN: usize = 20;
