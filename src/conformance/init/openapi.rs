//! Reads as much of an OpenAPI document as guesses need: paths, methods, what each is called, and the statuses of success.

use serde_json::Value;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// A call that the document describes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) method: String,
    pub(super) path: String,
    /// Its id, or else its summary.
    pub(super) called: String,
    pub(super) statuses: Vec<u16>,
}

/// What a document says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) server: Option<String>,
    pub(super) calls: Vec<Call>,
}

/// Reads a document.
///
/// # Errors
/// A text when it describes no paths.
pub(super) fn read(text: &str) -> Result<Document, String> {
    let value = match serde_json::from_str::<Value>(text) {
        Ok(json) => json,
        Err(_) => serde_saphyr::from_str(text)
            .map_err(|error| format!("is neither JSON nor YAML: {error}"))?,
    };
    let document = described(&value);
    if document.calls.is_empty() {
        return Err("describes no paths: is it an OpenAPI document?".to_owned());
    }
    Ok(document)
}

fn described(json: &Value) -> Document {
    let mut document = Document::default();
    let server = json.pointer("/servers/0/url").and_then(Value::as_str);
    document.server = server.and_then(whole);
    let paths = json.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        for method in METHODS {
            let Some(call) = item.get(method) else {
                continue;
            };
            let text = |name: &str| call.get(name).and_then(Value::as_str);
            let responses = call.get("responses").and_then(Value::as_object);
            let statuses = responses.into_iter().flatten();
            document.calls.push(Call {
                method: method.to_uppercase(),
                path: path.clone(),
                called: [text("operationId"), text("summary")]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" "),
                statuses: statuses.filter_map(|(status, _)| success(status)).collect(),
            });
        }
    }
    document
}

fn success(status: &str) -> Option<u16> {
    let status = status.parse().ok();
    status.filter(|status| (200..300).contains(status))
}

/// A server's address, when it is one and not only a path or a template.
fn whole(url: &str) -> Option<String> {
    let is_one = url.starts_with("http") && !url.contains('{');
    is_one.then(|| url.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const YAML: &str = "openapi: 3.0.3\nservers:\n  - url: https://api.example.com/v1/\npaths:\n  /cards:\n    post:\n      operationId: createCard\n      responses:\n        '201':\n          description: made\n        '400':\n          description: no\n  '/cards/{id}':\n    get:\n      summary: Read a card\ncomponents:\n  schemas:\n    get:\n";

    #[test]
    fn json_and_yaml_say_the_same() {
        let json = r#"{"servers":[{"url":"https://api.example.com/v1/"}],"paths":{
            "/cards":{"post":{"operationId":"createCard","responses":{"201":{},"400":{}}}},
            "/cards/{id}":{"get":{"summary":"Read a card"}}}}"#;
        let document = read(YAML).unwrap();
        assert_eq!(document, read(json).unwrap());
        assert_eq!(
            document.server.as_deref(),
            Some("https://api.example.com/v1")
        );
        assert_eq!(document.calls.len(), 2);
        assert_eq!(document.calls[0].statuses, [201]);
        let flow = "servers: [{url: 'https://api.example.com/v1/'}]\npaths:\n  /cards: {post: {operationId: createCard, responses: {201: {}, 400: {}}}}\n  \"/cards/{id}\":\n    get:\n      summary: >-\n        Read\n        a card\n";
        assert_eq!(document, read(flow).unwrap());
        assert!(read("{}").is_err() && read("hello: there").is_err() && read("a: [").is_err());
    }
}
