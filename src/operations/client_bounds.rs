//! What a client may take of the server, and how slow it may be, before it is cut off.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::schemas;
use super::sizes::size;
use super::spans::span;
use crate::limits;

/// Bounds of every connection. What a body may hold is fixed: [`limits::BODY_BYTES_MAX`].
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClientBounds {
    /// Connections at once. Whoever comes then waits to be let in.
    #[serde(deserialize_with = "at_least_one")]
    #[schemars(range(min = 1))]
    pub connections_max: usize,
    /// Bytes of the head of a request: 8 KiB at least, which hyper reads at once.
    #[serde(deserialize_with = "a_buffer")]
    #[schemars(schema_with = "schemas::head_size")]
    pub head_bytes_max: usize,
    /// How long a connection may say nothing at first.
    #[serde(with = "span")]
    #[schemars(schema_with = "schemas::span")]
    pub first_byte_wait: Duration,
    /// How long the head of a request may take, and how long a connection may say nothing between two.
    #[serde(with = "span")]
    #[schemars(schema_with = "schemas::span")]
    pub idle_wait: Duration,
    /// How long the body of a request may take.
    #[serde(with = "span")]
    #[schemars(schema_with = "schemas::span")]
    pub body_wait: Duration,
    /// How long a client may take nothing of its answer.
    #[serde(with = "span")]
    #[schemars(schema_with = "schemas::span")]
    pub answer_wait: Duration,
}

impl Default for ClientBounds {
    fn default() -> Self {
        Self {
            connections_max: limits::CONNECTIONS_MAX,
            head_bytes_max: limits::HEAD_BYTES_MAX,
            first_byte_wait: limits::FIRST_BYTE_WAIT,
            idle_wait: limits::IDLE_WAIT,
            body_wait: limits::BODY_WAIT,
            answer_wait: limits::ANSWER_WAIT,
        }
    }
}

fn at_least_one<'de, D: Deserializer<'de>>(from: D) -> Result<usize, D::Error> {
    at_least(1, from)
}

fn a_buffer<'de, D: Deserializer<'de>>(from: D) -> Result<usize, D::Error> {
    no_less(limits::HEAD_BYTES_MIN, size(from)?)
}

fn at_least<'de, D: Deserializer<'de>>(least: usize, from: D) -> Result<usize, D::Error> {
    no_less(least, usize::deserialize(from)?)
}

fn no_less<E: serde::de::Error>(least: usize, given: usize) -> Result<usize, E> {
    if given < least {
        let why = format!("must be at least {least}, not {given}");
        return Err(E::custom(why));
    }
    Ok(given)
}

#[cfg(test)]
mod tests {
    use crate::operations::settings::Settings;

    #[test]
    fn a_bound_that_nothing_fits_into_is_refused_by_name() {
        for (text, member) in [
            ("connections_max = 0", "connections_max"),
            ("head_bytes_max = 100", "head_bytes_max"),
            ("head_bytes_max = \"100 B\"", "head_bytes_max"),
            ("body_wait = 3", "body_wait"),
        ] {
            let error = Settings::parse(&format!("[clients]\n{text}\n")).unwrap_err();
            assert!(error.to_string().contains(member), "{error}");
        }
    }
}
