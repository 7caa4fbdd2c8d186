//! Closed vocabularies: an enum and the words that stand for its members in rules, journals and the control plane.

use super::words::unknown;

/// A closed set of words.
pub trait Vocabulary: Copy + Sized + 'static {
    const ALL: &'static [Self];

    fn word(self) -> &'static str;

    fn find(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.word() == word)
    }

    /// Reads a word.
    ///
    /// # Errors
    /// A sentence that says what the word could have meant.
    fn read(word: &str) -> Result<Self, String> {
        Self::find(word).ok_or_else(|| unknown(word, &all_words::<Self>()))
    }
}

/// Every word of the set.
pub fn all_words<T: Vocabulary>() -> Vec<&'static str> {
    T::ALL.iter().map(|one| one.word()).collect()
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

        impl $crate::domain::vocabulary::Vocabulary for $name {
            const ALL: &'static [Self] = Self::ALL;

            fn word(self) -> &'static str {
                self.word()
            }
        }
    };
}
pub(crate) use words;
