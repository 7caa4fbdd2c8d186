//! Records of one space and the notices that leave with them.
//!
//! One contract for every engine: read a record with its version; commit a batch that touches one partition, if nobody
//! wrote to its records in between; list; and take what is due, of tasks and of messages, in order. Every operation can
//! fail, because an engine can be away. The store interprets nothing that it keeps.

mod agenda;
mod contract;
mod engine;
mod error;
mod file;
mod interruptible;
mod key;
mod memory;
mod messages;
mod outbox;
mod part;
mod queue_change;
mod queues;
mod record;
mod shared;
mod size;
mod slab;

use crate::domain::id::Partition;
use crate::domain::notice::Notice;
pub use agenda::{Task, TaskKind};
pub use contract::{Settings, Store};
pub use engine::{Engine, Putting};
pub use error::StoreError;
pub use file::{Durability, FileEngine, OpenFileError};
pub use interruptible::Outage;
pub use key::KeyBytes;
pub use outbox::QueueStatus;
pub use part::{Part, Parts};
pub use record::{
    Keyed, NtiEntry, NumberEntry, PanUse, PanUseKey, RequestEntry, RequestKey, Write,
};
pub use shared::{Looked, OpenSharedError, SharedEngine, SharedSpace, Turn};

/// A record as it was read, with the version that a change of it must name.
#[derive(Debug, Clone)]
pub struct Versioned<T> {
    pub record: T,
    pub version: u32,
}

/// What becomes of one record.
#[derive(Debug, Clone)]
pub enum Change<T: Keyed> {
    /// The record is new: nobody has one under its key.
    Insert(T),
    /// The record replaces the version that was read.
    Replace(T, u32),
    /// The record goes, if it still has this version.
    Remove(T::Key, u32),
}

/// Changes that happen together or not at all, and what they cause. Each record is changed by one of them at most.
#[derive(Debug, Default)]
pub struct Batch {
    writes: Vec<Write>,
    notices: Vec<Notice>,
    tasks: Vec<Task>,
}

impl Batch {
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn insert<T: Keyed>(mut self, record: T) -> Self {
        self.writes.push(T::write(Change::Insert(record)));
        self
    }

    #[must_use]
    pub fn replace<T: Keyed>(mut self, record: T, version: u32) -> Self {
        self.writes.push(T::write(Change::Replace(record, version)));
        self
    }

    #[must_use]
    pub fn remove<T: Keyed>(mut self, key: T::Key, version: u32) -> Self {
        self.writes.push(T::write(Change::Remove(key, version)));
        self
    }

    /// Inserts when nothing was read, replaces what was.
    #[must_use]
    pub fn put<T: Keyed>(self, record: T, read: Option<u32>) -> Self {
        match read {
            None => self.insert(record),
            Some(version) => self.replace(record, version),
        }
    }

    /// Tells something with the change, exactly once.
    #[must_use]
    pub fn tell(mut self, notice: Notice) -> Self {
        self.notices.push(notice);
        self
    }

    /// Tells several things with the change.
    #[must_use]
    pub fn tell_all(mut self, notices: Vec<Notice>) -> Self {
        self.notices.extend(notices);
        self
    }

    /// Plans something with the change.
    #[must_use]
    pub fn plan(mut self, task: Task) -> Self {
        self.tasks.push(task);
        self
    }

    /// The partition of the first write. Every write of a batch must have the same.
    fn home(&self) -> Option<Partition> {
        self.writes.first().map(Write::partition)
    }
}

/// How a commit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    Done,
    /// Somebody wrote first. Nothing was written; read again.
    Conflict,
}

/// One page of a list, in the order of the keys.
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// Whether rows follow the last one.
    pub more: bool,
}
