//! Words that the project had of its own and gave up for the field's. They must not come back: a reader who knows Standard
//! Webhooks, Stripe or EMVCo would search for the wrong thing.

use super::tree;

/// Identifiers that were renamed, each with the word that took its place. Written in two parts, so that this file does not
/// contain them.
const RETIRED: [(&str, &str); 21] = [
    (concat!("cour", "ier"), "dispatcher"),
    (concat!("Cour", "ier"), "Dispatcher"),
    (concat!("Letter", "Key"), "MessageKey"),
    (concat!("letter", "_id"), "message_id"),
    (concat!("LETTERS", "_KEPT_MAX"), "MESSAGES_KEPT_MAX"),
    (concat!("des", "k"), "space"),
    (concat!("Des", "k"), "Space"),
    (concat!("Vis", "it"), "RequestContext"),
    (concat!("Inqu", "iry"), "FaultContext"),
    (concat!("says", "_anything"), "has_matched"),
    (concat!("Til", "l"), "Psp"),
    (concat!("til", "ls"), "psps"),
    (concat!("Err", "and"), "TaskKind"),
    (concat!("err", "and"), "task"),
    (concat!("Shel", "f"), "Slab"),
    (concat!("shel", "f"), "slab"),
    (concat!("furn", "ished"), "fixture"),
    (concat!("Furn", "ished"), "Fixture"),
    (concat!("Stru", "ck"), "Handled"),
    (concat!("stru", "ck"), "webhook fault"),
    (concat!("man", "ner"), "profile or format"),
];

fn violations(path: &str, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
        for word in words {
            if let Some((_, better)) = RETIRED.iter().find(|(retired, _)| *retired == word) {
                wrong.push(format!("{path}:{}: {word} is called {better} now", at + 1));
            }
        }
    }
    wrong
}

#[test]
fn retired_words_stay_away() {
    let wrong: Vec<_> = tree::sources()
        .iter()
        .flat_map(|file| violations(&file.path, &file.text))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_retired_word_is_caught() {
    for (word, better) in RETIRED {
        let found = violations("src/a.rs", &format!("fine\nlet x = {word}(1);\n"));
        assert_eq!(
            found,
            [format!("src/a.rs:2: {word} is called {better} now")]
        );
    }
    assert!(violations("src/a.rs", "a desktop, still, shelfful").is_empty());
}
