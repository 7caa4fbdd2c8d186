//! Rules in a file, and the files that come with standin: named mixtures of faults for a whole afternoon of testing.

use serde_json::{Map, Value};

use super::read::{Fields, RuleError, kind_of};
use super::rule::Rule;
use crate::domain::words::unknown;
use crate::wording::told;

/// A file of rules.
#[derive(Debug, Clone, PartialEq)]
pub struct FaultFile {
    /// What it is like, for people.
    pub about: Option<String>,
    /// Who says that it is so.
    pub source: Option<String>,
    pub rules: Vec<Rule>,
}

const PRESETS: [(&str, &str); 6] = [
    (
        "flaky_network",
        include_str!("../../fixtures/faults/flaky_network.toml"),
    ),
    (
        "issuer_outage",
        include_str!("../../fixtures/faults/issuer_outage.toml"),
    ),
    (
        "slow_friday",
        include_str!("../../fixtures/faults/slow_friday.toml"),
    ),
    (
        "lost_replies",
        include_str!("../../fixtures/faults/lost_replies.toml"),
    ),
    (
        "webhook_storm",
        include_str!("../../fixtures/faults/webhook_storm.toml"),
    ),
    (
        "magic_values",
        include_str!("../../fixtures/faults/magic_values.toml"),
    ),
];

impl FaultFile {
    /// Reads TOML: `about` and `source`, which may be left out, and a `[[rule]]` for each rule, in the shape of its JSON.
    pub fn from_toml(text: &str) -> Result<Self, RuleError> {
        let table: toml::Table = text
            .parse()
            .map_err(|error: toml::de::Error| RuleError::at("file", told(&error)))?;
        let members = table
            .into_iter()
            .map(|(name, value)| (name, as_json(value)));
        let file = Value::Object(members.collect::<Map<_, _>>());
        let mut fields = Fields::open("", file, &["about", "source", "rule"])?;
        let (about, source) = (fields.get("about")?, fields.get("source")?);
        let rules = match fields.take("rule") {
            Some(Value::Array(items)) => items,
            Some(other) => {
                let problem = format!("must be written as [[rule]], not as {}", kind_of(&other));
                return Err(fields.problem("rule", &problem));
            }
            None => {
                return Err(fields.problem("rule", "is missing; each rule begins with [[rule]]"));
            }
        };
        let read = |(place, item): (usize, Value)| {
            Rule::read(item).map_err(|error| error.within(&format!("rule {}", place + 1)))
        };
        let rules = rules
            .into_iter()
            .enumerate()
            .map(read)
            .collect::<Result<_, _>>()?;
        Ok(Self {
            about,
            source,
            rules,
        })
    }

    /// The preset of this name.
    pub fn preset(name: &str) -> Result<Self, RuleError> {
        let found = PRESETS.into_iter().find(|(known, _)| *known == name);
        let known: Vec<_> = Self::presets().collect();
        let (_, text) = found.ok_or_else(|| RuleError::at("preset", unknown(name, &known)))?;
        Self::from_toml(text)
    }

    /// The names of all presets.
    pub fn presets() -> impl Iterator<Item = &'static str> {
        PRESETS.into_iter().map(|(name, _)| name)
    }
}

/// TOML as JSON has it; an instant becomes its text.
fn as_json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(truth) => truth.into(),
        toml::Value::Datetime(instant) => instant.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(as_json).collect(),
        toml::Value::Table(table) => {
            let members = table
                .into_iter()
                .map(|(name, value)| (name, as_json(value)));
            Value::Object(members.collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::moment::Moment;
    use crate::faults::choose::RuleSet;
    use crate::faults::facts::{Facts, Field};
    use crate::seed::Seed;

    /// Facts that the rule's pattern matches, about the `number`th of many things.
    fn facts(rule: &Rule, number: u32) -> Facts {
        let mut facts = Facts::new()
            .with(Field::Client, "acme")
            .with(Field::Path, format!("/{number}"))
            .with(Field::Token, number.to_string());
        for asked in rule.pattern.asked() {
            facts.add(asked.field, asked.texts().next().unwrap());
        }
        facts
    }

    /// Every rule fires when it is armed alone, for one of two thousand requests in the hour after it is armed.
    #[test]
    fn every_rule_of_every_preset_can_fire() {
        let start = Moment::from_seconds(1_767_225_600);
        let seed = Seed::from_text("presets");
        for name in FaultFile::presets() {
            let file = FaultFile::preset(name).unwrap();
            assert!(file.about.is_some() && file.source.is_some(), "{name}");
            for rule in file.rules {
                let mut set = RuleSet::default();
                set.arm(rule.clone(), start).unwrap();
                for number in 0..2_000 {
                    let now = start.plus(Duration::from_millis(u64::from(number) * 1_800));
                    // Many at once, as a quota needs them.
                    let now = if number < 200 { start } else { now };
                    set.choose(rule.stage(), &facts(&rule, number), now, &seed);
                }
                let armed = set.iter().next().unwrap();
                assert!(armed.fired() > 0, "{name}: {rule}");
                assert!(rule.name.is_some(), "{name}: {rule}");
            }
        }
    }

    #[test]
    fn the_presets_can_all_be_armed_together() {
        let mut set = RuleSet::default();
        for name in FaultFile::presets() {
            for rule in FaultFile::preset(name).unwrap().rules {
                set.arm(rule, Moment::EPOCH).unwrap();
            }
        }
        assert!(set.len() > 20);
    }

    #[test]
    fn a_file_says_what_is_wrong_with_it() {
        let rows = [
            ("rule = 1", "rule", "[[rule]]"),
            ("about = \"x\"", "rule", "is missing"),
            ("abuot = \"x\"", "abuot", "did you mean \"about\"?"),
            ("[[rule]\n", "file", "line 1"),
            (
                "[[rule]]\nfault = { kind = \"delay\", ms = 1 }\n[[rule]]\nfault = { kind = \"dely\" }",
                "rule 2.fault.kind",
                "did you mean \"delay\"?",
            ),
        ];
        for (text, place, problem) in rows {
            let error = FaultFile::from_toml(text).unwrap_err();
            assert_eq!(error.place, place, "{text}: {error}");
            assert!(error.problem.contains(problem), "{text}: {error}");
        }
        let error = FaultFile::preset("flaky_netwrk").unwrap_err();
        assert!(
            error.problem.contains("did you mean \"flaky_network\"?"),
            "{error}"
        );
    }

    #[test]
    fn an_instant_needs_no_quotes_in_toml() {
        let text = "[[rule]]\nwhen = { between = [2026-01-01T00:00:00Z, 2026-01-02T00:00:00Z] }\n\
                    fault = { kind = \"empty_reply\" }";
        assert!(
            FaultFile::from_toml(text).unwrap().rules[0]
                .when
                .between
                .is_some()
        );
    }
}
