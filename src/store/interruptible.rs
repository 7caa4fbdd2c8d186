//! The memory engine behind a connection that can be cut, as one on disk or network can lose its own. It is how tests see
//! what becomes of a request whose engine is away; nothing else uses it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::StoreError;
use super::memory::Memory;
use crate::limits::Share;

/// Every operation gets through.
const UNLIMITED: i64 = i64::MAX;

/// Cuts the connection of every store that was opened with it, and joins it again.
#[derive(Debug, Clone)]
pub struct Outage {
    /// How many operations still get through.
    left: Arc<AtomicI64>,
}

impl Default for Outage {
    /// None so far.
    fn default() -> Self {
        Self {
            left: Arc::new(AtomicI64::new(UNLIMITED)),
        }
    }
}

impl Outage {
    /// Lets so many operations through and none after them.
    pub fn begin_after(&self, operations: u32) {
        self.left.store(i64::from(operations), Ordering::SeqCst);
    }

    /// Lets every operation through from now on.
    pub fn end(&self) {
        self.left.store(UNLIMITED, Ordering::SeqCst);
    }

    fn pass(&self) -> Result<(), StoreError> {
        let take = |left: i64| match left {
            UNLIMITED => Some(UNLIMITED),
            left if left > 0 => Some(left - 1),
            _ => None,
        };
        let passed = self
            .left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, take);
        passed
            .map(|_| ())
            .map_err(|_| StoreError::Away("its connection is cut".into()))
    }
}

/// See the module.
#[derive(Debug)]
pub struct Interruptible {
    memory: Memory,
    outage: Outage,
}

impl Interruptible {
    pub(super) fn new(outage: Outage, share: Share) -> Self {
        Self {
            memory: Memory::new(share),
            outage,
        }
    }

    /// The engine for one operation, if that gets through.
    pub(super) fn reach(&self) -> Result<&Memory, StoreError> {
        self.outage.pass()?;
        Ok(&self.memory)
    }

    /// The engine, for what does not leave the process.
    pub(super) const fn here(&self) -> &Memory {
        &self.memory
    }
}
