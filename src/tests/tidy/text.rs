//! What may not stand in a text: work left undone, silenced lints, places of one machine, names that say nothing.

use super::tree::{self, File};

const LINES_MAX: usize = 400;
/// Cargo writes the lock file; the name of the registry belongs there.
const WRITTEN_BY_CARGO: &str = "Cargo.lock";

/// Written in two parts, so that this file does not contain them.
const UNDONE: [&str; 4] = [
    concat!("to", "do!"),
    concat!("unimpl", "emented!"),
    concat!("FIX", "ME"),
    concat!("X", "XX"),
];
const SILENCED: [&str; 2] = [concat!("#[", "allow"), concat!("#![", "allow")];
const MACHINE: [&str; 3] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/tmp/ba", "sh_jobs"),
];
const REGISTRIES: [&str; 7] = [
    concat!("index.cra", "tes.io"),
    concat!("static.cra", "tes.io"),
    concat!("cra", "tes.io-index"),
    concat!("registry.np", "mjs.org"),
    concat!("py", "pi.org"),
    concat!("files.python", "hosted.org"),
    concat!("proxy.go", "lang.org"),
];
const EMPTY_NAMES: [&str; 10] = [
    "manager", "managers", "helper", "helpers", "util", "utils", "common", "commons", "data",
    "misc",
];

fn violations(path: &str, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let mut refuse =
            |why: &str| wrong.push(format!("{path}:{}: {why}: {}", at + 1, line.trim()));
        if UNDONE.iter().any(|mark| stands_alone(line, mark)) {
            refuse("work left undone");
        }
        if SILENCED.iter().any(|mark| line.contains(mark)) {
            refuse("a silenced lint, use #[expect(…, reason = …)]");
        }
        if MACHINE.iter().any(|place| line.contains(place)) {
            refuse("a place of one machine");
        }
        if path != WRITTEN_BY_CARGO && REGISTRIES.iter().any(|host| line.contains(host)) {
            refuse("a registry's host");
        }
    }
    let count = text.lines().count();
    if [".rs", ".snap"].iter().any(|kind| path.ends_with(kind)) && count > LINES_MAX {
        wrong.push(format!("{path}: {count} lines are more than {LINES_MAX}"));
    }
    if path.ends_with(".rs") {
        for name in modules(path, text)
            .iter()
            .filter(|name| is_empty_name(name))
        {
            wrong.push(format!("{path}: `{name}` says nothing about what is in it"));
        }
    }
    wrong
}

/// Whether the mark stands there by itself and not inside a word or in quotes: the code of ISO 4217 for no currency is
/// spelt like one of the marks.
fn stands_alone(line: &str, mark: &str) -> bool {
    line.match_indices(mark).any(|(at, _)| {
        let near = |c: char| c.is_alphanumeric() || c == '_' || c == '"';
        let before = line[..at].chars().next_back().is_some_and(near);
        let after = line[at + mark.len()..].chars().next().is_some_and(near);
        !before && (!after || mark.ends_with('!'))
    })
}

/// The names of the modules that a file is, lies in and declares.
fn modules(path: &str, text: &str) -> Vec<String> {
    let own = path.trim_end_matches(".rs").split('/').map(str::to_owned);
    let declared = text.lines().filter_map(|line| {
        let words: Vec<_> = line.split_whitespace().collect();
        let at = words.iter().position(|word| *word == "mod")?;
        let visibility = words[..at].iter().all(|word| word.starts_with("pub"));
        let name = words.get(at + 1)?.trim_end_matches([';', '{']);
        visibility.then(|| name.to_owned())
    });
    own.chain(declared).collect()
}

fn is_empty_name(name: &str) -> bool {
    name.split('_').any(|part| EMPTY_NAMES.contains(&part))
}

#[test]
fn every_text_is_tidy() {
    let files = tree::files();
    let wrong: Vec<_> = files
        .iter()
        .flat_map(|File { path, text }| violations(path, text))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_rule_catches_what_it_is_for() {
    for mark in UNDONE
        .iter()
        .chain(&SILENCED)
        .chain(&MACHINE)
        .chain(&REGISTRIES)
    {
        let text = format!("fine\n    // {mark} (later)\n");
        assert_eq!(violations("README.md", &text).len(), 1, "{mark}");
        assert!(violations("README.md", &text)[0].starts_with("README.md:2: "));
    }
    let long = "\n".repeat(LINES_MAX + 1);
    assert_eq!(violations("src/a.rs", &long).len(), 1);
    assert_eq!(
        violations("fixtures/cards.toml", &long),
        Vec::<String>::new()
    );
    for (path, text) in [
        ("src/util.rs", ""),
        ("src/domain/card_helper.rs", ""),
        ("src/common/mod.rs", ""),
        ("src/lib.rs", "pub(crate) mod manager;"),
        ("src/lib.rs", "mod data {"),
    ] {
        assert_eq!(violations(path, text).len(), 1, "{path} {text}");
    }
    let fine = format!(
        "a currency \"{}\", 46{}639, utility, mod database",
        UNDONE[3], UNDONE[3]
    );
    assert_eq!(violations("src/a.rs", &fine), Vec::<String>::new());
}
