//! Hides what is secret in a tree of values.

use serde_json::{Map, Value};

use super::place::Place;
use super::words::JWK_SECRETS;
use super::{HIDDEN, text_at};

/// A member of a body by itself, masked as it would be inside. `names` are those that lead to it.
pub fn member(names: &[&str], value: &Value) -> Value {
    let mut shown = value.clone();
    hide(Place::TOP.below_all(names.iter().copied()), &mut shown, 0);
    shown
}

pub(super) fn hide(place: Place, value: &mut Value, depth: usize) {
    match value {
        Value::Object(members) => hide_members(place, members, depth),
        // A list under a secret's name is hidden as one, and how many there were with it.
        Value::Array(items) if place.is_secret() && !items.is_empty() => {
            *value = Value::from(HIDDEN);
        }
        Value::Array(items) => {
            for item in items {
                hide(place, item, depth);
            }
        }
        Value::String(plain) => *plain = place.shown(plain, depth + 1),
        Value::Number(plain) => {
            if let Some(shown) = place.shown_number(&plain.to_string()) {
                *value = Value::from(shown);
            }
        }
        // Whether there is a secret is none.
        Value::Bool(_) | Value::Null => {}
    }
}

/// Names can be card numbers too. Two that look the same when masked are both kept.
fn hide_members(place: Place, members: &mut Map<String, Value>, depth: usize) {
    let is_key = members.contains_key("kty");
    for (name, mut inner) in std::mem::take(members) {
        let below = if is_key && JWK_SECRETS.contains(&name.as_str()) {
            Place::SECRET
        } else {
            place.below(&name)
        };
        hide(below, &mut inner, depth);
        let letters = |c: char| c.is_ascii_alphabetic() || c == '_';
        let mut shown = if name.len() < WORD_LETTERS_MAX && name.chars().all(letters) {
            name
        } else if place.is_secret() {
            // What is no word under a secret's name is a secret itself.
            HIDDEN.to_owned()
        } else {
            text_at(&name, depth + 1)
        };
        while members.contains_key(&shown) {
            shown.push('\'');
        }
        members.insert(shown, inner);
    }
}

/// A name of letters alone is a word and no secret, unless it is longer than words are.
const WORD_LETTERS_MAX: usize = 32;
