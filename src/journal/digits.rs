//! Finds the card and token numbers in a text and hides what is between their first six and last four digits.

use crate::domain::card::passes_luhn;

/// Text with every card or token number masked, also one that somebody wrote in groups with a space, a hyphen or the plus
/// of a form between them.
pub(super) fn masked(plain: &str) -> String {
    let mut shown = String::with_capacity(plain.len());
    let mut rest = plain;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let (groups, after) = from.split_at(end_of_groups(from.as_bytes()));
        shown.push_str(before);
        push_groups(groups, &mut shown);
        rest = after;
    }
    shown.push_str(rest);
    shown
}

const SEPARATORS: [u8; 3] = *b" -+";

/// How far digits go on, with at most one separator between two of them.
fn end_of_groups(bytes: &[u8]) -> usize {
    let digit = |place: usize| bytes.get(place).is_some_and(u8::is_ascii_digit);
    let separator = |place: usize| bytes.get(place).is_some_and(|b| SEPARATORS.contains(b));
    let mut end = 0;
    while digit(end) || (separator(end) && digit(end + 1)) {
        end += 1;
    }
    end
}

/// Writes groups of digits, of which some may make up a number. Which do is not known, so each group is tried as the first.
fn push_groups(mut groups: &str, shown: &mut String) {
    while !groups.is_empty() {
        let split = longest_number(groups).unwrap_or_else(|| {
            let first = groups.find(|c: char| !c.is_ascii_digit());
            first.map_or(groups.len(), |end| end.max(1))
        });
        let (first, rest) = groups.split_at(split);
        if is_number(first) {
            shown.push_str(&number(first));
        } else {
            shown.push_str(first);
        }
        groups = rest;
    }
}

/// The end of the longest number that begins here and ends with a group.
fn longest_number(groups: &str) -> Option<usize> {
    let ends = groups
        .bytes()
        .enumerate()
        .filter(|(_, byte)| SEPARATORS.contains(byte))
        .map(|(place, _)| place)
        .chain([groups.len()]);
    ends.take_while(|end| *end <= NUMBER_BYTES_MAX)
        .filter(|end| is_number(&groups[..*end]))
        .last()
}

/// Nineteen digits with a separator after each.
const NUMBER_BYTES_MAX: usize = 38;

fn is_number(groups: &str) -> bool {
    let digits: String = groups.chars().filter(char::is_ascii_digit).collect();
    groups.starts_with(|c: char| c.is_ascii_digit())
        && (13..=19).contains(&digits.len())
        && passes_luhn(&digits)
}

/// First six and last four digits, as PCI DSS 3.4.1 allows at most.
pub(super) fn number(groups: &str) -> String {
    let count = groups.bytes().filter(u8::is_ascii_digit).count();
    let mut place = 0;
    let mask = |message: char| {
        place += usize::from(message.is_ascii_digit());
        let hidden = message.is_ascii_digit() && place > 6 && place + 4 <= count;
        if hidden { '*' } else { message }
    };
    groups.chars().map(mask).collect()
}
