//! Makes text fit to be shown: card and token numbers keep their first six and last four digits, secrets lose everything.

use serde_json::Value;

use super::digits::{self, number};

/// Members whose value is never shown, whatever the surface. Compared without case, `_` and `-`.
const SECRET_MEMBERS: [&str; 28] = [
    "cvcalias",
    "cvvalias",
    "accesstoken",
    "assertion",
    "authorization",
    "cavv",
    "clientassertion",
    "clientsecret",
    "cryptogram",
    "cvc",
    "cvv",
    "cvv2",
    "dynamicdatavalue",
    "encryptedkey",
    "issuerauthcode",
    "number",
    "otpvalue",
    "pan",
    "password",
    "privatekey",
    "secret",
    "securetoken",
    "securitycode",
    "sharedsecret",
    "tavv",
    "tokenauthenticationverificationvalue",
    "de48se43data",
    "track2equivalent",
];
/// What a vault is given. As a number it is an amount, which may be seen.
const VAULTED_MEMBER: &str = "value";

/// An object by this name keeps what surrounds its value.
const CRYPTOGRAM: &str = "cryptogram";

/// What stands in for a secret.
const HIDDEN: &str = "***";

/// A body as text: JSON member by member, forms pair by pair, anything else by its digits alone.
pub fn body(bytes: &[u8]) -> String {
    let Ok(plain) = std::str::from_utf8(bytes) else {
        return format!("({} bytes that are not text)", bytes.len());
    };
    if let Ok(mut value) = serde_json::from_str::<Value>(plain) {
        hide(&mut value);
        return value.to_string();
    }
    if plain.contains('=') && !plain.trim_start().starts_with(['<', '{', '[', '"']) {
        return form(plain);
    }
    text(&broken(plain))
}

/// The target of a request: its path, and its query pair by pair.
pub fn target(plain: &str) -> String {
    match plain.split_once('?') {
        Some((path, query)) => format!("{}?{}", text(path), form(query)),
        None => text(plain),
    }
}

/// A member of a body by itself, masked as it would be inside. `names` are those that lead to it.
pub fn member(names: &[&str], value: &Value) -> Value {
    let Some((name, above)) = names.split_last() else {
        let mut whole = value.clone();
        hide(&mut whole);
        return whole;
    };
    let inside_secret = above
        .iter()
        .any(|name| is_secret(name) && *name != CRYPTOGRAM);
    if inside_secret && !value.is_null() {
        return Value::from(HIDDEN);
    }
    let mut whole = serde_json::json!({ *name: value });
    if above.last() == Some(&CRYPTOGRAM) {
        hide_leaves(&mut whole);
    }
    hide(&mut whole);
    whole[*name].take()
}

/// Text that was meant to be JSON: whatever stands between a secret member's name and the next comma, bracket or line is
/// hidden.
fn broken(plain: &str) -> String {
    let mut shown = String::with_capacity(plain.len());
    let mut rest = plain;
    while let Some((name, colon)) = quoted_name(rest) {
        let (before, after) = rest.split_at(colon);
        shown.push_str(before);
        rest = after;
        if is_secret(name) || name == VAULTED_MEMBER {
            let end = rest.find([',', '}', ']', '\n']).unwrap_or(rest.len());
            shown.push_str(HIDDEN);
            rest = &rest[end..];
        }
    }
    shown + rest
}

/// The first quoted text that a colon follows, and where what is behind the colon begins.
fn quoted_name(text: &str) -> Option<(&str, usize)> {
    let quotes: Vec<usize> = text.match_indices('"').map(|(at, _)| at).collect();
    quotes.windows(2).find_map(|pair| {
        let behind = &text[pair[1] + 1..];
        let colon = behind
            .trim_start()
            .starts_with(':')
            .then(|| behind.find(':'))?;
        Some((&text[pair[0] + 1..pair[1]], pair[1] + 1 + colon? + 1))
    })
}

/// Text with every card or token number masked.
pub fn text(plain: &str) -> String {
    digits::masked(plain)
}

fn is_secret(member: &str) -> bool {
    let plain: String = member
        .chars()
        .filter(|c| !['_', '-'].contains(c))
        .flat_map(char::to_lowercase)
        .collect();
    SECRET_MEMBERS.contains(&plain.as_str())
}

fn hide(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                match inner {
                    Value::Object(_) if name == CRYPTOGRAM => {
                        hide_leaves(inner);
                        hide(inner);
                    }
                    // A client may send a secret where it does not belong, such as a code inside a list.
                    Value::Array(_) if is_secret(name) => *inner = Value::from(HIDDEN),
                    Value::Object(_) | Value::Array(_) => hide(inner),
                    Value::String(digits)
                        if (is_secret(name) || name == VAULTED_MEMBER)
                            && looks_like_number(digits) =>
                    {
                        *digits = number(digits);
                    }
                    Value::Null => {}
                    Value::String(_) | Value::Number(_) | Value::Bool(_) if is_secret(name) => {
                        *inner = Value::from(HIDDEN);
                    }
                    Value::String(plain) if name == VAULTED_MEMBER => HIDDEN.clone_into(plain),
                    Value::String(plain) => *plain = text(plain),
                    Value::Number(plain) => {
                        let masked = text(&plain.to_string());
                        if masked.contains('*') {
                            *inner = Value::from(masked);
                        }
                    }
                    Value::Bool(_) => {}
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::String(plain) => *plain = text(plain),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A cryptogram object keeps its kind and indicator and loses its value.
fn hide_leaves(value: &mut Value) {
    if let Some(inner) = value.get_mut("value") {
        *inner = Value::from(HIDDEN);
    }
}

fn looks_like_number(digits: &str) -> bool {
    (13..=19).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// A form shows what the client sent, unless something in it is hidden: then it shows what that means.
fn form(plain: &str) -> String {
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, value)) => {
            let plain_name = decoded(name);
            let last = plain_name.rsplit(['[', '.']).next().unwrap_or_default();
            let plain_value = decoded(value);
            let value = if looks_like_number(&plain_value) {
                number(&plain_value)
            } else if is_secret(last.trim_end_matches(']')) {
                HIDDEN.to_owned()
            } else {
                shown(value, &plain_value)
            };
            format!("{}={value}", shown(name, &plain_name))
        }
        None => shown(pair, &decoded(pair)),
    };
    plain.split('&').map(pair).collect::<Vec<_>>().join("&")
}

fn shown(encoded: &str, plain: &str) -> String {
    let masked = text(plain);
    if masked == plain {
        encoded.to_owned()
    } else {
        masked
    }
}

/// A part of a form as it is meant.
fn decoded(part: &str) -> String {
    // Behind a first equals sign further ones are ordinary letters.
    let pair = format!("={part}");
    let mut pairs = form_urlencoded::parse(pair.as_bytes());
    pairs
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies() {
        let rows = [
            (
                r#"{"pan":"4111111111111111"}"#,
                r#"{"pan":"411111******1111"}"#,
            ),
            (r#"{"a":[{"CVC":123}]}"#, r#"{"a":[{"CVC":"***"}]}"#),
            (r#"{"n":4111111111111111}"#, r#"{"n":"411111******1111"}"#),
            (
                r#"{"cryptogram":{"value":"x","eci":"07"}}"#,
                r#"{"cryptogram":{"value":"***","eci":"07"}}"#,
            ),
            (r#"{"cryptogram":"AgAA"}"#, r#"{"cryptogram":"***"}"#),
            (r#"{"cryptogram":["AgAA"]}"#, r#"{"cryptogram":"***"}"#),
            (
                r#"{"cryptogram":{"value":7,"of":"4111111111111111"}}"#,
                r#"{"cryptogram":{"value":"***","of":"411111******1111"}}"#,
            ),
            (
                "client_id=a&client_secret=b",
                "client_id=a&client_secret=***",
            ),
            (
                "card[number]=4111111111111111&card[cvc]=1",
                "card[number]=411111******1111&card[cvc]=***",
            ),
            (
                "data%5Bcard%5D%5Bcvc%5D=123&cryptogram=AA%3D&a%20b=c+d",
                "data%5Bcard%5D%5Bcvc%5D=***&cryptogram=***&a%20b=c+d",
            ),
            (
                "n=4111+1111+1111+1111&m=x4111%201111-1111%201111&4111111111111111&a=b=4111111111111111",
                "n=4111 11** **** 1111&m=x4111 11**-**** 1111&411111******1111&a=b=411111******1111",
            ),
            (
                r#"{"pan":"4111111111111111","cvc": "123","a":1,"#,
                r#"{"pan":***,"cvc":***,"a":1,"#,
            ),
            (r#"[{"client_secret":"a{b"#, r#"[{"client_secret":***"#),
            (
                "client_id=a&client_secret=b{c",
                "client_id=a&client_secret=***",
            ),
            (
                r#"{"data":[{"value":"123","storage":"VOLATILE"}]}"#,
                r#"{"data":[{"value":"***","storage":"VOLATILE"}]}"#,
            ),
            (
                r#"{"amount":{"value":1000}}"#,
                r#"{"amount":{"value":1000}}"#,
            ),
            (
                "no 4111111111111111, no 4111111111111112",
                "no 411111******1111, no 4111111111111112",
            ),
            (
                "<b>1 4111 1111 1111 1111 2026-01-01 4111-111111-1111-11</b>",
                "<b>1 4111 11** **** 1111 2026-01-01 4111-11****-**11-11</b>",
            ),
        ];
        for (plain, shown) in rows {
            assert_eq!(body(plain.as_bytes()), shown);
        }
    }
    #[test]
    fn members_by_themselves() {
        let rows = [
            (
                "/data/pan",
                r#""4111111111111111""#,
                r#""411111******1111""#,
            ),
            ("/cryptogram/value", r#""AgAA""#, r#""***""#),
            ("/cryptogram/value", "7", r#""***""#),
            ("/cryptogram/eci", r#""07""#, r#""07""#),
            ("/cvv_alias/0", r#""123""#, r#""***""#),
            ("/amount/value", "1000", "1000"),
            ("/data/0/value", r#""123""#, r#""***""#),
            ("/a", r#"{"cvc":"123"}"#, r#"{"cvc":"***"}"#),
            ("", r#"{"cvc":"123"}"#, r#"{"cvc":"***"}"#),
        ];
        for (pointer, value, shown) in rows {
            let names: Vec<_> = pointer.split('/').skip(1).collect();
            let value = serde_json::from_str(value).unwrap();
            assert_eq!(member(&names, &value).to_string(), shown, "{pointer}");
        }
    }

    #[test]
    fn targets() {
        let rows = [
            ("/cards/4111111111111111", "/cards/411111******1111"),
            ("/a?client_secret=x&b=1", "/a?client_secret=***&b=1"),
            ("/a?pan=4111111111111111", "/a?pan=411111******1111"),
        ];
        for (plain, shown) in rows {
            assert_eq!(target(plain), shown);
        }
    }
}
