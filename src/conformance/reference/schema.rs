//! The format of a target file as a JSON Schema, for editors: made of the same tables, words and vocabulary as the reference in
//! words, so that neither can know more than the other.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::binding::{Fact, Operation, vocabulary};
use super::super::capability::CAPABILITIES;
use super::{Table, Written, operations, written};

/// The dialect that editors for TOML know best.
const DIALECT: &str = "http://json-schema.org/draft-07/schema#";
/// How a time is written.
const TIME: &str = "^([0-9]+(ms|us|s|m|h))+$";

/// The schema as a text.
///
/// # Errors
/// A text when the built-in file is wrong; a test reads it.
pub fn schema() -> Result<String, String> {
    let schema = whole(&written()?)?;
    serde_json::to_string_pretty(&schema).map_err(|error| error.to_string())
}

fn whole(written: &Written) -> Result<Value, String> {
    let makes = Makes::new(written)?;
    let mut root = makes.table("The file itself", None)?;
    root["$schema"] = json!(DIALECT);
    root["title"] = json!("A target file of standin conform");
    Ok(root)
}

/// Makes schemas of tables.
struct Makes<'a> {
    tables: BTreeMap<&'a str, &'a Table>,
    /// The closed words by the members that hold them, such as `auth.kind`.
    words: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Makes<'a> {
    fn new(written: &'a Written) -> Result<Self, String> {
        let tables = written.tables.iter();
        let tables = tables.map(|table| (table.title.as_str(), table)).collect();
        let mut words: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for list in &written.words {
            // The places stand in backticks: "Of a test card: `cards.condition`."
            let places = list.about.split('`').skip(1).step_by(2);
            for place in places {
                let known = list.words.iter().map(|[word, _]| word.as_str());
                words.entry(place).or_insert_with(|| known.collect());
            }
        }
        if words.is_empty() {
            return Err("format.toml lists no closed words".to_owned());
        }
        Ok(Self { tables, words })
    }

    /// One table as an object. `kind` is the value of its member `kind`, where it has one.
    fn table(&self, title: &str, kind: Option<&str>) -> Result<Value, String> {
        let table = self.tables.get(title);
        let table = table.ok_or_else(|| format!("format.toml has no table {title:?}"))?;
        let (mut properties, mut needed) = (Map::new(), Vec::new());
        if let Some(kind) = kind {
            properties.insert("kind".to_owned(), json!({ "const": kind }));
            needed.push("kind");
        }
        for [name, kind, without, meaning] in &table.keys {
            let mut member = self.member(title, name, kind)?;
            member["description"] = json!(meaning);
            properties.insert(name.clone(), member);
            if without == "needed" {
                needed.push(name);
            }
        }
        Ok(json!({
            "type": "object",
            "description": table.about,
            "properties": properties,
            "required": needed,
            "additionalProperties": false,
        }))
    }

    fn member(&self, title: &str, name: &str, kind: &str) -> Result<Value, String> {
        let text = json!({ "type": "string" });
        let texts = json!({ "type": "array", "items": { "type": "string" } });
        let by_name = |of: Value| json!({ "type": "object", "additionalProperties": of });
        Ok(match (title, name) {
            ("The file itself", "auth" | "other") => self.auth()?,
            ("The file itself", "control") => self.table("[binding] and [control]", None)?,
            ("The file itself", "binding") => self.table("[binding] and [control]", None)?,
            ("The file itself", "accounts" | "keys") => {
                by_name(self.table(&format!("[{name}.NAME]"), None)?)
            }
            ("The file itself", "cards") => {
                json!({ "type": "array", "items": self.table("[[cards]]", None)? })
            }
            ("The file itself", _) if kind == "table" => self.table(&format!("[{name}]"), None)?,
            ("[binding] and [control]", "operations") => self.operations()?,
            ("[binding.operations.NAME]", "requests") => {
                let request = self.table("[[binding.operations.NAME.requests]]", None)?;
                json!({ "type": "array", "items": request, "minItems": 1 })
            }
            ("[binding.operations.NAME.poll]", "request") => {
                self.table("[[binding.operations.NAME.requests]]", None)?
            }
            ("[webhooks]", "signature") => self.table("[webhooks.signature]", None)?,
            ("[binding.operations.NAME]", "poll" | "pages") => {
                self.table(&format!("[binding.operations.NAME.{name}]"), None)?
            }
            _ => match kind {
                "time" => json!({ "type": "string", "pattern": TIME }),
                "number" => json!({ "type": "number" }),
                "true or false" => json!({ "type": "boolean" }),
                "list of statuses" => json!({ "type": "array", "items": { "type": "integer" } }),
                "list of sources" | "list of texts" => texts,
                "list of states" => json!({ "type": "array", "items": self.closed("poll.until")? }),
                "list of capabilities" => {
                    let known: Vec<&str> = CAPABILITIES.iter().map(|(name, _)| *name).collect();
                    json!({ "type": "array", "items": { "enum": known } })
                }
                "operation" => {
                    let known: Vec<&str> = Operation::all().map(Operation::word).collect();
                    json!({ "enum": known })
                }
                "variable" => {
                    let known: Vec<&str> = vocabulary::TOLD.iter().map(|(name, _)| *name).collect();
                    json!({ "enum": known })
                }
                "texts by header" | "texts by name" => by_name(text),
                "sources by fact" | "sources by variable" => by_name(json!({})),
                "texts by state" | "texts by outcome" | "texts by reason" | "texts by kind" => {
                    let place = match kind {
                        "texts by kind" => "webhooks.types".to_owned(),
                        _ => format!("binding.{name}"),
                    };
                    let known = self.closed(&place)?;
                    json!({ "type": "object", "propertyNames": known, "additionalProperties": texts })
                }
                "texts by variable and value"
                | "values by variable"
                | "texts by asker and variable" => by_name(json!({})),
                "statuses by word" => by_name(json!({ "type": "integer" })),
                "text" | "path" => text,
                _ => self.closed_in(title, name, kind)?,
            },
        })
    }

    /// Words of a member that are known by the place in which they stand.
    fn closed_in(&self, title: &str, name: &str, kind: &str) -> Result<Value, String> {
        let inside = title.trim_start_matches('[');
        let inside = inside.split(']').next().unwrap_or_default();
        let places = [format!("{inside}.{name}"), name.to_owned()];
        let mut found = places.iter().filter_map(|place| self.closed(place).ok());
        found.next().ok_or_else(|| {
            format!("format.toml: {title}, {name}: no words are listed for the type {kind:?}")
        })
    }

    fn closed(&self, place: &str) -> Result<Value, String> {
        let known = self.words.get(place);
        let known = known.ok_or_else(|| format!("format.toml lists no words of {place}"))?;
        Ok(json!({ "enum": known }))
    }

    /// One of the kinds of authentication, each with its own members.
    fn auth(&self) -> Result<Value, String> {
        let kinds = self.words.get("auth.kind");
        let kinds = kinds.ok_or("format.toml lists no kinds of auth")?;
        let mut all = Vec::new();
        for kind in kinds {
            let ending = format!("kind = \"{kind}\"");
            let mut titles = self.tables.keys();
            let title = titles.find(|title| title.ends_with(&ending));
            let title = title.ok_or_else(|| format!("format.toml has no table of {ending}"))?;
            all.push(self.table(title, Some(kind))?);
        }
        Ok(json!({ "oneOf": all }))
    }

    /// The operations, each with the facts that are looked at in its answer.
    fn operations(&self) -> Result<Value, String> {
        let mut properties = Map::new();
        for operation in Operation::all() {
            let mut one = self.table("[binding.operations.NAME]", None)?;
            one["description"] = json!(operations::asked(operation));
            let sources = json!({ "type": "array", "items": { "type": "string" } });
            let facts = operations::facts(operation).iter().chain(&[Fact::Reason]);
            let facts: Map<String, Value> = facts
                .map(|fact| {
                    let mut source = sources.clone();
                    source["description"] = json!(vocabulary::meaning_of(*fact));
                    (vocabulary::name_of(*fact).to_owned(), source)
                })
                .collect();
            one["properties"]["facts"]["properties"] = Value::Object(facts);
            one["properties"]["facts"]["additionalProperties"] = sources;
            properties.insert(operation.word().to_owned(), one);
        }
        Ok(json!({
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLUEGATE: &str = include_str!("../../../fixtures/targets/bluegate/target.toml");

    fn valid(text: &str) -> bool {
        let schema = whole(&written().unwrap()).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let file: toml::Table = toml::from_str(text).unwrap();
        validator.is_valid(&serde_json::to_value(file).unwrap())
    }

    #[test]
    fn a_right_file_is_valid_and_a_slip_is_not() {
        assert!(valid(BLUEGATE));
        for (right, wrong) in [
            ("base_url =", "base_uri ="),
            ("kind = \"header\"", "kind = \"heather\""),
            ("network = \"visa\"", "network = \"vissa\""),
            ("[binding.operations.enrol]", "[binding.operations.enroll]"),
            ("states.active", "states.activ"),
            ("enrol_again = \"same\"", "enrol_again = \"maybe\""),
            ("wait = \"6s\"", "wait = \"six\""),
            ("scheme = \"hmac-sha256\"", "scheme = \"hmac-sha257\""),
            ("accept = [202]", "accept = \"202\""),
        ] {
            let text = BLUEGATE.replacen(right, wrong, 1);
            assert_ne!(text, BLUEGATE, "{right}");
            assert!(!valid(&text), "{wrong}");
        }
    }
}
