//! Words of enums that live in the domain, where serde names them: reading one with the nearest word in the error.

use std::fmt;

use serde::de::value::{Error as Mismatch, StrDeserializer};
use serde::de::{self, Deserialize, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::domain::words::unknown;

/// Reads the snake_case word of an enum without fields.
pub(super) fn read_named<T: for<'de> Deserialize<'de>>(word: &str) -> Result<T, String> {
    let reader: StrDeserializer<'_, Mismatch> = word.into_deserializer();
    T::deserialize(reader).map_err(|_| unknown(word, words_of::<T>()))
}

/// The same as a list.
pub(super) fn all_named<T: for<'de> Deserialize<'de>>() -> Vec<&'static str> {
    words_of::<T>().to_vec()
}

/// Every word of the enum.
pub(super) fn words_of<T: for<'de> Deserialize<'de>>() -> &'static [&'static str] {
    match T::deserialize(AskForWords) {
        Err(Wanted(words)) => words,
        Ok(_) => &[],
    }
}

/// A deserializer that hands back the words that it is told to expect.
struct AskForWords;

/// The words, in the place of an error.
#[derive(Debug)]
struct Wanted(&'static [&'static str]);

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(", "))
    }
}

impl std::error::Error for Wanted {}

impl de::Error for Wanted {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(&[])
    }
}

impl<'de> Deserializer<'de> for AskForWords {
    type Error = Wanted;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Wanted> {
        Err(Wanted(&[]))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Wanted> {
        Err(Wanted(words))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::notice::Event;
    use crate::domain::rejection::Rejection;

    #[test]
    fn a_word_of_the_domain_or_the_nearest() {
        assert_eq!(
            read_named("card_not_allowed"),
            Ok(Rejection::CardNotAllowed)
        );
        let problem = read_named::<Rejection>("card_not_alowed").unwrap_err();
        assert!(
            problem.ends_with("did you mean \"card_not_allowed\"?"),
            "{problem}"
        );
        assert!(words_of::<Event>().contains(&"provisioning_failed"));
    }
}
