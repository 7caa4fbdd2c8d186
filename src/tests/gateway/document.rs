//! The served OpenAPI document as a judge: does an exchange fit what is documented?

use serde_json::{Map, Value, json};
use standin::wire::addressed;
use standin::wire::edge::path::split_prefix;

use super::snapshots::LINES;
use crate::client::{Answer, Ask, Client};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The document of a running server.
#[derive(Debug)]
pub(crate) struct Document(pub(crate) Value);

/// One documented operation.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    pub(crate) method: String,
    /// The path with its parameters in braces.
    pub(crate) path: String,
    /// The path as the document has it: where two surfaces share one, the second one's is marked with its name.
    pub(crate) key: String,
    /// As the document has it, with its parameters in place of references to them.
    pub(crate) spec: Value,
}

impl Operation {
    /// The word for the surface, which each operation has as its first tag.
    pub(crate) fn surface(&self) -> &str {
        self.spec["tags"][0].as_str().unwrap_or("control")
    }
}

impl Document {
    pub(crate) async fn of(client: &Client) -> Self {
        let answer = client.send(Ask::get("/_standin/openapi.json")).await;
        Self(answer.expect(200).json())
    }

    pub(crate) fn operations(&self) -> Vec<Operation> {
        let methods = METHODS.into_iter();
        let all = self.templates().flat_map(|(key, path)| {
            let on_path = methods.clone();
            on_path.filter_map(move |method| self.documented(key, path, method))
        });
        all.collect()
    }

    /// Each path as the document has it, and without the mark.
    fn templates(&self) -> impl Iterator<Item = (&str, &str)> {
        let keys = self.0["paths"].as_object().unwrap().keys();
        keys.map(|key| (key.as_str(), key.split('#').next().unwrap()))
    }

    fn documented(&self, key: &str, path: &str, method: &str) -> Option<Operation> {
        let mut spec = self.0["paths"][key].get(method)?.clone();
        let parameters = spec.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            *parameter = self.resolve(parameter).clone();
        }
        Some(Operation {
            method: method.to_uppercase(),
            path: path.to_owned(),
            key: key.to_owned(),
            spec,
        })
    }

    /// The operation that a request is for, if one is documented. Where surfaces share a path, it is the one of the surface
    /// whose credential the request carries.
    pub(crate) fn operation(&self, ask: &Ask) -> Option<Operation> {
        let path = ask.path.split('?').next().unwrap();
        // A prefix that can name no space is refused before anything is looked for behind it.
        let (_, path) = split_prefix(path).ok()?;
        let surface = addressed(path, &ask.header_map());
        let surface = surface.map_or("control", |surface| surface.name.word());
        let method = ask.method.as_str().to_lowercase();
        let mut found: Vec<_> = self
            .templates()
            .filter(|(_, template)| fits(template, path))
            .filter_map(|(key, template)| self.documented(key, template, &method))
            .filter(|op| op.surface() == surface)
            .collect();
        found.sort_by_key(|op| op.path.matches('{').count());
        found.into_iter().next()
    }

    /// Panics unless the answer is documented for the request and fits its schema. A request that no operation is
    /// documented for must have been refused.
    pub(crate) fn check(&self, ask: &Ask, answer: &Answer) {
        let what = format!("{} {} -> {}", ask.method, ask.path, answer.status);
        let Some(operation) = self.operation(ask) else {
            assert!(
                [404, 405, 413].contains(&answer.status),
                "{what}: undocumented"
            );
            return;
        };
        let responses = &operation.spec["responses"];
        let response = &responses[answer.status.to_string()];
        assert!(response.is_object(), "{what}: the status is not documented");
        let response = self.resolve(response);
        let Some(content) = response["content"].as_object() else {
            assert!(answer.body.is_empty(), "{what}: a body is not documented");
            return;
        };
        let kind = answer.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap().trim();
        let media = content.get(kind);
        let media = media.unwrap_or_else(|| panic!("{what}: {kind} is not documented"));
        // Many documents, a line each, are one text.
        if kind == LINES {
            self.validate(&media["schema"], &answer.text().into(), &what);
        } else if kind.ends_with("json") {
            self.validate(&media["schema"], &answer.json(), &what);
        }
    }

    /// Panics unless the value fits the schema.
    pub(crate) fn validate(&self, schema: &Value, value: &Value, what: &str) {
        let mut root = schema.as_object().cloned().unwrap_or_else(Map::new);
        let mut schemas = Map::new();
        self.add_referred(schema, &mut schemas);
        root.insert("components".to_owned(), json!({ "schemas": schemas }));
        let validator = jsonschema::draft202012::new(&Value::Object(root)).unwrap();
        let errors: Vec<_> = validator
            .iter_errors(value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(
            errors.is_empty(),
            "{what}: {}\n{value:#}",
            errors.join("\n")
        );
    }

    /// Adds the schemas that this one refers to, and those that they refer to. The others would only cost time.
    fn add_referred(&self, schema: &Value, schemas: &mut Map<String, Value>) {
        match schema {
            Value::Object(members) => {
                let name = members.get("$ref").and_then(Value::as_str);
                if let Some(name) = name.and_then(|name| name.strip_prefix("#/components/schemas/"))
                    && !schemas.contains_key(name)
                {
                    let referred = &self.0["components"]["schemas"][name];
                    schemas.insert(name.to_owned(), referred.clone());
                    self.add_referred(referred, schemas);
                }
                members
                    .values()
                    .for_each(|inner| self.add_referred(inner, schemas));
            }
            Value::Array(items) => items
                .iter()
                .for_each(|inner| self.add_referred(inner, schemas)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// What a reference points to, or the value itself.
    pub(crate) fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => {
                let pointer = reference.trim_start_matches('#');
                self.0
                    .pointer(pointer)
                    .unwrap_or_else(|| panic!("{reference} leads nowhere"))
            }
            None => value,
        }
    }
}

/// Whether a path is of a template: `/cards/{card_id}` fits `/cards/x`.
pub(crate) fn fits(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(w), Some(g)) if w == g || (w.starts_with('{') && !g.is_empty()) => {}
            _ => return false,
        }
    }
}

#[test]
fn a_path_fits_its_template() {
    assert!(fits("/cards/{id}/cryptogram", "/cards/x/cryptogram"));
    assert!(!fits("/cards/{id}", "/cards"));
    assert!(!fits("/cards/{id}", "/cards/"));
    assert!(!fits("/cards/{id}", "/cards/x/y"));
}

/// The judge itself must be able to say no.
#[test]
fn what_does_not_fit_is_refused() {
    let document = Document(json!({
        "paths": { "/a/{b}": { "get": { "responses": { "200": { "content": { "application/json": {
            "schema": { "$ref": "#/components/schemas/A" } } } } } } } },
        "components": { "schemas": { "A": {
            "type": "object", "required": ["x"], "properties": { "x": { "type": "string" } } } } },
    }));
    let answer = |status, body: &str| Answer {
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.to_owned().into(),
    };
    let refused = |ask: Ask, answer: Answer| {
        let judged = std::panic::AssertUnwindSafe(|| document.check(&ask, &answer));
        std::panic::catch_unwind(judged).is_err()
    };
    assert!(!refused(Ask::get("/a/1"), answer(200, r#"{"x":"y"}"#)));
    assert!(refused(Ask::get("/a/1"), answer(200, r#"{"x":1}"#)));
    assert!(refused(Ask::get("/a/1"), answer(200, "{}")));
    assert!(refused(Ask::get("/a/1"), answer(201, r#"{"x":"y"}"#)));
    assert!(refused(Ask::get("/b/1"), answer(200, r#"{"x":"y"}"#)));
    assert!(!refused(Ask::get("/b/1"), answer(404, "{}")));
}
