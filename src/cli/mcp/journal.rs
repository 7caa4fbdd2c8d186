//! What was asked and answered.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::matching::Matching;
use super::door::Door;
use super::tools::{Effect, Row, Told};

/// Entries of an answer when nobody says how many. An agent reads them all.
const ROWS: u64 = 20;

pub(super) fn rows() -> Vec<Row> {
    vec![
        Row::new(
            "search_journal",
            "What was asked of standin and answered, the latest entries: request and response (masked), the true reason of \
             every refusal, the fault rules that fired, and tries of webhooks. `match` picks entries.",
            Effect::Reads,
            search,
        ),
        Row::new(
            "verify",
            "Did this happen? Counts the entries of the journal that match, and answers yes, no (with the entries that came \
             nearest and what differs in them) or cannot say, because entries were evicted. Give exactly, at_least or \
             at_most; one or more when none is given.",
            Effect::Reads,
            verify,
        ),
    ]
}

/// Fields and values as every command has them.
type Fields = BTreeMap<String, String>;

/// Says what can stand in `match`.
const FIELDS: &str = "Fields: surface, operation, method, path, status, client, reason, fault, header:NAME, request:/POINTER, \
    response:/POINTER. Values: a text; a|b for either; !a for anything else; /cards/** with stars; 4xx, 400..499, >=500. \
    Example: {\"operation\": \"authorize\", \"status\": \"2xx\"}";

fn fields(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let mut schema = generator.subschema_for::<Fields>();
    schema.insert("description".to_owned(), json!(FIELDS));
    schema
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Search {
    #[serde(rename = "match", default)]
    #[schemars(schema_with = "fields")]
    fields: Fields,
    /// Only entries from this number on.
    from: Option<u64>,
    /// So many of the latest entries; 20 when not given.
    #[schemars(range(min = 1, max = 200))]
    rows: Option<u64>,
}

async fn search(door: Door, wanted: Search) -> Told {
    let matching = Matching::of(wanted.fields.clone());
    let query = query(&matching, &wanted)?;
    door.get(&format!("journal?{query}")).await
}

fn query(matching: &Matching, wanted: &Search) -> Result<String, String> {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(matching.members()?);
    if let Some(from) = wanted.from {
        query.append_pair("from", &from.to_string());
    }
    query.append_pair("rows", &wanted.rows.unwrap_or(ROWS).to_string());
    Ok(query.finish())
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Question {
    #[serde(rename = "match")]
    #[schemars(schema_with = "fields")]
    fields: Fields,
    /// So many entries match, no more and no fewer.
    exactly: Option<u64>,
    /// So many or more.
    at_least: Option<u64>,
    /// So many or fewer; 0 for never.
    at_most: Option<u64>,
    /// Ask only about entries from this number on.
    from: Option<u64>,
}

async fn verify(door: Door, wanted: Question) -> Told {
    if wanted.fields.is_empty() {
        return Err("match: say what an entry must be like".to_owned());
    }
    let mut question = json!({ "match": Matching::of(wanted.fields).pattern()? });
    for (name, count) in [
        ("exactly", wanted.exactly),
        ("at_least", wanted.at_least),
        ("at_most", wanted.at_most),
    ] {
        if let Some(count) = count {
            question["count"][name] = json!(count);
        }
    }
    if let Some(from) = wanted.from {
        question["from"] = Value::from(from);
    }
    door.post("verify", &question).await
}
