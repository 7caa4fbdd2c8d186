//! Makes text fit to be shown: card and token numbers keep their first six and last four digits, secrets lose everything.

use serde_json::Value;

use crate::domain::card::passes_luhn;

/// Members whose value is never shown, whatever the surface. Compared without case, `_` and `-`.
const SECRET_MEMBERS: [&str; 26] = [
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
    "number",
    "otpvalue",
    "pan",
    "password",
    "privatekey",
    "secret",
    "securitycode",
    "sharedsecret",
    "tavv",
    "tokenauthenticationverificationvalue",
    "de48se43data",
    "track2equivalent",
];
/// What a vault is given. As a number it is an amount, which may be seen.
const VAULTED_MEMBER: &str = "value";

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

/// Text with every run of digits that could be a card or token number masked.
pub fn text(plain: &str) -> String {
    let mut shown = String::with_capacity(plain.len());
    let mut rest = plain;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let end = from
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(from.len());
        let (digits, after) = from.split_at(end);
        shown.push_str(before);
        if (13..=19).contains(&digits.len()) && passes_luhn(digits) {
            shown.push_str(&number(digits));
        } else {
            shown.push_str(digits);
        }
        rest = after;
    }
    shown.push_str(rest);
    shown
}

/// First six and last four digits, as PCI DSS 3.4.1 allows at most.
fn number(digits: &str) -> String {
    let hidden = "*".repeat(digits.len() - 10);
    format!("{}{hidden}{}", &digits[..6], &digits[digits.len() - 4..])
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
                    Value::Object(_) | Value::Array(_) if name == "cryptogram" => {
                        hide_leaves(inner)
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

fn form(plain: &str) -> String {
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, value)) => {
            let last = name
                .rsplit(['[', '.'])
                .next()
                .unwrap_or(name)
                .trim_end_matches(']');
            let value = match value {
                value if looks_like_number(value) => number(value),
                _ if is_secret(last) => HIDDEN.to_owned(),
                value => text(value),
            };
            format!("{name}={value}")
        }
        None => text(pair),
    };
    plain.split('&').map(pair).collect::<Vec<_>>().join("&")
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
            (
                "client_id=a&client_secret=b",
                "client_id=a&client_secret=***",
            ),
            (
                "card[number]=4111111111111111&card[cvc]=1",
                "card[number]=411111******1111&card[cvc]=***",
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
        ];
        for (plain, shown) in rows {
            assert_eq!(body(plain.as_bytes()), shown);
        }
    }
}
