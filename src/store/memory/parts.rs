//! Taking a space apart and putting it together in memory.

use super::Memory;
use crate::store::part::{Counts, Part, Parts, in_order, unfit};
use crate::store::{Batch, Commit, StoreError};

impl Memory {
    /// Everything at one instant: nothing is committed meanwhile. None when it takes more than so many bytes.
    pub(in crate::store) fn parts(&self, bytes_max: usize) -> Option<Parts> {
        if self.share.taken() > bytes_max {
            return None;
        }
        let shards: Vec<_> = self.shards.iter().map(|shard| shard.read()).collect();
        let records = shards.iter().filter_map(|shard| shard.as_deref());
        let records = records.flat_map(|shard| shard.all()).collect();
        let told = self.told.lock();
        let notices: Vec<_> = told
            .notices
            .iter()
            .chain(&told.of_payments)
            .cloned()
            .collect();
        let count = told.let_go + told.notices.len() as u64;
        drop(told);
        let tasks = self.agenda.all();
        let queues = self.outbox.parts();
        drop(shards);
        let mut parts = vec![Part::Counts(Counts {
            told: count,
            registered: queues.registered,
            refused: queues.refused,
        })];
        parts.extend(in_order(records, queues.lines));
        parts.extend(tasks.into_iter().map(Part::Task));
        parts.extend(notices.into_iter().map(Part::Notice));
        parts.extend(queues.endpoints.into_iter().map(Part::Endpoint));
        parts.extend(queues.ended.into_iter().map(Part::Message));
        Some(Parts {
            parts,
            waiting: queues.waiting,
        })
    }

    /// Fills a store that is empty and that nobody else has. What it takes comes out of its share as always.
    pub(in crate::store) fn put_together(&self, parts: Vec<Part>) -> Result<(), StoreError> {
        let mut queues = Vec::new();
        for part in parts {
            let batch = match part {
                Part::Record(write) => Batch {
                    writes: vec![*write],
                    ..Batch::new()
                },
                Part::Task(task) => Batch::new().plan(task),
                // Nobody has an endpoint yet, so that nobody is told again.
                Part::Notice(notice) => Batch::new().tell(notice),
                Part::Endpoint(_) | Part::Message(_) | Part::Line(_) | Part::Counts(_) => {
                    queues.push(part);
                    continue;
                }
            };
            if self.commit(batch)? == Commit::Conflict {
                return Err(unfit("a record"));
            }
        }
        for part in queues {
            if let Part::Counts(counts) = &part {
                let mut told = self.told.lock();
                told.let_go = counts.told.saturating_sub(told.notices.len() as u64);
            }
            self.outbox.put(part)?;
        }
        Ok(())
    }
}
