//! What has been spent, in constant space: a set of counter intervals that merge as the cryptograms behind them expire.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::moment::Moment;

/// The counters of one token whose long cryptograms have been spent or can no longer be.
///
/// Intervals are half open, sorted and do not touch. Everything below `floor` counts as spent, because every cryptogram
/// with such a counter has expired.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Spent {
    floor: u32,
    intervals: Vec<(u32, u32)>,
    /// Every counter below `.0` was issued no later than `.1`.
    mark: Option<(u32, Moment)>,
}

impl Spent {
    pub fn contains(&self, counter: u32) -> bool {
        let place = self
            .intervals
            .partition_point(|(start, _)| *start <= counter);
        counter < self.floor || (place > 0 && counter < self.intervals[place - 1].1)
    }

    /// Marks a counter as spent. False when it already was: the caller declines a replay.
    pub fn spend(&mut self, counter: u32) -> bool {
        if self.contains(counter) {
            return false;
        }
        let place = self
            .intervals
            .partition_point(|(start, _)| *start < counter);
        self.intervals.insert(place, (counter, counter + 1));
        self.join(place);
        true
    }

    /// Tells the set that all counters below `next` were issued by `now`, so that a lifetime later they can be forgotten.
    pub fn observe(&mut self, next: u32, now: Moment, lifetime: Duration) {
        match self.mark {
            Some((counter, at)) if now.since(at) > lifetime => {
                self.raise_floor(counter);
                self.mark = Some((next, now));
            }
            Some(_) => {}
            None => self.mark = Some((next, now)),
        }
    }

    /// How many intervals are kept.
    pub fn len(&self) -> usize {
        self.intervals.len()
    }

    pub fn is_empty(&self) -> bool {
        self.intervals.is_empty()
    }

    fn raise_floor(&mut self, floor: u32) {
        self.floor = self.floor.max(floor);
        self.intervals.retain(|(_, end)| *end > self.floor);
        if let Some((start, end)) = self.intervals.first().copied()
            && start <= self.floor
        {
            self.floor = end;
            self.intervals.remove(0);
        }
    }

    fn join(&mut self, place: usize) {
        if let Some((start, end)) = self.intervals.get(place + 1).copied()
            && self.intervals[place].1 == start
        {
            self.intervals[place].1 = end;
            self.intervals.remove(place + 1);
        }
        if place > 0 && self.intervals[place - 1].1 == self.intervals[place].0 {
            self.intervals[place - 1].1 = self.intervals[place].1;
            self.intervals.remove(place);
        }
        if self
            .intervals
            .first()
            .is_some_and(|(start, _)| *start <= self.floor)
        {
            self.floor = self.intervals.remove(0).1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    #[test]
    fn spending_in_order_keeps_one_number() {
        let mut spent = Spent::default();
        for counter in 0..1_000_000 {
            assert!(spent.spend(counter), "{counter:?}");
        }
        assert!(!spent.spend(999_999));
        assert_eq!(spent.len(), 0);
    }

    #[test]
    fn what_expired_is_forgotten_and_stays_refused() {
        let mut spent = Spent::default();
        let start = Moment::from_seconds(1_700_000_000);
        for counter in (1..1_000).step_by(2) {
            spent.observe(counter + 1, start, DAY);
            assert!(spent.spend(counter), "{counter:?}");
        }
        assert_eq!(spent.len(), 500);
        spent.observe(1_000, start.plus(DAY), DAY);
        assert_eq!(spent.len(), 500);
        spent.observe(1_001, start.plus(DAY * 2), DAY);
        spent.observe(1_002, start.plus(DAY * 4), DAY);
        assert_eq!(spent.len(), 0);
        assert!(spent.contains(0) && spent.contains(998) && !spent.spend(500));
        assert!(!spent.contains(1_001));
    }

    proptest! {
        #[test]
        fn agrees_with_a_set(counters in proptest::collection::vec(0_u32..64, 0..200)) {
            let mut spent = Spent::default();
            let mut model = BTreeSet::new();
            for counter in counters {
                prop_assert_eq!(spent.spend(counter), model.insert(counter));
            }
            for counter in 0..64 {
                prop_assert_eq!(spent.contains(counter), model.contains(&counter));
            }
        }
    }
}
