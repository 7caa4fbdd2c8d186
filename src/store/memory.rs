//! The engine that forgets when the process ends.

mod parts;

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};

use super::agenda::Agenda;
use super::outbox::Outbox;
use super::record::PartitionRecords;
use super::size::of_notice;
use super::{Batch, Commit, Keyed, Page, StoreError, Versioned, Write};
use crate::domain::id::Partition;
use crate::domain::notice::Notice;
use crate::limits::{NOTICES_KEPT_MAX, Share, TASK_BYTES};

/// Partitions are dealt to this many shards by their leading bits, so that shards are in the order of the keys. Each has a
/// lock of its own. A shard is made when its first record comes, so that a small space stays small.
const SHARDS_LOG2: u32 = 6;

/// See the module.
#[derive(Debug)]
pub struct Memory {
    shards: Box<[RwLock<Option<Box<PartitionRecords>>>]>,
    agenda: Agenda,
    told: Mutex<Told>,
    outbox: Outbox,
    share: Arc<Share>,
}

#[derive(Debug, Default)]
struct Told {
    notices: VecDeque<Notice>,
    let_go: u64,
    /// Payments are many more than what happens to tokens, and must not drown it.
    of_payments: VecDeque<Notice>,
}

impl Memory {
    pub(super) fn new(share: Share) -> Self {
        let shards = (0..1 << SHARDS_LOG2).map(|_| RwLock::default()).collect();
        let share = Arc::new(share);
        Self {
            shards,
            agenda: Agenda::new(Arc::clone(&share)),
            told: Mutex::default(),
            outbox: Outbox::new(Arc::clone(&share)),
            share,
        }
    }

    pub(super) const fn agenda(&self) -> &Agenda {
        &self.agenda
    }

    pub(super) const fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    pub(super) fn get<T: Keyed>(&self, key: &T::Key) -> Option<Versioned<T>> {
        let shard = self.shard(T::partition(key)).read();
        T::slab(shard.as_deref()?).get(key).cloned()
    }

    pub(super) fn commit(&self, batch: Batch) -> Result<Commit, StoreError> {
        if let Some(home) = batch.home() {
            debug_assert!(
                batch.writes.iter().all(|write| write.partition() == home),
                "a batch touches one partition, so that it can run on a sharded engine"
            );
        }
        let mut held = batch.home().map(|home| self.shard(home).write());
        if let Some(shard) = &mut held {
            let shard = shard.get_or_insert_default();
            if !batch.writes.iter().all(|write| Write::fits(write, shard)) {
                return Ok(Commit::Conflict);
            }
        }
        self.make_room(&batch, held.as_deref().and_then(Option::as_deref))?;
        if let Some(shard) = &mut held {
            let shard = shard.get_or_insert_default();
            for write in batch.writes {
                write.apply(shard);
            }
        }
        if !batch.notices.is_empty() {
            let gone = self.told.lock().add(batch.notices);
            self.share.give(gone);
        }
        if !batch.tasks.is_empty() {
            self.agenda.add(batch.tasks);
            self.outbox.wake_up();
        }
        drop(held);
        Ok(Commit::Done)
    }

    /// Takes the room that a batch needs and writes its messages, or does nothing. The shard stays locked, so that the
    /// messages about one token are in the order of its changes, and nobody who is handed one sees the token as it was.
    fn make_room(&self, batch: &Batch, shard: Option<&PartitionRecords>) -> Result<(), StoreError> {
        let (mut more, mut less) = (0, 0);
        more += batch.tasks.len() * TASK_BYTES;
        more += batch.notices.iter().map(of_notice).sum::<usize>();
        for write in &batch.writes {
            more += write.bytes();
            less += shard.map_or(0, |shard| write.bytes_before(shard));
        }
        if more > less && !self.share.take(more - less) {
            return Err(StoreError::Full("records and tasks"));
        }
        if !batch.notices.is_empty() && !self.outbox.add(&batch.notices) {
            self.share.give(more.saturating_sub(less));
            return Err(StoreError::Full("webhook messages"));
        }
        self.share.give(less.saturating_sub(more));
        Ok(())
    }

    pub(super) fn scan<T: Keyed>(&self, after: Option<&T::Key>, rows_max: usize) -> Page<T> {
        let first = after.map_or(0, |key| shard_index(T::partition(key)));
        let mut rows = Vec::new();
        for shard in &self.shards[first..] {
            let shard = shard.read();
            let Some(shard) = shard.as_deref() else {
                continue;
            };
            let mut found: Vec<&T> = T::slab(shard)
                .iter()
                .filter(|record| after.is_none_or(|key| record.key() > *key))
                .collect();
            found.sort_by_key(|record| record.key());
            rows.extend(found.into_iter().take(rows_max + 1 - rows.len()).cloned());
            if rows.len() > rows_max {
                break;
            }
        }
        let more = rows.len() > rows_max;
        rows.truncate(rows_max);
        Page { rows, more }
    }

    pub(super) fn notices(&self) -> (Vec<Notice>, u64) {
        let told = self.told.lock();
        (told.notices.iter().cloned().collect(), told.let_go)
    }

    pub(super) fn payment_notices(&self) -> Vec<Notice> {
        self.told.lock().of_payments.iter().cloned().collect()
    }

    fn shard(&self, home: Partition) -> &RwLock<Option<Box<PartitionRecords>>> {
        &self.shards[shard_index(home)]
    }
}

fn shard_index(home: Partition) -> usize {
    usize::from(home.0 >> (u16::BITS - SHARDS_LOG2))
}

impl Told {
    /// Gives back the bytes of those that had to go.
    fn add(&mut self, notices: Vec<Notice>) -> usize {
        for notice in notices {
            if notice.payment_then.is_some() {
                self.of_payments.push_back(notice);
            } else {
                self.notices.push_back(notice);
            }
        }
        let of_payments = self.of_payments.len().saturating_sub(NOTICES_KEPT_MAX);
        let of_payments = self.of_payments.drain(..of_payments);
        let gone = self.notices.len().saturating_sub(NOTICES_KEPT_MAX);
        self.let_go += gone as u64;
        let gone = self.notices.drain(..gone).chain(of_payments);
        gone.map(|notice| of_notice(&notice)).sum()
    }
}
