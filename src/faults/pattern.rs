//! Which requests a rule is for: a value for each field that matters, all of which must be found.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::facts::{Facts, Field, Operation, Stage, Surface};
use super::named::read_named;
use super::read::{RuleError, kind_of};
use super::words::Vocabulary;
use crate::domain::card::Network;
use crate::domain::notice::Event;
use crate::domain::wildcard::path_fits;
use crate::domain::words::unknown;
use crate::limits::{FAULT_VALUES_MAX, TEXT_BYTES_MAX};
use crate::masking;

/// The `match` of a rule. Without any field it matches everything.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Pattern(Vec<Want>);

/// What one field must be: any of these.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Want {
    pub(super) field: Field,
    pub(super) any: Vec<String>,
}

/// A field that is not as a rule wants it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub field: Field,
    pub wanted: String,
    /// None when the fact is not known of the request.
    pub found: Option<String>,
}

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

impl Pattern {
    pub(super) fn read(place: &str, value: Value) -> Result<Self, RuleError> {
        let Value::Object(members) = value else {
            let problem = format!("must be an object, not {}", kind_of(&value));
            return Err(RuleError::at(place, problem));
        };
        let mut wants = Vec::with_capacity(members.len());
        for (name, value) in members {
            let inside = format!("{place}.{name}");
            let wrong = |problem: String| RuleError::at(&inside, problem);
            let field = Field::read(&name).map_err(wrong)?;
            let wrong = |problem: String| RuleError::at(&inside, problem);
            wants.push(Want {
                field,
                any: values(field, value).map_err(wrong)?,
            });
        }
        wants.sort_by_key(|want| want.field);
        Ok(Self(wants))
    }

    pub(super) fn wants(&self) -> &[Want] {
        &self.0
    }

    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.0.iter().map(|want| want.field)
    }

    /// When all that it asks for is known at the earliest.
    pub fn stage(&self) -> Stage {
        self.fields()
            .map(Field::stage)
            .max()
            .unwrap_or(Stage::Arrival)
    }

    pub fn matches(&self, facts: &Facts) -> bool {
        self.0.iter().all(|want| want.found(facts))
    }

    /// Every field that is not as wanted, with card numbers masked.
    pub fn differences(&self, facts: &Facts) -> Vec<Difference> {
        let missed = self.0.iter().filter(|want| !want.found(facts));
        missed.map(|want| want.difference(facts)).collect()
    }

    /// The same with card numbers masked, to be shown.
    #[must_use]
    pub fn masked(&self) -> Self {
        let mask = |want: &Want| Want {
            field: want.field,
            any: want.any.iter().map(|value| masking::value(value)).collect(),
        };
        Self(self.0.iter().map(mask).collect())
    }
}

impl Want {
    fn found(&self, facts: &Facts) -> bool {
        facts
            .values(self.field)
            .any(|value| self.any.iter().any(|want| self.fits(want, value)))
    }

    fn fits(&self, want: &str, value: &str) -> bool {
        if self.field == Field::Path && want.contains('*') {
            return path_fits(want, value);
        }
        want == value
    }

    /// Whether every value is a whole one, so that the rule can be found by it.
    pub(super) fn is_exact(&self) -> bool {
        self.field != Field::Path || self.any.iter().all(|want| !want.contains('*'))
    }

    fn difference(&self, facts: &Facts) -> Difference {
        let join = |values: Vec<String>| values.join("|");
        let found: Vec<_> = facts.values(self.field).map(masking::value).collect();
        Difference {
            field: self.field,
            wanted: join(self.any.iter().map(|value| masking::value(value)).collect()),
            found: (!found.is_empty()).then(|| join(found)),
        }
    }
}

fn values(field: Field, value: Value) -> Result<Vec<String>, String> {
    let one = |value: Value| match value {
        Value::String(text) => checked(field, text),
        Value::Number(number) if field == Field::Amount || field == Field::ExpiryYear => {
            checked(field, number.to_string())
        }
        Value::Number(_) => {
            Err("must be text; put the number in quotes, or its zeros are lost".to_owned())
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(format!(
            "must be text or a list of texts, not {}",
            kind_of(&value)
        )),
    };
    let found = match value {
        Value::Array(items) => items.into_iter().map(one).collect::<Result<Vec<_>, _>>()?,
        other @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Object(_)) => vec![one(other)?],
    };
    if found.is_empty() || found.len() > FAULT_VALUES_MAX {
        return Err(format!(
            "must have 1 to {FAULT_VALUES_MAX} values, not {}",
            found.len()
        ));
    }
    Ok(found)
}

/// The value as facts have it, or what is wrong with it.
fn checked(field: Field, text: String) -> Result<String, String> {
    let digits = |lengths: &[usize]| {
        lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let verdict = match field {
        Field::Surface => Surface::read(&text).map(|_| ()),
        Field::Operation => Operation::read(&text).map(|_| ()),
        Field::Network => read_named::<Network>(&text).map(|_| ()),
        Field::Event => read_named::<Event>(&text).map(|_| ()),
        Field::Method => {
            let upper = text.to_ascii_uppercase();
            return if METHODS.contains(&upper.as_str()) {
                Ok(upper)
            } else {
                Err(unknown(&upper, &METHODS))
            };
        }
        Field::Bin => says(
            digits(&[6, 8]),
            "must be the first 6 or 8 digits of a card number",
        ),
        Field::Last4 => says(digits(&[4]), "must be four digits"),
        Field::Requestor => says(digits(&[11]), "must be eleven digits"),
        Field::ExpiryYear => says(digits(&[4]), "must be a year of four digits"),
        Field::Amount => says(
            text.parse::<u64>().is_ok(),
            "must be whole minor units, such as 1050 for 10.50",
        ),
        Field::Currency => says(
            text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()),
            "must be three capital letters",
        ),
        Field::Path => says(text.starts_with('/'), "must begin with '/'"),
        Field::Space
        | Field::IdempotencyKey
        | Field::Client
        | Field::Merchant
        | Field::Card
        | Field::Token
        | Field::Endpoint
        | Field::Payment => Ok(()),
    };
    verdict?;
    if text.is_empty() || text.len() > TEXT_BYTES_MAX || text.contains(char::is_control) {
        return Err(format!(
            "must have 1 to {TEXT_BYTES_MAX} bytes and no control characters"
        ));
    }
    Ok(text)
}

fn says(right: bool, otherwise: &str) -> Result<(), String> {
    if right {
        Ok(())
    } else {
        Err(otherwise.to_owned())
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for want in &self.0 {
            match want.any.as_slice() {
                [one] => map.serialize_entry(&want.field, one)?,
                several => map.serialize_entry(&want.field, several)?,
            }
        }
        map.end()
    }
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = self.masked();
        let entries = shown
            .0
            .iter()
            .map(|want| (want.field.word(), want.any.join("|")));
        f.debug_map().entries(entries).finish()
    }
}

impl std::fmt::Debug for Want {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown: Vec<_> = self.any.iter().map(|value| masking::value(value)).collect();
        write!(f, "{}={}", self.field.word(), shown.join("|"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::card::Pan;

    fn pattern(value: Value) -> Result<Pattern, RuleError> {
        Pattern::read("match", value)
    }

    #[test]
    fn every_field_must_be_found() {
        let mut facts = Facts::new()
            .with(Field::Surface, "cmp")
            .with(Field::Path, "/cards/7");
        facts.add_card(&Pan::parse("4111111111111111").unwrap(), None);
        let rows = [
            (json!({}), true),
            (json!({"surface": "cmp"}), true),
            (json!({"surface": ["calm", "cmp"]}), true),
            (json!({"surface": "calm"}), false),
            (
                json!({"surface": "cmp", "bin": "41111111", "last4": "1111"}),
                true,
            ),
            (json!({"surface": "cmp", "bin": "411112"}), false),
            (json!({"card": "4111111111111111", "network": "visa"}), true),
            (json!({"path": ["/alias", "/cards/*"]}), true),
            (json!({"merchant": "m"}), false),
        ];
        for (value, want) in rows {
            assert_eq!(
                pattern(value.clone()).unwrap().matches(&facts),
                want,
                "{value}"
            );
        }
        let near = pattern(json!({"surface": "calm", "card": "5555555555554444"})).unwrap();
        let differences = near.differences(&facts);
        assert_eq!(differences[0].found.as_deref(), Some("cmp"));
        assert_eq!(differences[1].wanted, "555555******4444");
        assert_eq!(differences[1].found.as_deref(), Some("411111******1111"));
        assert!(!format!("{near:?}").contains("5555555555554444"));
    }

    #[test]
    fn what_cannot_match_is_refused() {
        let rows = [
            (
                json!({"surfce": "cmp"}),
                "match.surfce",
                "did you mean \"surface\"?",
            ),
            (
                json!({"surface": "vsa"}),
                "match.surface",
                "did you mean \"visa\"?",
            ),
            (
                json!({"operation": "create-card"}),
                "match.operation",
                "did you mean \"create_card\"?",
            ),
            (
                json!({"method": "PSOT"}),
                "match.method",
                "did you mean \"POST\"?",
            ),
            (json!({"bin": "4111"}), "match.bin", "6 or 8 digits"),
            (json!({"last4": 11}), "match.last4", "in quotes"),
            (
                json!({"event": "suspend"}),
                "match.event",
                "did you mean \"suspended\"?",
            ),
            (json!({"path": "cards"}), "match.path", "begin with '/'"),
            (json!({"merchant": []}), "match.merchant", "1 to 64 values"),
            (
                json!({"merchant": "a\nb"}),
                "match.merchant",
                "control characters",
            ),
            (json!([]), "match", "a list"),
        ];
        for (value, place, problem) in rows {
            let error = pattern(value).unwrap_err();
            assert_eq!(error.place, place);
            assert!(error.problem.contains(problem), "{error}");
        }
    }
}
