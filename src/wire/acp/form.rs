//! The forms that the protocol's schema gives members and that no other surface has.

use serde_json::{Map, Value};

use crate::wire::edge::read::{Flaw, Members};

/// A text of at most so many characters, which is how JSON Schema counts.
pub(super) fn text<'a>(
    members: &Members<'a>,
    name: &str,
    characters_max: usize,
) -> Option<&'a str> {
    match members.get(name)?.as_str() {
        Some(text) if text.chars().count() <= characters_max => Some(text),
        Some(_) => {
            let due = format!("has more than {characters_max} characters");
            members.flaw(name, Flaw::TooLong, due);
            None
        }
        None => {
            members.flaw(name, Flaw::Type, "must be a string");
            None
        }
    }
}

/// A list of some of these words.
pub(super) fn words(members: &Members<'_>, name: &str, known: &[&str]) {
    let Some(value) = members.get(name) else {
        return;
    };
    let is_known = |item: &Value| item.as_str().is_some_and(|word| known.contains(&word));
    if !value
        .as_array()
        .is_some_and(|items| items.iter().all(is_known))
    {
        let due = format!("must be a list of some of {}", known.join(", "));
        members.flaw(name, Flaw::Value, due);
    }
}

/// The metadata of a request or of a card: texts by name.
pub(super) fn metadata(members: &Members<'_>) -> Option<Map<String, Value>> {
    let given = members.required_object("metadata")?;
    let mut kept = Map::new();
    for (name, value) in given.iter() {
        if !value.is_string() {
            given.flaw(name, Flaw::Type, "must be a string");
        }
        kept.insert(name.to_owned(), value.clone());
    }
    Some(kept)
}
