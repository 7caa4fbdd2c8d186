//! Writing a rule as a line of the short syntax, so that what is listed can be given again.

use std::fmt;

use serde_json::Value;

use super::fault::{Takes, find_kind};
use super::read::Wait;
use super::rule::Rule;
use crate::domain::number::whole_from_zero;

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = serde_json::to_value(self).map_err(|_| fmt::Error)?;
        fault(f, &value["fault"])?;
        clause(f, "on", &value["match"], |value| match value {
            Value::Array(several) => several.iter().map(bare).collect::<Vec<_>>().join("|"),
            one @ (Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Object(_)) => bare(one),
        })?;
        clause(f, "when", &value["when"], |value| match value {
            Value::Array(ends) => ends.iter().map(plain).collect::<Vec<_>>().join(".."),
            one @ (Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Object(_)) => plain(one),
        })?;
        if let Some(name) = &self.name {
            write!(f, " as {name}")?;
        }
        if let Some(cap) = self.cap {
            write!(f, " cap {cap}")?;
        }
        if let Some(ttl) = self.ttl {
            write!(f, " ttl {ttl}")?;
        }
        Ok(())
    }
}

fn fault(f: &mut fmt::Formatter<'_>, value: &Value) -> fmt::Result {
    let word = value["kind"].as_str().unwrap_or_default();
    f.write_str(word)?;
    let parameters = find_kind(word).map_or(&[][..], |kind| kind.parameters);
    let given = parameters
        .iter()
        .filter(|one| value.get(one.name).is_some());
    for parameter in given {
        let (name, given) = (parameter.name, &value[parameter.name]);
        match parameter.takes {
            Takes::Fault => {
                write!(f, " {name} ")?;
                fault(f, given)?;
            }
            Takes::Phases => phases(f, given)?,
            Takes::Wait => write!(f, " {name}={}", wait(given))?,
            Takes::Json => write!(f, " {name}={}", quoted(&json(given)))?,
            Takes::Number | Takes::Text | Takes::Word(_) => {
                write!(f, " {name}={}", quoted(&plain(given)))?;
            }
        }
    }
    Ok(())
}

fn phases(f: &mut fmt::Formatter<'_>, value: &Value) -> fmt::Result {
    for (place, phase) in value.as_array().into_iter().flatten().enumerate() {
        let then = if place == 0 { "" } else { " then" };
        match (&phase["requests"], &phase["ms"]) {
            (Value::Null, ms) => write!(f, "{then} {}", wait(ms))?,
            (requests, _) => write!(f, "{then} {requests}")?,
        }
        match phase.get("fault") {
            None => f.write_str(" ok")?,
            Some(inner) => {
                f.write_str(" ")?;
                fault(f, inner)?;
            }
        }
    }
    Ok(())
}

fn clause(
    f: &mut fmt::Formatter<'_>,
    word: &str,
    value: &Value,
    write: impl Fn(&Value) -> String,
) -> fmt::Result {
    let Some(members) = value.as_object().filter(|members| !members.is_empty()) else {
        return Ok(());
    };
    write!(f, " {word}")?;
    for (name, value) in members {
        write!(f, " {name}={}", quoted(&write(value)))?;
    }
    Ok(())
}

fn wait(value: &Value) -> String {
    value
        .as_number()
        .and_then(whole_from_zero)
        .map_or_else(|| plain(value), |millis| Wait::millis(millis).to_string())
}

/// Text as it is, anything else as JSON.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// One value of a list between bars.
fn bare(value: &Value) -> String {
    plain(value).replace('\\', "\\\\").replace('|', "\\|")
}

/// Text that would be read as another value stands in quotes of its own.
fn json(value: &Value) -> String {
    match value.as_str() {
        Some(text) if serde_json::from_str::<Value>(text).is_err() => text.to_owned(),
        Some(_) | None => value.to_string(),
    }
}

fn quoted(text: &str) -> String {
    let needs = |c: char| c.is_whitespace() || c.is_control() || c == '"';
    if text.is_empty() || text.contains(needs) {
        Value::from(text).to_string()
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::faults::fault::{Fault, kinds};

    #[test]
    fn every_kind_is_read_written_and_read_again() {
        for kind in kinds() {
            let rule = Rule::from_text(kind.example).unwrap();
            assert_eq!(Rule::from_text(&rule.to_string()).unwrap(), rule, "{rule}");
            assert_eq!(rule.fault.word(), kind.word);
            let json = serde_json::to_string(&rule).unwrap();
            assert_eq!(serde_json::from_str::<Rule>(&json).unwrap(), rule, "{json}");
            let toml = toml::to_string(&rule).unwrap();
            assert_eq!(toml::from_str::<Rule>(&toml).unwrap(), rule, "{toml}");
        }
    }

    #[test]
    fn a_rule_with_everything_is_written_as_it_is_read() {
        let text = "delay ms=500ms on surface=cmp|calm bin=411111 \
                    when first=3 between=2026-01-01T00:00:00.000000Z..2026-01-02T00:00:00.000000Z per=card \
                    as slow cap 7 ttl 60s";
        assert_eq!(Rule::from_text(text).unwrap().to_string(), text);
    }

    proptest! {
        #[test]
        fn any_text_survives(name in "[^\\p{C}]{1,20}", value in "\\PC{0,20}") {
            // An exclamation mark alone negates an empty name, which is refused.
            prop_assume!(name != "!");
            let fault = json!({"kind": "extra_field", "field": "/x", "value": value});
            let rule = Rule::read(json!({"match": {"merchant": [name, "b"]}, "fault": fault})).unwrap();
            let text = rule.to_string();
            prop_assert_eq!(&Rule::from_text(&text).unwrap(), &rule, "{}", text);
            prop_assert!(matches!(rule.fault, Fault::Plain(_)));
        }
    }
}
