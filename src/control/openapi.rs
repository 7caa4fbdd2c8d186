//! One OpenAPI document for everything that the server answers, put together from a fragment for each surface. To add a
//! surface, add its file in `fixtures/openapi/` and name it in [`FRAGMENTS`].
//!
//! Two surfaces that share a path and a method cannot both have it as a key: the second one's path ends in `#` and the
//! surface's word, which no client sends.

use std::sync::OnceLock;

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};

/// The fragments, in the order in which the document shows them.
const FRAGMENTS: [&str; 14] = [
    include_str!("../../fixtures/openapi/oauth.json"),
    include_str!("../../fixtures/openapi/cmp.json"),
    include_str!("../../fixtures/openapi/calm.json"),
    include_str!("../../fixtures/openapi/vault.json"),
    include_str!("../../fixtures/openapi/payments.json"),
    include_str!("../../fixtures/openapi/stripe.json"),
    include_str!("../../fixtures/openapi/adyen.json"),
    include_str!("../../fixtures/openapi/checkout_com.json"),
    include_str!("../../fixtures/openapi/visa.json"),
    include_str!("../../fixtures/openapi/mastercard.json"),
    include_str!("../../fixtures/openapi/acp.json"),
    include_str!("../../fixtures/openapi/hyperswitch.json"),
    include_str!("../../fixtures/openapi/mastercard_checkout.json"),
    include_str!("../../fixtures/openapi/control.json"),
];

pub(super) async fn read() -> Response {
    static DOCUMENT: OnceLock<Bytes> = OnceLock::new();
    let written = || {
        let document = document(FRAGMENTS.iter().map(|text| parse(text)));
        serde_json::to_vec(&document).unwrap_or_default().into()
    };
    // One buffer for all who ask.
    let body = DOCUMENT.get_or_init(written).clone();
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}

/// A fragment that does not parse is left out here; a test sees to it that every one does.
fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

fn document(fragments: impl Iterator<Item = Value>) -> Value {
    let mut tags = Vec::new();
    let (mut paths, mut components) = (Map::new(), Map::new());
    for fragment in fragments {
        tags.extend(fragment["tags"].as_array().cloned().unwrap_or_default());
        merge(&mut paths, &fragment["paths"]);
        merge(&mut components, &fragment["components"]);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "standin",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "A stand-in card network. Any path may have a prefix /~NAME, which chooses the space NAME.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": tags,
        "paths": paths,
        "components": components,
    })
}

/// Adds the members of each section to those that are there.
fn merge(into: &mut Map<String, Value>, from: &Value) {
    for (name, section) in from.as_object().into_iter().flatten() {
        match (into.get_mut(name), section) {
            (Some(Value::Object(there)), Value::Object(more)) => {
                there.extend(more.iter().map(|(k, v)| (k.clone(), v.clone())));
            }
            _ => {
                into.insert(name.clone(), section.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The members of the sections of a fragment, as `paths /cards post` or `components schemas Card`.
    fn members(fragment: &Value) -> Vec<String> {
        let mut all = Vec::new();
        for part in ["paths", "components"] {
            for (section, members) in fragment[part].as_object().unwrap() {
                for name in members.as_object().unwrap().keys() {
                    all.push(format!("{part} {section} {name}"));
                }
            }
        }
        all
    }

    #[test]
    fn every_fragment_parses_and_none_takes_the_place_of_another() {
        let mut seen = Vec::new();
        for text in FRAGMENTS {
            let fragment: Value = serde_json::from_str(text).unwrap();
            for member in members(&fragment) {
                assert!(!seen.contains(&member), "{member} stands in two fragments");
                seen.push(member);
            }
        }
        let merged = members(&document(FRAGMENTS.iter().map(|text| parse(text))));
        assert_eq!(merged.len(), seen.len());
    }

    #[test]
    fn every_file_is_in_the_list() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/openapi");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(FRAGMENTS.contains(&text.as_str()), "{}", path.display());
        }
    }
}
