//! Sizes in settings: a number of bytes, or a text such as `4 MiB` or `64KiB`.

use std::fmt;

use bytesize::ByteSize;
use serde::Deserializer;
use serde::de::{Error, Visitor};

/// Reads a size, and says how one is written.
struct Size;

impl Visitor<'_> for Size {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of bytes, or a size such as \"4 MiB\" or \"64KiB\"")
    }

    fn visit_u64<E: Error>(self, bytes: u64) -> Result<usize, E> {
        usize::try_from(bytes)
            .map_err(|_| E::custom(format!("{bytes} bytes are more than there can be")))
    }

    fn visit_i64<E: Error>(self, bytes: i64) -> Result<usize, E> {
        let bytes = u64::try_from(bytes);
        self.visit_u64(bytes.map_err(|_| E::custom("a size cannot be negative"))?)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<usize, E> {
        let size: Result<ByteSize, _> = text.parse();
        let size = size.map_err(|_| {
            E::custom(format!(
                "{text:?} is no size; write a number of bytes, \"4 MiB\" or \"64KiB\""
            ))
        });
        self.visit_u64(size?.as_u64())
    }
}

pub(super) fn size<'de, D: Deserializer<'de>>(from: D) -> Result<usize, D::Error> {
    from.deserialize_any(Size)
}
