//! Whether two requests ask for the same: a digest in which the order of members, the white space and the
//! spelling of numbers do not count.

use serde_json::{Map, Value};

use crate::crypto::digest::{sha256, sha256_of_parts};
use crate::domain::number::in_one_spelling;

/// Of a request to a path with a JSON object.
pub(in crate::wire) fn of_object(path: &str, body: &Map<String, Value>) -> [u8; 32] {
    let mut text = String::new();
    write_object(body, &mut text);
    sha256_of_parts(&[&sha256(path.as_bytes()), text.as_bytes()])
}

/// Of a request to a path with a form.
pub(in crate::wire) fn of_form(path: &str, members: &[(String, String)]) -> [u8; 32] {
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort();
    let mut text = String::new();
    for (name, value) in sorted {
        write(&Value::from(name.as_str()), &mut text);
        write(&Value::from(value.as_str()), &mut text);
    }
    sha256_of_parts(&[&sha256(path.as_bytes()), text.as_bytes()])
}

/// JSON with sorted members and no white space.
fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => write_object(members, text),
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Number(number) => text.push_str(&in_one_spelling(number)),
        Value::Null | Value::Bool(_) | Value::String(_) => {
            text.push_str(&value.to_string());
        }
    }
}

fn write_object(members: &Map<String, Value>, text: &mut String) {
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_by_key(|(name, _)| *name);
    text.push('{');
    for (name, value) in sorted {
        write(&Value::from(name.as_str()), text);
        write(value, text);
    }
    text.push('}');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn order_does_not_count_and_content_does() {
        let of = |path: &str, body: Value| of_object(path, body.as_object().unwrap());
        let one = of("/a", json!({"x": 1, "y": {"b": [1, 2], "a": null}}));
        assert_eq!(
            one,
            of("/a", json!({"y": {"a": null, "b": [1, 2]}, "x": 1}))
        );
        assert_eq!(
            one,
            of("/a", json!({"x": 1.0, "y": {"b": [1e0, 2.0], "a": null}}))
        );
        for (path, other) in [
            ("/b", json!({"x": 1, "y": {"b": [1, 2], "a": null}})),
            ("/a", json!({"x": 1, "y": {"b": [2, 1], "a": null}})),
            ("/a", json!({"x": "1", "y": {"b": [1, 2], "a": null}})),
            ("/a", json!({"x": 1.5, "y": {"b": [1, 2], "a": null}})),
            ("/a", json!({"x": 1, "y": {"b": [1, 2]}})),
            ("/a", json!({"x": 1})),
        ] {
            assert_ne!(one, of(path, other));
        }
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let form = [pair("a", "1"), pair("b", "2")];
        let turned = [pair("b", "2"), pair("a", "1")];
        assert_eq!(of_form("/", &form), of_form("/", &turned));
        assert_ne!(of_form("/", &form), of_form("/", &[pair("a", "1b2")]));
    }
}
