//! What was asked and answered in a space, newest last, bounded in bytes. Recording copies the texts of an exchange into
//! one piece of memory and does nothing else with them: they are masked when they are read.

mod entry;
mod excerpt;
mod filter;
pub mod har;
mod journals;
mod member;
mod observed;
mod operation;
mod pattern;
mod question;
mod room;
mod stored;
mod verify;

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::Notify;

pub use entry::{Attempt, Entry, Faults, Leg};
pub use excerpt::{Excerpt, Extract, Numbered};
pub use filter::{FORMER_CLIENT, Field, FilterError};
pub use journals::Journals;
pub use observed::{Digest, Observed, Paid, Told, Watch, digest, known_by};
pub use operation::{PROXY, SERVER, SURFACES, WEBHOOKS};
pub use pattern::Pattern;
pub use question::Question;
use room::{TextRoom, piece_bytes};
pub use stored::{Shown, Stored};
pub use verify::{Answer, Miss, Verdict, verify};

/// The journal of one space.
#[derive(Debug)]
pub struct Journal {
    /// What all of them keep is counted there.
    all: Arc<Journals>,
    bytes_max: usize,
    /// Who looks at every entry as it comes.
    watch: Option<Arc<dyn Watch>>,
    kept: Mutex<Kept>,
    /// Rings when somebody waits and there is news.
    wake: Notify,
}

/// Why nothing more comes into a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Its space begins again, with another journal.
    Reset,
    /// Its space is gone.
    Removed,
    /// The server stops.
    Stopped,
}

#[derive(Debug, Default)]
struct Kept {
    /// How many wait for the wake, so that it need not be touched when nobody does.
    waiting: usize,
    end: Option<End>,
    entries: VecDeque<Arc<Stored>>,
    room: TextRoom,
    bytes: usize,
    /// The number of the first entry that is still kept, which is also how many have been evicted.
    first: u64,
}

impl Kept {
    fn next(&self) -> u64 {
        self.first + self.entries.len() as u64
    }

    fn store(&mut self, entry: Entry<'_>) -> Stored {
        Stored::new(entry, &mut self.room, piece_bytes(self.bytes))
    }

    fn evict(&mut self) -> Option<Arc<Stored>> {
        let gone = self.entries.pop_front()?;
        self.bytes -= gone.bytes();
        self.first += 1;
        Some(gone)
    }

    /// Makes room by letting one go. It comes back unless it was the last in its piece of memory.
    fn make_room(&mut self) -> Option<Arc<Stored>> {
        let gone = self.evict()?;
        if !gone.is_last_in_piece() {
            return Some(gone);
        }
        let texts = Arc::into_inner(gone)?.into_texts();
        self.room.take_back(texts);
        None
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.all.note(0, self.kept.get_mut().bytes);
    }
}

impl Journal {
    /// One that is alone.
    pub fn new(bytes_max: usize) -> Self {
        Self::among(&Journals::new(bytes_max), bytes_max, None)
    }

    fn among(all: &Arc<Journals>, bytes_max: usize, watch: Option<Arc<dyn Watch>>) -> Self {
        Self {
            all: Arc::clone(all),
            bytes_max,
            watch,
            kept: Mutex::default(),
            wake: Notify::new(),
        }
    }

    pub const fn bytes_max(&self) -> usize {
        self.bytes_max
    }

    pub fn record(&self, entry: Entry<'_>) {
        // What goes is freed after the lock, except where several have to go for one.
        let mut _gone = None;
        let mut kept = self.kept.lock();
        let (before, first) = (kept.bytes, kept.first);
        let mut stored = kept.store(entry);
        stored.replica = self.all.replica();
        if let Some(watch) = &self.watch {
            // Under the lock, so that they come in their order.
            watch.saw(kept.next(), &stored);
        }
        kept.bytes += stored.bytes();
        kept.entries.push_back(Arc::new(stored));
        while kept.bytes > self.bytes_max {
            _gone = kept.make_room();
        }
        let (after, ring) = (kept.bytes, kept.waiting > 0);
        let evicted = kept.first - first;
        drop(kept);
        self.all.note_evicted(evicted);
        self.all.note(after, before);
        if ring {
            self.wake.notify_waiters();
        }
    }

    /// Lets the oldest entries go until so many bytes are free.
    fn let_go(&self, bytes: usize) {
        let mut gone = Vec::new();
        let mut kept = self.kept.lock();
        let before = kept.bytes;
        let goal = before.saturating_sub(bytes.max(1));
        while kept.bytes > goal {
            let Some(entry) = kept.evict() else { break };
            gone.push(entry);
        }
        let after = kept.bytes;
        drop(kept);
        self.all.note_evicted(gone.len() as u64);
        self.all.note(after, before);
    }

    fn bytes(&self) -> usize {
        self.kept.lock().bytes
    }

    /// Tells everybody who waits that nothing more comes.
    pub fn close(&self, end: End) {
        self.kept.lock().end = Some(end);
        self.wake.notify_waiters();
    }

    /// The number that the next entry gets.
    pub fn next(&self) -> u64 {
        self.kept.lock().next()
    }

    /// Waits until there is an entry with this number or a later one, or until nothing more comes.
    pub async fn news(&self, number: u64) -> Option<End> {
        loop {
            let mut rung = pin!(self.wake.notified());
            // What is recorded from here on rings.
            rung.as_mut().enable();
            let _waiting = {
                let mut kept = self.kept.lock();
                if kept.next() > number {
                    return None;
                }
                if let Some(end) = kept.end {
                    return Some(end);
                }
                kept.waiting += 1;
                Waiting(self)
            };
            rung.await;
        }
    }

    /// Everything that is kept from number `from` on.
    pub fn excerpt(&self, from: u64) -> Excerpt {
        self.some(from, usize::MAX)
    }

    /// The first `rows_max` entries that are kept from number `from` on.
    pub fn some(&self, from: u64, rows_max: usize) -> Excerpt {
        let kept = self.kept.lock();
        let skip = usize::try_from(from.saturating_sub(kept.first)).unwrap_or(usize::MAX);
        let skip = skip.min(kept.entries.len());
        let end = skip.saturating_add(rows_max).min(kept.entries.len());
        let numbers = kept.first + skip as u64..;
        Excerpt {
            entries: numbers
                .zip(kept.entries.range(skip..end).cloned())
                .collect(),
            first: kept.first,
            next: kept.next(),
            bytes: kept.bytes,
        }
    }

    /// The latest `rows_max` entries that match, from number `from` on, masked.
    pub fn read(&self, from: u64, pattern: &Pattern, rows_max: usize) -> Extract {
        let excerpt = self.excerpt(from);
        let found = excerpt.latest(pattern, rows_max);
        let shown = |(number, entry): &Numbered| entry.shown(*number);
        self.extract(&excerpt, found.iter().map(shown).collect())
    }

    /// Entries of an excerpt, and what else of it is told.
    pub const fn extract(&self, excerpt: &Excerpt, entries: Vec<Shown>) -> Extract {
        Extract {
            entries,
            evicted: excerpt.first,
            next: excerpt.next,
            bytes: excerpt.bytes,
            bytes_max: self.bytes_max,
        }
    }
}

/// Somebody who waits for the wake, until it is dropped.
#[derive(Debug)]
struct Waiting<'a>(&'a Journal);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.kept.lock().waiting -= 1;
    }
}

impl Excerpt {
    /// Only those with a lower number.
    pub fn before(mut self, number: u64) -> Self {
        let kept = self.entries.partition_point(|(one, _)| *one < number);
        self.entries.truncate(kept);
        self
    }

    /// The last `rows_max` entries that match, in their order.
    pub fn latest(&self, pattern: &Pattern, rows_max: usize) -> Vec<Numbered> {
        let found = self.entries.iter().rev();
        let found = found.filter(|(_, entry)| pattern.matches(entry));
        let mut found: Vec<_> = found.take(rows_max).cloned().collect();
        found.reverse();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::moment::Moment;

    /// An entry whose target lasts as long as the tests.
    pub(super) fn entry(target: &str) -> Entry<'static> {
        static POST: http::Method = http::Method::POST;
        Entry {
            at: Moment::from_seconds(1_700_000_000),
            surface: "cmp",
            operation: "create_card",
            operations: Default::default(),
            method: &POST,
            target: Box::leak(Box::new(target.parse().unwrap())),
            headers: None,
            status: 201,
            took: Default::default(),
            client: None,
            reason: None,
            request: br#"{"pan":"4111111111111111","cvc":"123"}"#,
            response: b"{}",
            legs: Vec::new(),
            warnings: Vec::new(),
            faults: None,
            attempt: None,
            observed: None,
        }
    }

    pub(super) fn stored(entry: Entry<'_>) -> Stored {
        Stored::new(entry, &mut TextRoom::default(), room::PIECE_BYTES_MIN)
    }

    #[test]
    fn it_stays_within_its_bound_and_says_what_it_let_go() {
        let one = stored(entry("/cards")).bytes();
        let journal = Journal::new(one * 3);
        for _ in 0..10 {
            journal.record(entry("/cards"));
        }
        let all = Pattern::default();
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
        let mut pattern = Pattern::default();
        pattern.add("path", "/odd").unwrap();
        let read = |from, rows| -> Vec<_> {
            let found = journal.read(from, &pattern, rows).entries;
            found.iter().map(|entry| entry.number).collect()
        };
        assert_eq!(read(0, 3), [5, 7, 9]);
        assert_eq!(read(6, 3), [7, 9]);
    }

    #[tokio::test]
    async fn who_waits_is_told_of_what_comes_and_of_the_end() {
        let journal = Arc::new(Journal::new(100_000));
        journal.record(entry("/cards"));
        assert_eq!(journal.news(0).await, None);
        let wait = |number| {
            let journal = Arc::clone(&journal);
            tokio::spawn(async move { journal.news(number).await })
        };
        let (next, one_after) = (wait(1), wait(2));
        let gone = wait(1);
        while journal.kept.lock().waiting < 3 {
            tokio::task::yield_now().await;
        }
        gone.abort();
        assert!(gone.await.unwrap_err().is_cancelled());
        assert_eq!(journal.kept.lock().waiting, 2);
        journal.record(entry("/cards"));
        assert_eq!(next.await.unwrap(), None);
        journal.close(End::Reset);
        assert_eq!(one_after.await.unwrap(), Some(End::Reset));
        // What is there is told before the end.
        assert_eq!(journal.news(1).await, None);
        assert_eq!(journal.news(2).await, Some(End::Reset));
        assert_eq!(journal.kept.lock().waiting, 0);
    }

    #[test]
    fn what_it_shows_is_masked() {
        let journal = Journal::new(100_000);
        journal.record(entry("/cards?pan=4111111111111111"));
        let extract = journal.read(0, &Pattern::default(), 10);
        let shown = serde_json::to_string(&extract).unwrap();
        assert!(
            !shown.contains("4111111111111111") && !shown.contains("123"),
            "{shown}"
        );
        assert!(shown.contains("411111******1111"), "{shown}");
    }
}
