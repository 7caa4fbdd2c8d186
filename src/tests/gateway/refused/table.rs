//! Tables of wrong requests as text: one line for each, with what it is, the request, its body, the status, and what the
//! answer says. `<card>`, `<alias>` and others stand for what the scene has, `<x300>` for three hundred letters.

use serde_json::{Value, json};

use super::{Row, Scene, deep, huge};
use crate::client::{Ask, FORM, JSON, JSON_API};
use crate::gateway::bought::{as_merchant, purchase};

/// The lines of a table as rows. Each is asked with the token that may do everything.
pub(super) fn rows(scene: &Scene, text: &str) -> Vec<Row> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let with_token = |row: Row| Row {
        ask: row.ask.bearer(&scene.all),
        ..row
    };
    lines.map(|line| with_token(row(scene, line))).collect()
}

/// The same at a payment service, asked by `standin-merchant`.
pub(super) fn rows_at(surface: &str, scene: &Scene, text: &str) -> Vec<Row> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let with_key = |row: Row| Row {
        ask: as_merchant(surface, row.ask).unwrap(),
        ..row
    };
    lines.map(|line| with_key(row(scene, line))).collect()
}

fn row(scene: &Scene, line: &str) -> Row {
    let cells: Vec<_> = line.split(" | ").map(str::trim).collect();
    let [what, ask, body, status, says] = cells[..] else {
        panic!("five cells are due in {line:?}");
    };
    let (method, path) = ask.split_once(' ').unwrap();
    let ask = Ask::new(method, filled(scene, path));
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
        .replace("<pay>", &scene.bought.own.held)
        .replace("<pi>", &scene.bought.stripe.held)
        .replace("<psp>", &scene.bought.adyen.held)
        .replace("<cko>", &scene.bought.checkout.held)
        .replace("<nt>", &scene.bought.token)
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
        "payments" | "adyen" | "checkout_com" => {
            let whole: Value = serde_json::from_slice(&purchase(kind, true).body).unwrap();
            ask.json(&bent(whole, &json()))
        }
        "acp" => ask.json(&bent(super::acp::whole(), &json())),
        "stripe" => {
            let whole = purchase(kind, true).body;
            let whole = form_urlencoded::parse(&whole).into_owned();
            let whole: Value = whole.map(|(n, v)| (n, Value::from(v))).collect();
            let members = but(whole, json());
            let members = members.as_object().unwrap().iter();
            let members = members.filter_map(|(n, v)| Some((n.as_str(), v.as_str()?)));
            ask.form(&members.collect::<Vec<_>>())
        }
        "second" => ask.json(&json!({ "data": [{ "value": "a" }, json()] })),
        other => panic!("{other} is no kind of body"),
    }
}

/// A right body with some members changed; null takes one away.
fn but(mut whole: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            whole.as_object_mut().unwrap().remove(name);
        } else {
            whole[name] = value.clone();
        }
    }
    whole
}

/// The same for members at JSON pointers.
fn bent(mut whole: Value, changes: &Value) -> Value {
    for (pointer, value) in changes.as_object().unwrap() {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = whole.pointer_mut(parent).unwrap();
        if value.is_null() {
            parent.as_object_mut().unwrap().remove(name);
        } else {
            parent[name] = value.clone();
        }
    }
    whole
}
