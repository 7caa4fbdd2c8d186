//! Where in a text the places are that a rule names, and the text with others in them. Whatever is not at such a place stays
//! as it was, byte for byte: a body is taken apart to be understood and never written anew.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use percent_encoding::percent_decode_str;
use regex::Regex;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use serde_json_path::{JsonPath, PathElement};

/// A value at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    span: Range<usize>,
    /// What it says, without the marks of its notation.
    pub(super) text: String,
    notation: Notation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notation {
    JsonText,
    JsonNumber,
    Form,
    Plain,
}

impl Piece {
    /// Where it begins.
    pub(super) const fn start(&self) -> usize {
        self.span.start
    }
}

/// What is to stand in the place of a piece.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) piece: Piece,
    pub(super) text: String,
}

/// Texts and numbers where a path leads. None in what is no JSON.
pub(super) fn json(body: &str, path: &JsonPath) -> Vec<Piece> {
    let Ok(whole) = serde_json::from_str::<Value>(body) else {
        return Vec::new();
    };
    let Ok(raw) = serde_json::from_str::<&RawValue>(body) else {
        return Vec::new();
    };
    let located = path.query_located(&whole);
    if located.is_empty() {
        return Vec::new();
    }
    let tree = Node::of(raw);
    let mut found = Vec::new();
    for location in located.locations() {
        let steps: Vec<_> = location.iter().collect();
        tree.descend(&steps, &mut found);
    }
    let mut pieces: Vec<_> = found
        .into_iter()
        .filter_map(|raw| leaf(body, raw))
        .collect();
    pieces.sort_by_key(|piece| piece.span.start);
    pieces.dedup_by_key(|piece| piece.span.start);
    pieces
}

/// What a value is made of, as it is written.
enum Node<'a> {
    Leaf(&'a RawValue),
    List(Vec<Node<'a>>),
    /// A member may be there more than once.
    Members(HashMap<Cow<'a, str>, Vec<Node<'a>>>),
}

impl<'a> Node<'a> {
    fn of(raw: &'a RawValue) -> Self {
        let text = raw.get();
        match text.as_bytes().first() {
            Some(b'[') => {
                let items = serde_json::from_str::<Vec<&RawValue>>(text).unwrap_or_default();
                Self::List(items.into_iter().map(Self::of).collect())
            }
            Some(b'{') => {
                let mut members: HashMap<_, Vec<_>> = HashMap::new();
                let given = serde_json::from_str::<Members<'_>>(text);
                for (name, raw) in given.map(|members| members.0).unwrap_or_default() {
                    members.entry(name).or_default().push(Self::of(raw));
                }
                Self::Members(members)
            }
            _ => Self::Leaf(raw),
        }
    }

    fn descend(&self, steps: &[&PathElement<'_>], found: &mut Vec<&'a RawValue>) {
        match (self, steps.split_first()) {
            (Self::Leaf(raw), None) => found.push(raw),
            (Self::List(items), Some((PathElement::Index(place), rest))) => {
                if let Some(item) = items.get(*place) {
                    item.descend(rest, found);
                }
            }
            (Self::Members(members), Some((PathElement::Name(name), rest))) => {
                for member in members.get(*name).into_iter().flatten() {
                    member.descend(rest, found);
                }
            }
            (Self::Leaf(_) | Self::List(_) | Self::Members(_), _) => {}
        }
    }
}

/// The members of an object as they are written, twice where they are there twice.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, raw)) = map.next_entry::<String, &'de RawValue>()? {
                    members.push((Cow::Owned(name), raw));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Each)
    }
}

fn leaf(body: &str, raw: &RawValue) -> Option<Piece> {
    let written = raw.get();
    let start = (written.as_ptr() as usize).checked_sub(body.as_ptr() as usize)?;
    let span = start..start + written.len();
    let (text, notation) = match serde_json::from_str(written).ok()? {
        Value::String(text) => (text, Notation::JsonText),
        Value::Number(_) => (written.to_owned(), Notation::JsonNumber),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    Some(Piece {
        span,
        text,
        notation,
    })
}

/// The values of a form's field.
pub(super) fn form(body: &str, name: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for pair in body.split('&') {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let begins = start + (pair.len() - value.len());
        start += pair.len() + 1;
        if decoded(key) == name && pair.contains('=') {
            pieces.push(Piece {
                span: begins..begins + value.len(),
                text: decoded(value),
                notation: Notation::Form,
            });
        }
    }
    pieces
}

fn decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

/// What a pattern finds: its first group, or all of it.
pub(super) fn text(body: &str, pattern: &Regex) -> Vec<Piece> {
    let found = pattern.captures_iter(body);
    let found = found.filter_map(|captures| captures.get(1).or_else(|| captures.get(0)));
    let found = found.filter(|found| !found.is_empty());
    let pieces = found.map(|found| Piece {
        span: found.range(),
        text: found.as_str().to_owned(),
        notation: Notation::Plain,
    });
    pieces.collect()
}

/// The text with other values in some places.
pub(super) fn splice(body: &str, changes: &[Change]) -> String {
    let mut spliced = String::with_capacity(body.len());
    let mut at = 0;
    for Change { piece, text } in changes {
        spliced.push_str(&body[at..piece.span.start]);
        spliced.push_str(&written(piece.notation, text));
        at = piece.span.end;
    }
    spliced.push_str(&body[at..]);
    spliced
}

fn written<'a>(notation: Notation, text: &'a str) -> Cow<'a, str> {
    let quoted = || Cow::Owned(Value::from(text).to_string());
    match notation {
        Notation::JsonText => quoted(),
        // A number stays one where it can.
        Notation::JsonNumber if is_number(text) => Cow::Borrowed(text),
        Notation::JsonNumber => quoted(),
        Notation::Form => form_urlencoded::byte_serialize(text.as_bytes())
            .collect::<String>()
            .into(),
        Notation::Plain => Cow::Borrowed(text),
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits && !text.is_empty() && (text == "0" || !text.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn changed(body: &str, pieces: Vec<Piece>) -> String {
        let changes: Vec<_> = pieces
            .into_iter()
            .map(|piece| Change {
                text: format!("<{}>", piece.text),
                piece,
            })
            .collect();
        splice(body, &changes)
    }

    #[test]
    fn json_is_changed_where_the_path_leads_and_nowhere_else() {
        for (path, body, want) in [
            (
                "$.a",
                r#"{ "a" : "x", "b":1.50 }"#,
                r#"{ "a" : "<x>", "b":1.50 }"#,
            ),
            (
                "$.a.b[*].c",
                r#"{"a":{"b":[{"c":"x"},{"d":1},{"c":"y"}]}}"#,
                r#"{"a":{"b":[{"c":"<x>"},{"d":1},{"c":"<y>"}]}}"#,
            ),
            (
                "$..n",
                r#"{"n":"x","m":[{"n":"y"}]}"#,
                r#"{"n":"<x>","m":[{"n":"<y>"}]}"#,
            ),
            ("$.a", r#"{"a":"x","a":"y"}"#, r#"{"a":"<x>","a":"<y>"}"#),
            ("$['a b']", r#"{"a\u0020b":"x"}"#, r#"{"a\u0020b":"<x>"}"#),
            ("$.a", r#"{"a":4111}"#, r#"{"a":"<4111>"}"#),
            ("$.a", r#"{"a":null}"#, r#"{"a":null}"#),
            ("$.a", r#"{"a":{"b":"x"}}"#, r#"{"a":{"b":"x"}}"#),
            ("$.a", r#"{"b":"x"}"#, r#"{"b":"x"}"#),
            ("$", r#""x""#, r#""<x>""#),
            ("$.a", "no json", "no json"),
            ("$.a", r#"{"a":"q\"uote\u00e9"}"#, r#"{"a":"<q\"uoteé>"}"#),
        ] {
            let path = JsonPath::parse(path).unwrap();
            assert_eq!(changed(body, json(body, &path)), want, "{body}");
        }
    }

    #[test]
    fn a_number_stays_a_number_where_it_can() {
        let path = JsonPath::parse("$.a").unwrap();
        for (text, want) in [
            ("42", r#"{"a":42}"#),
            ("042", r#"{"a":"042"}"#),
            ("tok", r#"{"a":"tok"}"#),
        ] {
            let body = r#"{"a":1}"#;
            let piece = json(body, &path).remove(0);
            let change = Change {
                piece,
                text: text.to_owned(),
            };
            assert_eq!(splice(body, &[change]), want);
        }
    }

    #[test]
    fn forms_and_texts_are_changed_in_their_own_notation() {
        let body = "a=1&card%5Bnumber%5D=x+y&card[number]=z&b&card[number]";
        let want = "a=1&card%5Bnumber%5D=%3Cx+y%3E&card[number]=%3Cz%3E&b&card[number]";
        assert_eq!(changed(body, form(body, "card[number]")), want);
        assert!(form(body, "c").is_empty() && form("", "a").is_empty());
        let body = "pan: x1, pan: x2; other: x3";
        let grouped = Regex::new(r"pan: (\w+)").unwrap();
        assert_eq!(
            changed(body, text(body, &grouped)),
            "pan: <x1>, pan: <x2>; other: x3"
        );
        let whole = Regex::new("x3").unwrap();
        assert_eq!(
            changed(body, text(body, &whole)),
            "pan: x1, pan: x2; other: <x3>"
        );
    }

    proptest! {
        #[test]
        fn what_is_put_back_is_the_body_again(name in "[a-c]{1}", value in any::<String>(), other in any::<String>()) {
            let body = serde_json::json!({ "a": value, "b": [{ "c": other }] }).to_string();
            let path = JsonPath::parse(&format!("$..{name}")).unwrap();
            let pieces = json(&body, &path);
            let changes: Vec<_> = pieces
                .into_iter()
                .map(|piece| Change { text: piece.text.clone(), piece })
                .collect();
            let again = splice(&body, &changes);
            let (before, after): (Value, Value) = (serde_json::from_str(&body).unwrap(), serde_json::from_str(&again).unwrap());
            prop_assert_eq!(before, after);
            let field = form_urlencoded::Serializer::new(String::new()).append_pair("f", &value).finish();
            prop_assert_eq!(form(&field, "f").remove(0).text, value);
        }
    }
}
