//! Elements of XML and HTML. Attributes are pairs, which `loose` finds by itself.

use super::form::below;
use super::loose::{self, Hidden};
use super::place::Place;

/// The attributes by which an element says what it holds.
const NAMING: [&str; 5] = ["name", "id", "key", "field", "autocomplete"];

/// What is between the tags of a secret's element whose name begins at `start`.
pub(super) fn element(plain: &str, start: usize, depth: usize) -> Option<Hidden> {
    if !plain[..start].ends_with('<') {
        return None;
    }
    let tag = &plain[start..];
    let name = &tag[..tag.find(|c: char| !(c.is_alphanumeric() || "_-.:".contains(c)))?];
    let attributes = &tag[name.len()..name.len() + end_of_tag(&tag[name.len()..])?];
    let content_at = start + name.len() + attributes.len() + 1;
    let place = place(name, attributes);
    if attributes.ends_with('/') || !place.hides_all() && !place.is_number() {
        return None;
    }
    let content = &plain[content_at..];
    let end = if place.is_secret() {
        format!("</{name}")
    } else {
        "<".to_owned()
    };
    let content = &content[..content.find(&end).unwrap_or(content.len())];
    let shown = place.shown(content.trim(), depth + 1);
    Some(Hidden {
        start: start + name.len(),
        end: content_at + content.len(),
        shown: format!("{}>{shown}", loose::masked(attributes, depth)),
    })
}

/// Where the tag ends: the next `>` that no quotation marks surround.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    None
}

/// The place of an element, by its own name or by an attribute that names it.
fn place(name: &str, attributes: &str) -> Place {
    let own = Place::TOP.below(name);
    if own.hides() {
        return own;
    }
    let pairs = attributes
        .split_whitespace()
        .filter_map(|pair| pair.split_once('='));
    let named = pairs.filter(|(name, _)| NAMING.contains(name));
    let mut named = named.map(|(_, value)| below(Place::TOP, value.trim_matches(['"', '\'', '/'])));
    named.find(|place| place.hides()).unwrap_or(own)
}
