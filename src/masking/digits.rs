//! Finds the card and token numbers in a text and hides what is between their first six and last four digits (PCI DSS
//! 3.4.1 allows no more).

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

/// Writes groups of digits, of which some may make up a number. Which do is not known, so each group is tried as the first.
fn push_groups(mut groups: &str, shown: &mut String) {
    let digit = |c: char| c.is_ascii_digit();
    while !groups.is_empty() {
        let number = longest_number(groups);
        let end = number.unwrap_or_else(|| {
            let group = groups.find(|c| !digit(c)).unwrap_or(groups.len());
            let next = groups[group..].find(digit);
            next.map_or(groups.len(), |next| group + next)
        });
        let (first, rest) = groups.split_at(end);
        match number {
            Some(_) => shown.push_str(&hide_middle(first)),
            None => shown.push_str(first),
        }
        groups = rest.trim_start_matches(|c: char| {
            let between = !digit(c);
            if between {
                shown.push(c);
            }
            between
        });
    }
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
    (only && (12..=DIGITS_MAX).contains(&count)).then(|| hide_middle(plain))
}

/// First six and last four digits.
fn hide_middle(groups: &str) -> String {
    let count = groups.bytes().filter(u8::is_ascii_digit).count();
    let mut place = 0;
    let mask = |letter: char| {
        place += usize::from(letter.is_ascii_digit());
        let hidden = letter.is_ascii_digit() && place > 6 && place + 4 <= count;
        if hidden { '*' } else { letter }
    };
    groups.chars().map(mask).collect()
}
