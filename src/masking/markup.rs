//! Elements of XML and HTML. What a secret's element holds is hidden, between its tags and in its attributes. The attributes of
//! other elements are pairs, which `loose` finds by itself.

use std::ops::Range;

use super::form::below;
use super::loose::Hidden;
use super::place::Place;
use super::{HIDDEN, digits, text_at};

/// The attributes by which an element says what it holds, in lower case.
const NAMING: [&str; 5] = ["name", "id", "key", "field", "autocomplete"];

/// What of a secret's element whose name begins at `start` is hidden, up to its end tag.
pub(super) fn element(plain: &str, start: usize, depth: usize) -> Option<Hidden> {
    if !plain[..start].ends_with('<') {
        return None;
    }
    let tag = &plain[start..];
    let name = &tag[..tag.find(|c: char| !(c.is_alphanumeric() || "_-.:".contains(c)))?];
    let rest = &tag[name.len()..];
    let attributes = &rest[..end_of_tag(rest)];
    let holder = Holder::of(name, attributes);
    let place = holder.place;
    if !place.hides_all() && !place.is_number() && !place.is_card() {
        return None;
    }
    let start = start + name.len();
    let shown = holder.shown(attributes, depth);
    let end = start + attributes.len();
    let Some(content) = plain[end..].strip_prefix('>') else {
        // The text was cut off here, or it is no markup after all: a sentence has no pairs.
        return (shown != attributes).then_some(Hidden { start, end, shown });
    };
    if attributes.ends_with('/') {
        return Some(Hidden { start, end, shown });
    }
    let end_of_content = if place.is_secret() {
        format!("</{name}")
    } else {
        "<".to_owned()
    };
    let content = &content[..content.find(&end_of_content).unwrap_or(content.len())];
    if place.is_card() && digits::grouped_number(content).is_none() {
        return None;
    }
    let content_shown = place.shown(content.trim(), depth + 1);
    Some(Hidden {
        start,
        end: end + 1 + content.len(),
        shown: format!("{shown}>{content_shown}"),
    })
}

/// Where the tag ends: before the next `>` that no quotation marks surround, or where another tag begins.
fn end_of_tag(text: &str) -> usize {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '>' | '<') => return at,
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    text.len()
}

/// What an element holds.
struct Holder {
    place: Place,
    /// Whether its own name says so, and not one of its attributes.
    by_name: bool,
}

impl Holder {
    fn of(name: &str, text: &str) -> Self {
        let own = Place::TOP.below(name);
        let mut place = own;
        if !own.hides() {
            let named = attributes(text).into_iter().filter(Attribute::names);
            let mut named = named.map(|named| below(Place::TOP, named.value(text)));
            place = named.find(|place| place.hides()).unwrap_or(own);
        }
        Self {
            place,
            by_name: own.hides(),
        }
    }

    /// The attributes without what is secret in them.
    fn shown(&self, text: &str, depth: usize) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut copied = 0;
        for attribute in attributes(text) {
            let value = attribute.value(text);
            let masked = if self.keeps(&attribute) {
                text_at(value, depth + 1)
            } else if attribute.is_bare && self.place.hides_all() {
                HIDDEN.to_owned()
            } else {
                let place = self.place.below(&attribute.name);
                place.shown(value, depth + 1)
            };
            shown.push_str(&text[copied..attribute.value.start]);
            shown.push_str(&masked);
            copied = attribute.value.end;
        }
        shown + &text[copied..]
    }

    /// Whether the attribute says something of the element and not what it holds.
    fn keeps(&self, attribute: &Attribute) -> bool {
        let name = attribute.name.as_str();
        let describes = name == "xmlns" || name.starts_with("xmlns:") || name.starts_with("xsi:");
        let named = !self.by_name && (name == "type" || attribute.names());
        let word = attribute.is_bare && !name.contains(|c: char| c.is_ascii_digit());
        describes || named || word
    }
}

/// One attribute of a tag.
struct Attribute {
    /// In lower case.
    name: String,
    /// Where its value stands, without quotation marks.
    value: Range<usize>,
    /// Whether it is a word without a value; the word is taken for both.
    is_bare: bool,
}

impl Attribute {
    fn value<'a>(&self, text: &'a str) -> &'a str {
        &text[self.value.clone()]
    }

    /// Whether it says what its element holds.
    fn names(&self) -> bool {
        !self.is_bare && NAMING.contains(&self.name.as_str())
    }
}

/// The attributes in what follows the name of an element, quoted or not.
fn attributes(text: &str) -> Vec<Attribute> {
    let mut attributes = Vec::new();
    let mut at = 0;
    loop {
        let rest = text[at..].trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() {
            return attributes;
        }
        at = text.len() - rest.len();
        let ends = |c: char| c.is_whitespace() || c == '=' || c == '/';
        let word = &rest[..rest.find(ends).unwrap_or(rest.len())];
        let behind = rest[word.len()..].trim_start();
        let value = match behind.strip_prefix('=') {
            Some(value) => value_in(text, text.len() - value.trim_start().len()),
            None => at..at + word.len(),
        };
        at = value.end;
        attributes.push(Attribute {
            name: word.to_lowercase(),
            value,
            is_bare: !behind.starts_with('='),
        });
        // The closing quotation mark belongs to no other attribute.
        at += usize::from(text[at..].starts_with(['"', '\'']));
    }
}

/// Where the value that begins here stands.
fn value_in(text: &str, at: usize) -> Range<usize> {
    let rest = &text[at..];
    match rest.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let length = rest[1..].find(quote).unwrap_or(rest.len() - 1);
            at + 1..at + 1 + length
        }
        Some(_) | None => {
            let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let closes = at + length == text.len();
            let value = rest[..length].trim_end_matches(|c| closes && c == '/');
            at..at + value.len()
        }
    }
}
