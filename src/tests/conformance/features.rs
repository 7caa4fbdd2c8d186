//! Features as the caller meets them: his own beside the ones in the binary, and exit code 2 when one is wrong.

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
    assert!(count("(behaviour/") >= 50, "{}", ran.out);
    assert!(count("(wire/") >= 150, "{}", ran.out);
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
