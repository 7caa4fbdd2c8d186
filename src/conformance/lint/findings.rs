//! Every way of writing a feature wrongly is an error with a place and a remedy.

use super::checked;
use super::features::{FeatureText, embedded};

const GOOD: &str = "\
Feature: Mine
  @id:mine.one @source:ours @level:must
  Scenario: A card
    Given an eligible card
    When the card is enrolled
    Then the token is active
";

/// A slip: what stands in the good feature, what is written instead, where the harness must see it, and what it must say.
type Slip = (&'static str, &'static str, &'static str, &'static str);

const KEYWORDS: [Slip; 6] = [
    ("Given an", "Gievn an", "mine.feature:4:", "write Given"),
    ("Given an", "given an", "mine.feature:4:", "write Given"),
    (
        "When the",
        "Wehn the",
        "mine.feature:5:",
        "is line 5 meant to begin with When?",
    ),
    (
        "Scenario:",
        "Scenaro:",
        "mine.feature:4:",
        "is line 3 meant to begin with Scenario?",
    ),
    (
        "  @id",
        "  Scenaro: lost\n    Lost step\n\n  @id",
        "mine.feature:2:",
        "write Scenario",
    ),
    (
        "Scenario: A card\n",
        "Scenario: A card\n    Thne the token\n",
        "mine.feature:4:",
        "write Then",
    ),
];

const SHAPES: [Slip; 6] = [
    (
        "    Then the token is active\n",
        "",
        "mine.feature:3:",
        "no Then",
    ),
    (
        "    Given an eligible card\n    When the card is enrolled\n    Then the token is active\n",
        "",
        "mine.feature:3:",
        "no steps",
    ),
    (
        "eligible card",
        "eligible <network> card",
        "mine.feature:4:",
        "placeholder",
    ),
    (
        "@level",
        "@negative @level",
        "mine.feature:3:",
        "@negative needs",
    ),
    (
        "the token is active",
        "it is refused as declined",
        "mine.feature:6:",
        "needs the tag @negative",
    ),
    (
        "an eligible card\n",
        "POST \"/x\" is answered with 200 to\n      \"\"\"json\n      {}\n      \"\"\"\n",
        "mine.feature:4:",
        "doc string",
    ),
];

const TAGS: [Slip; 11] = [
    (
        "@level",
        "@disputed @level",
        "mine.feature:3:",
        "@disputed needs @level:should",
    ),
    (
        "@level",
        "@clause:nothing @level",
        "mine.feature:3:",
        "unknown tag @clause:nothing",
    ),
    (
        "@level",
        "@lvel",
        "mine.feature:3:",
        "unknown tag @lvel:must",
    ),
    (":must", ":may", "mine.feature:3:", "unknown tag @level:may"),
    (
        "@level",
        "@cap:flying @level",
        "mine.feature:3:",
        "unknown tag @cap:flying",
    ),
    (
        "@level",
        "@binding:visa2 @level",
        "mine.feature:3:",
        "unknown tag @binding:visa2",
    ),
    (
        "@level",
        "@wip @level",
        "mine.feature:3:",
        "unknown tag @wip",
    ),
    ("@id:mine.one ", "", "mine.feature:3:", "needs a tag @id"),
    (
        "@source:ours ",
        "",
        "mine.feature:3:",
        "needs a tag @source",
    ),
    (" @level:must", "", "mine.feature:3:", "needs a tag @level"),
    (
        "@id:mine.one",
        "@id:theirs.one",
        "",
        "the id \"theirs.one\"",
    ),
];

const STEPS: [Slip; 3] = [
    (
        "is enrolled",
        "is laminated",
        "mine.feature:5:",
        "no When step matches",
    ),
    (
        "When the card",
        "Given the card",
        "mine.feature:5:",
        "no Given step matches",
    ),
    (
        "token is active",
        "token is radioactive",
        "mine.feature:6:",
        "no Then step matches",
    ),
];

/// What goes behind the good feature with its scenario made an outline.
const OUTLINES: [(&str, &str); 6] = [
    ("", "outline without Examples"),
    ("    Examples:\n      | network |\n", "at least one row"),
    ("    Examples:\n", "at least one row"),
    (
        "    Examples:\n      | brand |\n      | Visa |\n",
        "<network> has no column",
    ),
    (
        "    Examples:\n      | network |\n      | Visa |\n      | Visa |\n",
        "mine.one.visa",
    ),
    (
        "    Examples:\n      | w | network |\n      | ? | Visa |\n",
        "needs letters or digits",
    ),
];

/// What the lint says of one feature.
fn complaints(path: &str, text: &str) -> String {
    let source = |path: &str, text: &str| FeatureText {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let theirs = GOOD.replace("mine.one", "theirs.one");
    let sources = [source(path, text), source("theirs.feature", &theirs)];
    match checked(&sources, &["cmp", "calm"]) {
        Ok(cases) => format!("{} cases", cases.len()),
        Err(problems) => problems
            .iter()
            .map(|problem| format!("{problem}\n"))
            .collect(),
    }
}

fn all_are_refused(slips: &[Slip]) {
    for (right, wrong, place, remedy) in slips {
        assert!(GOOD.contains(right), "{right}");
        let said = complaints("mine.feature", &GOOD.replacen(right, wrong, 1));
        assert!(
            said.contains(place) && said.contains(remedy),
            "{wrong}: {said}"
        );
    }
}

#[test]
fn a_good_feature_is_let_through() {
    assert_eq!(complaints("mine.feature", GOOD), "2 cases");
    assert_eq!(complaints("wire/cmp/mine.feature", GOOD), "2 cases");
    let crlf = GOOD.replace('\n', "\r\n");
    assert_eq!(complaints("mine.feature", &crlf), "2 cases");
}

#[test]
fn our_own_are_clean() {
    let cases = checked(&embedded(), &["cmp", "calm"]).unwrap();
    assert!(cases.len() > 150, "{}", cases.len());
}

#[test]
fn a_misspelt_keyword_is_an_error() {
    all_are_refused(&KEYWORDS);
}

#[test]
fn a_scenario_that_could_not_fail_is_an_error() {
    all_are_refused(&SHAPES);
}

#[test]
fn an_unknown_missing_or_double_tag_is_an_error() {
    all_are_refused(&TAGS);
    let twice = format!("{GOOD}\n{}", GOOD.replace("Feature: Mine\n", ""));
    let said = complaints("mine.feature", &twice);
    assert!(
        said.contains("mine.feature:9:") && said.contains("also that of mine.feature:3"),
        "{said}"
    );
}

#[test]
fn an_undefined_step_is_an_error() {
    all_are_refused(&STEPS);
}

#[test]
fn an_outline_that_runs_nothing_is_an_error() {
    let outline = GOOD
        .replace("Scenario:", "Scenario Outline:")
        .replace("eligible card", "eligible <network> card");
    for (examples, remedy) in OUTLINES {
        let said = complaints("mine.feature", &format!("{outline}{examples}"));
        assert!(said.contains(remedy), "{examples}: {said}");
    }
}

#[test]
fn a_feature_in_the_wrong_place_or_without_scenarios_is_an_error() {
    let said = complaints("wire/fax/mine.feature", GOOD);
    assert!(said.contains("no surface \"fax\""), "{said}");
    let said = complaints("mine.feature", "Feature: Nothing\n");
    assert!(said.contains("has no scenario"), "{said}");
}
