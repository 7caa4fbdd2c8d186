//! When a rule fires, among the requests that it matches. The conditions that are given must all hold; none means always.

use serde::Serialize;
use serde_json::Value;

use super::draw::Draw;
use super::facts::{Facts, Field};
use super::read::{Fields, Member, RuleError};
use super::why::Hold;
use crate::domain::moment::Moment;
use crate::domain::vocabulary::words;

/// The conditions. Counts are from 1.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct When {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nth: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// From the first instant to just before the second, by the space's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub between: Option<Window>,
    /// What is counted together. None leaves it to the fault: by client for a quota, by idempotency key for `recover`, by
    /// subject for the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per: Option<Per>,
}

/// A span of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub from: Moment,
    pub until: Moment,
}

impl Serialize for Window {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        [self.from.rfc3339_micros(), self.until.rfc3339_micros()].serialize(to)
    }
}

words! {
    /// What is counted together. Two requests that differ in it never take each other's turn.
    pub enum Per {
        /// The client, the operation and the card, token or payment that it is about; before any of these is known, the
        /// method and the path.
        Subject = "subject",
        Client = "client",
        Card = "card",
        Token = "token",
        Payment = "payment",
        Merchant = "merchant",
        Requestor = "requestor",
        IdempotencyKey = "idempotency_key",
        Path = "path",
        /// Every request of the space that the rule matches.
        Space = "space",
    }
}

const NAMES: [&str; 7] = [
    "nth",
    "first",
    "after",
    "every",
    "probability",
    "between",
    "per",
];

impl When {
    /// Reads `"always"` or the conditions.
    pub(super) fn read(place: &str, value: Value) -> Result<Self, RuleError> {
        if value == "always" {
            return Ok(Self::default());
        }
        let mut fields = Fields::open(place, value, &NAMES)?;
        let mut count = |name: &str| match fields.get(name)? {
            Some(0) => Err(fields.problem(name, "must be at least 1; requests are counted from 1")),
            count => Ok(count),
        };
        let (nth, first, every) = (count("nth")?, count("first")?, count("every")?);
        let after = fields.get("after")?;
        let probability = fields.get::<f64>("probability")?;
        if probability.is_some_and(|chance| !(chance > 0.0 && chance <= 1.0)) {
            return Err(fields.problem("probability", "must be more than 0 and at most 1"));
        }
        let (between, per) = (fields.get("between")?, fields.get("per")?);
        Ok(Self {
            nth,
            first,
            after,
            every,
            probability,
            between,
            per,
        })
    }

    /// Whether it matters which request it is.
    pub(super) const fn counts(&self) -> bool {
        self.nth.is_some()
            || self.first.is_some()
            || self.after.is_some()
            || self.every.is_some()
            || self.probability.is_some()
    }

    /// Whether the clock allows it.
    pub(super) fn open(&self, now: Moment) -> Result<(), Hold> {
        match self.between {
            Some(window) if now < window.from || now >= window.until => Err(Hold::Window(window)),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether it is the turn of this request.
    pub(super) fn turn(&self, per: Per, draw: &Draw<'_>) -> Result<(), Hold> {
        let count = draw.count;
        let turn = self.nth.is_none_or(|nth| count == u64::from(nth))
            && self.first.is_none_or(|first| count <= u64::from(first))
            && self.after.is_none_or(|after| count > u64::from(after))
            && self
                .every
                .is_none_or(|every| count.is_multiple_of(u64::from(every)));
        if !turn {
            return Err(Hold::Turn { count, per });
        }
        match self.probability {
            Some(below) if below < 1.0 => {
                let drawn = draw.chance();
                if drawn < below {
                    Ok(())
                } else {
                    Err(Hold::Chance { drawn, below })
                }
            }
            Some(_) | None => Ok(()),
        }
    }
}

impl Member for Window {
    fn read(value: &Value) -> Result<Self, String> {
        let ends = match value {
            Value::Array(ends) => ends.iter().map(Value::as_str).collect::<Option<Vec<_>>>(),
            Value::String(text) => text.split_once("..").map(|(from, until)| vec![from, until]),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
        };
        let Some([from, until]) = ends.as_deref() else {
            return Err("must be two instants, as a list or as FROM..UNTIL".to_owned());
        };
        let moment = |text: &str| Moment::parse(text).map_err(|error| error.to_string());
        let window = Self {
            from: moment(from)?,
            until: moment(until)?,
        };
        if window.from >= window.until {
            return Err("must end after it begins".to_owned());
        }
        Ok(window)
    }
}

impl Per {
    /// The one fact by which is counted, where it is one.
    pub(super) const fn field(self) -> Option<Field> {
        match self {
            Self::Subject | Self::Space => None,
            Self::Client => Some(Field::Client),
            Self::Card => Some(Field::Card),
            Self::Token => Some(Field::Token),
            Self::Payment => Some(Field::Payment),
            Self::Merchant => Some(Field::Merchant),
            Self::Requestor => Some(Field::Requestor),
            Self::IdempotencyKey => Some(Field::IdempotencyKey),
            Self::Path => Some(Field::Path),
        }
    }

    /// The text under which a request is counted, or the fact that would be needed and is not known.
    pub(super) fn key(self, facts: &Facts) -> Result<String, Field> {
        match (self, self.field()) {
            (_, Some(field)) => {
                let value = facts.first(field).ok_or(field)?;
                Ok(format!("{}={value}", field.word()))
            }
            (Self::Space, None) => Ok(String::new()),
            (_, None) => Ok(subject(facts)),
        }
    }
}

/// Client, operation (or endpoint and event of a webhook) and what it is about. A card stands before its token, so that all that is done to a card counts
/// together however it is named.
fn subject(facts: &Facts) -> String {
    let mut key = String::with_capacity(64);
    let mut put = |field: Field| {
        let value = facts.first(field);
        if let Some(value) = value {
            key.extend([field.word(), "=", value, ";"]);
        }
        value.is_some()
    };
    put(Field::Client);
    put(Field::Endpoint);
    put(Field::Event);
    if !put(Field::Operation) {
        put(Field::Method);
        put(Field::Path);
    }
    let _about = put(Field::Payment) || put(Field::Card) || put(Field::Token);
    key
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::seed::Seed;

    fn when(value: Value) -> Result<When, RuleError> {
        When::read("when", value)
    }

    #[test]
    fn turns() {
        let rows = [
            (json!("always"), "******"),
            (json!({}), "******"),
            (json!({"nth": 3}), "..*..."),
            (json!({"first": 2}), "**...."),
            (json!({"after": 4}), "....**"),
            (json!({"every": 2}), ".*.*.*"),
            (json!({"after": 1, "first": 3}), ".**..."),
            (json!({"probability": 1}), "******"),
        ];
        let seed = Seed::from_text("one");
        for (value, want) in rows {
            let when = when(value.clone()).unwrap();
            let draw = |count| Draw {
                seed: &seed,
                rule: "r",
                key: "k",
                count,
            };
            let fires = |count| when.turn(Per::Subject, &draw(count)).is_ok();
            let got: String = (1..=6)
                .map(|count| if fires(count) { '*' } else { '.' })
                .collect();
            assert_eq!(got, want, "{value}");
        }
    }

    #[test]
    fn a_window_is_open_from_its_first_instant_to_just_before_its_last() {
        let value = json!({"between": "2026-01-01T00:00:00Z..2026-01-01T01:00:00Z"});
        let when = when(value).unwrap();
        for (at, open) in [
            ("2025-12-31T23:59:59.999999Z", false),
            ("2026-01-01T00:00:00Z", true),
            ("2026-01-01T00:59:59.999999Z", true),
            ("2026-01-01T01:00:00Z", false),
        ] {
            assert_eq!(when.open(Moment::parse(at).unwrap()).is_ok(), open, "{at}");
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let rows = [
            (json!({"frist": 3}), "when.frist", "did you mean \"first\"?"),
            (json!({"nth": 0}), "when.nth", "at least 1"),
            (json!({"every": -1}), "when.every", "whole number"),
            (json!({"probability": 0}), "when.probability", "more than 0"),
            (json!({"probability": 1.5}), "when.probability", "at most 1"),
            (json!({"per": "cart"}), "when.per", "did you mean \"card\"?"),
            (
                json!({"between": ["2026-01-01T00:00:00Z"]}),
                "when.between",
                "two instants",
            ),
            (
                json!({"between": "2026-01-02T00:00:00Z..2026-01-01T00:00:00Z"}),
                "when.between",
                "end after",
            ),
            (json!("sometimes"), "when", "must be an object"),
        ];
        for (value, place, problem) in rows {
            let error = when(value).unwrap_err();
            assert_eq!(error.place, place);
            assert!(error.problem.contains(problem), "{error}");
        }
    }

    #[test]
    fn requests_about_different_things_are_counted_apart() {
        let facts = |card: &str| {
            Facts::new()
                .with(Field::Operation, "provision")
                .with(Field::Card, card)
                .with(Field::Token, "t")
        };
        let key = |per: Per, facts: &Facts| per.key(facts);
        assert_eq!(
            key(Per::Subject, &facts("a")).unwrap(),
            "operation=provision;card=a;"
        );
        assert_ne!(
            key(Per::Subject, &facts("a")),
            key(Per::Subject, &facts("b"))
        );
        assert_eq!(key(Per::Space, &facts("a")), key(Per::Space, &facts("b")));
        assert_eq!(key(Per::Client, &facts("a")), Err(Field::Client));
    }
}
