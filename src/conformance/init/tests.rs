//! A file that is written to be filled in: it says what is missing, and filled in it is without a mistake.

use toml::{Table, Value};

use super::super::target::Target;
use super::*;

const BLUEGATE: &str = include_str!("../../../fixtures/targets/bluegate/target.toml");

/// What `standin target check` says.
fn checked(text: &str) -> Vec<String> {
    let said = Target::from_toml(text, "t").err().unwrap_or_default();
    said.lines().map(str::to_owned).collect()
}

/// Puts what the example has in the place of whatever is still to be filled in.
fn fill(value: &mut Value, example: Option<&Value>) {
    match value {
        Value::String(text) if text.contains(UNFILLED) => *value = example.unwrap().clone(),
        Value::Array(items) => {
            for (place, item) in items.iter_mut().enumerate() {
                fill(item, example.and_then(|example| example.get(place)));
            }
        }
        Value::Table(members) => {
            for (name, member) in members.iter_mut() {
                let known = example.and_then(|example| example.get(name.as_str()));
                if name == "auth" {
                    *member = known.unwrap().clone();
                } else {
                    fill(member, known);
                }
            }
        }
        Value::String(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Boolean(_)
        | Value::Datetime(_) => {}
    }
}

#[test]
fn what_is_to_be_filled_in_is_named_with_its_line() {
    let written = text(None, None).unwrap();
    let said = checked(&written);
    let lines = written.lines().enumerate();
    let lines: Vec<usize> = lines
        .filter(|(_, line)| line.contains(UNFILLED) && !line.starts_with('#'))
        .map(|(at, _)| at + 1)
        .collect();
    // In the order of the file, so that whoever fills it in goes down from the top.
    let told = said.iter().map(|one| {
        let line = one.strip_prefix("t: line ").unwrap().split(':').next();
        line.unwrap().parse::<usize>().unwrap()
    });
    assert_eq!(told.collect::<Vec<_>>(), lines, "{said:#?}");
    for wanted in [
        "base_url: is still",
        "auth.token: is still",
        "operations.enrol.facts.state",
    ] {
        assert!(
            said.iter().any(|one| one.contains(wanted)),
            "{wanted}: {said:#?}"
        );
    }
}

#[test]
fn filled_in_from_an_example_it_is_without_a_mistake() {
    let mut file: Value = Value::Table(text(None, None).unwrap().parse::<Table>().unwrap());
    let example: Value = Value::Table(BLUEGATE.parse::<Table>().unwrap());
    fill(&mut file, Some(&example));
    assert_eq!(
        checked(&toml::to_string(&file).unwrap()),
        Vec::<String>::new()
    );
}

#[test]
fn whatever_is_optional_can_be_taken_in() {
    let written = text(None, Some("http://127.0.0.1:9")).unwrap();
    let mut whole = String::new();
    for line in written.lines() {
        let behind = line.strip_prefix("# ").unwrap_or(line);
        let word = behind.split(" = ").next().unwrap_or_default();
        let is_key = behind.contains(" = ")
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b"_-.".contains(&b));
        let mut line = if is_key || behind.starts_with('[') {
            behind
        } else {
            line
        }
        .to_owned();
        while let Some(at) = line.find(UNFILLED).filter(|_| !line.starts_with('#')) {
            let end = line[at..].find('"').unwrap();
            line.replace_range(at..at + end, "x");
        }
        whole.push_str(&line);
        whole.push('\n');
    }
    assert!(whole.contains("\n[webhooks]\n") && whole.contains("\n[binding.operations.clock]\n"));
    // What it has not must be one of the things that the file says it has.
    assert_eq!(checked(&whole), Vec::<String>::new());
}

#[test]
fn every_operation_has_an_example() {
    let written = text(None, None).unwrap();
    for operation in Operation::all().filter(|one| one.word() != "pay-elsewhere") {
        let header = format!("[binding.operations.{}]", operation.word());
        assert!(written.contains(&header), "{header}");
    }
}

#[test]
fn every_policy_is_named() {
    let written = text(None, None).unwrap();
    let mut known = Vec::new();
    super::super::reference::print_reference(&mut known).unwrap();
    let known = String::from_utf8(known).unwrap();
    let section = known.split("### [policies]").nth(1).unwrap();
    let rows = section.lines().take_while(|line| !line.starts_with('#'));
    let policies: Vec<&str> = rows
        .filter_map(|row| row.strip_prefix("- `")?.split('`').next())
        .collect();
    assert!(policies.len() > 5, "{policies:?}");
    for policy in policies {
        assert!(written.contains(policy), "{policy}");
    }
}

#[test]
fn a_guess_is_marked_and_a_base_url_is_taken() {
    let document = openapi::read(
        r#"{"servers":[{"url":"https://sandbox.example.com"}],"paths":{
            "/v2/cards":{"post":{"operationId":"createCard","responses":{"202":{}}}},
            "/v2/cards/{id}/network-tokens":{"post":{"summary":"Enrol a card"}},
            "/v2/network-tokens/{id}/suspend":{"put":{}}}}"#,
    )
    .unwrap();
    let written = text(Some(&document), None).unwrap();
    for wanted in [
        "base_url = \"https://sandbox.example.com\"",
        "# A guess, by its name: POST /v2/cards createCard\nmethod = \"POST\"\npath = \"/v2/cards\"",
        "accept = [202]",
        "path = \"/v2/cards/{card}/network-tokens\"",
        "\n[binding.operations.suspend]\n",
        "method = \"PUT\"\npath = \"/v2/network-tokens/{reference}/suspend\"",
    ] {
        assert!(written.contains(wanted), "{wanted}\n{written}");
    }
    let other = text(Some(&document), Some("http://localhost:1")).unwrap();
    assert!(other.contains("base_url = \"http://localhost:1\""));
    assert!(
        checked(&other)
            .iter()
            .all(|one| one.contains("still to be filled in"))
    );
}
