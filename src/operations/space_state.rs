//! What a space keeps beyond the process besides its records: where its clock stands, its fault rules and what they counted.

use serde::{Deserialize, Serialize};

use super::space::Space;
use super::space_name::SpaceName;
use crate::clock::{Clock, Source};
use crate::domain::moment::Moment;
use crate::domain::rejection::Rejection;
use crate::faults::shared::Rules;

const CLOCK: &str = "clock";
const ORIGIN: &str = "origin";

/// Where a clock stands. One that stands still is where it was left; the other is as far from the machine's time.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stand {
    At(Moment),
    Moved { micros: i64 },
}

/// Keeps where the clock stands.
///
/// # Errors
/// When the store is away.
pub async fn keep_clock(space: &Space) -> Result<(), Rejection> {
    if !space.store.outlives_process() {
        return Ok(());
    }
    let clock = vec![(CLOCK.to_owned(), Some(stand(space)))];
    Ok(space.store.set(clock).await?)
}

fn stand(space: &Space) -> String {
    let stand = match space.clock.source() {
        Source::Manual(_) => Stand::At(space.clock.now()),
        Source::Machine => Stand::Moved {
            micros: space.clock.moved_micros(),
        },
    };
    serde_json::to_string(&stand).unwrap_or_default()
}

/// Everything that a space keeps besides its records, whether or not it outlives the process.
pub(super) fn entries(space: &Space) -> Vec<(String, String)> {
    let own = [
        (CLOCK.to_owned(), stand(space)),
        (ORIGIN.to_owned(), space.origin.text().to_owned()),
    ];
    let faults = space.faults.read().entries();
    let faults = faults
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    own.into_iter().chain(faults).collect()
}

/// The space by whose name the seed of this one is derived.
///
/// # Errors
/// What cannot be read.
pub(super) fn origin(name: &SpaceName, entries: &[(String, String)]) -> Result<SpaceName, String> {
    match entries.iter().find(|(name, _)| name == ORIGIN) {
        None => Ok(name.clone()),
        Some((_, text)) => SpaceName::parse(text).map_err(|error| format!("the origin: {error}")),
    }
}

/// Keeps what has changed of the fault rules. What could not be kept is kept the next time.
///
/// # Errors
/// When the store is away.
pub async fn keep_faults(space: &Space) -> Result<(), Rejection> {
    let changed = space.faults.read().changed();
    if changed.is_empty() {
        return Ok(());
    }
    let kept = space.store.set(changed.clone()).await;
    if kept.is_err() {
        space.faults.read().not_kept(&changed);
    }
    Ok(kept?)
}

/// Keeps what the rules have counted of an exchange, where anything outlives the process. What was counted stays so when that
/// cannot be done.
pub async fn keep_counts(space: &Space) {
    if space.store.outlives_process()
        && let Err(error) = keep_faults(space).await
    {
        tracing::warn!(space = %space.name, %error, "what fault rules have counted");
    }
}

/// Puts clock and fault rules where an earlier process had them.
///
/// # Errors
/// What cannot be read.
pub(super) fn restore(
    clock: &Clock,
    faults: &Rules,
    entries: &[(String, String)],
) -> Result<(), String> {
    if let Some((_, text)) = entries.iter().find(|(name, _)| name == CLOCK) {
        let stand = serde_json::from_str(text).map_err(|error| format!("the clock: {error}"))?;
        match (stand, clock.source()) {
            (Stand::At(at), Source::Manual(_)) => {
                clock.set(at);
            }
            (Stand::Moved { micros }, Source::Machine) => clock.restore(micros),
            // The other kind of clock says nothing about this one.
            (Stand::At(_), Source::Machine) | (Stand::Moved { .. }, Source::Manual(_)) => {}
        }
    }
    faults.change(|set| set.restore(entries))
}
