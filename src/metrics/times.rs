//! How long something took, by classes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The upper bounds of the classes; what took longer is in one more. From what memory takes to what a disk takes.
pub const BOUNDS_NANOS: [u64; 13] = [
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    50_000_000,
    250_000_000,
    1_000_000_000,
    10_000_000_000,
];

/// See the module.
#[derive(Debug, Default)]
pub struct Times {
    classes: [AtomicU64; BOUNDS_NANOS.len() + 1],
    sum_nanos: AtomicU64,
}

impl Times {
    pub fn note(&self, took: Duration) {
        let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        let class = BOUNDS_NANOS.iter().position(|bound| nanos <= *bound);
        self.classes[class.unwrap_or(BOUNDS_NANOS.len())].fetch_add(1, Ordering::Relaxed);
        self.sum_nanos.fetch_add(nanos, Ordering::Relaxed);
    }

    /// What was noted at several places, as if it had been at one.
    pub(super) fn together<'a>(all: impl Iterator<Item = &'a Self>) -> Self {
        let sum = Self::default();
        for times in all {
            for (to, from) in sum.classes.iter().zip(&times.classes) {
                to.fetch_add(from.load(Ordering::Relaxed), Ordering::Relaxed);
            }
            let nanos = times.sum_nanos.load(Ordering::Relaxed);
            sum.sum_nanos.fetch_add(nanos, Ordering::Relaxed);
        }
        sum
    }

    /// How many there were of each class.
    pub fn classes(&self) -> [u64; BOUNDS_NANOS.len() + 1] {
        std::array::from_fn(|class| self.classes[class].load(Ordering::Relaxed))
    }

    pub fn sum(&self) -> Duration {
        Duration::from_nanos(self.sum_nanos.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_time_is_in_the_first_class_that_it_fits() {
        let times = Times::default();
        for nanos in [0, 25_000, 25_001, 10_000_000_000, 10_000_000_001] {
            times.note(Duration::from_nanos(nanos));
        }
        let classes = times.classes();
        assert_eq!((classes[0], classes[1]), (2, 1));
        assert_eq!((classes[12], classes[13]), (1, 1));
        assert_eq!(times.sum(), Duration::from_nanos(20_000_050_002));
    }
}
