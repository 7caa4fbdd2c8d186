//! Closed vocabularies: an enum, its words, and for a word that is in none of them the nearest that is.

/// A closed set of words.
pub(super) trait Vocabulary: Copy + Sized + 'static {
    const ALL: &'static [Self];

    fn word(self) -> &'static str;

    fn find(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.word() == word)
    }

    /// Says what `word` could have meant.
    fn read(word: &str) -> Result<Self, String> {
        Self::find(word).ok_or_else(|| unknown(word, &all_words::<Self>()))
    }
}

/// Every word of the set.
pub(super) fn all_words<T: Vocabulary>() -> Vec<&'static str> {
    T::ALL.iter().map(|one| one.word()).collect()
}

/// `"rest" is not known; did you mean "reset"?`, or every word there is when none is near.
pub(super) fn unknown(word: &str, known: &[&str]) -> String {
    match nearest(word, known) {
        Some(near) => format!("{word:?} is not known; did you mean {near:?}?"),
        None if known.is_empty() => format!("{word:?} is not known; nothing can be given here"),
        None => format!("{word:?} is not known; it can be {}", known.join(", ")),
    }
}

/// The known word that is fewest edits away, if it is near enough to have been meant.
pub(super) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
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
fn distance(from: &str, to: &str) -> usize {
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

/// Defines an enum whose variants are written as words, in JSON too.
macro_rules! words {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$about:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
        pub enum $name {
            $($(#[$about])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl $crate::faults::words::Vocabulary for $name {
            const ALL: &'static [Self] = Self::ALL;

            fn word(self) -> &'static str {
                self.word()
            }
        }
    };
}
pub(super) use words;

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
