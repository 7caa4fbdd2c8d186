//! Multipart bodies (RFC 7578): each part is named in its head.

use super::form::below;
use super::place::Place;
use super::{body_at, text_at};

/// None when the text is no multipart body.
pub(super) fn masked(plain: &str, depth: usize) -> Option<String> {
    let delimiter = plain.lines().next()?.trim_end();
    let is_multipart = delimiter.len() > 2
        && delimiter.starts_with("--")
        && plain.to_ascii_lowercase().contains("content-disposition:");
    if !is_multipart {
        return None;
    }
    let parts = plain.split(delimiter).map(|part| shown(part, depth + 1));
    Some(parts.collect::<Vec<_>>().join(delimiter))
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
    let place = name(head).map_or(Place::TOP, |name| below(Place::TOP, name));
    let value = if place.hides() {
        place.shown(value, depth)
    } else {
        body_at(value, depth)
    };
    format!("{}{value}{end}", text_at(head, depth))
}

/// The `name` of a part, and not its `filename`.
fn name(head: &str) -> Option<&str> {
    let at = head.match_indices("name=").find(|(at, _)| {
        let before = head[..*at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric())
    });
    let value = &head[at?.0 + "name=".len()..];
    match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => value.split([';', '\r', '\n']).next().map(str::trim),
    }
}
