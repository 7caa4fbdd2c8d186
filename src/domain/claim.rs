//! A request that came with an idempotency key: what it was, and once it is known what it was answered. Which answers are
//! kept, and how a key is sent, is the surfaces' business.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::id::Partition;
use super::moment::Moment;
use super::payment::request::RequestId;
use super::written;
use crate::crypto::encoding::hex;
use crate::limits::CLAIM_LEASE;

/// Who sent the key, and the key, as one digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClaimKey([u8; 16]);

impl ClaimKey {
    pub fn of(sender: &str, key: &str) -> Self {
        Self(*RequestId::of(sender, key).bytes())
    }

    /// The request that the key stands for when it is claimed at `now`.
    pub fn request(&self, now: Moment) -> RequestId {
        RequestId::of(&hex(&self.0), &now.micros().to_string())
    }

    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    pub const fn partition(&self) -> Partition {
        Partition(u16::from_be_bytes([self.0[0], self.0[1]]))
    }
}

written::in_hex!(ClaimKey, 16, |key| &key.0, ClaimKey);

/// See the module.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claim {
    pub key: ClaimKey,
    /// What the operation is told, so that carrying the request out twice has one effect. A key that is used again when
    /// its time is over stands for another request.
    pub request: RequestId,
    /// What was asked for. The same key with another fingerprint is a mistake of the client's.
    #[serde(with = "written")]
    pub fingerprint: [u8; 32],
    pub claimed: Moment,
    /// From this instant on it counts no more.
    pub expires: Moment,
    /// None while the first request is being answered.
    pub answer: Option<Arc<KeptAnswer>>,
    /// From this instant on the first client has its answer; until then a fault rule keeps it waiting, and the key is in use.
    pub told: Moment,
}

/// An answer as it was given, to be given again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAnswer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    #[serde(with = "written")]
    pub body: Vec<u8>,
}

impl fmt::Debug for KeptAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeptAnswer({}, {} bytes)", self.status, self.body.len())
    }
}

/// What an earlier claim means for the one who comes now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimStatus {
    /// Its time is over.
    Expired,
    /// Whoever made it did not come back: the request is to be carried out again.
    Abandoned,
    /// It has been carried out; this is what was answered.
    Answered(Arc<KeptAnswer>),
    /// It is being carried out.
    Busy,
    /// The key came with another request.
    Other,
}

impl Claim {
    pub fn meets(&self, fingerprint: &[u8; 32], now: Moment) -> ClaimStatus {
        if now >= self.expires {
            return ClaimStatus::Expired;
        }
        if self.fingerprint != *fingerprint {
            return ClaimStatus::Other;
        }
        match &self.answer {
            Some(_) if now < self.told => ClaimStatus::Busy,
            Some(answer) => ClaimStatus::Answered(Arc::clone(answer)),
            None if now.since(self.claimed) >= CLAIM_LEASE => ClaimStatus::Abandoned,
            None => ClaimStatus::Busy,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn every_way_to_meet_a_claim() {
        let now = Moment::from_seconds(1_700_000_000);
        let open = Claim {
            key: ClaimKey::of("a", "b"),
            request: RequestId::of("c", "d"),
            fingerprint: [1; 32],
            claimed: now,
            expires: now.plus(Duration::from_secs(86_400)),
            answer: None,
            told: now,
        };
        let answer = Arc::new(KeptAnswer {
            status: 201,
            headers: Vec::new(),
            body: Vec::new(),
        });
        let done = Claim {
            answer: Some(Arc::clone(&answer)),
            ..open.clone()
        };
        let delayed = Claim {
            told: now.plus(Duration::from_secs(2)),
            ..done.clone()
        };
        let after = |seconds| now.plus(Duration::from_secs(seconds));
        let rows = [
            (&open, [1; 32], after(1), ClaimStatus::Busy),
            (&open, [2; 32], after(1), ClaimStatus::Other),
            (&open, [1; 32], after(30), ClaimStatus::Abandoned),
            (&delayed, [1; 32], after(1), ClaimStatus::Busy),
            (&delayed, [2; 32], after(1), ClaimStatus::Other),
            (
                &delayed,
                [1; 32],
                after(2),
                ClaimStatus::Answered(Arc::clone(&answer)),
            ),
            (&done, [1; 32], after(30), ClaimStatus::Answered(answer)),
            (&done, [2; 32], after(30), ClaimStatus::Other),
            (&done, [1; 32], after(86_400), ClaimStatus::Expired),
            (&done, [2; 32], after(86_400), ClaimStatus::Expired),
        ];
        for (claim, fingerprint, at, want) in rows {
            assert_eq!(claim.meets(&fingerprint, at), want, "{at} {claim:?}");
        }
    }
}
