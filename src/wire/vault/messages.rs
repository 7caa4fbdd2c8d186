//! Bodies of the alias API.

use serde_json::{Map, Value, json};

use super::errors::VaultError;
use crate::domain::alias::{AliasRecord, Format, Secret, Storage};
use crate::limits::{ALIASES_PER_REQUEST_MAX, TEXT_BYTES_MAX};
use crate::operations::aliases::NewAlias;
use crate::wire::edge::Malformed;
use crate::wire::edge::read::{Flaw, Members, Problems};

/// The values to vault: `{"data": [{"value": …, "format": …, "storage": …}]}`.
pub(super) fn values(body: &Map<String, Value>) -> Result<Vec<NewAlias>, VaultError> {
    let malformed = |what: String| VaultError::Malformed(Malformed::Other(what));
    let rows = body.get("data").and_then(Value::as_array);
    let rows =
        rows.ok_or_else(|| malformed("The body must be an object with a list in data".to_owned()))?;
    if rows.is_empty() || rows.len() > ALIASES_PER_REQUEST_MAX {
        let what = format!("data must have 1 to {ALIASES_PER_REQUEST_MAX} values");
        return Err(malformed(what));
    }
    let problems = Problems::default();
    let empty = Map::new();
    let mut values = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let pointer = format!("/data/{place}");
        if !row.is_object() {
            problems.add(pointer.clone(), Flaw::Type, "must be an object");
        }
        let members = Members::new(row.as_object().unwrap_or(&empty), &pointer, &problems);
        values.extend(value(&members));
    }
    if problems.is_empty() {
        Ok(values)
    } else {
        Err(VaultError::Members(problems.into_vec()))
    }
}

fn value(members: &Members<'_>) -> Option<NewAlias> {
    let value = members.required_string("value", TEXT_BYTES_MAX);
    if value == Some("") {
        members.flaw("value", Flaw::Value, "must not be empty");
    }
    let chosen = members.string("alias", TEXT_BYTES_MAX).map(str::to_owned);
    if chosen.as_deref() == Some("") {
        members.flaw("alias", Flaw::Value, "must not be empty");
    }
    Some(NewAlias {
        value: value?.to_owned(),
        format: word(members, "format").unwrap_or(Format::Uuid),
        storage: word(members, "storage").unwrap_or(Storage::Persistent),
        chosen,
    })
}

/// A member whose words are those of an enum.
fn word<T: serde::de::DeserializeOwned>(members: &Members<'_>, name: &str) -> Option<T> {
    let text = members.string(name, TEXT_BYTES_MAX)?;
    let word = serde_json::from_value(Value::from(text));
    if let Err(why) = &word {
        members.flaw(name, Flaw::Value, format!("is not known: {why}"));
    }
    word.ok()
}

/// One vaulted value. The value itself is shown only to whom may see it.
pub(super) fn row(alias: &str, record: &AliasRecord, reveal: bool) -> Value {
    let mut row = Map::new();
    if reveal {
        row.insert("value".to_owned(), plain(&record.secret).into());
    }
    let format = serde_json::to_value(record.format).unwrap_or_default();
    row.insert(
        "aliases".to_owned(),
        json!([{ "alias": alias, "format": format }]),
    );
    row.insert("created_at".to_owned(), record.created.rfc3339().into());
    let storage = serde_json::to_value(record.storage).unwrap_or_default();
    row.insert("storage".to_owned(), storage);
    Value::Object(row)
}

fn plain(secret: &Secret) -> String {
    match secret {
        Secret::Pan(pan) => pan.expose(),
        Secret::Text(text) => text.to_string(),
    }
}
