//! The command as a user runs it. The whole matrix takes an optimised build and stands in `.ci/run`; here each kind of deviation
//! is tried with a few of its own checks.

use serde_json::Value;

use crate::cli::{printed, standin};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// One of each place where an instance deviates: the answer, the decision, the commit, the key, the message.
#[test]
fn defects_are_noticed_by_their_checks() {
    let names = [
        "par-cut-off",
        "suspended-stays",
        "amount-free",
        "captures-alone",
        "key-of-all",
        "enrols-at-once",
        "no-key-needed",
        "unsigned",
        "called-html",
    ];
    let options = ["prove", "--brief", "--quiet", "--json"];
    let told = printed(&[&options[..], &names[..]].concat());
    let told = json(&told);
    let rows = told["deviations"].as_array().unwrap();
    assert_eq!(rows.len(), names.len());
    for row in rows {
        assert_eq!(row["fate"], "killed", "{row:#}");
        assert_eq!(row["not_noticed_by"], serde_json::json!([]), "{row:#}");
    }
    assert_eq!(told["clean"]["wrong"], serde_json::json!([]), "{told:#}");
    assert!(told["clean"]["checks"].as_u64().unwrap() >= 350, "{told:#}");
}

/// The kept matrix (`fixtures/prove/README.md` says what stands in it) has a line for each defect, with a check that notices it, in
/// the order in which they are listed.
#[test]
fn the_kept_matrix_is_of_the_defects_that_there_are() {
    let kept = include_str!("../../../fixtures/prove/matrix.txt");
    let listed = printed(&["prove", "--list"]);
    let defects = listed.lines().filter(|line| line.starts_with("defect "));
    let defects: Vec<_> = defects
        .filter_map(|line| line.split_whitespace().nth(1))
        .collect();
    let rows = kept.lines().filter_map(|line| line.split_once(": "));
    let rows: Vec<_> = rows
        .filter(|(_, checks)| checks.contains('.'))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(rows, defects);
}

#[test]
fn everything_is_listed_in_a_sentence() {
    let listed = printed(&["prove", "--list"]);
    let count = |kind: &str| listed.lines().filter(|line| line.starts_with(kind)).count();
    assert!(count("defect ") >= 80, "{listed}");
    assert!(count("variation ") >= 20, "{listed}");
    let unknown = standin(&["prove", "enrols-anwe"]);
    assert_eq!(unknown.status.code(), Some(2));
    let why = String::from_utf8(unknown.stderr).unwrap();
    assert!(why.contains("\"enrols-anwe\""), "{why}");
}
