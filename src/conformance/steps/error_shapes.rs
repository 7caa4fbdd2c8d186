//! The shapes in which payment services say what they refuse. Each gives back the text for people.

use serde_json::Value;

use super::super::binding::pointer;
use super::super::broken::{Held, demand};

/// `{"error": {code, message, members?}}`; a place is the pointer of one of the members.
pub(super) fn payments(document: &Value, code: &str, place: Option<&str>) -> Held<String> {
    is(document, "/error/code", code)?;
    if let Some(place) = place {
        let members = pointer::at(document, "/error/members").and_then(Value::as_array);
        let mut named = members
            .into_iter()
            .flatten()
            .map(|member| &member["pointer"]);
        let found = named.any(|pointer| pointer == place);
        demand(found, format!("a member at {place}"), document.to_string())?;
    }
    text(document, "/error/message")
}

/// `{"error": {type, code?, param?, message}}`; a place is the parameter.
pub(super) fn stripe(document: &Value, code: &str, place: Option<&str>) -> Held<String> {
    let by = match pointer::at(document, "/error/code") {
        Some(_) => "/error/code",
        None => "/error/type",
    };
    is(document, by, code)?;
    if let Some(place) = place {
        is(document, "/error/param", place)?;
    }
    text(document, "/error/type")?;
    text(document, "/error/message")
}

/// `{status, errorCode, message, errorType, pspReference}`.
pub(super) fn adyen(document: &Value, status: u16, code: &str) -> Held<String> {
    is(document, "/errorCode", code)?;
    let found = pointer::at(document, "/status").cloned();
    let right = found == Some(Value::from(status));
    demand(right, format!("/status {status}"), format!("{found:?}"))?;
    text(document, "/errorType")?;
    text(document, "/message")
}

/// `{request_id, error_type, error_codes[]}`.
pub(super) fn checkout_com(document: &Value, code: &str) -> Held<String> {
    let codes = pointer::at(document, "/error_codes").and_then(Value::as_array);
    let found = codes.is_some_and(|codes| codes.iter().any(|it| it == code));
    demand(
        found,
        format!("{code} in /error_codes"),
        document.to_string(),
    )?;
    text(document, "/request_id")?;
    text(document, "/error_type")
}

/// `{type, code, message, param?}`, flat; a place is the parameter, as a JSON path.
pub(super) fn acp(document: &Value, code: &str, place: Option<&str>) -> Held<String> {
    is(document, "/code", code)?;
    if let Some(place) = place {
        is(document, "/param", place)?;
    }
    text(document, "/type")?;
    text(document, "/message")
}

/// `{error_message, error_info: {code, developer_message}}`.
pub(super) fn hyperswitch(document: &Value, code: &str) -> Held<String> {
    is(document, "/error_info/code", code)?;
    text(document, "/error_info/developer_message")?;
    text(document, "/error_message")
}

fn is(document: &Value, place: &str, expected: &str) -> Held {
    let found = pointer::at(document, place).and_then(Value::as_str);
    let shown = found.unwrap_or("nothing there").to_owned();
    demand(
        found == Some(expected),
        format!("{place} {expected}"),
        shown,
    )
}

fn text(document: &Value, place: &str) -> Held<String> {
    let found = pointer::at(document, place).and_then(Value::as_str);
    let found = found.unwrap_or_default();
    demand(
        !found.trim().is_empty(),
        format!("a text at {place}"),
        "none",
    )?;
    Ok(found.to_owned())
}
