//! Rules in a line of text, for the command line and the request header:
//!
//! ```text
//! KIND [VALUE] [PARAMETER=VALUE …] [with KIND …]
//!      [on FIELD=VALUE[|VALUE …] …] [when CONDITION=VALUE …] [as NAME] [cap N] [ttl SPAN]
//! stages AMOUNT KIND … then AMOUNT ok then …
//! ```
//!
//! `refuse card_not_allowed on last4=1111 when first=2` is a rule, `lost_after_commit on operation=provision as lost` and
//! `latency p50=120ms p99=900ms on surface=visa ttl 10m` are others. A value with spaces stands in double quotes and is
//! then read as a JSON string. What is written by [`super::show`] is read here.

use serde_json::{Map, Value};

use super::facts::Field;
use super::fault::{Kind, Takes, find_kind};
use super::read::RuleError;
use super::rule::Rule;
use super::split::split;
use crate::domain::number::digits;
use crate::domain::vocabulary::Vocabulary;
use crate::domain::words::nearest;
use crate::matching::split_values;

const CLAUSES: [&str; 5] = ["on", "when", "as", "cap", "ttl"];
const CONDITIONS: [&str; 7] = [
    "nth",
    "first",
    "after",
    "every",
    "probability",
    "between",
    "per",
];

impl Rule {
    /// Reads a rule from a line of text.
    pub fn from_text(text: &str) -> Result<Self, RuleError> {
        Self::from_words(&split(text)?)
    }

    /// Reads a rule from words, as a shell has split them. A single word is a whole line.
    pub fn from_words<T: AsRef<str>>(words: &[T]) -> Result<Self, RuleError> {
        if let [line] = words
            && line.as_ref().contains(char::is_whitespace)
        {
            return Self::from_text(line.as_ref());
        }
        let mut words = Words {
            words: words.iter().map(AsRef::as_ref).collect(),
            at: 0,
        };
        let mut rule = Map::new();
        rule.insert("fault".to_owned(), words.fault()?);
        while let Some(word) = words.next() {
            let member = if word == "as" {
                "name"
            } else if word == "on" {
                "match"
            } else {
                word
            };
            let value = match word {
                "on" => words.on()?,
                "when" => words.when()?,
                "as" => Value::from(words.value_of("as")?),
                "cap" | "ttl" => number_or_text(words.value_of(word)?),
                other => return Err(words.stray(other)),
            };
            if rule.insert(member.to_owned(), value).is_some() {
                return Err(RuleError::at(word, "stands there twice"));
            }
        }
        Self::read(Value::Object(rule))
    }
}

struct Words<'a> {
    words: Vec<&'a str>,
    at: usize,
}

impl<'a> Words<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.words.get(self.at).copied()
    }

    fn next(&mut self) -> Option<&'a str> {
        let word = self.peek()?;
        self.at += 1;
        Some(word)
    }

    /// The word after a clause that takes one.
    fn value_of(&mut self, clause: &str) -> Result<&'a str, RuleError> {
        self.next()
            .ok_or_else(|| RuleError::at(clause, "needs a value after it"))
    }

    fn fault(&mut self) -> Result<Value, RuleError> {
        let missing = || {
            RuleError::at(
                "fault",
                "is missing; begin with a kind such as delay or reset",
            )
        };
        let word = self.next().ok_or_else(missing)?;
        let kind = find_kind(word).map_err(|problem| RuleError::at("fault.kind", problem))?;
        let mut fault = Map::new();
        fault.insert("kind".to_owned(), Value::from(kind.word));
        if kind
            .parameters
            .iter()
            .any(|one| matches!(one.takes, Takes::Phases))
        {
            fault.insert("stages".to_owned(), self.phases()?);
            return Ok(Value::Object(fault));
        }
        while let Some(word) = self.peek() {
            if word == "then" || CLAUSES.contains(&word) {
                break;
            }
            self.at += 1;
            let (name, value) = if word == "with" {
                ("with", self.fault()?)
            } else {
                self.parameter(kind, word)?
            };
            if fault.insert(name.to_owned(), value).is_some() {
                return Err(RuleError::at(format!("fault.{name}"), "stands there twice"));
            }
        }
        Ok(Value::Object(fault))
    }

    /// `NAME=VALUE`, or the value of the first parameter alone.
    fn parameter(&self, kind: &Kind, word: &'a str) -> Result<(&'a str, Value), RuleError> {
        let Some((name, text)) = word.split_once('=') else {
            let first = kind
                .parameters
                .first()
                .filter(|_| self.words[self.at - 2] == kind.word);
            return match first {
                Some(first) => Ok((first.name, typed(first.takes, word))),
                None => Err(self.stray(word)),
            };
        };
        let known = kind.parameters.iter().find(|one| one.name == name);
        if known.is_none() {
            let clause = if CONDITIONS.contains(&name) {
                "when"
            } else {
                "on"
            };
            if clause == "when" || Field::find(name).is_some() {
                let problem = format!(
                    "is not a parameter of {}; write `{clause}` before it",
                    kind.word
                );
                return Err(RuleError::at(name, problem));
            }
        }
        Ok((
            name,
            known.map_or_else(|| Value::from(text), |known| typed(known.takes, text)),
        ))
    }

    fn phases(&mut self) -> Result<Value, RuleError> {
        let mut phases = Vec::new();
        loop {
            let place = format!("fault.stages.{}", phases.len());
            let amount = self.next().map(number_or_text);
            let amount = amount.ok_or_else(|| {
                RuleError::at(
                    &place,
                    "is missing; begin with how many requests, or how long",
                )
            })?;
            let mut phase = Map::new();
            let length = if amount.is_number() { "requests" } else { "ms" };
            phase.insert(length.to_owned(), amount);
            if self.peek() == Some("ok") {
                self.at += 1;
            } else {
                phase.insert("fault".to_owned(), self.fault()?);
            }
            phases.push(Value::Object(phase));
            if self.peek() != Some("then") {
                return Ok(Value::Array(phases));
            }
            self.at += 1;
        }
    }

    fn on(&mut self) -> Result<Value, RuleError> {
        let list = |text: &str| match split_values(text).as_slice() {
            [one] => Value::from(one.as_str()),
            several => Value::from(several),
        };
        self.pairs("match", "FIELD=VALUE", list)
    }

    fn when(&mut self) -> Result<Value, RuleError> {
        if self.peek() == Some("always") {
            self.at += 1;
            return Ok(Value::from("always"));
        }
        self.pairs("when", "CONDITION=VALUE", number_or_text)
    }

    fn pairs(
        &mut self,
        place: &str,
        shape: &str,
        value: impl Fn(&str) -> Value,
    ) -> Result<Value, RuleError> {
        let mut pairs = Map::new();
        while let Some((name, text)) = self.peek().and_then(|word| word.split_once('=')) {
            self.at += 1;
            if pairs.insert(name.to_owned(), value(text)).is_some() {
                return Err(RuleError::at(
                    format!("{place}.{name}"),
                    "stands there twice",
                ));
            }
        }
        if pairs.is_empty() {
            return Err(RuleError::at(place, format!("needs {shape} after it")));
        }
        Ok(Value::Object(pairs))
    }

    fn stray(&self, word: &str) -> RuleError {
        let known: Vec<_> = CLAUSES.into_iter().chain(["with", "then"]).collect();
        let problem = match nearest(word, &known) {
            Some(near) => format!("was not expected here; did you mean `{near}`?"),
            None => format!(
                "was not expected here; after the fault come {}",
                CLAUSES.join(", ")
            ),
        };
        RuleError::at(word, problem)
    }
}

fn typed(takes: Takes, text: &str) -> Value {
    match takes {
        Takes::Number | Takes::Wait => number_or_text(text),
        Takes::Json => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
        Takes::Text | Takes::Word(_) | Takes::Fault | Takes::Phases => Value::from(text),
    }
}

fn number_or_text(text: &str) -> Value {
    let whole = || digits::<u64>(text).map(Value::from);
    let fraction = || {
        text.parse()
            .ok()
            .and_then(serde_json::Number::from_f64)
            .map(Value::Number)
    };
    whole()
        .or_else(fraction)
        .unwrap_or_else(|| Value::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, place: &str, problem: &str) {
        let error = Rule::from_text(text).unwrap_err();
        assert_eq!(error.place, place, "{text}: {error}");
        assert!(error.problem.contains(problem), "{text}: {error}");
    }

    #[test]
    fn what_cannot_be_read_says_where_and_what_was_meant() {
        refused("", "fault", "is missing");
        refused("dely 5s", "fault.kind", "did you mean \"delay\"?");
        refused("delay 5s whne first=3", "whne", "did you mean `when`?");
        refused("delay 5s surface=cmp", "surface", "write `on` before it");
        refused("delay 5s first=3", "first", "write `when` before it");
        refused("delay 5s ms=5", "fault.ms", "stands there twice");
        refused("delay sec=5", "fault.sec", "is not known");
        refused("delay 5s on", "match", "needs FIELD=VALUE");
        refused("delay 5s when", "when", "needs CONDITION=VALUE");
        refused(
            "delay 5s on surface=cmp on bin=411111",
            "on",
            "stands there twice",
        );
        refused(
            "delay 5s on surface=cmp surface=calm",
            "match.surface",
            "stands there twice",
        );
        refused("delay 5s as", "as", "needs a value");
        refused("delay 5s cap many", "cap", "whole number");
        refused(
            "reset at=after_header",
            "fault.at",
            "did you mean \"after_headers\"?",
        );
        refused("empty_reply now", "now", "was not expected here");
        refused("stages", "fault.stages.0", "how many requests");
        refused("stages 5 ok then", "fault.stages.1", "how many requests");
        refused(
            "recover 2 with quota 1",
            "fault.with.kind",
            "not another sequence",
        );
        refused("delay 5s on client=\"acme", "\"acme", "is not closed");
    }

    #[test]
    fn a_line_is_the_same_rule_as_its_json() {
        let rows = [
            (
                "refuse card_not_allowed on last4=0000 when first=2 per=client as r cap 5 ttl 10m",
                r#"{"name":"r","match":{"last4":"0000"},"when":{"first":2,"per":"client"},
                    "fault":{"kind":"refuse","reason":"card_not_allowed"},"cap":5,"ttl":600000}"#,
            ),
            (
                "status 503 retry_after=2s on surface=cmp|calm path=/cards/*",
                r#"{"match":{"surface":["cmp","calm"],"path":"/cards/*"},
                    "fault":{"kind":"status","status":503,"retry_after":2000}}"#,
            ),
            (
                r#"extra_field /note value="{\"a\": 1}" on client="two words" merchant=a\|b"#,
                r#"{"match":{"client":"two words","merchant":"a|b"},
                    "fault":{"kind":"extra_field","field":"/note","value":{"a":1}}}"#,
            ),
            (
                "recover 2 with reset at=after_headers when probability=0.5",
                r#"{"when":{"probability":0.5},"fault":{"kind":"recover","after":2,
                    "with":{"kind":"reset","at":"after_headers"}}}"#,
            ),
            (
                "stages 20 delay 300ms then 10 ok then 5 status 503 when always",
                r#"{"fault":{"kind":"stages","stages":[
                    {"requests":20,"fault":{"kind":"delay","ms":300}},
                    {"requests":10},
                    {"requests":5,"fault":{"kind":"status","status":503}}]}}"#,
            ),
        ];
        for (text, json) in rows {
            let want: Rule = serde_json::from_str(json).unwrap();
            assert_eq!(Rule::from_text(text).unwrap(), want, "{text}");
        }
    }

    #[test]
    fn a_shell_may_have_split_the_line() {
        let whole = Rule::from_words(&["delay 5s on client=\"two words\""]).unwrap();
        let split = Rule::from_words(&["delay", "5s", "on", "client=two words"]).unwrap();
        assert_eq!(whole, split);
    }
}
