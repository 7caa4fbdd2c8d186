//! Reading bodies: JSON becomes what a route wants. Where it cannot, the member that is wrong is named, with what is due there.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;

use super::errors::ControlError;
use crate::wording::plain;

/// Reads a JSON body; an empty one counts as `{}`.
pub(super) fn body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ControlError> {
    let bytes = if bytes.is_empty() { b"{}" } else { bytes };
    serde_json::from_slice(bytes).map_err(|error| unfit(bytes, &error))
}

fn unfit(bytes: &[u8], error: &serde_json::Error) -> ControlError {
    let whole = error.to_string();
    let (line, column) = (error.line(), error.column());
    let place = format!(" at line {line} column {column}");
    let message = whole.strip_suffix(&place).unwrap_or(&whole);
    // What is no text where a word is due is told as if it were no JSON.
    let is_json = || serde_json::from_slice::<IgnoredAny>(bytes).is_ok();
    // Who writes JSON calls a table an object.
    let said = match error.classify() {
        Category::Data if line > 0 => plain(message).replace("a table", "an object"),
        Category::Syntax if is_json() => "must be a text".to_owned(),
        Category::Data | Category::Syntax | Category::Io | Category::Eof => {
            return ControlError::Body(whole);
        }
    };
    let names = names_at(bytes, end_of(bytes, line, column), missing(message));
    if names.is_empty() {
        return ControlError::Body(said);
    }
    ControlError::BodyAt(names.join("."), said)
}

/// How many bytes a reader had read who stopped at this line and column.
fn end_of(bytes: &[u8], line: usize, column: usize) -> usize {
    let breaks = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let begins = line
        .checked_sub(2)
        .and_then(|before| breaks.map(|(at, _)| at + 1).nth(before));
    (begins.unwrap_or(0) + column).min(bytes.len())
}

/// The member that an object lacks.
fn missing(message: &str) -> Option<&str> {
    message.strip_prefix("missing field `")?.split('`').next()
}

/// An object or a list that is open: where in it the reader is.
struct Open {
    is_list: bool,
    item: usize,
    name: Option<String>,
}

impl Open {
    fn place(&self) -> Option<String> {
        if self.is_list {
            Some(self.item.to_string())
        } else {
            self.name.clone()
        }
    }
}

/// The names that lead to where a reader stopped, or to the member that is missing in the object that it read last. What was read
/// is JSON.
fn names_at(bytes: &[u8], end: usize, missing: Option<&str>) -> Vec<String> {
    let mut open: Vec<Open> = Vec::new();
    let mut closed = Vec::new();
    let mut at = 0;
    while at < end {
        match bytes[at] {
            byte @ (b'{' | b'[') => open.push(Open {
                is_list: byte == b'[',
                item: 0,
                name: None,
            }),
            b'}' | b']' => {
                open.pop();
                closed = places(&open);
            }
            b',' => {
                if let Some(inner) = open.last_mut() {
                    inner.item += 1;
                    inner.name = None;
                }
            }
            b'"' => {
                let behind = end_of_text(bytes, at);
                let inner = open.last_mut().filter(|open| !open.is_list);
                if let Some(inner) = inner.filter(|open| open.name.is_none()) {
                    inner.name = serde_json::from_slice(&bytes[at..behind]).ok();
                }
                at = behind;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    if let Some(name) = missing {
        closed.push(name.to_owned());
        return closed;
    }
    // It is the bracket itself that nobody wants there.
    if end > 0 && matches!(bytes[end - 1], b'{' | b'[') {
        open.pop();
    }
    places(&open)
}

fn places(open: &[Open]) -> Vec<String> {
    open.iter().filter_map(Open::place).collect()
}

/// Behind the closing quotation mark of the text that opens here.
fn end_of_text(bytes: &[u8], opens: usize) -> usize {
    let mut at = opens + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether they can be read matters here")]
    struct Asked {
        advance: Option<String>,
        expiry: Option<Expiry>,
        word: Option<Word>,
        list: Option<Vec<Expiry>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Word {
        Issuer,
        Network,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether they can be read matters here")]
    struct Expiry {
        month: u8,
        year: u16,
    }

    /// A body, the member that is wrong, and what is due there.
    const WRONG: [(&str, &str, &str); 17] = [
        (r#"{"advance":5}"#, "advance", "must be a string, not 5"),
        (
            "{\n \"advance\" :\n 5\n}",
            "advance",
            "must be a string, not 5",
        ),
        (
            r#"{"advance":["a","b"]}"#,
            "advance",
            "must be a string, not a list",
        ),
        (
            r#"{"advance":{"a":1}}"#,
            "advance",
            "must be a string, not an object",
        ),
        (
            r#"{"advnace":"PT1S"}"#,
            "advnace",
            "`advnace` is not known; did you mean \"advance\"?",
        ),
        (
            r#"{"advance":"a","advance":"b"}"#,
            "advance",
            "`advance` stands there twice",
        ),
        (r#"{"word":7}"#, "word", "must be a text"),
        (r#"{"word":[["x"]]}"#, "word", "must be a text"),
        (r#"{"word":true,"advance":"a"}"#, "word", "must be a text"),
        (
            r#"{"word":"issure"}"#,
            "word",
            "`issure` is not known; did you mean \"issuer\"?",
        ),
        (
            r#"{"expiry":{"month":1}}"#,
            "expiry.year",
            "`year` is missing",
        ),
        (
            r#"{"expiry":{"month":1,"yaer":2030}}"#,
            "expiry.yaer",
            "`yaer` is not known; did you mean \"year\"?",
        ),
        (
            r#"{"expiry":{"month":-1,"year":2030}}"#,
            "expiry.month",
            "must be a whole number from 0, not -1",
        ),
        (
            r#"{"expiry":"2030-01"}"#,
            "expiry",
            "must be an object, not \"2030-01\"",
        ),
        (
            r#"{"list":[{"month":1,"year":2},{"month":"\"}","year":2}]}"#,
            "list.1.month",
            r#"must be a whole number from 0, not "\"}""#,
        ),
        (
            r#"{"list":[{"month":1,"year":2},{"month":1}]}"#,
            "list.1.year",
            "`year` is missing",
        ),
        (
            r#"{"list":[{"month":1,"year":2},7]}"#,
            "list.1",
            "must be an object, not 7",
        ),
    ];

    #[test]
    fn the_member_that_is_wrong_is_named_with_what_is_due_there() {
        for (body, field, said) in WRONG {
            let refused = super::body::<Asked>(body.as_bytes()).unwrap_err();
            let ControlError::BodyAt(named, why) = refused else {
                panic!("{body}: {refused:?}");
            };
            assert_eq!((named.as_str(), why.as_str()), (field, said), "{body}");
        }
    }

    #[test]
    fn what_is_no_object_has_no_member() {
        for body in ["[]", "7", "{", "{\"a", "{\"advance\":\"x\"} x", "nul"] {
            let refused = super::body::<Asked>(body.as_bytes()).unwrap_err();
            assert!(
                matches!(refused, ControlError::Body(_)),
                "{body}: {refused:?}"
            );
        }
        assert!(super::body::<Asked>(b"").is_ok());
    }
}
