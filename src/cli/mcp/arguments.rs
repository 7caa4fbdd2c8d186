//! Reading what a tool is given. What is wrong is said with the member's name, so that an agent can mend its call.

use rmcp::model::JsonObject;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::domain::words::unknown;

/// Reads the members that the schema knows. A member that is null is one that is not given.
///
/// # Errors
/// A sentence with every member that is wrong.
pub(super) fn read<A: DeserializeOwned>(
    schema: &JsonObject,
    mut given: JsonObject,
) -> Result<A, String> {
    given.retain(|_, value| !value.is_null());
    let problems = problems(schema, &given);
    if !problems.is_empty() {
        return Err(problems.join("; "));
    }
    serde_json::from_value(Value::Object(given)).map_err(|error| error.to_string())
}

fn problems(schema: &JsonObject, given: &JsonObject) -> Vec<String> {
    let none = JsonObject::new();
    let members = schema.get("properties").and_then(Value::as_object);
    let members = members.unwrap_or(&none);
    let known: Vec<&str> = members.keys().map(String::as_str).collect();
    let mut problems = Vec::new();
    for (name, value) in given {
        match members.get(name) {
            None => problems.push(unknown(name, &known)),
            Some(member) => problems.extend(problem(name, member, value)),
        }
    }
    let required = schema.get("required").and_then(Value::as_array);
    let required = required.into_iter().flatten().filter_map(Value::as_str);
    problems.extend(
        required
            .filter(|name| !given.contains_key(*name))
            .map(|name| format!("{name}: is missing")),
    );
    problems
}

/// What is wrong with the value of a member.
fn problem(name: &str, member: &Value, value: &Value) -> Option<String> {
    let words = member["enum"].as_array().into_iter().flatten();
    let words: Vec<&str> = words.filter_map(Value::as_str).collect();
    if let (Some(word), false) = (value.as_str(), words.is_empty()) {
        return (!words.contains(&word)).then(|| format!("{name}: {}", unknown(word, &words)));
    }
    let several = member["type"].as_array().into_iter().flatten();
    let kinds = member["type"].as_str().into_iter();
    let kinds: Vec<&str> = kinds.chain(several.filter_map(Value::as_str)).collect();
    if kinds.is_empty() {
        return None;
    }
    let fits = kinds.iter().any(|kind| is_a(value, kind));
    if !fits {
        let kinds: Vec<_> = kinds.into_iter().filter(|kind| *kind != "null").collect();
        return Some(format!("{name}: must be of type {}", kinds.join(" or ")));
    }
    let number = value.as_f64()?;
    let bound = |which: &str| member[which].as_f64();
    if bound("minimum").is_some_and(|least| number < least) {
        return Some(format!("{name}: must be {} or more", member["minimum"]));
    }
    if bound("maximum").is_some_and(|most| number > most) {
        return Some(format!("{name}: must be {} or less", member["maximum"]));
    }
    None
}

fn is_a(value: &Value, kind: &str) -> bool {
    match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}
