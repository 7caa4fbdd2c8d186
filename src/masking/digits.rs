//! Finds the card and token numbers in a text and hides what is between their first six and last four digits (PCI DSS
//! 3.4.1 allows no more).

use std::collections::BTreeSet;

use crate::crypto::check_digit::passes_luhn;

/// Text with every card or token number masked, also one that somebody wrote in groups.
pub(super) fn masked(plain: &str) -> String {
    let mut shown = String::with_capacity(plain.len());
    let mut rest = plain;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let (groups, after) = from.split_at(end_of_groups(from));
        shown.push_str(before);
        push_groups(groups, &mut shown);
        rest = after;
    }
    shown + rest
}

/// What may stand between two groups of digits, at most [`SEPARATORS_MAX`] of them.
fn separates(letter: char) -> bool {
    matches!(
        letter,
        ' ' | '-' | '+' | '.' | '/' | '_' | '\t' | '\u{a0}' | '\u{2007}'..='\u{2015}' | '\u{202f}'
    )
}

const SEPARATORS_MAX: usize = 3;

/// How far digits go on, with few separators between two of them.
fn end_of_groups(text: &str) -> usize {
    let mut end = 0;
    let mut separators = 0;
    for (place, letter) in text.char_indices() {
        if letter.is_ascii_digit() {
            (end, separators) = (place + 1, 0);
        } else if separates(letter) && separators < SEPARATORS_MAX {
            separators += 1;
        } else {
            break;
        }
    }
    end
}

/// Writes groups of digits, of which some may make up a number. Which do is not known, so each group is tried as the first,
/// also inside of what was taken for a number already: that may have been chance, and a number may begin in it.
fn push_groups(groups: &str, shown: &mut String) {
    let digit = |c: char| c.is_ascii_digit();
    let mut hidden = BTreeSet::new();
    let mut first = 0;
    while first < groups.len() {
        let from = &groups[first..];
        if let Some(end) = longest_number(from) {
            hidden.extend(middle(&from[..end]).map(|place| first + place));
        }
        let end = from.find(|c| !digit(c)).unwrap_or(from.len());
        let next = from[end..].find(digit);
        first += next.map_or(from.len(), |next| end + next);
    }
    shown.push_str(&without(groups, &hidden));
}

/// The end of the longest number that begins here and ends with a group.
fn longest_number(groups: &str) -> Option<usize> {
    let mut digits = String::with_capacity(DIGITS_MAX);
    let mut longest = None;
    let mut letters = groups.char_indices().peekable();
    while let Some((place, letter)) = letters.next() {
        if !letter.is_ascii_digit() {
            continue;
        }
        digits.push(letter);
        if digits.len() > DIGITS_MAX {
            break;
        }
        let last = letters
            .peek()
            .is_none_or(|(_, next)| !next.is_ascii_digit());
        if last && is_card_number(&digits) {
            longest = Some(place + 1);
        }
    }
    longest
}

const DIGITS_MAX: usize = 19;

/// Whether these digits can be a card's: the lengths that the networks give out for their ranges, and the check digit. A
/// network transaction id or a time is as long and has another beginning.
fn is_card_number(digits: &str) -> bool {
    let lead = |count: usize| {
        digits
            .get(..count)
            .and_then(|lead| lead.parse::<u16>().ok())
    };
    let (Some(one), Some(two), Some(four)) = (lead(1), lead(2), lead(4)) else {
        return false;
    };
    let length = digits.len();
    let plausible = match (one, two, four) {
        // Visa gives its transaction ids 15 digits, and no card.
        (4, _, _) => (13..=19).contains(&length) && length != 15,
        (_, 34 | 37, _) => length == 15,
        (_, 30 | 36 | 38 | 39, _) => length == 14 || (16..=19).contains(&length),
        (_, 35, _) | (5 | 6, _, _) | (_, _, 2200..=2204 | 2221..=2720) => {
            (16..=19).contains(&length)
        }
        (_, _, 9792) => length == 16,
        _ => false,
    };
    plausible && passes_luhn(digits)
}

/// A text that is nothing but the digits of a number, which its name says is a card's: whatever it begins with.
pub(super) fn grouped_number(plain: &str) -> Option<String> {
    let plain = plain.trim();
    let count = plain.bytes().filter(u8::is_ascii_digit).count();
    let only = plain.chars().all(|c| c.is_ascii_digit() || separates(c));
    let is_number = only && (12..=DIGITS_MAX).contains(&count);
    is_number.then(|| without(plain, &middle(plain).collect()))
}

/// Where the digits stand that are neither among the first six nor among the last four.
fn middle(groups: &str) -> impl Iterator<Item = usize> {
    let digits = groups.char_indices().filter(|(_, c)| c.is_ascii_digit());
    let count = digits.clone().count();
    let middle = digits.take(count.saturating_sub(4)).skip(6);
    middle.map(|(place, _)| place)
}

/// Digits with those at some places hidden.
fn without(groups: &str, hidden: &BTreeSet<usize>) -> String {
    let letters = groups.char_indices();
    let shown = letters.map(|(place, c)| if hidden.contains(&place) { '*' } else { c });
    shown.collect()
}
