//! Nothing that a target file may hold is missing in the reference, and the reference names nothing else.

use std::collections::BTreeSet;

use super::super::binding::{Fact, Operation, vocabulary};
use super::super::capability::CAPABILITIES;
use super::super::target::Target;
use super::*;

const KEPT: &str = include_str!("../../docs/target-file.md");
const TOP: [&str; 3] = [
    "name = \"x\"",
    "base_url = \"http://127.0.0.1:9\"",
    "[auth]\nkind = \"none\"",
];

/// What the reader says of a file that is wrong.
fn complaint(text: &str) -> String {
    Target::from_toml(text, "t").err().unwrap_or_default()
}

/// The words that the reader would have taken in the place of `zzz`.
fn taken(text: &str) -> BTreeSet<String> {
    let said = complaint(text);
    assert!(said.contains("`zzz`"), "{text}\n{said}");
    let (_, known) = said.split_once("`zzz`").unwrap();
    let known = known.split('`').skip(1).step_by(2);
    known.map(str::to_owned).collect()
}

fn set<'a>(words: impl Iterator<Item = &'a String>) -> BTreeSet<String> {
    words.cloned().collect()
}

#[test]
fn every_key_that_the_reader_knows_is_told_of() {
    for table in written().unwrap().tables {
        let known = taken(&format!("{}\nzzz = 1\n", table.header));
        let mut told = set(table.keys.iter().map(|[name, ..]| name));
        // The kind stands in the header.
        told.extend(known.contains("kind").then(|| "kind".to_owned()));
        assert_eq!(known, told, "{}", table.title);
    }
}

#[test]
fn what_is_needed_is_needed_and_nothing_else_is() {
    for table in written().unwrap().tables {
        let needed: BTreeSet<String> = table
            .keys
            .iter()
            .filter(|[_, _, without, _]| without == "needed")
            .map(|[name, ..]| name.clone())
            .collect();
        assert_eq!(needed, set(table.sample.keys()), "{}", table.title);
        let file = |left_out: Option<&String>| {
            let given = table.sample.iter();
            let given = given.filter(|(name, _)| Some(*name) != left_out);
            let own: String = given
                .map(|(name, value)| format!("{name} = {value}\n"))
                .collect();
            let head = match table
                .header
                .split_once('\n')
                .map_or(table.header.as_str(), |(first, _)| first)
            {
                "" => String::new(),
                "[auth]" => TOP[..2].join("\n"),
                _ => TOP.join("\n"),
            };
            format!("{head}\n{}\n{own}", table.header)
        };
        let whole = complaint(&file(None));
        assert!(!whole.contains("` is missing"), "{}: {whole}", table.title);
        for name in &needed {
            let said = complaint(&file(Some(name)));
            let wanted = format!("`{name}` is missing");
            assert!(said.contains(&wanted), "{} {name}: {said}", table.title);
        }
    }
}

#[test]
fn every_closed_word_is_told_of() {
    for words in written().unwrap().words {
        let told = set(words.words.iter().map(|[word, _]| word));
        assert_eq!(taken(&words.asked), told, "{}", words.title);
    }
}

#[test]
fn every_fact_variable_operation_and_capability_is_told_of() {
    let facts = taken("[binding.operations.enrol.facts]\nzzz = []");
    let named = vocabulary::FACTS.iter();
    let named: BTreeSet<String> = named.map(|(_, name, _)| (*name).to_owned()).collect();
    assert_eq!(facts, named);
    let looked_at: BTreeSet<Fact> = Operation::all()
        .flat_map(|operation| operations::facts(operation).iter().copied())
        .chain([Fact::Reason])
        .collect();
    assert_eq!(looked_at.len(), facts.len(), "{looked_at:?}");
    for operation in Operation::all() {
        for name in vocabulary::besides(operation) {
            let mut known = vocabulary::BESIDES.iter();
            assert!(known.any(|(besides, _)| besides == name), "{name}");
        }
        assert!(KEPT.contains(&format!(
            "- `{}`: {}",
            operation.word(),
            operations::asked(operation)
        )));
    }
    for (name, _) in CAPABILITIES {
        assert!(capabilities::has_it(name).is_some(), "{name}");
    }
}

#[test]
fn the_kept_reference_is_what_the_program_prints() {
    let mut printed = Vec::new();
    crate::conformance::print_reference(&mut printed).unwrap();
    let printed = String::from_utf8(printed).unwrap();
    assert!(
        printed == KEPT,
        "src/docs/target-file.md is out of date: standin target reference > src/docs/target-file.md"
    );
}
