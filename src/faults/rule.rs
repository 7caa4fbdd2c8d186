//! A rule: for which requests, when among them, and what then. A value that can be written down and read again.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::facts::{Facts, Field, Stage};
use super::fault::Fault;
use super::pattern::Pattern;
use super::read::{Fields, RuleError, Wait};
use super::sequence::Sequence;
use super::when::{Per, When};
use crate::limits::FAULT_NAME_BYTES_MAX;

/// One rule. It is read from JSON or TOML of this shape, or from the short syntax.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rule {
    /// None until it is armed; then it is called by its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(rename = "match", skip_serializing_if = "is_default")]
    pub pattern: Pattern,
    #[serde(skip_serializing_if = "is_default")]
    pub when: When,
    pub fault: Fault,
    /// How often it fires at most, whoever is counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<u32>,
    /// How long it is armed, by the space's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<Wait>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What a rule may have, as an object.
pub const MEMBERS: [&str; 6] = ["name", "match", "when", "fault", "cap", "ttl"];

impl Rule {
    /// A rule for every request, always.
    pub fn new(fault: Fault) -> Self {
        Self {
            name: None,
            pattern: Pattern::default(),
            when: When::default(),
            fault,
            cap: None,
            ttl: None,
        }
    }

    /// Reads a rule from a tree of values. The error names the place and the nearest name that is known.
    pub fn read(value: Value) -> Result<Self, RuleError> {
        let mut fields = Fields::open("", value, &MEMBERS).map_err(|mut error| {
            if error.place.is_empty() {
                error.place.push_str("rule");
            }
            error
        })?;
        let name: Option<String> = fields.get("name")?;
        if name.as_ref().is_some_and(|name| !is_name(name)) {
            let problem =
                format!("must have 1 to {FAULT_NAME_BYTES_MAX} letters, digits, '.', '_' or '-'");
            return Err(fields.problem("name", &problem));
        }
        let nothing = || Value::Object(Map::new());
        let pattern = Pattern::read("match", fields.take("match").unwrap_or_else(nothing))?;
        let when = When::read("when", fields.take("when").unwrap_or_else(nothing))?;
        let fault = fields.take("fault");
        let fault = fault.ok_or_else(|| fields.problem("fault", "is missing"))?;
        let fault = Fault::read("fault", fault)?;
        let (cap, ttl) = (fields.get("cap")?, fields.get::<Wait>("ttl")?);
        if cap == Some(0) {
            return Err(fields.problem("cap", "must be at least 1"));
        }
        if ttl.is_some_and(|ttl| ttl.0.is_zero()) {
            return Err(fields.problem("ttl", "must be more than 0"));
        }
        let rule = Self {
            name,
            pattern,
            when,
            fault,
            cap,
            ttl,
        };
        if rule.when.per.is_some() && rule.counted_by().is_none() {
            return Err(RuleError::at(
                "when.per",
                "says what to count by, but nothing is counted",
            ));
        }
        rule.check_webhooks()?;
        rule.check_operation()?;
        Ok(rule)
    }

    /// Whether it is for a request of which these facts are known.
    pub(super) fn is_about(&self, facts: &Facts) -> bool {
        self.pattern.matches(facts)
            && self.fault.operations().is_none_or(|possible| {
                let mut known = facts.values(Field::Operation).peekable();
                known.peek().is_none() || known.any(|word| possible.contains(&word))
            })
    }

    /// The stage at which the rule is decided: the first at which all that it asks for is known.
    pub fn stage(&self) -> Stage {
        let counted = self
            .counted_by()
            .and_then(Per::field)
            .map_or(Stage::Arrival, Field::stage);
        self.pattern.stage().max(counted).max(self.fault.stage())
    }

    /// What is counted together, or None when it does not matter which request it is.
    pub(super) fn counted_by(&self) -> Option<Per> {
        let by_fault = match &self.fault {
            Fault::Plain(plain) if plain.draws() => Some(Per::Subject),
            Fault::Plain(_) => None,
            Fault::Sequence(Sequence::Quota { .. }) => Some(Per::Client),
            Fault::Sequence(Sequence::Recover { .. }) => Some(Per::IdempotencyKey),
            Fault::Sequence(sequence @ (Sequence::Outage { .. } | Sequence::Stages { .. })) => {
                let draws = sequence.parts().iter().any(|part| part.draws());
                (draws || sequence.counts()).then_some(Per::Subject)
            }
        };
        let counts = by_fault.is_some() || self.when.counts();
        counts.then(|| self.when.per.or(by_fault).unwrap_or(Per::Subject))
    }

    /// The text under which a request is counted. A client that sends no idempotency key is counted by subject, unless the
    /// rule itself says what to count by.
    pub(super) fn key(&self, per: Per, facts: &Facts) -> Result<String, Field> {
        per.key(facts).or_else(|unknown| match self.when.per {
            Some(_) => Err(unknown),
            None => Per::Subject.key(facts),
        })
    }

    /// The rule with card numbers masked, to be shown.
    #[must_use]
    pub fn masked(&self) -> Self {
        Self {
            pattern: self.pattern.masked(),
            ..self.clone()
        }
    }
}

/// Whether the text can name a rule.
pub fn is_name(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    (1..=FAULT_NAME_BYTES_MAX).contains(&text.len()) && text.chars().all(fits)
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::read(Value::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_rule_is_decided_as_soon_as_all_it_asks_for_is_known() {
        let rows = [
            (json!({"fault": {"kind": "delay", "ms": 1}}), Stage::Arrival),
            (
                json!({"match": {"card": "x"}, "fault": {"kind": "delay", "ms": 1}}),
                Stage::Operation,
            ),
            (
                json!({"when": {"first": 1, "per": "merchant"}, "fault": {"kind": "empty_reply"}}),
                Stage::Operation,
            ),
            (
                json!({"match": {"surface": "cmp"}, "fault": {"kind": "refuse", "reason": "declined"}}),
                Stage::Operation,
            ),
            (
                json!({"fault": {"kind": "quota", "limit": 1}}),
                Stage::Operation,
            ),
            (
                json!({"when": {"per": "path"}, "fault": {"kind": "quota", "limit": 1}}),
                Stage::Arrival,
            ),
            (
                json!({"fault": {"kind": "recover", "after": 1}}),
                Stage::Arrival,
            ),
            (
                json!({"match": {"token": "x"}, "fault": {"kind": "webhook_drop"}}),
                Stage::Webhook,
            ),
        ];
        for (value, want) in rows {
            assert_eq!(Rule::read(value.clone()).unwrap().stage(), want, "{value}");
        }
    }

    #[track_caller]
    fn refused(value: Value, place: &str, problem: &str) {
        let error = Rule::read(value).unwrap_err();
        assert_eq!(error.place, place, "{error}");
        assert!(error.problem.contains(problem), "{error}");
    }

    #[test]
    fn what_is_wrong_with_a_rule_is_said_with_its_place() {
        let delay = json!({"kind": "delay", "ms": 1});
        let drop = json!({"kind": "webhook_drop"});
        refused(json!(1), "rule", "must be an object");
        refused(json!({}), "fault", "is missing");
        refused(json!({"faults": {}}), "faults", "did you mean \"fault\"?");
        refused(json!({"name": "a b", "fault": delay}), "name", "letters");
        refused(json!({"cap": 0, "fault": delay}), "cap", "at least 1");
        refused(json!({"ttl": 0, "fault": delay}), "ttl", "more than 0");
        refused(
            json!({"when": {"per": "card"}, "fault": delay}),
            "when.per",
            "nothing is counted",
        );
        refused(
            json!({"match": {"event": "deleted"}, "fault": delay}),
            "match.event",
            "webhooks only",
        );
        for (operation, fault) in [
            (json!("authorize"), json!({"kind": "step_up"})),
            (
                json!("provision"),
                json!({"kind": "issuer_answer", "answer": "stolen"}),
            ),
            (
                json!("!issue_cryptogram"),
                json!({"kind": "spent_cryptogram"}),
            ),
            (
                json!(["read_card", "capture"]),
                json!({"kind": "refuse", "reason": "declined"}),
            ),
        ] {
            refused(
                json!({"match": {"operation": operation}, "fault": fault}),
                "match.operation",
                "could never fire",
            );
        }
        refused(
            json!({"match": {"method": "GET"}, "fault": drop}),
            "match.method",
            "requests only",
        );
    }

    #[test]
    fn what_is_wrong_with_a_fault_is_said_with_its_place() {
        let refused = |fault: Value, place: &str, problem: &str| {
            refused(json!({"fault": fault}), place, problem);
        };
        refused(json!({}), "fault.kind", "it can be refuse, ");
        refused(
            json!({"kind": "rest"}),
            "fault.kind",
            "did you mean \"reset\"?",
        );
        refused(json!({"kind": 1}), "fault.kind", "is not known");
        refused(json!({"kind": "delay"}), "fault.ms", "is missing");
        refused(
            json!({"kind": "delay", "ms": "1h"}),
            "fault.ms",
            "must be at most 300s",
        );
        refused(
            json!({"kind": "delay", "millis": 1}),
            "fault.millis",
            "is not known",
        );
        refused(
            json!({"kind": "empty_reply", "at": 1}),
            "fault.at",
            "is not known",
        );
        refused(
            json!({"kind": "reset", "at": "after_header"}),
            "fault.at",
            "did you mean \"after_headers\"?",
        );
        refused(
            json!({"kind": "reset", "at": "after_headers", "bytes": 1}),
            "fault.bytes",
            "at=after_bytes",
        );
        refused(
            json!({"kind": "refuse", "reason": "expired"}),
            "fault.reason",
            "did you mean \"card_expired\"?",
        );
        refused(
            json!({"kind": "status", "status": 200}),
            "fault.status",
            "400 to 599",
        );
        refused(
            json!({"kind": "latency", "p50": 9, "p99": 8}),
            "fault.p99",
            "between p50 and max",
        );
        refused(
            json!({"kind": "missing_field", "field": ""}),
            "fault.field",
            "/data/id",
        );
        refused(
            json!({"kind": "outage", "lasts": 5, "every": 5}),
            "fault.every",
            "longer than lasts",
        );
    }

    #[test]
    fn what_is_wrong_with_a_sequence_is_said_with_its_place() {
        let quota = json!({"kind": "quota", "limit": 1});
        refused(
            json!({"fault": {"kind": "recover", "after": 1, "with": quota}}),
            "fault.with.kind",
            "not another sequence",
        );
        let refused = |stages: Value, place: &str, problem: &str| {
            refused(
                json!({"fault": {"kind": "stages", "stages": stages}}),
                place,
                problem,
            );
        };
        let delay = json!({"kind": "delay", "ms": 1});
        let drop = json!({"kind": "webhook_drop"});
        refused(json!([]), "fault.stages", "1 to 32 phases");
        refused(
            json!([{"requests": 1}]),
            "fault.stages",
            "a phase with a fault",
        );
        refused(
            json!([{"requests": 0, "fault": delay}]),
            "fault.stages.0",
            "at least 1",
        );
        refused(
            json!([{"requests": 1}, {"ms": 1, "fault": delay}]),
            "fault.stages",
            "not some of each",
        );
        refused(
            json!([{"requests": 1, "fault": {"kind": "dely"}}]),
            "fault.stages.0.fault.kind",
            "did you mean \"delay\"?",
        );
        refused(
            json!([{"requests": 1, "fault": delay}, {"requests": 1, "fault": drop}]),
            "fault",
            "not for both",
        );
    }
}
