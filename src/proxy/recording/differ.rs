//! In what a request that is asked differs from one that was recorded. `***` in what was recorded stands for anything.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::shape::{Content, Shape};
use crate::limits::REPLAY_VALUE_LETTERS_MAX;
use crate::masking::{self, HIDDEN};

/// One thing that is not alike. Both sides are masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    /// Such as `query page` or `body /card/number`.
    what: String,
    /// None where there is no such thing.
    recorded: Option<String>,
    asked: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |side: &Option<String>| match side {
            Some(text) => shortened(&masking::text(text)),
            None => "nothing".to_owned(),
        };
        let (recorded, asked) = (side(&self.recorded), side(&self.asked));
        write!(f, "{}: recorded {recorded}, asked {asked}", self.what)
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(REPLAY_VALUE_LETTERS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Whether a text is what was recorded. Three stars and more stand for anything.
pub(super) fn fits(recorded: &str, asked: &str) -> bool {
    if !recorded.contains(HIDDEN) {
        return recorded == asked;
    }
    let pieces: Vec<_> = recorded
        .split(HIDDEN)
        .map(|piece| piece.trim_matches('*'))
        .collect();
    let [first, middle @ .., last] = pieces.as_slice() else {
        return false;
    };
    let Some(mut rest) = asked.strip_prefix(first) else {
        return false;
    };
    for piece in middle {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Everything besides method, host and path: query, media type and body.
pub(super) fn differences(recorded: &Shape, asked: &Shape) -> Vec<Difference> {
    let mut found = Vec::new();
    pairs("query ", &recorded.query, &asked.query, &mut found);
    // A body decides by its media type; without one neither matters.
    if recorded.kind.is_some() && recorded.kind != asked.kind {
        found.push(Difference {
            what: "header content-type".to_owned(),
            recorded: recorded.kind.clone(),
            asked: asked.kind.clone(),
        });
    }
    contents(&recorded.content, &asked.content, &mut found);
    found
}

/// A difference in one of the three that say what a request is for.
pub(super) fn of_target(recorded: &Shape, asked: &Shape) -> Vec<Difference> {
    let parts = [
        ("method", &recorded.method, &asked.method),
        ("host", &recorded.host, &asked.host),
        ("path", &recorded.path, &asked.path),
    ];
    let parts = parts
        .into_iter()
        .filter(|(_, recorded, asked)| !fits(recorded, asked));
    let difference = |(what, recorded, asked): (&str, &String, &String)| Difference {
        what: what.to_owned(),
        recorded: Some(recorded.clone()),
        asked: Some(asked.clone()),
    };
    parts.map(difference).collect()
}

/// Names in any order, and the values of each in theirs.
fn pairs(
    kind: &str,
    recorded: &[(String, String)],
    asked: &[(String, String)],
    found: &mut Vec<Difference>,
) {
    let mut both: BTreeMap<&str, [Vec<&str>; 2]> = BTreeMap::new();
    for (side, pairs) in [recorded, asked].into_iter().enumerate() {
        for (name, value) in pairs {
            both.entry(name).or_default()[side].push(value);
        }
    }
    for (name, [recorded, asked]) in both {
        let mut each = recorded.iter().zip(&asked);
        if recorded.len() == asked.len() && each.all(|(recorded, asked)| fits(recorded, asked)) {
            continue;
        }
        let shown = |values: &[&str]| {
            let values: Vec<_> = values.iter().map(|value| format!("{value:?}")).collect();
            (!values.is_empty()).then(|| values.join(" and "))
        };
        found.push(Difference {
            what: format!("{kind}{name}"),
            recorded: shown(&recorded),
            asked: shown(&asked),
        });
    }
}

fn contents(recorded: &Content, asked: &Content, found: &mut Vec<Difference>) {
    match (recorded, asked) {
        (Content::Unknown, _) => {}
        (Content::Json(recorded), Content::Json(asked)) => {
            members(&mut String::new(), recorded, asked, found);
        }
        (Content::Form(recorded), Content::Form(asked)) => pairs("body ", recorded, asked, found),
        (Content::Text(recorded), Content::Text(asked)) if fits(recorded, asked) => {}
        (recorded, asked) if recorded == asked => {}
        (recorded, asked) => found.push(Difference {
            what: "body".to_owned(),
            recorded: shown(recorded),
            asked: shown(asked),
        }),
    }
}

fn shown(content: &Content) -> Option<String> {
    match content {
        Content::Empty => None,
        Content::Json(value) => Some(value.to_string()),
        Content::Form(pairs) => {
            let mut form = form_urlencoded::Serializer::new(String::new());
            Some(form.extend_pairs(pairs).finish())
        }
        Content::Text(text) => Some(format!("{text:?}")),
        Content::Bytes(_) => Some("bytes that are no text".to_owned()),
        Content::Unknown => Some("anything".to_owned()),
    }
}

/// Members by their JSON pointers (RFC 6901).
fn members(pointer: &mut String, recorded: &Value, asked: &Value, found: &mut Vec<Difference>) {
    match (recorded, asked) {
        (Value::String(hidden), _) if hidden == HIDDEN => {}
        (Value::String(recorded), Value::String(asked)) if fits(recorded, asked) => {}
        (Value::Number(one), Value::Number(other)) if one.as_f64() == other.as_f64() => {}
        (Value::Object(some), Value::Object(others)) => {
            let more = others.keys().filter(|name| !some.contains_key(*name));
            for name in some.keys().chain(more) {
                let escaped = name.replace('~', "~0").replace('/', "~1");
                below(pointer, &escaped, some.get(name), others.get(name), found);
            }
        }
        (Value::Array(some), Value::Array(others)) => {
            for place in 0..some.len().max(others.len()) {
                let (one, other) = (some.get(place), others.get(place));
                below(pointer, &place.to_string(), one, other, found);
            }
        }
        (recorded, asked) if recorded == asked => {}
        (recorded, asked) => found.push(of_member(pointer, Some(recorded), Some(asked))),
    }
}

fn below(
    pointer: &mut String,
    name: &str,
    recorded: Option<&Value>,
    asked: Option<&Value>,
    found: &mut Vec<Difference>,
) {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(name);
    match (recorded, asked) {
        (Some(recorded), Some(asked)) => members(pointer, recorded, asked, found),
        (recorded, asked) => found.push(of_member(pointer, recorded, asked)),
    }
    pointer.truncate(length);
}

fn of_member(pointer: &str, recorded: Option<&Value>, asked: Option<&Value>) -> Difference {
    Difference {
        what: format!("body {pointer}").trim_end().to_owned(),
        recorded: recorded.map(Value::to_string),
        asked: asked.map(Value::to_string),
    }
}

#[cfg(test)]
mod tests {
    use super::super::shape::Body;
    use super::*;

    const JSON: Option<&str> = Some("application/json; charset=utf-8");
    const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

    fn shape(query: &str, kind: Option<&str>, body: &str) -> Shape {
        let target = format!("https://a.test/pay?{query}");
        Shape::new("POST", &target, kind, Body::Masked(body.to_owned())).unwrap()
    }

    fn told(recorded: &Shape, asked: &Shape) -> Vec<String> {
        differences(recorded, asked)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn what_is_alike_is_alike_in_every_order_and_spelling() {
        for (recorded, asked) in [
            (
                shape("a=1&b=2&a=3", None, ""),
                shape("b=%32&a=1&a=3", None, ""),
            ),
            (
                shape("", JSON, r#"{"a":10.0,"b":[{"c":null}]}"#),
                shape(
                    "",
                    Some("Application/JSON"),
                    r#"{ "b": [{"c":null}], "a": 10 }"#,
                ),
            ),
            (shape("", FORM, "a=1&b=x+y"), shape("", FORM, "b=x%20y&a=1")),
            (
                shape("token=***", None, ""),
                shape("token=whatever", None, ""),
            ),
            (
                shape("", JSON, r#"{"pan":"411111******1111","secrets":"***"}"#),
                shape("", JSON, r#"{"pan":"411111******1111","secrets":[1,{}]}"#),
            ),
            (
                shape("", Some("text/xml"), "<a>***</a>"),
                shape("", Some("text/xml"), "<a>x</a>"),
            ),
            // Nothing is said of what was not recorded.
            (shape("", None, ""), shape("", JSON, "")),
        ] {
            assert_eq!(told(&recorded, &asked), Vec::<String>::new());
        }
        let mut unknown = shape("", None, "");
        unknown.content = Content::Unknown;
        assert_eq!(told(&unknown, &shape("", None, "x")), Vec::<String>::new());
    }

    #[test]
    fn what_differs_is_told_by_its_place() {
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(200));
        for (recorded, asked, want) in [
            (
                shape("page=1", None, ""),
                shape("page=2", None, ""),
                "query page: recorded \"1\", asked \"2\"",
            ),
            (
                shape("a=1&a=2", None, ""),
                shape("", None, ""),
                "query a: recorded \"1\" and \"2\", asked nothing",
            ),
            (
                shape("", JSON, "{}"),
                shape("", None, "{}"),
                "header content-type: recorded application/json, asked nothing",
            ),
            (
                shape("", JSON, r#"{"amount":{"value":10}}"#),
                shape("", JSON, r#"{"amount":{"value":12}}"#),
                "body /amount/value: recorded 10, asked 12",
            ),
            (
                shape("", JSON, r#"{"a/b~c":[1]}"#),
                shape("", JSON, r#"{"a/b~c":[1,"x"]}"#),
                "body /a~1b~0c/1: recorded nothing, asked \"x\"",
            ),
            (
                shape("", JSON, r#"{"a":1}"#),
                shape("", JSON, r#"{"a":"1"}"#),
                "body /a: recorded 1, asked \"1\"",
            ),
            (
                shape("", JSON, r#"{"pan":"411111******1111"}"#),
                shape("", JSON, r#"{"pan":"555555******4444"}"#),
                "body /pan: recorded \"411111******1111\", asked \"555555******4444\"",
            ),
            (
                shape("", FORM, "a=1&b=2"),
                shape("", FORM, "a=1&b=3"),
                "body b: recorded \"2\", asked \"3\"",
            ),
            (
                shape("", None, "one"),
                shape("", None, ""),
                "body: recorded \"one\", asked nothing",
            ),
            (
                shape("", None, "{\"a\":1}"),
                shape("", None, "a=1"),
                "body: recorded {\"a\":1}, asked a=1",
            ),
        ] {
            assert_eq!(told(&recorded, &asked), [want]);
        }
        let [said] = told(&shape("", JSON, "{\"a\":\"\"}"), &shape("", JSON, &long))
            .try_into()
            .unwrap();
        let said: String = said;
        assert!(said.ends_with('…') && said.chars().count() < 130, "{said}");
    }

    #[test]
    fn stars_stand_for_anything() {
        for (recorded, asked, fit) in [
            ("***", "", true),
            ("***", "x", true),
            ("Bearer ***", "Bearer x", true),
            ("Bearer ***", "Basic x", false),
            ("411111******1111", "411111..1111", true),
            ("411111******1111", "411111..1112", false),
            ("/a/***/b/***", "/a/1/b/2", true),
            ("/a/***/b/***", "/a/1/c/2", false),
            ("a***b", "ab", true),
            ("ab***ba", "aba", false),
            ("**", "**", true),
            ("**", "x", false),
        ] {
            assert_eq!(fits(recorded, asked), fit, "{recorded} {asked}");
        }
    }
}
