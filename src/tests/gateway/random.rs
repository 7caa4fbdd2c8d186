//! Random requests to every documented route: whatever comes, an answer comes back, and it is no server error that nobody
//! asked for. A panic closes the connection before the answer, which the client reports.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use crate::client::{Ask, FORM, JSON, JSON_API, Stand, options};
use crate::gateway::document::Document;
use crate::gateway::openapi::{ALIAS, Furnished};

/// The one server that all cases meet, each in a space of its own.
struct Target {
    runtime: Runtime,
    stand: Stand,
    routes: Vec<(String, String)>,
    /// The names of members that the document knows.
    names: Vec<String>,
    cases: AtomicUsize,
}

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let runtime = Runtime::new().unwrap();
    let (stand, document) = runtime.block_on(async {
        let stand = Stand::start(options()).await;
        let document = Document::of(&stand.client).await;
        (stand, document)
    });
    let routes = document.operations().into_iter();
    let routes = routes.map(|op| (op.method, op.path)).collect();
    let mut names = Vec::new();
    members(&document.0, &mut names);
    names.sort();
    names.dedup();
    Target {
        runtime,
        stand,
        routes,
        names,
        cases: AtomicUsize::new(0),
    }
});

fn members(value: &Value, names: &mut Vec<String>) {
    if let Some(properties) = value["properties"].as_object() {
        names.extend(properties.keys().cloned());
    }
    match value {
        Value::Object(inner) => inner.values().for_each(|inner| members(inner, names)),
        Value::Array(inner) => inner.iter().for_each(|inner| members(inner, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn leaf() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "4111111111111111",
        "5555555555554444",
        "4000000000000036",
        "tok_sandbox_x",
        "557349eee1027312",
        "suspend",
        "resume",
        "delete",
        "replace_pan",
        "update_expiry",
        "network",
        "issuer",
        "USD",
        "JPY",
        "TAVV",
        "DTVV",
        "ECOM",
        "UUID",
        "PFPT",
        "VOLATILE",
        "123",
        "PT1S",
        "",
    ]);
    prop_oneof![
        4 => words.prop_map(Value::from),
        2 => (0_i64..40).prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<String>().prop_map(Value::from),
    ]
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![9 => prop::sample::select(TARGET.names.clone()), 1 => any::<String>()]
}

fn value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 40, 8, |inner| {
        prop_oneof![
            3 => prop::collection::vec((name(), inner.clone()), 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
            1 => prop::collection::vec(inner, 0..4).prop_map(Value::Array),
        ]
    })
}

fn body() -> impl Strategy<Value = (&'static str, Vec<u8>)> {
    let kinds = prop::sample::select(vec![JSON, JSON_API, FORM, "text/plain"]);
    let enveloped = value().prop_map(|value| {
        (
            JSON_API,
            json!({ "data": { "attributes": value } })
                .to_string()
                .into_bytes(),
        )
    });
    let listed =
        value().prop_map(|value| (JSON, json!({ "data": [value] }).to_string().into_bytes()));
    let cut = (value(), any::<prop::sample::Index>()).prop_map(|(value, end)| {
        let text = value.to_string().into_bytes();
        let end = end.index(text.len() + 1);
        (JSON, text[..end].to_vec())
    });
    prop_oneof![
        3 => enveloped,
        3 => value().prop_map(|value| (JSON, value.to_string().into_bytes())),
        2 => listed,
        1 => cut,
        1 => (kinds, prop::collection::vec(any::<u8>(), 0..300)),
        1 => Just((JSON, Vec::new())),
    ]
}

/// What stands in a path in place of a parameter: something that is there, any bytes, or any text.
fn place() -> impl Strategy<Value = String> {
    let escaped = |bytes: Vec<u8>| bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
    prop_oneof![
        5 => Just(THERE.to_owned()),
        1 => prop::collection::vec(any::<u8>(), 0..40).prop_map(escaped),
        1 => "[A-Za-z0-9%~@:._-]{0,40}",
    ]
}

/// Stands for the name of what is there, which is known only once a space is furnished.
const THERE: &str = "{}";

fn ask() -> impl Strategy<Value = Ask> {
    let route = prop::sample::select(TARGET.routes.clone());
    let query = prop_oneof![3 => Just(String::new()), 1 => "\\?(from|rows|after)=[0-9a-z%-]{0,12}"];
    let parts = (route, place(), query, body(), any::<u8>());
    parts.prop_map(|((method, path), place, query, (kind, bytes), odd)| {
        let named = path.split(['{', '}']).nth(1).map(str::to_owned);
        let path = match named {
            Some(name) if place == THERE => {
                path.replace(&format!("{{{name}}}"), &format!("<{name}>"))
            }
            Some(name) => path.replace(&format!("{{{name}}}"), &place),
            None => path,
        };
        // Now and then a method that is not the route's.
        let method = if odd < 8 { "PUT" } else { &method };
        Ask::new(method, format!("{path}{query}")).body(kind, bytes)
    })
}

/// Furnishes a space and sends everything there, one after the other.
async fn play(stand: &Stand, asks: Vec<Ask>) -> Result<(), String> {
    let number = TARGET.cases.fetch_add(1, Ordering::Relaxed);
    let space = Furnished::new(stand, &format!("case-{number}")).await;
    for ask in asks {
        let path = ask
            .path
            .replace("<card_id>", &space.card_id)
            .replace("<reference>", &space.reference)
            .replace("<pan_alias>", ALIAS)
            .replace("<alias>", ALIAS);
        let path = format!("{}{path}", space.prefix);
        let ask = Ask { path, ..ask }.bearer(&space.token);
        let answer = stand.send(ask.clone()).await;
        let shown = format!(
            "{} {} -> {} {}",
            ask.method,
            ask.path,
            answer.status,
            answer.text()
        );
        let worded =
            answer.body.is_empty() || serde_json::from_slice::<Value>(&answer.body).is_ok();
        if answer.status >= 500 || !worded {
            return Err(shown);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Takes some seconds, because more than a thousand requests go over a socket.
    #[test]
    fn whatever_is_sent_an_answer_comes_back(asks in prop::collection::vec(ask(), 1..24)) {
        let Target { runtime, stand, .. } = &*TARGET;
        let played = runtime.block_on(play(stand, asks));
        prop_assert!(played.is_ok(), "{}", played.unwrap_err());
    }
}
