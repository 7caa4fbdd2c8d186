//! Text in no notation, or in one that it breaks: markup, headers, lines of a log, JSON that was cut off. Whatever looks like
//! a secret's name with a value behind it loses the value, up to where the notation that it resembles would end it.

use super::form::{below, decoded};
use super::place::Place;
use super::{HIDDEN, digits, markup};

pub(super) fn masked(plain: &str, depth: usize) -> String {
    if !plain.contains([':', '=', '<']) {
        return plain.to_owned();
    }
    let mut shown = String::with_capacity(plain.len());
    let (mut copied, mut from) = (0, 0);
    while let Some((start, end)) = next_name(plain, from) {
        from = end;
        let found =
            markup::element(plain, start, depth).or_else(|| value_of(plain, start, end, depth));
        if let Some(hidden) = found {
            shown.push_str(&plain[copied..hidden.start]);
            shown.push_str(&hidden.shown);
            (copied, from) = (hidden.end, hidden.end.max(end));
        }
    }
    shown + &plain[copied..]
}

/// What stands in for a part of a text.
pub(super) struct Hidden {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) shown: String,
}

const fn in_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.' | '[' | ']' | '%')
}

/// The next run of letters that can be a name.
fn next_name(plain: &str, from: usize) -> Option<(usize, usize)> {
    let begins = |c: char| c.is_ascii_alphabetic() || c == '_';
    let start = from + plain[from..].find(begins)?;
    let rest = &plain[start..];
    let end = start + rest.find(|c| !in_name(c)).unwrap_or(rest.len());
    Some((start, end))
}

/// How a name is tied to its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tie {
    /// `"name":` as in JSON.
    Member,
    /// `name:` as in a header.
    Header,
    /// `name=`
    Pair,
}

fn value_of(plain: &str, start: usize, end: usize, depth: usize) -> Option<Hidden> {
    let (tie, at) = tie(plain, start, end)?;
    let place = below(Place::TOP, &decoded(&plain[start..end]));
    if !place.hides() && !place.is_card() {
        return None;
    }
    let rest = &plain[at..];
    let blank = |c: char| c == ' ' || c == '\t' || (tie == Tie::Member && c.is_whitespace());
    let at = at + (rest.len() - rest.trim_start_matches(blank).len());
    let rest = &plain[at..];
    if let Some(quote) = Quote::opening(rest) {
        return Some(quoted(rest, at, &quote, place, depth));
    }
    if rest.starts_with(['{', '[']) {
        let end = at + end_of_brackets(rest);
        let shown = format!("\"{HIDDEN}\"");
        return place.is_secret().then_some(Hidden {
            start: at,
            end,
            shown,
        });
    }
    let says_something = tie == Tie::Header
        && (is_said_of(rest) || (place.is_cryptogram() && goes_on(&plain[..start], rest)));
    let literal = ["true", "false", "null"]
        .iter()
        .any(|word| rest.starts_with(word));
    if says_something || (literal && tie == Tie::Member) {
        return None;
    }
    let length = match tie {
        Tie::Member => rest.find([',', '}', ']', '\n']),
        Tie::Header if place == Place::CREDENTIALS => rest.find(['\r', '\n']),
        Tie::Header => rest.find(['\r', '\n', '"', '<', '}']),
        Tie::Pair if place == Place::CREDENTIALS => rest.find(['\r', '\n', '&']),
        Tie::Pair => rest.find(|c: char| c.is_whitespace() || "&,;<>\"'()}".contains(c)),
    };
    let value = &rest[..length.unwrap_or(rest.len())];
    let shown = match tie {
        // An amount of cards stays as it is written.
        Tie::Member if place.is_card() => {
            format!("\"{}\"", digits::grouped_number(value)?)
        }
        Tie::Member => format!("\"{}\"", place.shown(value.trim(), depth + 1)),
        // `number` and `value` are words of ordinary sentences.
        Tie::Header | Tie::Pair if !place.hides_all() => digits::grouped_number(value)?,
        Tie::Header | Tie::Pair => place.shown(value, depth + 1),
    };
    let end = at + value.len();
    Some(Hidden {
        start: at,
        end,
        shown,
    })
}

/// How the name is tied to what follows, and where that begins.
fn tie(plain: &str, start: usize, end: usize) -> Option<(Tie, usize)> {
    let quoted = plain[..start].ends_with(['"', '\'']) || plain[..start].ends_with("&quot;");
    let rest = &plain[end..];
    let unquoted = rest.trim_start_matches('\\');
    let unquoted = unquoted.strip_prefix("&quot;").unwrap_or(unquoted);
    let unquoted = unquoted.trim_start_matches(['"', '\'', ']']);
    let behind = if quoted && unquoted.len() < rest.len() {
        unquoted.trim_start()
    } else {
        rest.trim_start_matches([' ', '\t'])
    };
    let tie = match behind.chars().next()? {
        ':' if quoted => Tie::Member,
        ':' => Tie::Header,
        '=' => Tie::Pair,
        _ => return None,
    };
    Some((tie, plain.len() - behind.len() + 1))
}

/// A quotation mark, behind as many backslashes as it was escaped with.
struct Quote {
    mark: String,
    escapes: usize,
}

impl Quote {
    fn opening(text: &str) -> Option<Self> {
        let escapes = text.len() - text.trim_start_matches('\\').len();
        let mut marks = ["\"", "'", "&quot;"].into_iter();
        let mark = marks.find(|mark| text[escapes..].starts_with(mark))?;
        Some(Self {
            mark: format!("{}{mark}", &text[..escapes]),
            escapes,
        })
    }

    /// Where the same mark with as many backslashes stands next.
    fn closing(&self, text: &str) -> Option<usize> {
        let mark = &self.mark[self.escapes..];
        let found = text.match_indices(mark).map(|(at, _)| {
            let before = &text[..at];
            at - (before.len() - before.trim_end_matches('\\').len())..at
        });
        let mut same = found.filter(|escapes| escapes.len() == self.escapes);
        same.next().map(|escapes| escapes.start)
    }
}

fn quoted(rest: &str, at: usize, quote: &Quote, place: Place, depth: usize) -> Hidden {
    let inner = &rest[quote.mark.len()..];
    let start = at + quote.mark.len();
    match quote.closing(inner) {
        Some(length) => Hidden {
            start,
            end: start + length,
            shown: place.shown(&inner[..length], depth + 1),
        },
        None => Hidden {
            start,
            end: start + inner.len(),
            shown: place.shown(inner, depth + 1) + &quote.mark,
        },
    }
}

/// Where the bracket that opens the text is closed, or its end.
fn end_of_brackets(text: &str) -> usize {
    let (mut open, mut in_text, mut escaped) = (0_usize, false, false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => in_text = !in_text,
            '{' | '[' if !in_text => open += 1,
            '}' | ']' if !in_text => {
                open -= 1;
                if open == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// Whether something is said of the name, as in `cvc: must be three digits`.
fn is_said_of(text: &str) -> bool {
    let word = text.split_whitespace().next().unwrap_or_default();
    VERBS.contains(&word)
}

/// Whether an ordinary word goes on with a sentence, in the midst of a line, where no header can begin: `it declares no
/// cryptogram-short: issue short cryptograms`. A password can be such a word.
fn goes_on(before: &str, text: &str) -> bool {
    let word = text.split_whitespace().next().unwrap_or_default();
    let ordinary = word.len() < WORD_LETTERS_MAX && word.bytes().all(|b| b.is_ascii_lowercase());
    let line = before.trim_end_matches([' ', '\t']);
    let begins = line.is_empty() || line.ends_with('\n') || line.len() == before.len();
    ordinary && !begins && text.trim_start_matches(word).starts_with(' ')
}

/// From so many letters on it is no ordinary word.
const WORD_LETTERS_MAX: usize = 16;

const VERBS: [&str; 18] = [
    "are", "can", "cannot", "does", "expected", "fails", "goes", "has", "invalid", "is", "may",
    "missing", "must", "needs", "not", "required", "should", "stands",
];
