//! What an entry of the journal must be like, in the words that every command takes: FIELD=VALUE, several joined with `&`,
//! headers as `header:NAME=TEXT`, members of bodies as `request:/POINTER=TEXT` or `request:/POINTER:=JSON`.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;
use serde_json::{Map, Value, json};

use super::completions::of_a_match;
use crate::matching::split_values;

/// Which entries.
#[derive(Debug, Args)]
pub(super) struct Matching {
    /// What an entry must be like: FIELD=VALUE, or several joined with `&`. Fields are surface, operation, method, path,
    /// status, client, reason, fault, and headers of the request as header:NAME, and members of the bodies as
    /// request:/POINTER and response:/POINTER, with = for a text and := for JSON. A value is a text; several between bars, such as visa|mastercard; !VALUE for anything else;
    /// with stars, such as /cards/**; or numbers as 100..500, >=100 or 5xx. A field that is given again may have either
    /// value.
    #[arg(long = "match", value_name = "FIELD=VALUE", add = ArgValueCompleter::new(of_a_match))]
    matches: Vec<String>,
}

impl Matching {
    /// Of fields with their values.
    pub(super) fn of(fields: impl IntoIterator<Item = (String, String)>) -> Self {
        let matches = fields.into_iter();
        let matches = matches.map(|(name, value)| format!("{name}={value}"));
        Self {
            matches: matches.collect(),
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.matches.is_empty()
    }

    /// What whoever wrote the fields should know.
    pub(super) fn hint(&self) -> Option<&'static str> {
        let fields = self.matches.iter().flat_map(|argument| argument.split('&'));
        let mut names = fields.filter_map(|field| field.split_once('='));
        let former = names.any(|(name, _)| name == FORMER);
        former.then_some("account is now client; the old word goes with the next release")
    }

    /// As one pattern of a question.
    pub(super) fn pattern(&self) -> Result<Value, String> {
        pattern(&self.matches).map(Value::Object)
    }

    /// As a pattern for each argument, in their order.
    pub(super) fn steps(&self) -> Result<Value, String> {
        let steps = self.matches.iter().map(std::slice::from_ref);
        steps
            .map(pattern)
            .collect::<Result<Vec<_>, _>>()
            .map(|steps| json!(steps))
    }

    /// As members of a query, which the server reads.
    pub(super) fn members(&self) -> Result<Vec<(&str, &str)>, String> {
        fields(&self.matches).collect()
    }
}

/// What `client` was called before fault rules and the journal had one word for it.
const FORMER: &str = "account";
const CLIENT: &str = "client";

/// Name and value of each field; the name of a member that is JSON ends in a colon.
fn fields(arguments: &[String]) -> impl Iterator<Item = Result<(&str, &str), String>> {
    let fields = arguments.iter().flat_map(|argument| argument.split('&'));
    fields.map(|field| {
        let wrong = || format!("--match {field}: must be FIELD=VALUE, such as status=200");
        let (name, value) = field.split_once('=').ok_or_else(wrong)?;
        if name == FORMER {
            return Ok((CLIENT, value));
        }
        Ok((name, value))
    })
}

fn pattern(arguments: &[String]) -> Result<Map<String, Value>, String> {
    let mut pattern = Map::new();
    for field in fields(arguments) {
        let (name, value) = field?;
        match name.split_once(':') {
            Some((side, pointer)) => add_member(&mut pattern, side, pointer, value)
                .map_err(|why| format!("--match {name}={value}: {why}"))?,
            None => add_field(&mut pattern, name, value),
        }
    }
    Ok(pattern)
}

fn add_field(pattern: &mut Map<String, Value>, name: &str, value: &str) {
    let any = pattern.entry(name).or_insert_with(|| json!([]));
    if let Some(any) = any.as_array_mut() {
        any.extend(split_values(value).into_iter().map(Value::from));
    }
}

fn add_member(
    pattern: &mut Map<String, Value>,
    side: &str,
    pointer: &str,
    value: &str,
) -> Result<(), String> {
    let (pointer, value) = match pointer.strip_suffix(':') {
        Some(pointer) => {
            let json = serde_json::from_str(value);
            let json = json.map_err(|error| format!("{value:?} is no JSON: {error}"));
            (pointer, json?)
        }
        None => (pointer, json!(value)),
    };
    let members = pattern.entry(side).or_insert_with(|| json!({}));
    let Some(members) = members.as_object_mut() else {
        return Err(format!("{side} is a field and has no members"));
    };
    if members.insert(pointer.to_owned(), value).is_some() {
        return Err("is given twice".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_become_a_pattern() {
        let rows = [
            (vec!["status=200"], json!({"status": ["200"]})),
            (
                vec!["surface=cmp&status=200", "status=201"],
                json!({"surface": ["cmp"], "status": ["200", "201"]}),
            ),
            (
                vec!["client=a|b", "account=!c", "status=5xx"],
                json!({"client": ["a", "b", "!c"], "status": ["5xx"]}),
            ),
            (
                vec!["request:/a=1", "request:/b:=1", "response:/c=x=y"],
                json!({"request": {"/a": "1", "/b": 1}, "response": {"/c": "x=y"}}),
            ),
        ];
        for (arguments, want) in rows {
            let arguments: Vec<_> = arguments.into_iter().map(str::to_owned).collect();
            assert_eq!(Value::Object(pattern(&arguments).unwrap()), want);
        }
        for wrong in [
            "status",
            "request:/a:={",
            "request:/a=1&request:/a=2",
            "status=1&status:/a=1",
        ] {
            assert!(pattern(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
    }
}
