//! All journals of a server. Each has a bound of its own, and all of them together have one: where that is reached, the
//! fullest let their oldest entries go, so that a busy space does not cost a quiet one what it remembers.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, Weak};

use parking_lot::Mutex;

use super::{Journal, Watch};
use crate::limits::JOURNALS_BYTES_MAX;

/// See the module.
#[derive(Debug)]
pub struct Journals {
    bytes: AtomicUsize,
    bytes_max: usize,
    /// Entries that had to go.
    evicted: AtomicU64,
    each: Mutex<Vec<Weak<Journal>>>,
    /// The server that writes them, where several share an engine: each writes down what it has answered itself.
    replica: OnceLock<Arc<str>>,
}

impl Journals {
    /// `one` is what the user grants a single one, which all of them together are granted too.
    pub fn new(one: usize) -> Arc<Self> {
        Self::within(JOURNALS_BYTES_MAX.max(one))
    }

    /// At the most so many bytes in all.
    pub fn within(bytes_max: usize) -> Arc<Self> {
        Arc::new(Self {
            bytes: AtomicUsize::new(0),
            evicted: AtomicU64::new(0),
            bytes_max,
            each: Mutex::default(),
            replica: OnceLock::new(),
        })
    }

    /// From now on every entry says which server has written it.
    pub fn name_replica(&self, replica: &str) {
        let _once = self.replica.set(replica.into());
    }

    pub(super) fn replica(&self) -> Option<Arc<str>> {
        self.replica.get().cloned()
    }

    /// An empty journal among them.
    pub fn open(self: &Arc<Self>, bytes_max: usize) -> Arc<Journal> {
        self.open_watched(bytes_max, None)
    }

    /// The same, with somebody who looks at every entry as it comes.
    pub fn open_watched(
        self: &Arc<Self>,
        bytes_max: usize,
        watch: Option<Arc<dyn Watch>>,
    ) -> Arc<Journal> {
        let journal = Arc::new(Journal::among(self, bytes_max, watch));
        let mut each = self.each.lock();
        if each.len() == each.capacity() {
            each.retain(|journal| journal.strong_count() > 0);
        }
        each.push(Arc::downgrade(&journal));
        journal
    }

    pub fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    pub fn evicted(&self) -> u64 {
        self.evicted.load(Ordering::Relaxed)
    }

    /// One of them has let so many entries go.
    pub(super) fn note_evicted(&self, entries: u64) {
        if entries > 0 {
            self.evicted.fetch_add(entries, Ordering::Relaxed);
        }
    }

    /// One of them keeps so many bytes more, or less. Where all of them keep too much then, the fullest let something go.
    pub(super) fn note(&self, more: usize, less: usize) {
        if more <= less {
            self.bytes.fetch_sub(less - more, Ordering::Relaxed);
            return;
        }
        let before = self.bytes.fetch_add(more - less, Ordering::Relaxed);
        if before + (more - less) > self.bytes_max {
            self.relieve();
        }
    }

    /// Makes room for some time: an eighth of all there is, so that journals are looked through seldom.
    fn relieve(&self) {
        let goal = self.bytes_max - self.bytes_max / 8;
        // Whoever comes while somebody is at it need not be.
        let Some(each) = self.each.try_lock() else {
            return;
        };
        let alive = each.iter().filter_map(Weak::upgrade);
        let mut alive: Vec<_> = alive.map(|journal| (journal.bytes(), journal)).collect();
        drop(each);
        tracing::warn!("all journals together are full; the fullest let their oldest entries go");
        while self.bytes() > goal {
            alive.sort_by_key(|(bytes, _)| std::cmp::Reverse(*bytes));
            let before = self.bytes();
            for (bytes, journal) in &mut alive {
                if self.bytes() <= goal {
                    return;
                }
                journal.let_go(*bytes / 4);
                *bytes = journal.bytes();
            }
            if self.bytes() >= before {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Pattern;
    use super::super::tests::{entry, stored};
    use super::*;

    #[test]
    fn all_together_stay_within_their_bound_and_the_fullest_pay() {
        let one = stored(entry("/cards")).bytes();
        let all = Journals::within(one * 80);
        let (quiet, busy) = (all.open(one * 1_000), all.open(one * 1_000));
        for _ in 0..5 {
            quiet.record(entry("/cards"));
        }
        for _ in 0..500 {
            busy.record(entry("/cards"));
            assert!(all.bytes() <= one * 80, "{}", all.bytes());
        }
        let kept = |journal: &Journal| journal.read(0, &Pattern::default(), 1_000);
        assert_eq!((kept(&quiet).entries.len(), kept(&quiet).evicted), (5, 0));
        let busy_now = kept(&busy);
        assert!(busy_now.entries.len() >= 40, "{}", busy_now.entries.len());
        assert_eq!(busy_now.entries.len() as u64 + busy_now.evicted, 500);
        drop(busy);
        assert_eq!(all.bytes(), quiet.bytes());
        drop(quiet);
        assert_eq!(all.bytes(), 0);
    }

    #[test]
    fn journals_that_are_all_alike_share_the_room() {
        let one = stored(entry("/cards")).bytes();
        let all = Journals::within(one * 100);
        let each: Vec<_> = (0..50).map(|_| all.open(one * 1_000)).collect();
        for _ in 0..20 {
            for journal in &each {
                journal.record(entry("/cards"));
            }
        }
        assert!(all.bytes() <= one * 100);
        assert!(each.iter().all(|journal| journal.bytes() > 0));
    }
}
