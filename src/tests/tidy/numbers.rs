//! No card number that somebody might hold: whatever in the repository passes the check digit is a published test number
//! or one of standin's own tokens.

use standin::crypto::check_digit::passes_luhn;
use standin::domain::card::Network;
use standin::domain::persona::Personas;
use standin::domain::provision::token_range;

use super::tree::{self, File};

/// The list itself.
const LIST: &str = "fixtures/cards.toml";
/// Vault aliases of the format PFPT: nineteen digits from 99, where no card network issues anything (VGS, alias formats).
const ALIAS_HEAD: &str = "99";
const ALIAS_LENGTH: usize = 19;

#[derive(Debug, Default)]
struct Listed {
    whole: Vec<String>,
    prefixes: Vec<String>,
}

impl Listed {
    fn read() -> Self {
        let text = std::fs::read_to_string(tree::root().join(LIST)).unwrap();
        let personas = Personas::parse(&text).unwrap();
        let mut listed = Self::default();
        for card in personas.cards() {
            listed.whole.extend(card.pan.clone());
            listed.prefixes.extend(card.prefix.clone());
        }
        listed
            .prefixes
            .extend(Network::ALL.map(token_range).map(str::to_owned));
        listed
    }

    fn contains(&self, number: &str) -> bool {
        let below = |prefix: &String| number.starts_with(prefix.as_str());
        let alias = number.len() == ALIAS_LENGTH && number.starts_with(ALIAS_HEAD);
        alias || self.whole.iter().any(|whole| whole == number) || self.prefixes.iter().any(below)
    }
}

/// Runs of 13 to 19 digits that no letter or digit touches. The decimals of a fraction are not a number of their own.
fn runs(line: &str) -> impl Iterator<Item = &str> {
    let words = line.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
    let parts = words.flat_map(|word| {
        let fraction = word.split_once('.').is_some_and(|(whole, rest)| {
            let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            digits(whole) && digits(rest)
        });
        word.split('.').filter(move |_| !fraction)
    });
    parts.filter(|part| {
        (13..=19).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn violations(listed: &Listed, path: &str, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for (at, line) in text.lines().enumerate() {
        for number in runs(line).filter(|run| passes_luhn(run) && !listed.contains(run)) {
            wrong.push(format!("{path}:{}: {number} is not in {LIST}", at + 1));
        }
    }
    wrong
}

#[test]
fn every_card_number_is_a_test_number() {
    let listed = Listed::read();
    let files = tree::files();
    let others = files.iter().filter(|file| file.path != LIST);
    let wrong: Vec<_> = others
        .flat_map(|File { path, text }| violations(&listed, path, text))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_planted_number_is_caught() {
    let listed = Listed {
        whole: vec!["4111111111111111".to_owned()],
        prefixes: vec!["510026".to_owned()],
    };
    // Zeros pass the check digit and are nobody's number; thirteen to nineteen of them stand for one here.
    for count in 13..=19 {
        let number = "0".repeat(count);
        for text in [
            number.clone(),
            format!("pan = \"{number}\""),
            format!("end {number}."),
            format!("a.{number}"),
        ] {
            assert_eq!(violations(&listed, "a", &text).len(), 1, "{text}");
        }
        for text in [
            format!("{}1", &number[1..]),
            format!("x{number}"),
            format!("{number}x"),
            format!("0.{number}"),
            format!("_{number}"),
        ] {
            assert_eq!(violations(&listed, "a", &text), Vec::<String>::new());
        }
    }
    for count in [12, 20] {
        assert_eq!(
            violations(&listed, "a", &"0".repeat(count)),
            Vec::<String>::new()
        );
    }
    let listed_ones = "4111111111111111 5100260000019206";
    assert_eq!(violations(&listed, "a", listed_ones), Vec::<String>::new());
}
