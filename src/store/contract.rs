//! What every engine promises, and which engines there are.

use std::sync::Arc;

use tokio::sync::Notify;

use super::interruptible::{Interruptible, Outage};
use super::memory::Memory;
use super::{Batch, Commit, Keyed, Page, QueueStatus, StoreError, Task, Versioned};
use crate::domain::moment::Moment;
use crate::domain::notice::Notice;
use crate::domain::webhook::{Endpoint, EndpointId, Message, MessageKey, Replay};
use crate::limits::Share;

/// Which engine keeps the records of each space.
#[derive(Debug, Clone, Default)]
pub enum Engine {
    #[default]
    Memory,
    /// Memory that a test can cut off.
    Interruptible(Outage),
}

impl Engine {
    /// An empty store. What it keeps comes out of the room that it has with others, in which it takes a share.
    pub fn open(&self, share: Share) -> Store {
        match self {
            Self::Memory => Store::Memory(Memory::new(share)),
            Self::Interruptible(outage) => {
                Store::Interruptible(Interruptible::new(outage.clone(), share))
            }
        }
    }
}

/// The records, tasks, endpoints and messages of a space.
#[derive(Debug)]
pub enum Store {
    Memory(Memory),
    Interruptible(Interruptible),
}

impl Store {
    /// The engine for one operation.
    fn reach(&self) -> Result<&Memory, StoreError> {
        match self {
            Self::Memory(memory) => Ok(memory),
            Self::Interruptible(engine) => engine.reach(),
        }
    }

    const fn here(&self) -> &Memory {
        match self {
            Self::Memory(memory) => memory,
            Self::Interruptible(engine) => engine.here(),
        }
    }

    /// What rings in this process when something may have become due, or when the store is gone. An engine that others
    /// write to as well need not ring for them, so whoever waits for it wakes up now and then by itself.
    pub fn wake(&self) -> Arc<Notify> {
        self.here().outbox().wake()
    }

    /// Rings it: the clock was moved.
    pub fn wake_up(&self) {
        self.here().outbox().wake_up();
    }
}

/// Every operation that an engine carries out.
#[expect(clippy::unused_async, reason = "engines on disk or network wait here")]
impl Store {
    pub async fn get<T: Keyed>(&self, key: &T::Key) -> Result<Option<Versioned<T>>, StoreError> {
        Ok(self.reach()?.get(key))
    }

    /// Carries a batch out whole or not at all. Its notices and tasks are there once it is done, and not before. One for which
    /// there is no room, be it only for a message that tells of it, is not carried out.
    pub async fn commit(&self, batch: Batch) -> Result<Commit, StoreError> {
        self.reach()?.commit(batch)
    }

    /// Rows whose key comes after `after`.
    pub async fn scan<T: Keyed>(
        &self,
        after: Option<&T::Key>,
        rows_max: usize,
    ) -> Result<Page<T>, StoreError> {
        Ok(self.reach()?.scan(after, rows_max))
    }

    /// The latest notices, oldest first, and how many older ones have been let go.
    pub async fn notices(&self) -> Result<(Vec<Notice>, u64), StoreError> {
        Ok(self.reach()?.notices())
    }

    /// The latest notices of payments, oldest first.
    pub async fn payment_notices(&self) -> Result<Vec<Notice>, StoreError> {
        Ok(self.reach()?.payment_notices())
    }

    /// The earliest task that is due at `now`. It stays due until it is [`Store::finish`]ed, so that a task is carried out
    /// once more rather than never when something fails in between.
    pub async fn first_due(&self, now: Moment) -> Result<Option<Task>, StoreError> {
        Ok(self.reach()?.agenda().first_due(now))
    }

    /// The task has been carried out, or there is nothing left of it to do.
    pub async fn finish(&self, task: &Task) -> Result<(), StoreError> {
        self.reach()?.agenda().finish(task);
        Ok(())
    }

    /// When the earliest task is due. Every request asks this, so an engine has the answer at hand.
    pub async fn next_due(&self) -> Result<Option<Moment>, StoreError> {
        Ok(self.reach()?.agenda().next_due())
    }

    pub async fn endpoints(&self) -> Result<Vec<Endpoint>, StoreError> {
        Ok(self.reach()?.outbox().endpoints())
    }

    /// Registers an endpoint under an id that none had before it.
    pub async fn register(
        &self,
        make: impl FnOnce(EndpointId) -> Endpoint,
    ) -> Result<Endpoint, StoreError> {
        Ok(self.reach()?.outbox().register(make))
    }

    /// Forgets an endpoint and what was on its way there. False when there was none.
    pub async fn remove_endpoint(&self, id: EndpointId) -> Result<bool, StoreError> {
        Ok(self.reach()?.outbox().remove(id))
    }

    /// Sends nothing there any more. What was on its way is dead.
    pub async fn disable_endpoint(
        &self,
        id: EndpointId,
        why: &'static str,
    ) -> Result<(), StoreError> {
        self.reach()?.outbox().disable(id, why);
        Ok(())
    }

    /// Takes the first message that is due at `now`, with where it goes. It stays the first of its line until it is
    /// [`Store::delivered`], tried [`Store::later`], [`Store::dead_letter`]ed, [`Store::held_back`] or
    /// [`Store::forget`]ten.
    pub async fn lease(&self, now: Moment) -> Result<Option<(Message, Endpoint)>, StoreError> {
        Ok(self.reach()?.outbox().lease(now))
    }

    /// The message has arrived.
    pub async fn delivered(&self, message: Message) -> Result<(), StoreError> {
        self.reach()?.outbox().done(message);
        Ok(())
    }

    /// The message is to be tried again when it says it is due.
    pub async fn later(&self, message: Message) -> Result<(), StoreError> {
        self.reach()?.outbox().later(message);
        Ok(())
    }

    /// The message will never arrive.
    pub async fn dead_letter(&self, message: Message) -> Result<(), StoreError> {
        self.reach()?.outbox().dead_letter(message);
        Ok(())
    }

    /// There was nothing to tell after all.
    pub async fn forget(&self, message: Message) -> Result<(), StoreError> {
        self.reach()?.outbox().forget(message);
        Ok(())
    }

    /// The message lets its line go on without it, and is tried when `past` others have been sent to the same endpoint, or
    /// when it says it is due.
    pub async fn held_back(&self, message: Message, past: u32) -> Result<(), StoreError> {
        self.reach()?.outbox().step_aside(message, past);
        Ok(())
    }

    /// Puts a message that was delivered or is dead into its line again, under its old name. Where one of this name waits, it
    /// stays the only one.
    pub async fn replay(&self, key: &MessageKey, now: Moment) -> Result<Replay, StoreError> {
        Ok(self.reach()?.outbox().replay(key, now))
    }

    /// When the first message that nobody is delivering is due.
    pub async fn next_message_due(&self) -> Result<Option<Moment>, StoreError> {
        Ok(self.reach()?.outbox().next_due())
    }

    /// Waits until no message is being delivered and none that is due at `now` is left.
    pub async fn quiet_at(&self, now: Moment) -> Result<(), StoreError> {
        self.reach()?.outbox().quiet_at(now).await;
        Ok(())
    }

    /// How the messages stand, each list from its oldest one on.
    pub async fn messages(&self) -> Result<QueueStatus, StoreError> {
        Ok(self.reach()?.outbox().status())
    }
}
