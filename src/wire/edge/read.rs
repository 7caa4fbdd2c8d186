//! Reading JSON that somebody else wrote: member by member, collecting every problem with its pointer, so that the surface
//! can word all of them in its own way.

use std::borrow::Cow;

use serde_json::{Map, Value};

pub use super::problem::{Flaw, Nulls, Problem, Problems};
use crate::domain::card::{Expiry, ExpiryError};
use crate::domain::money::AMOUNT_MINOR_MAX;
use crate::domain::number::{digits, whole};
use crate::domain::payment::reference::{Nti, Tlid};
use crate::limits::TEXT_BYTES_MAX;

/// The members of one object.
#[derive(Debug, Clone)]
pub struct Members<'a> {
    object: &'a Map<String, Value>,
    pointer: Cow<'a, str>,
    problems: &'a Problems,
}

impl<'a> Members<'a> {
    pub fn new(object: &'a Map<String, Value>, pointer: &'a str, problems: &'a Problems) -> Self {
        Self {
            object,
            pointer: Cow::Borrowed(pointer),
            problems,
        }
    }

    /// The member, unless it is absent. A null is none, and wrong where the surface has no use for it.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        let value = self.object.get(name)?;
        if value.is_null() && self.problems.nulls() == Nulls::Wrong {
            self.flaw(name, Flaw::Null, "must not be null; leave it out instead");
        }
        Some(value).filter(|value| !value.is_null())
    }

    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Says that something is wrong with a member.
    pub fn flaw(&self, name: &str, flaw: Flaw, due: impl Into<String>) {
        self.problems.add(self.at(name), flaw, due);
    }

    pub fn missing(&self, name: &str) {
        self.flaw(name, Flaw::Missing, "is required");
    }

    /// Says that a member is missing if it is. One that is null is.
    pub fn require(&self, name: &str) {
        if self.object.get(name).is_none_or(Value::is_null) {
            self.missing(name);
        }
    }

    /// A string of at most so many bytes.
    pub fn string(&self, name: &str, bytes_max: usize) -> Option<&'a str> {
        match self.get(name)? {
            Value::String(text) if text.len() <= bytes_max => Some(text),
            Value::String(_) => {
                self.flaw(
                    name,
                    Flaw::TooLong,
                    format!("has more than {bytes_max} bytes"),
                );
                None
            }
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_) => {
                self.flaw(name, Flaw::Type, "must be a string");
                None
            }
        }
    }

    pub fn required_string(&self, name: &str, bytes_max: usize) -> Option<&'a str> {
        self.require(name);
        self.string(name, bytes_max)
    }

    /// A whole number.
    pub fn integer(&self, name: &str) -> Option<i64> {
        let number = match self.get(name)? {
            Value::Number(number) => whole(number),
            Value::Null
            | Value::Bool(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => None,
        };
        if number.is_none() {
            self.flaw(name, Flaw::Type, "must be an integer");
        }
        number
    }

    pub fn required_integer(&self, name: &str) -> Option<i64> {
        self.require(name);
        self.integer(name)
    }

    /// A whole number, or a text of its digits: clients differ.
    pub fn integer_or_digits(&self, name: &str) -> Option<i64> {
        let number = match self.get(name)? {
            Value::Number(number) => whole(number),
            Value::String(text) => digits(text),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        if number.is_none() {
            self.flaw(
                name,
                Flaw::Type,
                "must be an integer, or a string of its digits",
            );
        }
        number
    }

    pub fn required_integer_or_digits(&self, name: &str) -> Option<i64> {
        self.require(name);
        self.integer_or_digits(name)
    }

    /// A number as it was written, so that no decimal is lost.
    pub fn number_text(&self, name: &str) -> Option<String> {
        match self.get(name)? {
            Value::Number(number) => Some(number.to_string()),
            Value::Null
            | Value::Bool(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => {
                self.flaw(name, Flaw::Type, "must be a number");
                None
            }
        }
    }

    pub fn boolean(&self, name: &str) -> Option<bool> {
        let value = self.get(name)?.as_bool();
        if value.is_none() {
            self.flaw(name, Flaw::Type, "must be true or false");
        }
        value
    }

    /// A string that `parse` makes something of.
    pub fn parsed<T, E: ToString>(
        &self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        match parse(self.string(name, TEXT_BYTES_MAX)?) {
            Ok(value) => Some(value),
            Err(why) => {
                self.flaw(name, Flaw::Value, why.to_string());
                None
            }
        }
    }

    /// What one of the words stands for.
    pub fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Option<T> {
        let word = self.string(name, TEXT_BYTES_MAX)?;
        let found = words.iter().find(|(known, _)| *known == word);
        if found.is_none() {
            let known: Vec<_> = words.iter().map(|(known, _)| *known).collect();
            let due = format!("must be one of {}", known.join(", "));
            self.flaw(name, Flaw::Value, due);
        }
        found.map(|(_, value)| *value)
    }

    pub fn object(&self, name: &str) -> Option<Members<'a>> {
        match self.get(name)? {
            Value::Object(object) => Some(Members {
                object,
                pointer: Cow::Owned(self.at(name)),
                problems: self.problems,
            }),
            Value::Null
            | Value::Bool(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Number(_) => {
                self.flaw(name, Flaw::Type, "must be an object");
                None
            }
        }
    }

    pub fn required_object(&self, name: &str) -> Option<Members<'a>> {
        self.require(name);
        self.object(name)
    }

    /// A list that must be there, each of whose items is an object.
    pub fn required_objects(&self, name: &str) -> Option<Vec<Members<'a>>> {
        self.require(name);
        let Some(items) = self.get(name)?.as_array() else {
            self.flaw(name, Flaw::Type, "must be a list of objects");
            return None;
        };
        let members = items.iter().enumerate().map(|(place, item)| {
            let pointer = format!("{}/{place}", self.at(name));
            let Some(object) = item.as_object() else {
                self.problems.add(pointer, Flaw::Type, "must be an object");
                return None;
            };
            let mut members = self.clone();
            (members.object, members.pointer) = (object, Cow::Owned(pointer));
            Some(members)
        });
        members.collect()
    }

    /// The members of an object that was sealed in this member.
    pub fn opened<'b>(&'b self, name: &str, object: &'b Map<String, Value>) -> Members<'b> {
        Members {
            object,
            pointer: Cow::Owned(self.at(name)),
            problems: self.problems,
        }
    }

    /// A month and a year that were read, as an expiry.
    pub fn expiry(
        &self,
        month_name: &str,
        month: i64,
        year_name: &str,
        year: i64,
    ) -> Option<Expiry> {
        match Expiry::new(month, year) {
            Ok(expiry) => Some(expiry),
            Err(why) => {
                let name = match why {
                    ExpiryError::Month => month_name,
                    ExpiryError::Year => year_name,
                };
                self.flaw(name, Flaw::Value, why.to_string());
                None
            }
        }
    }

    /// A string that `parse` makes something of.
    pub fn required_parsed<T, E: ToString>(
        &self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        self.require(name);
        self.parsed(name, parse)
    }

    /// What one of the words stands for.
    pub fn required_word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Option<T> {
        self.require(name);
        self.word(name, words)
    }

    /// A string of digits, as a number.
    pub fn required_digits(&self, name: &str) -> Option<i64> {
        self.required_parsed(name, |text| digits(text).ok_or("must be digits"))
    }

    /// A number of minor units.
    pub fn required_minor_units(&self, name: &str) -> Option<u64> {
        let minor = u64::try_from(self.required_integer(name)?);
        let minor = minor.ok().filter(|minor| *minor <= AMOUNT_MINOR_MAX);
        if minor.is_none() {
            let due = format!("must be minor units from 0 to {AMOUNT_MINOR_MAX}");
            self.flaw(name, Flaw::Value, due);
        }
        minor
    }

    /// A network transaction id.
    pub fn nti(&self, name: &str) -> Option<Nti> {
        self.parsed(name, |text| {
            Nti::parse(text).ok_or("is no network's transaction id")
        })
    }

    /// A transaction link id.
    pub fn tlid(&self, name: &str) -> Option<Tlid> {
        self.parsed(name, |text| {
            Tlid::parse(text).ok_or("must be 22 characters of A-Z a-z 0-9 _ -")
        })
    }

    /// Names and values, nulls included.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.object
            .iter()
            .map(|(name, value)| (name.as_str(), value))
    }

    fn at(&self, name: &str) -> String {
        format!(
            "{}/{}",
            self.pointer,
            name.replace('~', "~0").replace('/', "~1")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_null_is_missing_wrong_or_nothing() {
        let value = serde_json::json!({ "a": null });
        let object = value.as_object().unwrap();
        let found = |nulls, read: &dyn Fn(&Members<'_>)| {
            let problems = Problems::new(nulls);
            read(&Members::new(object, "", &problems));
            let found = problems.into_vec().into_iter();
            found.map(|p| (p.pointer, p.flaw)).collect::<Vec<_>>()
        };
        let at_a = |flaw| vec![("/a".to_owned(), flaw)];
        let must_be: [&dyn Fn(&Members<'_>); 6] = [
            &|m| assert_eq!(m.required_string("a", 9), None),
            &|m| assert_eq!(m.required_integer("a"), None),
            &|m| assert!(m.required_object("a").is_none()),
            &|m| assert_eq!(m.required_word("a", &[("x", 1)]), None),
            &|m| assert_eq!(m.required_digits("a"), None),
            &|m| {
                m.require("a");
                assert_eq!(m.integer_or_digits("a"), None);
            },
        ];
        for read in must_be {
            assert_eq!(found(Nulls::Wrong, read), at_a(Flaw::Missing));
            assert_eq!(found(Nulls::Absent, read), at_a(Flaw::Missing));
        }
        let may_be: [&dyn Fn(&Members<'_>); 10] = [
            &|m| assert_eq!(m.get("a"), None),
            &|m| assert!(!m.has("a")),
            &|m| assert_eq!(m.string("a", 9), None),
            &|m| assert_eq!(m.integer("a"), None),
            &|m| assert_eq!(m.integer_or_digits("a"), None),
            &|m| assert_eq!(m.number_text("a"), None),
            &|m| assert_eq!(m.boolean("a"), None),
            &|m| assert_eq!(m.word("a", &[("x", 1)]), None),
            &|m| assert!(m.object("a").is_none()),
            // Read twice, it is told once.
            &|m| assert!(m.string("a", 9).is_none() && !m.has("a")),
        ];
        for read in may_be {
            assert_eq!(found(Nulls::Wrong, read), at_a(Flaw::Null));
            assert_eq!(found(Nulls::Absent, read), []);
        }
    }

    #[test]
    fn every_problem_is_found_and_placed() {
        let value = serde_json::json!({"a": 1, "b": "too long", "c": 1.5, "d": null, "x/y": [],
            "e": "+1", "f": -1, "g": "12"});
        let problems = Problems::default();
        let members = Members::new(value.as_object().unwrap(), "/data", &problems);
        assert_eq!(members.string("a", 10), None);
        assert_eq!(members.string("b", 3), None);
        assert_eq!(members.integer("c"), None);
        assert_eq!(members.required_string("d", 3), None);
        assert_eq!(members.integer("x/y"), None);
        assert_eq!(members.number_text("c").as_deref(), Some("1.5"));
        assert_eq!(members.required_digits("e"), None);
        assert_eq!(members.required_minor_units("f"), None);
        assert_eq!(members.required_digits("g"), Some(12));
        let found: Vec<_> = problems
            .into_vec()
            .into_iter()
            .map(|p| (p.pointer, p.flaw))
            .collect();
        let want = [
            ("/data/a", Flaw::Type),
            ("/data/b", Flaw::TooLong),
            ("/data/c", Flaw::Type),
            ("/data/d", Flaw::Missing),
            ("/data/x~1y", Flaw::Type),
            ("/data/e", Flaw::Value),
            ("/data/f", Flaw::Value),
        ];
        assert_eq!(
            found,
            want.map(|(pointer, flaw)| (pointer.to_owned(), flaw))
        );
    }
}
