//! Reading a rule from a tree of values, whether that came from JSON, TOML or the short syntax. Every error names the place
//! and, for a word that is not known, the nearest one that is. Nothing is skipped and nothing is guessed.

use std::time::Duration;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use super::named::read_named;
use crate::domain::moment::{Moment, parse_span};
use crate::domain::number::whole_from_zero;
use crate::domain::vocabulary::Vocabulary;
use crate::domain::words::unknown;
use crate::limits::{FAULT_BYTES_MAX, FAULT_HOLD_MAX, FAULT_WAIT_MAX, RETRY_AFTER_MAX};

/// Why a rule cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct RuleError {
    /// Where: `fault.at`, `when.probability`, or the word of the short syntax.
    pub place: String,
    pub problem: String,
}

impl RuleError {
    pub fn at(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            problem: problem.into(),
        }
    }

    /// The same error, seen from one level further out.
    #[must_use]
    pub fn within(mut self, outer: &str) -> Self {
        self.place = format!("{outer}.{}", self.place);
        self
    }
}

/// The members of one object, taken out one by one.
#[derive(Debug)]
pub(super) struct Fields {
    place: String,
    members: Map<String, Value>,
}

impl Fields {
    /// Refuses what is not an object and any member that is not in `known`.
    pub(super) fn open(place: &str, value: Value, known: &[&str]) -> Result<Self, RuleError> {
        let Value::Object(members) = value else {
            return Err(RuleError::at(
                place,
                format!("must be an object, not {}", kind_of(&value)),
            ));
        };
        let fields = Self {
            place: place.to_owned(),
            members,
        };
        match fields
            .members
            .keys()
            .find(|name| !known.contains(&name.as_str()))
        {
            Some(name) => Err(RuleError::at(fields.inside(name), unknown(name, known))),
            None => Ok(fields),
        }
    }

    pub(super) fn inside(&self, name: &str) -> String {
        if self.place.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.place)
        }
    }

    /// The member as it stands; `null` counts as absent.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.members.remove(name).filter(|value| !value.is_null())
    }

    pub(super) fn get<T: Member>(&mut self, name: &str) -> Result<Option<T>, RuleError> {
        let Some(value) = self.take(name) else {
            return Ok(None);
        };
        match T::read(&value) {
            Ok(read) => Ok(Some(read)),
            Err(problem) => Err(RuleError::at(self.inside(name), problem)),
        }
    }

    pub(super) fn need<T: Member>(&mut self, name: &str) -> Result<T, RuleError> {
        self.get(name)?
            .ok_or_else(|| RuleError::at(self.inside(name), "is missing"))
    }

    pub(super) fn or<T: Member>(&mut self, name: &str, default: T) -> Result<T, RuleError> {
        Ok(self.get(name)?.unwrap_or(default))
    }

    /// A time that holds a connection open, which nothing may do for long.
    pub(super) fn hold(&mut self, name: &str, default: Option<Wait>) -> Result<Wait, RuleError> {
        let wait = match default {
            Some(default) => self.or(name, default)?,
            None => self.need(name)?,
        };
        self.at_most(name, wait, FAULT_HOLD_MAX)
    }

    /// A time that a client is asked to stay away.
    pub(super) fn retry_after(&mut self, name: &str) -> Result<Option<Wait>, RuleError> {
        let wait: Option<Wait> = self.get(name)?;
        wait.map(|wait| self.at_most(name, wait, RETRY_AFTER_MAX))
            .transpose()
    }

    fn at_most(&self, name: &str, wait: Wait, most: Duration) -> Result<Wait, RuleError> {
        if wait.0 > most {
            let problem = format!("must be at most {}", Wait(most));
            return Err(RuleError::at(self.inside(name), problem));
        }
        Ok(wait)
    }

    /// A count of at least one.
    pub(super) fn positive(&mut self, name: &str) -> Result<u32, RuleError> {
        let count = self.need(name)?;
        if count == 0 {
            Err(self.problem(name, "must be at least 1"))
        } else {
            Ok(count)
        }
    }

    /// A number of bytes within [`FAULT_BYTES_MAX`].
    pub(super) fn bytes(&mut self, name: &str, default: u32) -> Result<u32, RuleError> {
        let bytes = self.or(name, default)?;
        if bytes > FAULT_BYTES_MAX {
            return Err(self.problem(name, &format!("must be at most {FAULT_BYTES_MAX}")));
        }
        Ok(bytes)
    }

    /// A word of one of the domain's enums.
    pub(super) fn named<T: for<'de> Deserialize<'de>>(
        &mut self,
        name: &str,
    ) -> Result<T, RuleError> {
        let word: String = self.need(name)?;
        read_named(&word).map_err(|problem| self.problem(name, &problem))
    }

    pub(super) fn problem(&self, name: &str, problem: &str) -> RuleError {
        RuleError::at(self.inside(name), problem)
    }
}

/// Something that a member's value can be.
pub(super) trait Member: Sized {
    fn read(value: &Value) -> Result<Self, String>;
}

impl<T: Vocabulary> Member for T {
    fn read(value: &Value) -> Result<Self, String> {
        T::read(text(value)?)
    }
}

impl Member for String {
    fn read(value: &Value) -> Result<Self, String> {
        text(value).map(str::to_owned)
    }
}

impl Member for u32 {
    fn read(value: &Value) -> Result<Self, String> {
        let whole = || {
            format!(
                "must be a whole number from 0 to {}, not {value}",
                Self::MAX
            )
        };
        value
            .as_number()
            .and_then(whole_from_zero)
            .and_then(|number| Self::try_from(number).ok())
            .ok_or_else(whole)
    }
}

impl Member for f64 {
    fn read(value: &Value) -> Result<Self, String> {
        value
            .as_f64()
            .ok_or_else(|| format!("must be a number, not {value}"))
    }
}

impl Member for Value {
    fn read(value: &Value) -> Result<Self, String> {
        Ok(value.clone())
    }
}

impl Member for Moment {
    fn read(value: &Value) -> Result<Self, String> {
        Self::parse(text(value)?).map_err(|error| error.to_string())
    }
}

/// A length of time. Written as whole milliseconds; `250ms`, `5s` and `PT24H` are read as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Wait(pub Duration);

impl Wait {
    pub const fn millis(millis: u64) -> Self {
        Self(Duration::from_millis(millis))
    }
}

impl std::fmt::Display for Wait {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let millis = self.0.as_millis();
        if millis.is_multiple_of(1_000) && millis > 0 {
            write!(f, "{}s", millis / 1_000)
        } else {
            write!(f, "{millis}ms")
        }
    }
}

impl Serialize for Wait {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX))
    }
}

impl Member for Wait {
    fn read(value: &Value) -> Result<Self, String> {
        let wait = match value {
            Value::Number(number) => whole_from_zero(number).map(Self::millis),
            Value::String(text) => parse_span(text).ok().map(Self),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        let wait = wait.ok_or_else(|| {
            format!("must be milliseconds or a span such as \"250ms\" or \"5s\", not {value}")
        })?;
        if wait.0 > FAULT_WAIT_MAX {
            return Err(format!("must be at most {}", Self(FAULT_WAIT_MAX)));
        }
        if wait.0.subsec_nanos() % 1_000_000 != 0 {
            return Err("must be whole milliseconds".to_owned());
        }
        Ok(wait)
    }
}

fn text(value: &Value) -> Result<&str, String> {
    value
        .as_str()
        .ok_or_else(|| format!("must be text, not {value}"))
}

/// What a value is, in words.
pub(super) const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_wait_is_milliseconds_or_a_span() {
        let rows = [
            (json!(250), 250),
            (json!("250ms"), 250),
            (json!("5s"), 5_000),
            (json!("PT1M"), 60_000),
        ];
        for (value, millis) in rows {
            assert_eq!(Wait::read(&value), Ok(Wait::millis(millis)), "{value}");
        }
        for value in [
            json!(-1),
            json!(1.5),
            json!("soon"),
            json!(true),
            json!("0.0001s"),
            json!("9999h"),
        ] {
            assert!(Wait::read(&value).is_err(), "{value}");
        }
    }

    #[test]
    fn an_error_names_the_place() {
        let known = ["ms", "bytes"];
        let unknown = Fields::open("fault", json!({"msec": 1}), &known).unwrap_err();
        assert_eq!(
            unknown.to_string(),
            "fault.msec: \"msec\" is not known; did you mean \"ms\"?"
        );
        let mut fields = Fields::open("fault", json!({"bytes": -1}), &known).unwrap();
        assert_eq!(
            fields.need::<Wait>("ms").unwrap_err().to_string(),
            "fault.ms: is missing"
        );
        let wrong = fields.bytes("bytes", 0).unwrap_err();
        assert_eq!(wrong.place, "fault.bytes");
        assert!(
            Fields::open("when", json!([]), &known)
                .unwrap_err()
                .problem
                .contains("a list")
        );
    }
}
