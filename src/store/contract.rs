//! What every engine promises, and which engines there are.

use std::sync::Arc;

use tokio::sync::Notify;

use super::file::{File, FileEngine, Made};
use super::interruptible::{Interruptible, Outage};
use super::memory::Memory;
use super::{Batch, Commit, Keyed, Page, Part, Parts, StoreError, Task, Versioned};
use crate::domain::moment::Moment;
use crate::domain::notice::Notice;
use crate::limits::Share;
use crate::metrics::EngineMetrics;

/// Which engine keeps the records of each space.
#[derive(Debug, Clone, Default)]
pub enum Engine {
    #[default]
    Memory,
    /// Memory that a test can cut off.
    Interruptible(Outage),
    /// A file that outlives the process.
    File(FileEngine),
}

impl Engine {
    /// An empty store for the space of a name. What an engine keeps beyond the process is kept from the first commit on, or
    /// from [`Store::begun`] on.
    ///
    /// What is kept in memory comes out of the room that it has with others, in which it takes a share.
    pub fn open(&self, name: &str, share: Share) -> Store {
        match self {
            Self::Memory => Store::Memory(Memory::new(share)),
            Self::Interruptible(outage) => {
                Store::Interruptible(Interruptible::new(outage.clone(), share))
            }
            Self::File(file) => Store::File(file.begin(name)),
        }
    }

    /// The stores of an earlier process, each with the name of its space.
    pub async fn restore(&self) -> Result<Vec<(String, Store)>, StoreError> {
        match self {
            Self::Memory | Self::Interruptible(_) => Ok(Vec::new()),
            Self::File(file) => {
                let all = file.restore().await?;
                Ok(all
                    .into_iter()
                    .map(|(name, file)| (name, Store::File(file)))
                    .collect())
            }
        }
    }

    /// Fills stores that are empty and that nobody else has, and lets others go in their place: all of it or nothing.
    ///
    /// # Errors
    /// When the engine is away or has no room. What was there stays, and the new stores are of no use.
    pub async fn put_together(
        &self,
        made: Vec<Putting<'_>>,
        gone: &[&Store],
    ) -> Result<(), StoreError> {
        match self {
            Self::Memory | Self::Interruptible(_) => {
                for Putting { store, parts, .. } in made {
                    if let Reached::Memory(memory) = store.reach()? {
                        memory.put_together(parts)?;
                    }
                }
                Ok(())
            }
            Self::File(file) => {
                let of = |store: &Store| match store {
                    Store::File(space) => Some(space.shared()),
                    Store::Memory(_) | Store::Interruptible(_) => None,
                };
                let made = made.into_iter().filter_map(|one| {
                    Some(Made {
                        space: of(one.store)?,
                        parts: one.parts,
                        settings: one.settings,
                    })
                });
                let gone = gone.iter().filter_map(|store| of(store));
                file.put_together(made.collect(), gone.collect()).await
            }
        }
    }

    /// What it has counted, if it does.
    pub fn metrics(&self) -> Option<&EngineMetrics> {
        match self {
            Self::Memory | Self::Interruptible(_) => None,
            Self::File(file) => Some(file.metrics()),
        }
    }

    /// Why nothing can be written at the moment, if so.
    pub fn trouble(&self) -> Option<String> {
        match self {
            Self::Memory | Self::Interruptible(_) => None,
            Self::File(file) => file.trouble(),
        }
    }
}

/// The records, tasks, endpoints and messages of a space.
#[derive(Debug)]
pub enum Store {
    Memory(Memory),
    Interruptible(Interruptible),
    File(File),
}

/// A store that is to be filled.
#[derive(Debug)]
pub struct Putting<'a> {
    pub store: &'a Store,
    pub parts: Vec<Part>,
    /// What is to be [`Store::set`] in it.
    pub settings: Vec<(String, String)>,
}

/// The engine for one operation.
pub(super) enum Reached<'a> {
    Memory(&'a Memory),
    File(&'a File),
}

impl Store {
    /// The engine for one operation.
    pub(super) fn reach(&self) -> Result<Reached<'_>, StoreError> {
        match self {
            Self::Memory(memory) => Ok(Reached::Memory(memory)),
            Self::Interruptible(engine) => engine.reach().map(Reached::Memory),
            Self::File(file) => Ok(Reached::File(file)),
        }
    }

    /// What rings in this process when something may have become due, or when the store is gone. An engine that others
    /// write to as well need not ring for them, so whoever waits for it wakes up now and then by itself.
    pub fn wake(&self) -> Arc<Notify> {
        match self {
            Self::Memory(memory) => memory.outbox().wake(),
            Self::Interruptible(engine) => engine.here().outbox().wake(),
            Self::File(file) => file.wake(),
        }
    }

    /// Rings it: the clock was moved.
    pub fn wake_up(&self) {
        self.wake().notify_one();
    }

    /// Whether it is kept when the process ends.
    pub const fn outlives_process(&self) -> bool {
        matches!(self, Self::File(_))
    }

    /// The space is there for others, and not only for whoever looks at what it would be.
    pub fn begun(&self) {
        if let Self::File(file) = self {
            file.begun();
        }
    }
}

/// Every operation that an engine carries out.
impl Store {
    pub async fn get<T: Keyed>(&self, key: &T::Key) -> Result<Option<Versioned<T>>, StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => Ok(memory.get(key)),
            Reached::File(file) => file.get(key),
        }
    }

    /// Carries a batch out whole or not at all. Its notices and tasks are there once it is done, and not before. One for which
    /// there is no room, be it only for a message that tells of it, is not carried out.
    pub async fn commit(&self, batch: Batch) -> Result<Commit, StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => memory.commit(batch),
            Reached::File(file) => file.commit(batch).await,
        }
    }

    /// Rows whose key comes after `after`.
    pub async fn scan<T: Keyed>(
        &self,
        after: Option<&T::Key>,
        rows_max: usize,
    ) -> Result<Page<T>, StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => Ok(memory.scan(after, rows_max)),
            Reached::File(file) => file.scan(after, rows_max),
        }
    }

    /// The latest notices, oldest first, and how many older ones have been let go.
    pub async fn notices(&self) -> Result<(Vec<Notice>, u64), StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => Ok(memory.notices()),
            Reached::File(file) => file.notices(),
        }
    }

    /// The latest notices of payments, oldest first.
    pub async fn payment_notices(&self) -> Result<Vec<Notice>, StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => Ok(memory.payment_notices()),
            Reached::File(file) => file.payment_notices(),
        }
    }

    /// The earliest task that is due at `now`. It stays due until it is [`Store::finish`]ed, so that a task is carried out
    /// once more rather than never when something fails in between.
    pub async fn first_due(&self, now: Moment) -> Result<Option<Task>, StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => Ok(memory.agenda().first_due(now)),
            Reached::File(file) => file.first_due(now),
        }
    }

    /// The task has been carried out, or there is nothing left of it to do.
    pub async fn finish(&self, task: &Task) -> Result<(), StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => {
                memory.agenda().finish(task);
                Ok(())
            }
            Reached::File(file) => file.finish(task).await,
        }
    }

    /// When the earliest task is due. Every request asks this, so an engine has the answer at hand.
    pub async fn next_due(&self) -> Result<Option<Moment>, StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => Ok(memory.agenda().next_due()),
            Reached::File(file) => Ok(file.next_due()),
        }
    }

    /// Keeps something of the space that is no record, such as where its clock stands: names, each with a value or without
    /// one. An engine that ends with the process keeps nothing.
    pub async fn set(&self, values: Vec<(String, Option<String>)>) -> Result<(), StoreError> {
        match self.reach()? {
            Reached::Memory(_) => Ok(()),
            Reached::File(file) => file.set(values).await,
        }
    }

    /// The same without waiting for it. It is kept before whatever is asked for later.
    pub fn set_soon(&self, values: Vec<(String, Option<String>)>) {
        if let Self::File(file) = self {
            file.set_soon(values);
        }
    }

    /// All that was [`Store::set`], by name.
    pub async fn settings(&self) -> Result<Vec<(String, String)>, StoreError> {
        match self.reach()? {
            Reached::Memory(_) => Ok(Vec::new()),
            Reached::File(file) => file.settings(),
        }
    }

    /// Everything at one instant, in parts. None when the records take more than so many bytes.
    pub async fn parts(&self, bytes_max: usize) -> Result<Option<Parts>, StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => Ok(memory.parts(bytes_max)),
            Reached::File(file) => file.parts(bytes_max),
        }
    }

    /// How many messages are to be delivered, for whoever watches the server. One that an engine cannot tell at once is not
    /// counted.
    pub fn waiting(&self) -> usize {
        match self {
            Self::Memory(memory) => memory.outbox().waiting(),
            Self::Interruptible(engine) => engine.here().outbox().waiting(),
            Self::File(file) => file.waiting(),
        }
    }

    /// Lets everything go, as somebody drops the space or puts it back to its beginning.
    pub async fn retire(&self) -> Result<(), StoreError> {
        match self.reach()? {
            Reached::Memory(_) => Ok(()),
            Reached::File(file) => file.retire().await,
        }
    }
}
