//! What is left to be filled in of a file that `standin target init` has written.

use toml::{Table, Value};

use super::super::mistake::Mistake;

/// What stands in a text that is still to be written.
pub(crate) const UNFILLED: &str = "FILL IN";

/// Every member that is still to be filled in. A file that cannot be parsed is for its reader to complain about.
pub(super) fn mistakes(text: &str) -> Vec<Mistake> {
    let mut found = Vec::new();
    if let Ok(table) = text.parse::<Table>() {
        look_into(&Value::Table(table), &mut Vec::new(), &mut found);
    }
    found
}

fn look_into(value: &Value, way: &mut Vec<String>, found: &mut Vec<Mistake>) {
    match value {
        Value::String(text) => {
            let Some((_, behind)) = text.split_once(UNFILLED) else {
                return;
            };
            let hint = behind.strip_prefix(": ");
            let hint = hint.map_or_else(String::new, |hint| format!(": {hint}"));
            found.push(Mistake {
                at: way.clone(),
                message: format!("is still to be filled in{hint}"),
            });
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                way.push(place.to_string());
                look_into(item, way, found);
                way.pop();
            }
        }
        Value::Table(members) => {
            for (name, member) in members {
                way.push(name.clone());
                look_into(member, way, found);
                way.pop();
            }
        }
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {}
    }
}
