//! The JSON Schema of a file of fault rules, from the same lists of kinds and parameters that the reader has. It says what can be
//! written where; what fits together only by its meaning, such as an operation that a kind cannot happen to, the reader says.

use serde_json::{Map, Value, json};

use super::facts::Field;
use super::fault::{Kind, Parameter, Takes, kinds};
use super::when::Per;
use crate::domain::vocabulary::all_words;
use crate::limits::FAULT_NAME_BYTES_MAX;

const DIALECT: &str = "http://json-schema.org/draft-07/schema#";

/// The schema.
pub fn schema() -> Value {
    json!({
        "$schema": DIALECT,
        "title": "A file of fault rules of standin",
        "type": "object",
        "required": ["rule"],
        "additionalProperties": false,
        "properties": {
            "about": { "type": "string", "description": "What it is like, for people." },
            "source": { "type": "string", "description": "Who says that it is so." },
            "rule": { "type": "array", "items": rule() },
        },
    })
}

fn rule() -> Value {
    let name = format!("^[A-Za-z0-9._-]{{1,{FAULT_NAME_BYTES_MAX}}}$");
    json!({
        "type": "object",
        "required": ["fault"],
        "additionalProperties": false,
        "properties": {
            "name": { "type": "string", "pattern": name, "description": "What it is called; made when none is given." },
            "match": pattern(),
            "when": when(),
            "fault": { "oneOf": kinds().map(kind).collect::<Value>() },
            "cap": { "type": "integer", "minimum": 1, "description": "How often it fires at most." },
            "ttl": span("How long it is armed, by the space's clock."),
        },
    })
}

/// Which requests: each field has a value or several.
fn pattern() -> Value {
    let value = json!({ "type": ["string", "integer"] });
    let fields = all_words::<Field>().into_iter().map(|word| {
        let any = json!({ "anyOf": [value, { "type": "array", "items": value }] });
        (word.to_owned(), any)
    });
    let fields: Map<_, _> = fields.collect();
    json!({
        "type": "object",
        "properties": fields,
        "additionalProperties": false,
        "description": "Which requests; every one when nothing is given.",
    })
}

fn when() -> Value {
    let count = |about: &str| json!({ "type": "integer", "minimum": 1, "description": about });
    json!({
        "type": "object",
        "additionalProperties": false,
        "description": "When, among the requests that match; always when nothing is given.",
        "properties": {
            "nth": count("Only this one, counted from 1."),
            "first": count("Only so many."),
            "after": { "type": "integer", "minimum": 0, "description": "Not before so many have come." },
            "every": count("Each so manieth."),
            "probability": { "type": "number", "exclusiveMinimum": 0, "maximum": 1 },
            "between": {
                "description": "From the first instant to just before the second, by the space's clock.",
                "type": ["array", "string"],
            },
            "per": { "enum": all_words::<Per>(), "description": "What is counted together." },
        },
    })
}

fn kind(kind: &Kind) -> Value {
    let mut members = Map::new();
    members.insert("kind".to_owned(), json!({ "const": kind.word }));
    members.extend(
        kind.parameters
            .iter()
            .map(|one| (one.name.to_owned(), parameter(one))),
    );
    let needed = kind.parameters.iter().filter(|one| one.default.is_none());
    let needed: Vec<_> = ["kind"]
        .into_iter()
        .chain(needed.map(|one| one.name))
        .collect();
    json!({
        "type": "object",
        "description": kind.about,
        "required": needed,
        "additionalProperties": false,
        "properties": members,
    })
}

fn parameter(one: &Parameter) -> Value {
    let mut schema = match one.takes {
        Takes::Number => json!({ "type": "number", "minimum": 0 }),
        Takes::Wait => return span(one.about),
        Takes::Text => json!({ "type": ["string", "integer"] }),
        Takes::Word(words) => json!({ "enum": words() }),
        Takes::Json => json!({}),
        Takes::Fault => json!({ "type": "object", "required": ["kind"] }),
        Takes::Phases => json!({ "type": ["array", "string"] }),
    };
    schema["description"] = json!(one.about);
    schema
}

/// Milliseconds, or a text such as `5s` or `PT24H`.
fn span(about: &str) -> Value {
    json!({
        "description": about,
        "anyOf": [
            { "type": "integer", "minimum": 0 },
            { "type": "string", "pattern": "^([0-9].*|[pP].+)$" },
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::file::FaultFile;

    fn valid(text: &str) -> bool {
        let validator = jsonschema::validator_for(&schema()).unwrap();
        let table: toml::Table = text.parse().unwrap();
        validator.is_valid(&serde_json::to_value(table).unwrap())
    }

    #[test]
    fn what_comes_with_standin_is_valid() {
        for preset in FaultFile::presets() {
            let path = format!(
                "{}/fixtures/faults/{preset}.toml",
                env!("CARGO_MANIFEST_DIR")
            );
            assert!(valid(&std::fs::read_to_string(path).unwrap()), "{preset}");
        }
        for kind in kinds() {
            let words: Vec<_> = kind.example.split(' ').map(str::to_owned).collect();
            let rule = crate::faults::rule::Rule::from_words(&words).unwrap();
            let file = json!({ "rule": [rule] });
            let validator = jsonschema::validator_for(&schema()).unwrap();
            let errors: Vec<_> = validator
                .iter_errors(&file)
                .map(|e| e.to_string())
                .collect();
            assert!(errors.is_empty(), "{}: {errors:?}\n{file:#}", kind.example);
        }
    }

    #[test]
    fn schema_and_reader_refuse_the_same() {
        let delay = "fault = { kind = \"delay\", ms = 5 }\n";
        for (text, right) in [
            (format!("[[rule]]\n{delay}"), true),
            (
                format!("[[rule]]\nname = \"a\"\ncap = 2\nttl = \"10m\"\n{delay}"),
                true,
            ),
            (
                format!(
                    "[[rule]]\nmatch = {{ surface = \"cmp\" }}\nwhen = {{ first = 2 }}\n{delay}"
                ),
                true,
            ),
            (String::new(), false),
            (format!("[[rules]]\n{delay}"), false),
            ("[[rule]]\n".to_owned(), false),
            ("[[rule]]\nfault = { kind = \"dely\" }\n".to_owned(), false),
            ("[[rule]]\nfault = \"delay\"\n".to_owned(), false),
            (
                "[[rule]]\nfault = { kind = \"delay\", ms = 5, more = 1 }\n".to_owned(),
                false,
            ),
            (format!("[[rule]]\nname = \"a b\"\n{delay}"), false),
            (format!("[[rule]]\ncap = 0\n{delay}"), false),
            (format!("[[rule]]\nttl = \"soon\"\n{delay}"), false),
            (format!("[[rule]]\nwhen = {{ nth = 0 }}\n{delay}"), false),
            (
                format!("[[rule]]\nwhen = {{ probability = 2 }}\n{delay}"),
                false,
            ),
            (
                format!("[[rule]]\nwhen = {{ often = true }}\n{delay}"),
                false,
            ),
            (
                format!("[[rule]]\nmatch = {{ colour = \"red\" }}\n{delay}"),
                false,
            ),
            (format!("[[rule]]\nmatch = \"cmp\"\n{delay}"), false),
        ] {
            let read = FaultFile::from_toml(&text);
            assert_eq!(read.is_ok(), right, "{text}{read:?}");
            assert_eq!(valid(&text), right, "{text}");
        }
    }
}
