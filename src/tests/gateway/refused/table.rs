//! Tables of wrong requests as text: one line for each, with what it is, the request, its body, the status, and what the
//! answer says. `<card>`, `<alias>` and others stand for what the scene has, `<x300>` for three hundred letters.

use serde_json::{Value, json};

use super::{Row, Scene, deep, huge};
use crate::client::{Ask, FORM, JSON, JSON_API};

/// The lines of a table as rows. Each is asked with the token that may do everything.
pub(super) fn rows(scene: &Scene, text: &str) -> Vec<Row> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| row(scene, line)).collect()
}

fn row(scene: &Scene, line: &str) -> Row {
    let cells: Vec<_> = line.split(" | ").map(str::trim).collect();
    let [what, ask, body, status, says] = cells[..] else {
        panic!("five cells are due in {line:?}");
    };
    let (method, path) = ask.split_once(' ').unwrap();
    let ask = Ask::new(method, filled(scene, path)).bearer(&scene.all);
    Row {
        what: what.to_owned(),
        ask: with_body(ask, &filled(scene, body)),
        status: status.parse().unwrap(),
        says: filled(scene, says),
    }
}

fn filled(scene: &Scene, text: &str) -> String {
    text.replace("<card>", &scene.card)
        .replace("<tokenless>", &scene.tokenless)
        .replace("<alias>", &scene.alias)
        .replace("<reference>", &scene.reference)
        .replace("<x300>", &"x".repeat(300))
        .replace("<x5000>", &"x".repeat(5_000))
        .replace("<zeros>", &"0".repeat(32))
        .replace("<x65>", &"x".repeat(65))
}

/// A body is written as its kind and its text.
fn with_body(ask: Ask, body: &str) -> Ask {
    let (kind, text) = body.split_once(' ').unwrap_or((body, ""));
    let bytes = match text {
        "<deep>" => deep().into_bytes(),
        "<huge>" => huge().into_bytes(),
        "<not text>" => vec![b'"', 0xe9, b'"'],
        text => text.as_bytes().to_vec(),
    };
    let json = || serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    match kind {
        "none" => ask,
        "api" => ask.body(JSON_API, bytes),
        "json" => ask.body(JSON, bytes),
        "form" => ask.body(FORM, bytes),
        "plain" => ask.body("text/plain", bytes),
        "untyped" => Ask {
            body: bytes.into(),
            ..ask
        },
        "attributes" => ask.attributes(&json()),
        "card" => ask.attributes(&but(
            json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 30 }),
            json(),
        )),
        "enrol" => {
            let whole = json!({ "pan_alias": "x", "exp_month": 12, "exp_year": 30 });
            ask.json(&but(whole, json()))
        }
        "second" => ask.json(&json!({ "data": [{ "value": "a" }, json()] })),
        other => panic!("{other} is no kind of body"),
    }
}

/// A right body with some members changed; null takes one away.
fn but(mut whole: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        whole[name] = value.clone();
    }
    whole
}
