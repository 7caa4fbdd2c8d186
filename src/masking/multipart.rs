//! Multipart bodies (RFC 7578): each part is named in its head.

use super::form::{below, decoded};
use super::place::Place;
use super::{body_at, digits, text_at};

/// None when the text is no multipart body.
pub(super) fn masked(plain: &str, depth: usize) -> Option<String> {
    let delimiter = delimiter(plain)?;
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, _) in plain.match_indices(delimiter) {
        // Only at the beginning of a line it divides anything.
        if at == 0 || plain[..at].ends_with('\n') {
            parts.push(shown(&plain[from..at], depth + 1));
            from = at + delimiter.len();
        }
    }
    parts.push(shown(&plain[from..], depth + 1));
    Some(parts.join(delimiter))
}

/// The line that begins a part: two hyphens and the boundary, before a head that says what the part is. Anything may stand
/// before the first one (RFC 2046).
fn delimiter(plain: &str) -> Option<&str> {
    let mut before_head = None;
    for line in plain.lines() {
        let line = line.trim_end();
        if line.starts_with("--") && line.len() > 2 {
            before_head = Some(line);
        } else if line.is_empty() {
            before_head = None;
        } else if before_head.is_some() && starts_with(line, "content-disposition:") {
            return before_head;
        }
    }
    None
}

fn starts_with(line: &str, name: &str) -> bool {
    line.get(..name.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(name))
}

fn shown(part: &str, depth: usize) -> String {
    let blank = ["\r\n\r\n", "\n\n"];
    let head_end = blank
        .iter()
        .find_map(|blank| part.find(blank).map(|at| at + blank.len()));
    let Some(head_end) = head_end else {
        return text_at(part, depth);
    };
    let (head, content) = part.split_at(head_end);
    let value = content.trim_end_matches(['\r', '\n']);
    let end = &content[value.len()..];
    let places = names(head).map(|name| below(Place::TOP, &name));
    let places: Vec<_> = places.collect();
    let number = digits::grouped_number(value);
    let value = match places.iter().find(|place| place.hides()) {
        Some(place) => place.shown(value, depth),
        None => number
            .filter(|_| places.iter().any(|place| place.is_card()))
            .unwrap_or_else(|| body_at(value, depth)),
    };
    format!("{}{value}{end}", text_at(head, depth))
}

/// What a part calls itself with `name` and `name*` (RFC 5987), in any case; not its `filename`.
fn names(head: &str) -> impl Iterator<Item = String> {
    let lower = head.to_ascii_lowercase();
    let places: Vec<_> = lower.match_indices("name").map(|(at, _)| at).collect();
    places.into_iter().filter_map(|at| {
        let is_longer = head[..at].ends_with(|c: char| c.is_alphanumeric());
        let behind = &head[at + "name".len()..];
        let extended = behind.strip_prefix('*');
        let value = extended.unwrap_or(behind).trim_start().strip_prefix('=')?;
        let value = value.trim_start();
        let value = match value.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next()?,
            None => value.split([';', '=', '\r', '\n']).next()?.trim(),
        };
        // An extended value begins with its character set and its language, each with an apostrophe behind it.
        let text = value.splitn(3, '\'').nth(2).filter(|_| extended.is_some());
        (!is_longer).then(|| decoded(text.unwrap_or(value)))
    })
}
