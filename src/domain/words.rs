//! For a word that is not known the nearest one that is, so that whoever mistypes a name is told the right one.

use strsim::osa_distance;

/// `"rest" is not known; did you mean "reset"?`, or every word there is when none is near.
pub fn unknown(word: &str, known: &[&str]) -> String {
    match nearest(word, known) {
        Some(near) => format!("{word:?} is not known; did you mean {near:?}?"),
        None if known.is_empty() => format!("{word:?} is not known; nothing can be given here"),
        None => format!("{word:?} is not known; it can be {}", known.join(", ")),
    }
}

/// The known word that is fewest edits away, if it is near enough to have been meant.
pub fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word: String = word.chars().take(64).flat_map(char::to_lowercase).collect();
    let near = known
        .iter()
        .map(|one| (osa_distance(&word, &one.to_lowercase()), *one))
        .min()?;
    let contains = |one: &&&str| word.len() >= 4 && (one.contains(&word) || word.contains(**one));
    let far = 1 + word.chars().count() / 3;
    if near.0 <= far {
        Some(near.1)
    } else {
        known.iter().find(contains).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_named_and_a_far_one_is_not() {
        let known = ["before_headers", "after_headers", "after_bytes"];
        assert_eq!(nearest("after_header", &known), Some("after_headers"));
        assert_eq!(nearest("After_Headers", &known), Some("after_headers"));
        assert_eq!(nearest("aftre_bytes", &known), Some("after_bytes"));
        assert_eq!(nearest("whne", &["when", "with"]), Some("when"));
        assert_eq!(nearest("bytes", &known), Some("after_bytes"));
        assert_eq!(nearest("zzz", &known), None);
        assert_eq!(
            unknown("ms", &[]),
            "\"ms\" is not known; nothing can be given here"
        );
    }
}
