//! `standin postman`: every documented request of a running server as a Postman collection (format 2.1), with the keys of the
//! merchants and accounts that come with standin, for Postman, newman, Insomnia and Bruno.

use clap::Args;
use http::Method;
use serde_json::{Value, json};

use super::out::{Failed, say};
use super::refused::having;
use super::remote::{Remote, run};

/// The arguments of `standin postman`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Postman {
    #[command(flatten)]
    remote: Remote,
}

const EXAMPLES: &str = "Examples:
  standin postman > standin.postman.json
  newman run standin.postman.json --env-var base=http://127.0.0.1:4111/~postman";

const FORMAT: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
/// Where the access token of the gateway comes from; its answer is kept for the other requests.
const TOKEN_PATH: &str = "/auth/realms/vgs/protocol/openid-connect/token";
const KEEPS_TOKEN: &str = "if (pm.response.code === 200) pm.collectionVariables.set('gateway', pm.response.json().access_token);";
/// A stream has no end, and a client that runs requests in a row would wait for it.
const STREAM: &str = "text/event-stream";

/// How a request of a security scheme is let in: the header, and the variable with what it holds at first. Mastercard's and
/// Visa's requests are signed, which a collection cannot do.
const LETS_IN: [(&str, &str, &str, &str); 7] = [
    ("gateway", "authorization", "Bearer {{gateway}}", ""),
    (
        "merchant",
        "authorization",
        "Bearer {{merchant}}",
        "standin_key",
    ),
    (
        "delegate",
        "authorization",
        "Bearer {{delegate}}",
        "standin_key",
    ),
    (
        "stripe",
        "authorization",
        "Bearer {{stripe}}",
        "sk_test_standin",
    ),
    ("adyen", "x-api-key", "{{adyen}}", "standin-adyen"),
    (
        "checkout_com",
        "authorization",
        "Bearer {{checkout_com}}",
        "sk_sbox_standinstandinstandinstandi",
    ),
    (
        "tokenService",
        "authorization",
        "{{tokenService}}",
        "standin_key",
    ),
];

impl Postman {
    pub(super) fn run(self) -> Result<(), Failed> {
        let document = run(self.remote.ask(Method::GET, "openapi.json", None))?;
        let document = having(document, "paths")?;
        let collection = collection(&document, self.remote.server());
        say!("{collection:#}")
    }
}

fn collection(document: &Value, base: &str) -> Value {
    let mut folders: Vec<(String, Vec<Value>)> = Vec::new();
    for (path, operations) in document["paths"].as_object().into_iter().flatten() {
        // Two APIs that share a path are told apart behind a sign that no client sends.
        let path = path.split('#').next().unwrap_or_default();
        for method in METHODS {
            let operation = &operations[method];
            if operation.is_null() || operation.to_string().contains(STREAM) {
                continue;
            }
            let tag = operation["tags"][0].as_str().unwrap_or("other").to_owned();
            let item = item(document, path, method, operations, operation);
            match folders.iter_mut().find(|(name, _)| *name == tag) {
                Some((_, items)) => items.push(item),
                None => folders.push((tag, vec![item])),
            }
        }
    }
    let folders = folders.into_iter();
    let folders = folders.map(|(name, item)| json!({ "name": name, "item": item }));
    let variables = LETS_IN.map(|(name, _, _, value)| json!({ "key": name, "value": value }));
    let variables = [json!({ "key": "base", "value": base })]
        .into_iter()
        .chain(variables);
    json!({
        "info": { "name": "standin", "schema": FORMAT, "description": document["info"]["description"] },
        "item": folders.collect::<Value>(),
        "variable": variables.collect::<Value>(),
    })
}

fn item(document: &Value, path: &str, method: &str, shared: &Value, operation: &Value) -> Value {
    let parameters = [&shared["parameters"], &operation["parameters"]];
    let parameters = parameters
        .into_iter()
        .flat_map(|list| list.as_array().into_iter().flatten());
    let parameters: Vec<&Value> = parameters.map(|one| resolved(document, one)).collect();
    let of = |place: &'static str| parameters.iter().filter(move |one| one["in"] == place);
    let mut headers: Vec<Value> = of("header").filter_map(|one| known(one)).collect();
    let query: Vec<Value> = of("query").filter_map(|one| known(one)).collect();
    let variables: Vec<Value> = of("path").map(|one| variable(one)).collect();
    headers.extend(lets_in(operation));
    let mut request =
        json!({ "method": method.to_uppercase(), "description": operation["summary"] });
    if let Some((kind, text)) = body(document, operation) {
        headers.push(json!({ "key": "content-type", "value": kind }));
        request["body"] = json!({ "mode": "raw", "raw": text });
    }
    let parts = path.trim_start_matches('/').split('/');
    let parts: Vec<String> = parts
        .map(|part| match part.strip_prefix('{') {
            Some(name) => format!(":{}", name.trim_end_matches('}')),
            None => part.to_owned(),
        })
        .collect();
    request["header"] = json!(headers);
    request["url"] = json!({
        "raw": format!("{{{{base}}}}/{}", parts.join("/")),
        "host": ["{{base}}"], "path": parts, "query": query, "variable": variables,
    });
    let codes = operation["responses"].as_object().into_iter().flatten();
    let codes: Vec<u16> = codes.filter_map(|(code, _)| code.parse().ok()).collect();
    let mut script = vec![format!(
        "pm.test('the status is documented', () => pm.expect(pm.response.code).to.be.oneOf({}));",
        json!(codes)
    )];
    if path == TOKEN_PATH && method == "post" {
        script.push(KEEPS_TOKEN.to_owned());
    }
    json!({
        "name": operation["summary"],
        "request": request,
        "event": [{ "listen": "test", "script": { "type": "text/javascript", "exec": script } }],
    })
}

/// What a reference stands for.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let place = value["$ref"]
        .as_str()
        .and_then(|place| place.strip_prefix('#'));
    place
        .and_then(|place| document.pointer(place))
        .unwrap_or(value)
}

/// A header or a member of the query that must be given, with an example.
fn known(parameter: &Value) -> Option<Value> {
    let is_required = parameter["required"] == true;
    is_required.then(|| json!({ "key": parameter["name"], "value": example(parameter) }))
}

fn variable(parameter: &Value) -> Value {
    json!({ "key": parameter["name"], "value": example(parameter) })
}

fn example(parameter: &Value) -> String {
    let schema = &parameter["schema"];
    let places = [
        &parameter["example"],
        &schema["example"],
        &schema["examples"][0],
        &schema["enum"][0],
        &schema["const"],
    ];
    let found = places.into_iter().find(|value| !value.is_null());
    written(found.unwrap_or(&parameter["name"]))
}

fn lets_in(operation: &Value) -> Option<Value> {
    let ways = operation["security"].as_array().into_iter().flatten();
    let mut names = ways.filter_map(|way| way.as_object()?.keys().next());
    names.find_map(|name| {
        let (_, header, value, _) = LETS_IN.iter().find(|(known, ..)| known == name)?;
        Some(json!({ "key": header, "value": value }))
    })
}

/// Media type and text of the example.
fn body(document: &Value, operation: &Value) -> Option<(String, String)> {
    let body = resolved(document, &operation["requestBody"]);
    let (kind, content) = body["content"].as_object()?.iter().next()?;
    let named = content["examples"]
        .as_object()
        .and_then(|all| all.values().next());
    let example = named.map_or(&content["example"], |one| &one["value"]);
    if example.is_null() {
        return None;
    }
    let text = if example.is_object() && kind.contains("urlencoded") {
        let mut form = form_urlencoded::Serializer::new(String::new());
        for (name, value) in flat("", example) {
            form.append_pair(&name, &value);
        }
        form.finish()
    } else {
        written(example)
    };
    Some((kind.clone(), text))
}

/// Members of members as forms have them: `a[b]`.
fn flat(name: &str, value: &Value) -> Vec<(String, String)> {
    let below = |key: &str| {
        if name.is_empty() {
            key.to_owned()
        } else {
            format!("{name}[{key}]")
        }
    };
    if let Some(members) = value.as_object() {
        let members = members.iter();
        return members
            .flat_map(|(key, value)| flat(&below(key), value))
            .collect();
    }
    if let Some(items) = value.as_array() {
        let items = items.iter().enumerate();
        return items
            .flat_map(|(at, item)| flat(&below(&at.to_string()), item))
            .collect();
    }
    vec![(name.to_owned(), written(value))]
}

/// A text as it is, and anything else as JSON.
fn written(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| format!("{value:#}"), str::to_owned)
}
