//! What a server counts of itself for whoever watches it. Counting is an addition or two to a number that is there already:
//! it asks for no memory and waits for nobody. What the counts are called is the control plane's business.

mod requests;
mod stripes;
mod times;

use std::sync::atomic::{AtomicU64, Ordering};

pub use requests::{Asked, CLASSES, Requests, Row};
pub use times::{BOUNDS_NANOS, Times};

/// How often something happened.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    pub fn add(&self, more: usize) {
        self.0.fetch_add(more as u64, Ordering::Relaxed);
    }

    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Everything that is counted of all spaces together, besides what their engine counts.
#[derive(Debug, Default)]
pub struct Metrics {
    pub requests: Requests,
    /// Faults that had their effect, on answers and on webhooks.
    pub faults: Count,
    pub delivered: Count,
    pub dead: Count,
}

/// What an engine counts.
#[derive(Debug, Default)]
pub struct EngineMetrics {
    pub reads: Times,
    pub writes: Times,
    pub errors: Count,
}
