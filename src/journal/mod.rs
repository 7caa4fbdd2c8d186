//! What was asked and answered in a space, newest last, bounded in bytes. Recording copies the texts of an exchange into
//! one piece of memory and does nothing else with them: they are masked when they are read.

mod digits;
mod entry;
mod filter;
pub mod mask;
mod pattern;
mod question;
mod verify;

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;
use serde::Serialize;

pub use entry::{Attempt, Entry, Faults, Leg, Shown, Stored};
pub use filter::{Difference, Field, Filter, FilterError, SURFACES};
pub use pattern::Pattern;
pub use question::Question;
pub use verify::{Answer, Miss, Verdict, verify};

/// The journal of one space.
#[derive(Debug)]
pub struct Journal {
    bytes_max: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    entries: VecDeque<Arc<Stored>>,
    bytes: usize,
    /// The number of the first entry that is still kept, which is also how many have been evicted.
    first: u64,
}

/// An entry and its number.
pub type Numbered = (u64, Arc<Stored>);

/// What was kept at one instant, from some number on.
#[derive(Debug)]
pub struct Excerpt {
    pub entries: Vec<Numbered>,
    /// The number of the first entry that was still kept.
    pub first: u64,
    /// The number that the next entry was to get.
    pub next: u64,
    pub bytes: usize,
}

/// Part of the journal, masked.
#[derive(Debug, Clone, Serialize)]
pub struct Extract {
    pub entries: Vec<Shown>,
    /// How many earlier entries had to go to stay within the bound.
    pub evicted: u64,
    /// The number that the next entry gets.
    pub next: u64,
    pub bytes: usize,
    pub bytes_max: usize,
}

impl Kept {
    fn next(&self) -> u64 {
        self.first + self.entries.len() as u64
    }
}

impl Journal {
    pub fn new(bytes_max: usize) -> Self {
        Self {
            bytes_max,
            kept: Mutex::default(),
        }
    }

    pub const fn bytes_max(&self) -> usize {
        self.bytes_max
    }

    pub fn record(&self, entry: Entry) {
        let stored = Arc::new(Stored::new(entry));
        let bytes = stored.bytes();
        // What goes is freed after the lock, except where several have to go for one.
        let mut _gone = None;
        let mut kept = self.kept.lock();
        kept.bytes += bytes;
        kept.entries.push_back(stored);
        while kept.bytes > self.bytes_max {
            let Some(gone) = kept.entries.pop_front() else {
                break;
            };
            kept.bytes -= gone.bytes();
            kept.first += 1;
            _gone = Some(gone);
        }
    }

    /// Everything that is kept from number `from` on.
    pub fn excerpt(&self, from: u64) -> Excerpt {
        let kept = self.kept.lock();
        let skip = usize::try_from(from.saturating_sub(kept.first)).unwrap_or(usize::MAX);
        let skip = skip.min(kept.entries.len());
        let numbers = kept.first + skip as u64..;
        Excerpt {
            entries: numbers.zip(kept.entries.range(skip..).cloned()).collect(),
            first: kept.first,
            next: kept.next(),
            bytes: kept.bytes,
        }
    }

    /// The latest `rows_max` entries that match, from number `from` on, masked.
    pub fn read(&self, from: u64, filter: &Filter, rows_max: usize) -> Extract {
        let excerpt = self.excerpt(from);
        let mut entries: Vec<_> = excerpt
            .latest(filter, rows_max)
            .map(|(number, entry)| entry.shown(*number))
            .collect();
        entries.reverse();
        Extract {
            entries,
            evicted: excerpt.first,
            next: excerpt.next,
            bytes: excerpt.bytes,
            bytes_max: self.bytes_max,
        }
    }
}

impl Excerpt {
    /// The entries that match, the last one first.
    fn latest(&self, filter: &Filter, rows_max: usize) -> impl Iterator<Item = &Numbered> {
        let found = self.entries.iter().rev();
        found
            .filter(|(_, entry)| filter.matches(entry))
            .take(rows_max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::moment::Moment;

    pub(super) fn entry(target: &str) -> Entry {
        Entry {
            at: Moment::from_seconds(1_700_000_000),
            surface: "cmp",
            operation: "create card",
            method: http::Method::POST,
            target: target.parse().unwrap(),
            status: 201,
            account: None,
            reason: None,
            request: bytes::Bytes::from_static(br#"{"pan":"4111111111111111","cvc":"123"}"#),
            response: bytes::Bytes::from_static(b"{}"),
            legs: Vec::new(),
            faults: None,
            attempt: None,
        }
    }

    #[test]
    fn it_stays_within_its_bound_and_says_what_it_let_go() {
        let one = Stored::new(entry("/cards")).bytes();
        let journal = Journal::new(one * 3);
        for _ in 0..10 {
            journal.record(entry("/cards"));
        }
        let all = Filter::default();
        let extract = journal.read(0, &all, 100);
        assert_eq!((extract.entries.len(), extract.evicted), (3, 7));
        assert_eq!((extract.entries[0].number, extract.next), (7, 10));
        assert!(extract.bytes <= extract.bytes_max);
        assert_eq!(journal.read(9, &all, 100).entries.len(), 1);
        assert_eq!(journal.read(u64::MAX, &all, 100).entries.len(), 0);
        assert_eq!(journal.read(0, &all, 1).entries[0].number, 9);
    }

    #[test]
    fn the_latest_that_match_are_read_in_their_order() {
        let journal = Journal::new(100_000);
        for place in 0..10 {
            journal.record(entry(if place % 2 == 0 { "/even" } else { "/odd" }));
        }
        let mut filter = Filter::default();
        filter.add("path", "/odd").unwrap();
        let read = |from, rows| -> Vec<_> {
            let found = journal.read(from, &filter, rows).entries;
            found.iter().map(|entry| entry.number).collect()
        };
        assert_eq!(read(0, 3), [5, 7, 9]);
        assert_eq!(read(6, 3), [7, 9]);
    }

    #[test]
    fn what_it_shows_is_masked() {
        let journal = Journal::new(100_000);
        journal.record(entry("/cards?pan=4111111111111111"));
        let extract = journal.read(0, &Filter::default(), 10);
        let shown = serde_json::to_string(&extract).unwrap();
        assert!(
            !shown.contains("4111111111111111") && !shown.contains("123"),
            "{shown}"
        );
        assert!(shown.contains("411111******1111"), "{shown}");
    }
}
