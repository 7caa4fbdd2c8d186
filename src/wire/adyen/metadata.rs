//! What a merchant wants to find again with a payment: at most twenty names of at most twenty characters, and values of at most
//! eighty (Adyen, Checkout API, `metadata`).

use serde_json::{Map, Value};

use crate::wire::edge::read::{Flaw, Members};

const NAME: &str = "metadata";
const PAIRS_MAX: usize = 20;
const NAME_CHARACTERS_MAX: usize = 20;
const VALUE_CHARACTERS_MAX: usize = 80;

pub(super) fn metadata(body: &Members<'_>) -> Option<Map<String, Value>> {
    let given = body.object(NAME)?;
    if given.iter().count() > PAIRS_MAX {
        let due = format!("has more than {PAIRS_MAX} pairs");
        body.flaw(NAME, Flaw::TooLong, due);
        return None;
    }
    let mut kept = Map::new();
    for (name, value) in given.iter().filter(|(_, value)| !value.is_null()) {
        let length = value.as_str().map(|text| text.chars().count());
        if name.chars().count() > NAME_CHARACTERS_MAX {
            let due = format!("has a name of more than {NAME_CHARACTERS_MAX} characters");
            given.flaw(name, Flaw::Value, due);
        } else if length.is_none() {
            given.flaw(name, Flaw::Type, "must be a string");
        } else if length > Some(VALUE_CHARACTERS_MAX) {
            let due = format!("has more than {VALUE_CHARACTERS_MAX} characters");
            given.flaw(name, Flaw::TooLong, due);
        }
        kept.insert(name.to_owned(), value.clone());
    }
    Some(kept)
}

/// As a notification has it among its additional data.
pub(super) fn told(note: &Value) -> Map<String, Value> {
    let kept = note[NAME].as_object().into_iter().flatten();
    kept.map(|(name, value)| (format!("{NAME}.{name}"), value.clone()))
        .collect()
}
