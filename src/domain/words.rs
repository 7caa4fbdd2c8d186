//! For a word that is not known the nearest one that is, so that whoever mistypes a name is told the right one.

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
        .map(|one| (distance(&word, &one.to_lowercase()), *one))
        .min()?;
    let contains = |one: &&&str| word.len() >= 4 && (one.contains(&word) || word.contains(**one));
    let far = 1 + word.chars().count() / 3;
    if near.0 <= far {
        Some(near.1)
    } else {
        known.iter().find(contains).copied()
    }
}

/// Insertions, removals, replacements and swaps of neighbours that lead from one word to the other.
pub fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<_>, Vec<_>) = (from.chars().collect(), to.chars().collect());
    let mut before = vec![0; to.len() + 1];
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (row, one) in from.iter().enumerate() {
        let mut now = vec![row + 1; to.len() + 1];
        for (column, other) in to.iter().enumerate() {
            let replaced = last[column] + usize::from(one != other);
            let mut best = replaced.min(last[column + 1] + 1).min(now[column] + 1);
            let swapped =
                row > 0 && column > 0 && from[row - 1] == *other && to[column - 1] == *one;
            if swapped {
                best = best.min(before[column - 1] + 1);
            }
            now[column + 1] = best;
        }
        before = last;
        last = now;
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        let rows = [
            ("", "", 0),
            ("a", "", 1),
            ("reset", "rest", 1),
            ("whne", "when", 1),
            ("abc", "xyz", 3),
        ];
        for (from, to, want) in rows {
            assert_eq!(distance(from, to), want, "{from} {to}");
        }
    }

    #[test]
    fn the_nearest_word_is_named_and_a_far_one_is_not() {
        let known = ["before_headers", "after_headers", "after_bytes"];
        assert_eq!(nearest("after_header", &known), Some("after_headers"));
        assert_eq!(nearest("After_Headers", &known), Some("after_headers"));
        assert_eq!(nearest("bytes", &known), Some("after_bytes"));
        assert_eq!(nearest("zzz", &known), None);
        assert_eq!(
            unknown("ms", &[]),
            "\"ms\" is not known; nothing can be given here"
        );
    }
}
