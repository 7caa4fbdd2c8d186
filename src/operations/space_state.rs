//! What a space keeps beyond the process besides its records: where its clock stands, its fault rules and what they counted.

use serde::{Deserialize, Serialize};

use super::space::Space;
use super::space_name::SpaceName;
use crate::clock::{Clock, Source};
use crate::domain::moment::Moment;
use crate::domain::rejection::Rejection;
use crate::domain::words::unknown;
use crate::faults::choose::RuleSet;
use crate::faults::shared::Rules;
use crate::store::{Looked, StoreError};
use crate::wording::plain;

const CLOCK: &str = "clock";
const ORIGIN: &str = "origin";

/// Where a clock stands. One that stands still is where it was left; the other is as far from the machine's time.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stand {
    At(Moment),
    Moved { micros: i64 },
}

/// Moves the clock and keeps where it stands. Where another server that shares the engine has moved it first, `act` is asked
/// again about where it stands now.
///
/// # Errors
/// What `act` says, or that the store is away; then the clock stands where it stood.
pub async fn move_clock<E: From<Rejection>>(
    space: &Space,
    mut act: impl FnMut(&Clock) -> Result<(), E>,
) -> Result<(), E> {
    let _one_at_a_time = space.setting.lock().await;
    loop {
        let stood = space.clock.moved_micros();
        act(&space.clock)?;
        let clock = vec![(CLOCK.to_owned(), Some(stand(space)))];
        match space.store.set_if_same(clock).await {
            Ok(true) => return Ok(()),
            Ok(false) => take_from_others(space).await?,
            Err(error) => {
                space.clock.restore(stood);
                return Err(Rejection::from(error).into());
            }
        }
    }
}

/// Changes the fault rules and keeps what has changed of them. Where another server has changed them first, `act` is asked again.
///
/// # Errors
/// When the store is away. Where nobody else shares it, what could not be kept is kept the next time.
pub async fn change_rules<T>(
    space: &Space,
    mut act: impl FnMut(&mut RuleSet) -> T,
) -> Result<T, Rejection> {
    if space.store.as_shared().is_some() {
        return with_rules(space, |rules| rules.change(&mut act)).await;
    }
    let done = space.faults.change(act);
    keep_faults(space).await?;
    Ok(done)
}

/// Does something with the fault rules that may count. Where servers share an engine they count together: what was counted here is
/// kept before anything comes of it, and if another server was first, it is counted again from where that one was.
///
/// # Errors
/// When the engine is away. Nothing comes of the rules then.
pub async fn with_rules<T>(
    space: &Space,
    mut act: impl FnMut(&Rules) -> T,
) -> Result<T, Rejection> {
    if space.store.as_shared().is_none() {
        return Ok(act(&space.faults));
    }
    let _one_at_a_time = space.setting.lock().await;
    loop {
        let done = act(&space.faults);
        let changed = space.faults.read().changed();
        if changed.is_empty() {
            return Ok(done);
        }
        match space.store.set_if_same(changed).await {
            Ok(true) => return Ok(done),
            Ok(false) => take_from_others(space).await?,
            Err(error) => {
                // Nobody knows whether it was kept, so that all of it is read back before it is used again.
                space.store.forget_settings();
                return Err(error.into());
            }
        }
    }
}

/// Sees to it that what happens by itself happens at the space's own time, which other servers may have moved. Says what it saw,
/// where there are others.
///
/// # Errors
/// When the store is away.
pub async fn catch_up(space: &Space) -> Result<Option<Looked>, Rejection> {
    let looked = space.store.look().await?;
    if looked.is_some_and(|looked| looked.moved && !looked.gone) {
        read_again(space).await?;
    }
    Ok(looked)
}

/// Reads back what other servers have set.
///
/// # Errors
/// When the store is away, or what it has cannot be read.
pub(super) async fn read_again(space: &Space) -> Result<(), Rejection> {
    let _one_at_a_time = space.setting.lock().await;
    take_from_others(space).await
}

async fn take_from_others(space: &Space) -> Result<(), Rejection> {
    let settings = space.store.settings().await?;
    let entries = &settings.entries;
    let unreadable = |why: String| StoreError::Away(format!("its settings: {why}").into());
    let mut rules = RuleSet::default();
    rules.restore(entries).map_err(unreadable)?;
    rules.watch();
    let before = space.clock.now();
    set_clock(&space.clock, entries).map_err(unreadable)?;
    space.faults.change(|set| *set = rules);
    space.store.goes_by(&settings);
    if space.clock.now() > before && !space.clock.is_real() {
        space.store.wake_up();
    }
    Ok(())
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
    // Where several servers count, whoever counts keeps it at once (see `with_rules`).
    if space.store.as_shared().is_some() {
        return Ok(());
    }
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

/// Whether a setting of a file can be used. Its rules are armed beside those of the same space that came before.
///
/// # Errors
/// What is wrong with it.
pub(super) fn check(name: &str, value: &str, rules: &mut RuleSet) -> Result<(), String> {
    match name {
        CLOCK => read_stand(value).map(|_| ()),
        ORIGIN => SpaceName::parse(value)
            .map(|_| ())
            .map_err(|error| error.to_string()),
        name if RuleSet::keeps(name) => rules.restore(&[(name.to_owned(), value.to_owned())]),
        name => Err(unknown(name, &[CLOCK, ORIGIN, "fault/…"])),
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
    set_clock(clock, entries)?;
    faults.change(|set| set.restore(entries))
}

fn read_stand(text: &str) -> Result<Stand, String> {
    serde_json::from_str(text).map_err(|error| plain(&error.to_string()))
}

fn set_clock(clock: &Clock, entries: &[(String, String)]) -> Result<(), String> {
    if let Some((_, text)) = entries.iter().find(|(name, _)| name == CLOCK) {
        let stand = read_stand(text).map_err(|error| format!("the clock: {error}"))?;
        match (stand, clock.source()) {
            (Stand::At(at), Source::Manual(_)) => {
                clock.set(at);
            }
            (Stand::Moved { micros }, Source::Machine) => clock.restore(micros),
            // The other kind of clock says nothing about this one.
            (Stand::At(_), Source::Machine) | (Stand::Moved { .. }, Source::Manual(_)) => {}
        }
    }
    Ok(())
}
