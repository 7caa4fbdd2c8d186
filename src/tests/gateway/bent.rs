//! Every documented member of every body of the control plane, bent in every way that its schema does not allow: the answer names
//! the member, and says what is due there or which name was meant.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::{Ask, JSON, Stand};
use crate::gateway::document::{Document, Operation};
use crate::gateway::fixture::Fixture;
use crate::merchant::keyed;

/// A body with one thing wrong.
struct Bent {
    /// The names that lead to what is wrong, with full stops between them.
    field: String,
    body: Value,
    /// Whether it is a name that is nearly one.
    misspelt: bool,
}

/// One value of each type of JSON.
fn values() -> [(&'static str, Value); 5] {
    [
        ("boolean", json!(true)),
        ("number", json!(7.5)),
        ("string", json!("\u{a7}")),
        ("array", json!([["\u{a7}"]])),
        ("object", json!({ "\u{a7}": 1 })),
    ]
}

/// The types that a schema allows. An integer is a number too.
fn allowed(document: &Document, schema: &Value, found: &mut BTreeSet<String>) {
    let schema = document.resolve(schema);
    let types = [&schema["type"]].into_iter();
    let types = types.flat_map(|one| one.as_array().map_or(vec![one], |all| all.iter().collect()));
    for one in types.filter_map(Value::as_str) {
        found.insert(if one == "integer" { "number" } else { one }.to_owned());
    }
    for one in schema["enum"].as_array().into_iter().flatten() {
        found.insert(if one.is_string() { "string" } else { "number" }.to_owned());
    }
    for one in alternatives(schema) {
        allowed(document, one, found);
    }
}

fn alternatives(schema: &Value) -> impl Iterator<Item = &Value> {
    let kinds = ["anyOf", "oneOf", "allOf"].into_iter();
    kinds.flat_map(|kind| schema[kind].as_array().into_iter().flatten())
}

fn with(base: &Value, names: &[String], name: &str, value: Value) -> Value {
    let mut body = base.clone();
    let mut at = &mut body;
    for name in names {
        if !at[name].is_object() {
            at[name] = json!({});
        }
        at = &mut at[name];
    }
    at[name] = value;
    body
}

fn bend(document: &Document, schema: &Value, base: &Value, names: &[String]) -> Vec<Bent> {
    let schema = document.resolve(schema);
    let mut bent = Vec::new();
    for one in alternatives(schema) {
        bent.extend(bend(document, one, base, names));
    }
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        let field = |name: &str| [names, &[name.to_owned()]].concat().join(".");
        let mut types = BTreeSet::new();
        allowed(document, inner, &mut types);
        let known = !types.is_empty();
        let others = values().into_iter();
        for (_, value) in others.filter(|(kind, _)| known && !types.contains(*kind)) {
            bent.push(Bent {
                field: field(name),
                body: with(base, names, name, value),
                misspelt: false,
            });
        }
        let slip = format!("{name}x");
        bent.push(Bent {
            field: field(&slip),
            body: with(base, names, &slip, json!("x")),
            misspelt: true,
        });
        let deeper = [names, std::slice::from_ref(name)].concat();
        bent.extend(bend(document, inner, base, &deeper));
    }
    bent
}

fn of_control(operation: &Operation) -> bool {
    operation.surface() == "control" && operation.method != "GET"
}

#[tokio::test]
async fn every_member_that_is_bent_is_named() {
    let stand = Stand::start(keyed()).await;
    let document = Document::of(&stand.client).await;
    let fixture = Fixture::new(&stand, "bent").await;
    let mut wrong = BTreeSet::new();
    let (mut routes, mut asked) = (0, 0);
    for operation in document.operations().into_iter().filter(of_control) {
        let media = &operation.spec["requestBody"]["content"][JSON];
        if media.is_null() {
            continue;
        }
        routes += 1;
        let good = fixture.ask(&operation);
        let base: Value = serde_json::from_slice(&good.body).unwrap_or_else(|_| json!({}));
        for bent in bend(&document, &media["schema"], &base, &[]) {
            let ask = Ask::new(&operation.method, &good.path).json(&bent.body);
            let answer = stand.send(ask).await;
            asked += 1;
            let error = serde_json::from_slice::<Value>(&answer.body).unwrap_or_default();
            let error = &error["error"];
            let named = error["field"].as_str().unwrap_or_default();
            let below = named.strip_prefix(&bent.field);
            let named_so = below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
            let message = error["message"].as_str().unwrap_or_default();
            let meant = !bent.misspelt || message.contains("did you mean");
            if ![400, 422].contains(&answer.status) || !named_so || !meant {
                wrong.insert(format!(
                    "{} {} {}: {} {}",
                    operation.method,
                    operation.path,
                    bent.body,
                    answer.status,
                    answer.text()
                ));
            }
        }
    }
    assert_eq!(routes, 10, "routes of the control plane that take a body");
    assert!(asked > 200, "{asked} bodies");
    let listed: Vec<_> = wrong.iter().map(String::as_str).collect();
    assert!(
        wrong.is_empty(),
        "{} of {asked}\n{}",
        wrong.len(),
        listed.join("\n")
    );
}
