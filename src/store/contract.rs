//! What every engine promises.

use std::sync::Arc;

use tokio::sync::Notify;

use super::file::File;
use super::interruptible::Interruptible;
use super::memory::Memory;
use super::shared::{Looked, SharedSpace, Turn};
use super::{Batch, Commit, Keyed, Page, Parts, StoreError, Task, Versioned};
use crate::domain::moment::Moment;
use crate::domain::notice::Notice;

/// The records, tasks, endpoints and messages of a space.
#[derive(Debug)]
pub enum Store {
    Memory(Memory),
    Interruptible(Interruptible),
    File(File),
    Shared(Box<SharedSpace>),
}

/// All that a space keeps besides its records.
#[derive(Debug, Default)]
pub struct Settings {
    /// By name.
    pub entries: Vec<(String, String)>,
    /// How often others have changed it, where there are others.
    pub(super) revision: u64,
}

/// The engine for one operation.
pub(super) enum Reached<'a> {
    Memory(&'a Memory),
    File(&'a File),
    Shared(&'a SharedSpace),
}

impl Store {
    /// The engine for one operation.
    pub(super) fn reach(&self) -> Result<Reached<'_>, StoreError> {
        match self {
            Self::Memory(memory) => Ok(Reached::Memory(memory)),
            Self::Interruptible(engine) => engine.reach().map(Reached::Memory),
            Self::File(file) => Ok(Reached::File(file)),
            Self::Shared(shared) => Ok(Reached::Shared(shared)),
        }
    }

    /// The space of a shared engine, if it is one.
    pub fn as_shared(&self) -> Option<&SharedSpace> {
        match self {
            Self::Shared(shared) => Some(shared),
            Self::Memory(_) | Self::Interruptible(_) | Self::File(_) => None,
        }
    }

    /// What rings in this process when something may have become due, or when the store is gone. An engine that others
    /// write to as well need not ring for them, so whoever waits for it wakes up now and then by itself.
    pub fn wake(&self) -> Arc<Notify> {
        match self {
            Self::Memory(memory) => memory.outbox().wake(),
            Self::Interruptible(engine) => engine.here().outbox().wake(),
            Self::File(file) => file.wake(),
            Self::Shared(shared) => shared.wake(),
        }
    }

    /// Rings it: the clock was moved.
    pub fn wake_up(&self) {
        self.wake().notify_one();
    }

    /// Whether it is kept when the process ends.
    pub const fn outlives_process(&self) -> bool {
        matches!(self, Self::File(_) | Self::Shared(_))
    }

    /// The space is there for others, and not only for whoever looks at what it would be.
    pub fn begun(&self) {
        match self {
            Self::Memory(_) | Self::Interruptible(_) => {}
            Self::File(file) => file.begun(),
            Self::Shared(shared) => shared.begun(),
        }
    }
}

/// Every operation that an engine carries out.
impl Store {
    pub async fn get<T: Keyed>(&self, key: &T::Key) -> Result<Option<Versioned<T>>, StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => Ok(memory.get(key)),
            Reached::File(file) => file.get(key),
            Reached::Shared(shared) => Box::pin(shared.get(key)).await,
        }
    }

    /// Carries a batch out whole or not at all. Its notices and tasks are there once it is done, and not before. One for which
    /// there is no room, be it only for a message that tells of it, is not carried out.
    pub async fn commit(&self, batch: Batch) -> Result<Commit, StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => memory.commit(batch),
            Reached::File(file) => file.commit(batch).await,
            Reached::Shared(shared) => Box::pin(shared.commit(batch)).await,
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
            Reached::Shared(shared) => Box::pin(shared.scan(after, rows_max)).await,
        }
    }

    /// The latest notices, oldest first, and how many older ones have been let go.
    pub async fn notices(&self) -> Result<(Vec<Notice>, u64), StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => Ok(memory.notices()),
            Reached::File(file) => file.notices(),
            Reached::Shared(shared) => Box::pin(shared.notices()).await,
        }
    }

    /// The latest notices of payments, oldest first.
    pub async fn payment_notices(&self) -> Result<Vec<Notice>, StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => Ok(memory.payment_notices()),
            Reached::File(file) => file.payment_notices(),
            Reached::Shared(shared) => Box::pin(shared.payment_notices()).await,
        }
    }

    /// The earliest task that is due at `now`. It stays due until it is [`Store::finish`]ed, so that a task is carried out
    /// once more rather than never when something fails in between.
    pub async fn first_due(&self, now: Moment) -> Result<Option<Task>, StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => Ok(memory.agenda().first_due(now)),
            Reached::File(file) => file.first_due(now),
            Reached::Shared(shared) => Box::pin(shared.first_due(now)).await,
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
            Reached::Shared(shared) => Box::pin(shared.finish(task)).await,
        }
    }

    /// When the earliest task is due. Every request asks this, so an engine has the answer at hand.
    pub async fn next_due(&self) -> Result<Option<Moment>, StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => Ok(memory.agenda().next_due()),
            Reached::File(file) => Ok(file.next_due()),
            Reached::Shared(shared) => Box::pin(shared.next_due()).await,
        }
    }

    /// Keeps something of the space that is no record, such as where its clock stands: names, each with a value or without
    /// one. An engine that ends with the process keeps nothing.
    pub async fn set(&self, values: Vec<(String, Option<String>)>) -> Result<(), StoreError> {
        match self.reach()? {
            Reached::Memory(_) => Ok(()),
            Reached::File(file) => file.set(values).await,
            Reached::Shared(shared) => Box::pin(shared.set(&values)).await,
        }
    }

    /// The same, unless another server has set something since this one last read [`Store::settings`]: then nothing is kept, and
    /// they are to be read again.
    pub async fn set_if_same(
        &self,
        values: Vec<(String, Option<String>)>,
    ) -> Result<bool, StoreError> {
        match self.reach()? {
            Reached::Memory(_) => Ok(true),
            Reached::File(file) => file.set(values).await.map(|()| true),
            Reached::Shared(shared) => Box::pin(shared.set_if_same(&values)).await,
        }
    }

    /// What was set is to be read again before it is used.
    pub fn forget_settings(&self) {
        if let Some(shared) = self.as_shared() {
            shared.forget_settings();
        }
    }

    /// What other servers have done that a request has to know before it begins. None where there are no others.
    pub async fn look(&self) -> Result<Option<Looked>, StoreError> {
        match self.as_shared() {
            None => Ok(None),
            Some(shared) => Box::pin(shared.look()).await.map(Some),
        }
    }

    /// Waits until no other server does what is due, and keeps them from it. None where there are no others.
    pub async fn take_turn(&self) -> Result<Option<Turn>, StoreError> {
        match self.as_shared() {
            None => Ok(None),
            Some(shared) => Box::pin(shared.take_turn()).await,
        }
    }

    /// Takes over what a server was doing that is gone.
    pub async fn take_over(&self, replica: &str) -> Result<(), StoreError> {
        match self.as_shared() {
            None => Ok(()),
            Some(shared) => shared.take_over(replica).await,
        }
    }

    /// All that was [`Store::set`].
    pub async fn settings(&self) -> Result<Settings, StoreError> {
        match self.reach()? {
            Reached::Memory(_) => Ok(Settings::default()),
            Reached::File(file) => file.settings().map(|entries| Settings {
                entries,
                revision: 0,
            }),
            Reached::Shared(shared) => Box::pin(shared.settings()).await,
        }
    }

    /// These settings are in force here. Said only once they are: a request that [`Store::look`] tells of nothing new goes by what is
    /// in force.
    pub fn goes_by(&self, settings: &Settings) {
        if let Some(shared) = self.as_shared() {
            shared.goes_by(settings.revision);
        }
    }

    /// Everything at one instant, in parts. None when the records take more than so many bytes.
    pub async fn parts(&self, bytes_max: usize) -> Result<Option<Parts>, StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => Ok(memory.parts(bytes_max)),
            Reached::File(file) => file.parts(bytes_max),
            Reached::Shared(shared) => Box::pin(shared.parts(bytes_max)).await,
        }
    }

    /// How many messages are to be delivered, for whoever watches the server. One that an engine cannot tell at once is not
    /// counted.
    pub fn waiting(&self) -> usize {
        match self {
            Self::Memory(memory) => memory.outbox().waiting(),
            Self::Interruptible(engine) => engine.here().outbox().waiting(),
            Self::File(file) => file.waiting(),
            Self::Shared(shared) => shared.waiting(),
        }
    }

    /// Lets everything go, as somebody drops the space or puts it back to its beginning.
    pub async fn retire(&self) -> Result<(), StoreError> {
        match self.reach()? {
            Reached::Memory(_) => Ok(()),
            Reached::File(file) => file.retire().await,
            Reached::Shared(shared) => Box::pin(shared.retire()).await,
        }
    }
}
