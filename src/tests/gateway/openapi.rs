//! The served OpenAPI document against the program: nothing is documented that is not there, and nothing is there that is
//! not documented. That answers fit their schemas is checked wherever a story is told.

use serde_json::Value;
use std::path::Path;

use crate::client::{Stand, options};
use crate::gateway::document::{Document, Operation};
use crate::gateway::fixture::Fixture;
use crate::merchant::keyed;

/// The routes that a source file declares: method and path.
fn routes(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (at, call) in text.match_indices(".route(") {
        let inside = &text[at + call.len()..];
        let mut depth = 1;
        let end = inside.find(|c: char| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        });
        let inside = &inside[..end.unwrap()];
        let path = inside.split('"').nth(1).unwrap();
        let before = found.len();
        for method in ["get", "post", "put", "patch", "delete"] {
            let called = |(at, _): (usize, &str)| {
                !inside[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
            };
            if inside.match_indices(&format!("{method}(")).any(called) {
                found.push((method.to_uppercase(), path.to_owned()));
            }
        }
        assert!(found.len() > before, "no method in {inside}");
    }
    found
}

#[test]
fn routes_are_read_off_a_source() {
    let text = r#".route("/a", post(make)).route(
            "/a/{b}",
            get(target(x)).delete(remove),
        )"#;
    let want = [("POST", "/a"), ("GET", "/a/{b}"), ("DELETE", "/a/{b}")];
    assert_eq!(
        routes(text),
        want.map(|(m, p)| (m.to_owned(), p.to_owned()))
    );
}

/// Every route of every surface and of the control plane, from the sources, because a router does not tell.
fn every_route() -> Vec<(String, String)> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = vec![source.join("control/mod.rs")];
    for surface in std::fs::read_dir(source.join("wire")).unwrap() {
        let file = surface.unwrap().path().join("routes.rs");
        files.extend(file.is_file().then_some(file));
    }
    let read = |file: &std::path::PathBuf| routes(&std::fs::read_to_string(file).unwrap());
    let rows = standin::wire::surfaces().flat_map(|surface| surface.routes);
    // A method in small letters is a second spelling, which one client sends, of a row that is documented.
    let rows = rows.filter(|route| route.method.bytes().all(|byte| byte.is_ascii_uppercase()));
    let rows = rows.map(|route| (route.method.to_owned(), route.path.to_owned()));
    let mut all: Vec<_> = files.iter().flat_map(read).chain(rows).collect();
    all.sort();
    all
}

#[tokio::test]
async fn every_route_is_documented_and_nothing_else() {
    let stand = Stand::start(options()).await;
    let document = Document::of(&stand.client).await;
    let operations = document.operations().into_iter();
    let mut documented: Vec<_> = operations.map(|op| (op.method, op.path)).collect();
    documented.sort();
    assert_eq!(documented, every_route());
}

#[tokio::test]
async fn every_documented_operation_does_what_its_example_asks() {
    let mut options = keyed();
    options.settings.journal.judge = Some("the examples".to_owned());
    let stand = Stand::start(options).await;
    let document = Document::of(&stand.client).await;
    for (place, operation) in document.operations().iter().enumerate() {
        let space = Fixture::new(&stand, &format!("operation-{place}")).await;
        space.ready_for(&stand, operation).await;
        let mut ask = space.ask(operation);
        if operation.surface() == "hyperswitch" {
            ask = space.orchestrated(&stand, ask).await;
        }
        if let Some(content) = operation.spec["requestBody"]["content"].as_object() {
            for (kind, media) in content {
                let what = format!("{} {} {kind}", operation.method, operation.path);
                document.validate(&media["schema"], &media["example"], &what);
            }
        }
        let answer = stand.send(ask.clone()).await;
        let what = format!("{} {}: {}", ask.method, ask.path, answer.text());
        assert!((200..300).contains(&answer.status), "{what}");
        document.check(&ask, &answer);
    }
}

/// What a reader of the document would stumble over.
#[tokio::test]
async fn the_document_is_whole() {
    let stand = Stand::start(options()).await;
    let document = Document::of(&stand.client).await;
    let mut ids = Vec::new();
    for Operation {
        method,
        path,
        key,
        spec,
    } in document.operations()
    {
        let what = format!("{method} {path}");
        for member in ["operationId", "summary"] {
            assert!(spec[member].is_string(), "{what} has no {member}");
        }
        assert!(
            spec["tags"].is_array() && spec["security"].is_array(),
            "{what}"
        );
        assert!(
            !ids.contains(&spec["operationId"]),
            "{what}: its operationId is taken"
        );
        ids.push(spec["operationId"].clone());
        let item = &document.0["paths"][&key];
        for name in path
            .split('{')
            .skip(1)
            .map(|rest| rest.split('}').next().unwrap())
        {
            let listed = item["parameters"].as_array().into_iter().flatten();
            assert!(
                listed
                    .into_iter()
                    .any(|p| document.resolve(p)["name"] == name),
                "{what}: {name}"
            );
        }
    }
    let mut references = Vec::new();
    collect(&document.0, &mut references);
    for reference in &references {
        assert!(
            document.0.pointer(reference).is_some(),
            "{reference} leads nowhere"
        );
    }
    for kind in ["parameters", "responses", "schemas"] {
        for name in document.0["components"][kind].as_object().unwrap().keys() {
            let pointer = format!("/components/{kind}/{name}");
            assert!(
                references.contains(&pointer),
                "{pointer} is used by nothing"
            );
        }
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                references.push(reference.trim_start_matches('#').to_owned());
            }
            members
                .values()
                .for_each(|inner| collect(inner, references));
        }
        Value::Array(items) => items.iter().for_each(|inner| collect(inner, references)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
