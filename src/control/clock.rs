//! Reading and moving a space's clock.

use axum::response::Response;
use bytes::Bytes;
use serde::Deserialize;

use super::caller::{Caller, json};
use super::errors::ControlError;
use super::reading::body;
use crate::clock::{Clock, Source};
use crate::domain::moment::{Moment, parse_span};
use crate::limits::POST_WAIT;
use crate::operations::Space;
use crate::operations::settle::settle;
use crate::operations::space_state::move_clock;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    advance: Option<String>,
    set: Option<String>,
    /// Whether it may be put back. What was made meanwhile stays as it is then, and is made in the future.
    #[serde(default)]
    force: bool,
}

impl Change {
    fn carry_out(&self, clock: &Clock) -> Result<(), ControlError> {
        match (&self.advance, &self.set) {
            (Some(span), None) => {
                let span =
                    parse_span(span).map_err(|e| ControlError::Member("advance", e.to_string()))?;
                clock.advance(span);
            }
            (None, Some(instant)) => {
                let to = Moment::parse(instant)
                    .map_err(|e| ControlError::Member("set", e.to_string()))?;
                if to < clock.now() && !self.force {
                    return Err(ControlError::Conflict(
                        "clock_backwards",
                        "the clock is past that instant, and what has happened since does not unhappen; reset the space, or say \"force\": true",
                    ));
                }
                clock.set(to);
            }
            (None, None) | (Some(_), Some(_)) => {
                let due = "or set must be given, and not both";
                return Err(ControlError::Member("advance", due.to_owned()));
            }
        }
        Ok(())
    }
}

pub(super) async fn read(Caller(call): Caller) -> Result<Response, ControlError> {
    show(&call.space).await
}

/// Moves the clock and then does what has become due, so that the answer tells of a world that has caught up.
pub(super) async fn change(Caller(call): Caller, bytes: Bytes) -> Result<Response, ControlError> {
    let change: Change = body(&bytes)?;
    let space = &call.space;
    move_clock(space, |clock| change.carry_out(clock)).await?;
    let now = space.clock.now();
    settle(space, now).await?;
    space.store.wake_up();
    match tokio::time::timeout(POST_WAIT, space.store.quiet_at(now)).await {
        Ok(quiet) => quiet?,
        Err(_) => {
            tracing::warn!(space = %space.name, "some webhooks that became due are still on their way");
        }
    }
    show(space).await
}

async fn show(space: &Space) -> Result<Response, ControlError> {
    let mode = match space.clock.source() {
        Source::Machine => "real",
        Source::Manual(_) => "manual",
    };
    let due = space.store.next_due().await?.map(Moment::rfc3339_micros);
    Ok(json(&serde_json::json!({
        "now": space.clock.now().rfc3339_micros(),
        "mode": mode,
        "next_due": due,
    })))
}
