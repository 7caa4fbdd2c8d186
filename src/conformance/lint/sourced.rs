//! Features of a surface whose source publishes a schema ask and demand what that schema has, and nothing of ours: a server
//! that was written from the schema alone has to pass them.

use cucumber::gherkin::{Step, StepType};
use jsonschema::Validator;
use serde_json::{Value, json};

use super::super::binding::pointer;
use super::super::features::embedded;
use super::super::scenario::Case;
use super::checked;

const SCHEMA: &str = include_str!("../../../fixtures/schemas/acp.delegate_payment.json");
const MERCHANTS: &str = include_str!("../../../fixtures/merchants.toml");
/// The begin of every step that changes a request, and of what it changes.
const SAME: &str = "the same request is sent";

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

fn validator() -> Validator {
    let mut schema = schema();
    schema["$ref"] = json!("#/$defs/DelegatePaymentRequest");
    let options = jsonschema::options().should_validate_formats(true);
    options.build(&schema).unwrap()
}

fn cases() -> Vec<Case> {
    let mut cases = checked(&embedded(), &["cmp", "calm"]).unwrap();
    cases.retain(|case| case.surface() == Some("acp"));
    assert!(cases.len() > 30, "{}", cases.len());
    cases
}

/// The body below a step, with something in the place of each variable.
fn body(step: &Step) -> Option<Value> {
    let mut text = step.docstring.clone()?;
    for (name, value) in [
        ("{visa}", "4111111111111111"),
        ("{visa_month}", "12"),
        ("{visa_year}", "2031"),
        ("{merchant}", "acme"),
    ] {
        text = text.replace(name, value);
    }
    Some(serde_json::from_str(&text).unwrap())
}

/// Carries out what a step says of the body; whether it says anything.
fn change(step: &str, body: &mut Value) -> bool {
    let said = step.strip_prefix(SAME).unwrap_or_default();
    let said = said.replacen(" with its key and ", " with ", 1);
    let place = |from: &str| from.split('"').next().unwrap().to_owned();
    if let Some(rest) = said.strip_prefix(" without \"/") {
        let place = place(rest);
        pointer::change(body, &format!("/{place}"), None).unwrap();
    } else if let Some(rest) = said.strip_prefix(" with \"/") {
        let (_, value) = rest.split_once(" set to ").unwrap();
        let value = serde_json::from_str(value).unwrap();
        let place = place(rest);
        pointer::change(body, &format!("/{place}"), Some(value)).unwrap();
    } else {
        return false;
    }
    true
}

#[test]
fn a_request_is_as_the_schema_says_unless_that_is_what_is_refused() {
    let validator = validator();
    for case in cases() {
        let mut sent = None;
        let mut is_changed = false;
        for step in &case.steps {
            sent = body(step).or(sent);
            if step.ty == StepType::Given {
                let sent = sent.as_ref().expect("a body");
                assert!(validator.is_valid(sent), "{}: {sent}", case.id);
            } else if let Some(body) = &mut sent {
                is_changed |= change(&step.value, body);
            }
        }
        let is_of_the_key = case.steps.iter().any(|step| step.value.contains("its key"));
        let is_wrong = case.is_negative() && is_changed && !is_of_the_key;
        let is_valid = validator.is_valid(&sent.unwrap());
        assert_eq!(is_valid, !is_wrong, "{} at {}", case.id, case.line);
    }
}

#[test]
fn what_is_demanded_of_a_refusal_is_in_the_schema() {
    let schema = schema();
    let codes = schema["$defs"]["Error"]["properties"]["code"]["enum"].clone();
    let properties = &schema["$defs"]["DelegatePaymentRequest"]["properties"];
    let mut places = 0;
    for case in cases() {
        for step in case.steps.iter().filter(|step| step.ty == StepType::Then) {
            let quoted: Vec<&str> = step.value.split('"').skip(1).step_by(2).collect();
            if step.value.contains("flat error about") {
                places += 1;
                let mut parts = quoted[0].split('.');
                let top = &properties[parts.next().unwrap()];
                assert!(top.is_object(), "{}", case.id);
                let reference = top["$ref"].as_str().unwrap_or_default();
                let name = reference.rsplit('/').next().unwrap();
                if let Some(part) = parts.next().filter(|_| !name.is_empty()) {
                    let inner = &schema["$defs"][name]["properties"][part];
                    assert!(inner.is_object(), "{}", case.id);
                }
            } else if super::is_refusal(&step.value) && !quoted.is_empty() {
                let listed = codes.as_array().unwrap();
                assert!(listed.iter().any(|code| code == quoted[0]), "{}", case.id);
            }
        }
    }
    assert!(places > 20, "{places}");
}

#[test]
fn no_wire_feature_names_a_merchant_of_ours() {
    let merchants: toml::Table = toml::from_str(MERCHANTS).unwrap();
    let merchants = merchants["merchant"].as_array().unwrap().iter();
    let ours: Vec<&str> = merchants
        .flat_map(|merchant| merchant.as_table().unwrap().values())
        .filter_map(toml::Value::as_str)
        .collect();
    assert!(ours.len() > 10);
    for source in embedded() {
        for name in &ours {
            let quoted = format!("\"{name}\"");
            assert!(!source.text.contains(&quoted), "{} has {name}", source.path);
        }
    }
}
