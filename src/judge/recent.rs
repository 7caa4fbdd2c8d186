//! What a judge remembers: the latest so many, each by its key.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use crate::limits::JUDGE_REMEMBERED_MAX;

/// A map that lets its oldest entries go.
#[derive(Debug)]
pub(super) struct Recent<K, V> {
    entries: HashMap<K, V>,
    order: VecDeque<K>,
    let_go: u64,
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self {
            entries: HashMap::new(),
            order: VecDeque::new(),
            let_go: 0,
        }
    }
}

impl<K: Hash + Eq + Clone, V> Recent<K, V> {
    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.entries.get(key)
    }

    pub(super) fn put(&mut self, key: K, value: V) {
        if self.entries.insert(key.clone(), value).is_none() {
            self.order.push_back(key);
        }
        while self.entries.len() > JUDGE_REMEMBERED_MAX {
            let Some(oldest) = self.order.pop_front() else {
                return;
            };
            self.let_go += u64::from(self.entries.remove(&oldest).is_some());
        }
        // Keys that were taken out leave their place behind.
        if self.order.len() > 2 * JUDGE_REMEMBERED_MAX {
            let entries = &self.entries;
            self.order.retain(|key| entries.contains_key(key));
        }
    }

    pub(super) fn take(&mut self, key: &K) -> Option<V> {
        self.entries.remove(key)
    }

    /// How many had to go to make room.
    pub(super) const fn let_go(&self) -> u64 {
        self.let_go
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_and_nothing_grows() {
        let mut recent = Recent::default();
        for number in 0..3 * JUDGE_REMEMBERED_MAX {
            recent.put(number, ());
            recent.put(number, ());
            if number % 2 == 0 {
                recent.take(&number);
            }
        }
        assert!(recent.entries.len() <= JUDGE_REMEMBERED_MAX);
        assert!(recent.order.len() <= 2 * JUDGE_REMEMBERED_MAX + 1);
        assert!(recent.let_go() > 0 && recent.get(&1).is_none());
    }
}
