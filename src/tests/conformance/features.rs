//! Features as the caller meets them: his own beside the ones in the binary, and exit code 2 when one is wrong.

use std::collections::BTreeSet;
use std::path::Path;

use super::{Ran, conform, folder};

const GOOD: &str = "\
Feature: Mine
  @id:mine.one @source:ours @level:must
  Scenario: A card
    Given an eligible card
    When the card is enrolled
    Then the token is active
";

/// Lists the checks with one more feature file.
async fn with(name: &str, path: &str, text: &str) -> Ran {
    let folder = folder(&format!("features-{name}"));
    std::fs::write(folder.join(path), text).unwrap();
    let folder = folder.to_str().unwrap();
    conform(&[
        "--target",
        "http://127.0.0.1:9",
        "--list",
        "--features",
        folder,
    ])
    .await
}

#[tokio::test]
async fn our_own_features_are_many() {
    let ran = conform(&["--target", "http://127.0.0.1:9", "--standin", "--list"]).await;
    assert_eq!(ran.code, 0, "{}", ran.err);
    let count = |part: &str| ran.out.lines().filter(|line| line.contains(part)).count();
    assert!(count("(behaviour/") >= 480, "{}", ran.out);
    assert!(count("(wire/") >= 330, "{}", ran.out);
}

#[tokio::test]
async fn a_feature_of_the_users_is_added() {
    let ran = with("good", "mine.feature", GOOD).await;
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.out.contains("mine.one/cmp") && ran.out.contains("mine.one/calm"),
        "{}",
        ran.out
    );
}

#[tokio::test]
async fn a_wrong_feature_is_misuse() {
    let rows = [
        (
            "keyword",
            "mine.feature",
            GOOD.replace("Given", "Gievn"),
            "mine.feature:4: ",
        ),
        (
            "id",
            "mine.feature",
            GOOD.replace("mine.one", "oauth.form"),
            "the id \"oauth.form\"",
        ),
        ("none", "mine.txt", GOOD.to_owned(), "no .feature file"),
    ];
    for (name, path, text, remedy) in rows {
        let ran = with(name, path, &text).await;
        assert_eq!(ran.code, 2, "{}", ran.out);
        assert!(ran.err.contains(remedy), "{}", ran.err);
    }
}

/// The phrases of the step macros: between the quotes, with the two patterns in the words of the README.
fn phrases_in_code() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/conformance/steps");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let texts = files.map(|path| std::fs::read_to_string(path).unwrap());
    let mut phrases = BTreeSet::new();
    for text in texts {
        // A long phrase stands on a line of its own.
        let text = text
            .replace("(\n    expr = \"", "(expr = \"")
            .replace("\"\n)]", "\")]");
        for (start, end) in [("(expr = \"", "\")]"), ("(regex = r#\"^", "$\"#)]")] {
            let found = text
                .split(start)
                .skip(1)
                .map(|rest| rest.split(end).next().unwrap());
            phrases.extend(found.map(|found| {
                found
                    .replace("\"(/[^\"]*)\"", "{string}")
                    .replace("(.+)", "{JSON}")
            }));
        }
    }
    phrases
}

#[test]
fn the_readme_lists_every_step_and_no_other() {
    let readme = include_str!("../../../features/README.md");
    let (_, list) = readme.split_once("<!-- steps -->").unwrap();
    let listed: BTreeSet<String> = list
        .lines()
        .filter_map(|line| line.strip_prefix("- ")?.split('`').nth(1))
        .map(str::to_owned)
        .collect();
    let defined = phrases_in_code();
    assert!(defined.len() >= 230);
    assert_eq!(
        defined.difference(&listed).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "not listed"
    );
    assert_eq!(
        listed.difference(&defined).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "not defined"
    );
}
