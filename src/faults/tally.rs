//! What a rule has counted: requests under each key, and how often it fired. Running state, apart from the rule itself.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use parking_lot::Mutex;

use crate::limits::FAULT_KEYS_MAX;

/// The counters of one rule.
#[derive(Debug, Default)]
pub(super) struct Tally {
    matched: AtomicU64,
    fired: AtomicU64,
    /// By the hash of the key: keys hold card numbers, and a count needs no more than to tell them apart.
    keys: Mutex<HashMap<u64, Count>>,
}

/// How many requests there were in the latest window in which there was one.
#[derive(Debug, Default)]
struct Count {
    era: u64,
    requests: u64,
}

impl Tally {
    pub(super) fn matched(&self) -> u64 {
        self.matched.load(Ordering::Relaxed)
    }

    pub(super) fn fired(&self) -> u64 {
        self.fired.load(Ordering::Relaxed)
    }

    pub(super) fn note_match(&self) {
        self.matched.fetch_add(1, Ordering::Relaxed);
    }

    /// Goes on from what an earlier process had counted.
    pub(super) fn restore(&self, matched: u64, fired: u64) {
        self.matched.store(matched, Ordering::Relaxed);
        self.fired.store(fired, Ordering::Relaxed);
    }

    /// The same for one key, by its hash.
    pub(super) fn restore_key(&self, hash: u64, era: u64, requests: u64, in_use: &AtomicUsize) {
        if claim(in_use) {
            self.keys.lock().insert(hash, Count { era, requests });
        }
    }

    /// The latest window in which there was a request with the key of this hash, and how many there were in it.
    pub(super) fn counted(&self, hash: u64) -> Option<(u64, u64)> {
        let keys = self.keys.lock();
        keys.get(&hash).map(|count| (count.era, count.requests))
    }

    /// The hashes of all keys.
    pub(super) fn hashes(&self) -> Vec<u64> {
        self.keys.lock().keys().copied().collect()
    }

    /// Which request with this key this is, from 1. None when `in_use` has reached the limit and the key is new.
    pub(super) fn count(&self, key: &str, era: u64, in_use: &AtomicUsize) -> Option<u64> {
        let hash = hash(key);
        let mut keys = self.keys.lock();
        if !keys.contains_key(&hash) && !claim(in_use) {
            return None;
        }
        let count = keys.entry(hash).or_default();
        if count.era != era {
            *count = Count { era, requests: 0 };
        }
        count.requests += 1;
        Some(count.requests)
    }

    /// Fires once more unless it has as often as it may, however many ask at the same time.
    pub(super) fn fire(&self, cap: Option<u32>) -> bool {
        let cap = cap.map_or(u64::MAX, u64::from);
        let one_more = |fired: u64| (fired < cap).then(|| fired + 1);
        self.fired
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more)
            .is_ok()
    }

    /// How many keys it holds.
    pub(super) fn keys(&self) -> usize {
        self.keys.lock().len()
    }
}

/// The same for the same key in every process of one release; another release may count its keys from one again.
pub(super) fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

fn claim(in_use: &AtomicUsize) -> bool {
    let one_more = |used: usize| (used < FAULT_KEYS_MAX).then(|| used + 1);
    in_use
        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more)
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_counted_apart_and_again_in_a_new_window() {
        let (tally, in_use) = (Tally::default(), AtomicUsize::new(0));
        let count = |key, era| tally.count(key, era, &in_use).unwrap();
        assert_eq!(
            [count("a", 0), count("b", 0), count("a", 0), count("a", 1)],
            [1, 1, 2, 1]
        );
        assert_eq!((tally.keys(), in_use.load(Ordering::Relaxed)), (2, 2));
    }

    #[test]
    fn a_full_space_counts_no_new_keys() {
        let (tally, in_use) = (Tally::default(), AtomicUsize::new(FAULT_KEYS_MAX - 1));
        assert_eq!(tally.count("a", 0, &in_use), Some(1));
        assert_eq!(tally.count("b", 0, &in_use), None);
        assert_eq!(tally.count("a", 0, &in_use), Some(2));
    }

    #[test]
    fn ten_times_is_ten_times_for_64_callers() {
        let tally = Tally::default();
        let fired: usize = std::thread::scope(|scope| {
            let callers: Vec<_> = (0..64)
                .map(|_| scope.spawn(|| (0..20).filter(|_| tally.fire(Some(10))).count()))
                .collect();
            callers
                .into_iter()
                .map(|caller| caller.join().unwrap())
                .sum()
        });
        assert_eq!((fired, tally.fired()), (10, 10));
    }
}
