//! How some members of a persona are read and written.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serializer};

use crate::domain::lifecycle::Actor;
use crate::domain::lifecycle_action::LifecycleAction;
use crate::domain::moment::parse_span;

/// A script is a token's, so nothing that only an account updater reports of a card can stand in it.
pub(super) fn action_on_a_token<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<LifecycleAction, D::Error> {
    let action = LifecycleAction::deserialize(from)?;
    if action.command(Actor::Issuer).is_some() {
        return Ok(action);
    }
    let why = format!("{} happens to cards, not to tokens", action.word());
    Err(serde::de::Error::custom(why))
}

pub(super) fn span<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(from)?;
    parse_span(&text).map_err(serde::de::Error::custom)
}

pub(super) fn span_text<S: Serializer>(span: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&format!("PT{}S", span.as_secs_f64()))
}
