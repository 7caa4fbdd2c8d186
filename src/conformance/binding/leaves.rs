//! The members of a JSON body that hold no others, in their order.

use serde_json::Value;

use super::bend::Twist;
use super::template::shown;

/// Changes the member that is picked. Whatever holds others is none.
pub(super) fn walk(place: &mut Value, picks: &mut impl FnMut(&str) -> bool, twist: Twist) -> bool {
    match place {
        Value::Object(members) => {
            let keys: Vec<String> = members.keys().cloned().collect();
            keys.iter().any(|key| {
                let Some(member) = members.get_mut(key) else {
                    return false;
                };
                if !is_leaf(member) {
                    return walk(member, picks, twist);
                }
                let picked = picks(&shown(member));
                match twist.json(member).filter(|_| picked) {
                    Some(instead) => *member = instead,
                    None if picked => {
                        members.shift_remove(key);
                    }
                    None => {}
                }
                picked
            })
        }
        Value::Array(items) => (0..items.len()).any(|at| {
            if !is_leaf(&items[at]) {
                return walk(&mut items[at], picks, twist);
            }
            let picked = picks(&shown(&items[at]));
            match twist.json(&items[at]).filter(|_| picked) {
                Some(instead) => items[at] = instead,
                None if picked => {
                    items.remove(at);
                }
                None => {}
            }
            picked
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn is_leaf(place: &Value) -> bool {
    !place.is_object() && !place.is_array()
}

/// The members of a JSON body as they are picked: the name of each and its text.
pub(super) fn leaves(place: &Value, name: &str, found: &mut Vec<(String, String)>) {
    match place {
        Value::Object(members) => {
            for (key, member) in members {
                leaves(member, &format!("{name}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                leaves(item, &format!("{name}/{at}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            found.push((name.to_owned(), shown(place)));
        }
    }
}
