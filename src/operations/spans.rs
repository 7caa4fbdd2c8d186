//! Spans of time in settings: written and read as ISO 8601 durations such as `PT5S`.

use std::fmt;
use std::time::Duration;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::domain::moment::parse_span;

/// Reads a span, and says how one is written.
struct Span;

impl Visitor<'_> for Span {
    type Value = Duration;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a span of time such as \"30s\" or \"PT24H\"")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Duration, E> {
        parse_span(text).map_err(E::custom)
    }
}

/// A span that may be left out.
struct Given(Duration);

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Span).map(Self)
    }
}

pub(super) mod span {
    use super::{Duration, Span};
    use serde::{Deserializer, Serializer};

    pub(in crate::operations) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Duration, D::Error> {
        from.deserialize_any(Span)
    }

    pub(in crate::operations) fn serialize<S: Serializer>(
        span: &Duration,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(&format!("PT{}S", span.as_secs_f64()))
    }
}

pub(super) mod optional_span {
    use super::{Duration, Given};
    use serde::{Deserialize, Deserializer, Serializer};

    pub(in crate::operations) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Duration>, D::Error> {
        let span = Option::<Given>::deserialize(from)?;
        Ok(span.map(|Given(span)| span))
    }

    pub(in crate::operations) fn serialize<S: Serializer>(
        span: &Option<Duration>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match span {
            Some(span) => to.serialize_some(&format!("PT{}S", span.as_secs_f64())),
            None => to.serialize_none(),
        }
    }
}
