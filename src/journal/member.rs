//! What must stand somewhere in a body of an entry, or in a header of its request.

use std::fmt;

use serde_json::{Map, Value};

use super::stored::Stored;
use crate::masking;
use crate::matching::Difference;

/// What must stand in a body or a header.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) side: Side,
    /// A JSON pointer (RFC 6901), or the name of a header in small letters.
    pub(super) pointer: String,
    pub(super) wanted: Value,
}

/// Where it must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Request,
    Response,
    Header,
}

impl Side {
    pub(super) const ALL: [Self; 3] = [Self::Request, Self::Response, Self::Header];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Header => "header",
        }
    }
}

/// The bodies and headers of an entry, read when first asked for.
pub(super) struct Bodies<'a> {
    entry: &'a Stored,
    read: [Option<Value>; 3],
}

impl<'a> Bodies<'a> {
    pub(super) const fn of(entry: &'a Stored) -> Self {
        let read = [None, None, None];
        Self { entry, read }
    }

    fn at(&mut self, side: Side, pointer: &str) -> Option<&Value> {
        let entry = self.entry;
        let (place, bytes) = match side {
            Side::Request => (&mut self.read[0], entry.request()),
            Side::Response => (&mut self.read[1], entry.response()),
            Side::Header => {
                let all = self.read[2].get_or_insert_with(|| headers(entry));
                return all.get(pointer);
            }
        };
        place.get_or_insert_with(|| body(bytes)).pointer(pointer)
    }
}

/// The headers of the request as an object. The values of one that came more than once have commas between them.
fn headers(entry: &Stored) -> Value {
    let mut all = Map::new();
    for (name, value) in entry.headers() {
        let joined = match all.get(name).and_then(Value::as_str) {
            Some(before) => format!("{before}, {value}"),
            None => value.into_owned(),
        };
        all.insert(name.to_owned(), joined.into());
    }
    Value::Object(all)
}

/// A body as a value. A form is an object of texts; what is neither has no members.
fn body(bytes: &[u8]) -> Value {
    if let Ok(value) = serde_json::from_slice(bytes) {
        return value;
    }
    if !std::str::from_utf8(bytes).is_ok_and(masking::is_form) {
        return Value::Null;
    }
    let pairs = form_urlencoded::parse(bytes).into_owned();
    Value::Object(
        pairs
            .map(|(name, value)| (name, Value::from(value)))
            .collect(),
    )
}

impl Member {
    pub(super) fn found(&self, bodies: &mut Bodies<'_>) -> bool {
        match bodies.at(self.side, &self.pointer) {
            Some(seen) => same(&self.wanted, seen),
            // Whoever wants nothing has it where nothing is.
            None => self.wanted.is_null(),
        }
    }

    pub(super) fn difference(&self, bodies: &mut Bodies<'_>) -> Option<Difference> {
        if self.found(bodies) {
            return None;
        }
        // The members of a form are written `card[number]` or `card.number`.
        let names = self.pointer.split(['/', '[', ']', '.']);
        let names: Vec<_> = names.filter(|name| !name.is_empty()).collect();
        let shown = |value: &Value| match (self.side, value.as_str()) {
            (Side::Header, Some(text)) => {
                Value::from(masking::header(&self.pointer, text)).to_string()
            }
            _ => masking::member(&names, value).to_string(),
        };
        Some(Difference {
            field: masking::text(&format!("{}:{}", self.side.word(), self.pointer)),
            wanted: shown(&self.wanted),
            seen: bodies.at(self.side, &self.pointer).map(shown),
        })
    }
}

/// Equal as JSON means it, in which 10 and 10.0 are one number.
fn same(wanted: &Value, seen: &Value) -> bool {
    match (wanted, seen) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || (one.is_f64() != other.is_f64() && one.as_f64() == other.as_f64())
        }
        (Value::Array(some), Value::Array(others)) => {
            some.len() == others.len() && some.iter().zip(others).all(|(a, b)| same(a, b))
        }
        (Value::Object(some), Value::Object(others)) => {
            let there = |(name, value)| others.get(name).is_some_and(|other| same(value, other));
            some.len() == others.len() && some.iter().all(there)
        }
        (one, other) => one == other,
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.side.word(), masking::text(&self.pointer))
    }
}
