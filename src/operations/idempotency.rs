//! One effect and one answer for one idempotency key, at whichever surface: the key is claimed, the request is carried
//! out, its answer is kept. A crash between the steps does no harm, because whatever consumes something carries the id of
//! its request and so gives its first outcome again.

use std::sync::Arc;
use std::time::Duration;

use super::space::Call;
use crate::domain::claim::{Claim, ClaimKey, ClaimStatus, KeptAnswer};
use crate::domain::payment::request::RequestId;
use crate::domain::rejection::Rejection;
use crate::limits::COMMIT_ATTEMPTS_MAX;
use crate::store::{Batch, Commit, Task, TaskKind};

/// A key as a client sent it.
#[derive(Debug, Clone, Copy)]
pub struct Keyed {
    pub key: ClaimKey,
    /// A digest of what was asked for.
    pub fingerprint: [u8; 32],
    /// How long the answer is kept.
    pub lifetime: Duration,
}

/// How a request with a key goes on.
#[derive(Debug)]
pub enum Turn {
    /// Nobody has been here: carry it out, then [`keep`] the answer or [`release`] the key.
    First(ClaimedKey),
    /// Somebody has.
    Met(ClaimStatus),
}

/// A claimed key.
#[derive(Debug)]
pub struct ClaimedKey {
    claim: Claim,
    version: u32,
}

impl ClaimedKey {
    /// To be handed to the operation.
    pub const fn request(&self) -> RequestId {
        self.claim.request
    }
}

/// Claims a key, if no earlier claim of it counts.
pub async fn claim(call: &Call, keyed: &Keyed) -> Result<Turn, Rejection> {
    let key = keyed.key;
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let found = call.space.store.get::<Claim>(&key).await?;
        let request = match &found {
            None => key.request(call.now),
            Some(found) => match found.record.meets(&keyed.fingerprint, call.now) {
                ClaimStatus::Expired => key.request(call.now),
                ClaimStatus::Abandoned => found.record.request,
                met @ (ClaimStatus::Answered(_) | ClaimStatus::Busy | ClaimStatus::Other) => {
                    return Ok(Turn::Met(met));
                }
            },
        };
        let claim = Claim {
            key,
            request,
            fingerprint: keyed.fingerprint,
            claimed: call.now,
            expires: call.now.plus(keyed.lifetime),
            answer: None,
            told: call.now,
        };
        let version = found.map(|found| found.version);
        let batch = Batch::new().put(claim.clone(), version).plan(Task {
            due: claim.expires,
            kind: TaskKind::Forget(key),
        });
        if call.space.store.commit(batch).await? == Commit::Done {
            let version = version.map_or(0, |version| version.wrapping_add(1));
            return Ok(Turn::First(ClaimedKey { claim, version }));
        }
    }
    Err(Rejection::Contention)
}

/// Keeps the answer for those who ask again.
pub async fn keep(call: &Call, held: ClaimedKey, answer: KeptAnswer) -> Result<(), Rejection> {
    let claim = Claim {
        answer: Some(Arc::new(answer)),
        told: call.now.plus(kept_waiting(call)),
        ..held.claim
    };
    // A conflict means that the lease had run out and somebody else carried the same request out again.
    call.space
        .store
        .commit(Batch::new().replace(claim, held.version))
        .await?;
    Ok(())
}

/// How long a fault rule has the first client wait for its answer. Where the clock stands still nobody waits.
fn kept_waiting(call: &Call) -> Duration {
    let rules = call.faults.as_ref().filter(|_| call.space.clock.is_real());
    rules.map_or(Duration::ZERO, |faults| faults.plan.wait)
}

/// Lets the key be used again, because nothing came of the request.
pub async fn release(call: &Call, held: ClaimedKey) -> Result<(), Rejection> {
    let batch = Batch::new().remove::<Claim>(held.claim.key, held.version);
    call.space.store.commit(batch).await?;
    Ok(())
}

/// Forgets what was answered to a key, unless it has been claimed anew since.
pub(super) async fn forget(call: &Call, key: &ClaimKey) -> Result<(), Rejection> {
    let Some(found) = call.space.store.get::<Claim>(key).await? else {
        return Ok(());
    };
    if call.now >= found.record.expires {
        let batch = Batch::new().remove::<Claim>(*key, found.version);
        call.space.store.commit(batch).await?;
    }
    Ok(())
}
