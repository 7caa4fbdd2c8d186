//! What runs beside the requests: makes a new connection when one was thrown away, says that this replica is alive, follows
//! which spaces there are, and finds out which replicas are gone.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use redis::{Pipeline, Value};
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, sleep, timeout};

use super::keys::Registry;
use super::link::{Connection, Link};
use crate::limits::{
    REPLICA_ALIVE, REPLICA_BEAT, REPLICA_GONE_AFTER, REPLICAS_GONE_MAX, SHARED_FOLLOW_WAIT,
};
use crate::store::StoreError;

/// What it tells whoever listens.
#[derive(Debug)]
pub(super) struct Signals {
    /// Moves whenever spaces are made or let go.
    pub(super) epoch: watch::Sender<u64>,
    /// Replicas that are gone.
    pub(super) gone: broadcast::Sender<String>,
}

impl Default for Signals {
    fn default() -> Self {
        Self {
            epoch: watch::Sender::new(0),
            gone: broadcast::Sender::new(REPLICAS_GONE_MAX),
        }
    }
}

/// Runs until nobody has the engine any more.
pub(super) async fn supervise(link: Weak<Link>, signals: Arc<Signals>, replica: String) {
    let (mut beat, mut confirmed): (Option<Instant>, bool) = (None, true);
    let mut missing = HashMap::new();
    loop {
        let Some(link) = link.upgrade() else { return };
        if link.connection().is_none() {
            match Connection::open(&link.address).await {
                Ok(connection) => link.use_now(connection),
                Err(error) => {
                    let _noted = link.said(&error);
                }
            }
        }
        if link.connection().is_some() && follow(&link, &signals).await.is_ok() {
            if beat.is_none_or(|at| at.elapsed() >= REPLICA_BEAT) {
                beat = Some(Instant::now());
                let gone = live(&link, &replica, &mut missing).await;
                confirmed = gone.is_ok();
                for one in gone.unwrap_or_default() {
                    tracing::warn!(replica = one, "a replica is gone; its work is taken over");
                    let _nobody_listens = signals.gone.send(one);
                }
            }
            // What only reads says nothing of changes.
            if confirmed {
                link.well();
            }
        }
        let broken = link.broken.notified();
        let _either = timeout(SHARED_FOLLOW_WAIT, broken).await;
        if link.connection().is_none() {
            sleep(SHARED_FOLLOW_WAIT).await;
        }
    }
}

/// Whether the engine answers, and which spaces there are.
async fn follow(link: &Link, signals: &Signals) -> Result<(), StoreError> {
    let mut pipe = Pipeline::new();
    pipe.cmd("GET").arg(Registry::Epoch.key());
    let (epoch,): (Option<u64>,) = link.read(&pipe).await?;
    let epoch = epoch.unwrap_or_default();
    signals.epoch.send_if_modified(|known| {
        let moved = *known != epoch;
        *known = epoch;
        moved
    });
    Ok(())
}

/// Says that this replica is alive, and gives those that have not said so for a while. One that the engine was away from is not
/// gone, so each is watched for some time by this process's own clock.
async fn live(
    link: &Link,
    replica: &str,
    missing: &mut HashMap<String, Instant>,
) -> Result<Vec<String>, StoreError> {
    let alive = u64::try_from(REPLICA_ALIVE.as_millis()).unwrap_or(u64::MAX);
    let own = Registry::alive(replica);
    let mut pipe = Pipeline::new();
    // Needs no memory, of which the engine may have none.
    pipe.cmd("PEXPIRE").arg(&own).arg(alive);
    let still = link.write(&mut pipe).await?;
    let mut pipe = Pipeline::new();
    pipe.cmd("HKEYS").arg(Registry::Replicas.key());
    let (all,): (Vec<String>,) = link.read(&pipe).await?;
    if still != [Value::Int(1)] || !all.iter().any(|one| one == replica) {
        let mut pipe = Pipeline::new();
        pipe.cmd("SET").arg(&own).arg(1).arg("PX").arg(alive);
        pipe.cmd("HSET").arg(Registry::Replicas.key());
        pipe.arg(replica).arg(std::process::id());
        link.write(&mut pipe).await?;
    }
    let others: Vec<_> = all.into_iter().filter(|one| one != replica).collect();
    missing.retain(|one, _| others.contains(one));
    let mut pipe = Pipeline::new();
    for one in &others {
        pipe.cmd("EXISTS").arg(Registry::alive(one));
    }
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let alive: Vec<bool> = link.read(&pipe).await?;
    let mut gone = Vec::new();
    for (one, alive) in others.into_iter().zip(alive) {
        if alive {
            missing.remove(&one);
            continue;
        }
        let since = missing.entry(one.clone()).or_insert_with(Instant::now);
        if since.elapsed() >= REPLICA_GONE_AFTER {
            gone.push(one);
        }
    }
    Ok(gone)
}
