//! Spans of time in settings: written and read as ISO 8601 durations such as `PT5S`.

use std::time::Duration;

use crate::domain::moment::parse_span;

pub(super) mod span {
    use super::{Duration, parse_span};
    use serde::{Deserialize, Deserializer, Serializer};

    pub(in crate::operations) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Duration, D::Error> {
        let text = String::deserialize(from)?;
        parse_span(&text).map_err(serde::de::Error::custom)
    }

    pub(in crate::operations) fn serialize<S: Serializer>(
        span: &Duration,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(&format!("PT{}S", span.as_secs_f64()))
    }
}

pub(super) mod optional_span {
    use super::{Duration, parse_span};
    use serde::{Deserialize, Deserializer, Serializer};

    pub(in crate::operations) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Duration>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        let span = text.as_deref().map(parse_span).transpose();
        span.map_err(serde::de::Error::custom)
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
