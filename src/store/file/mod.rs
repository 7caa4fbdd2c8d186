//! The engine that keeps everything in one file of a folder: SQLite, with its log written ahead (WAL) and one thread that
//! writes. Nothing is done before SQLite has committed it. Records are read from the file whenever somebody asks for them, so
//! that one that nobody asks for takes no memory; of messages, those of open spaces are in memory too.

mod database;
mod failure;
mod parts;
mod queue_rows;
mod rows;
mod schema;
mod work;
mod writer;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::sync::Notify;

use self::database::Database;
pub(super) use self::parts::Made;
use self::schema::Beginning;
use self::work::Shared;
use super::queues::Queues;
use super::{Batch, Commit, Keyed, Page, QueueStatus, StoreError, Task, Versioned, Write};
use crate::domain::moment::Moment;
use crate::domain::notice::Notice;
use crate::domain::webhook::{Endpoint, EndpointId, Handling, Message, MessageKey, Replay};
use crate::metrics::EngineMetrics;

/// What a commit outlives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// The process, whatever ends it. When the machine loses its power, the latest commits may be gone; what is left is whole.
    #[default]
    Process,
    /// The machine's loss of power too: each commit waits for the disk.
    Power,
    /// The loss of a node of a shared engine: each commit waits until another node has it too. A folder has no other node.
    Replicated,
}

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenFileError {
    #[error("{0}")]
    Folder(io::Error),
    #[error("{}", in_use(.0))]
    InUse(String),
    #[error("its standin.db is a file of another program; name another folder")]
    OfAnotherProgram,
    #[error(
        "its standin.db has form {found}, and this release reads and writes form {known}; use the release that wrote it, or name another folder"
    )]
    Form { found: i32, known: i32 },
    #[error(
        "it lies on a file system on which SQLite cannot write ahead, such as one of a network; name one on this machine"
    )]
    NoWal,
    #[error(
        "it was made with another --seed, from which its tokens are derived; give that one, or name another folder"
    )]
    Seed,
    #[error("{}", failure::words(.0))]
    Sqlite(#[from] rusqlite::Error),
}

fn in_use(process: &str) -> String {
    let holder = match process {
        "" => "another standin".to_owned(),
        process => format!("another standin (process {process})"),
    };
    format!("{holder} is using it; stop that one, or name another folder")
}

/// The file of a folder, open for this process.
#[derive(Debug, Clone)]
pub struct FileEngine {
    database: Arc<Database>,
    latest: Arc<AtomicI64>,
    secret: String,
}

impl FileEngine {
    /// Opens the file, or makes it. `seed` stands for the seed of all spaces, and must always be the same. `secret` is what the
    /// file keeps for its server when it is made.
    ///
    /// # Errors
    /// [`OpenFileError`], with what to do.
    pub fn open(
        folder: &Path,
        durability: Durability,
        seed: &str,
        secret: &str,
    ) -> Result<Self, OpenFileError> {
        let (database, secret) = Database::open(folder, durability, Beginning { seed, secret })?;
        let latest = database.read(rows::latest_space);
        let latest = latest.map_err(|error| OpenFileError::Folder(io::Error::other(error)))?;
        Ok(Self {
            database: Arc::new(database),
            latest: Arc::new(AtomicI64::new(latest)),
            secret,
        })
    }

    /// What the file keeps for its server.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// What reading and writing the file took.
    pub(super) fn metrics(&self) -> &EngineMetrics {
        self.database.metrics()
    }

    /// Why nothing can be written at the moment, if so.
    pub fn trouble(&self) -> Option<String> {
        self.database.trouble()
    }

    /// A space that is not in the file before something is written to it.
    pub(super) fn begin(&self, name: &str) -> File {
        let id = self.latest.fetch_add(1, Ordering::Relaxed) + 1;
        self.space(Arc::new(Shared::new(id, name)))
    }

    /// Every space in the file, with its name.
    pub(super) async fn restore(&self) -> Result<Vec<(String, File)>, StoreError> {
        let all = self.database.write(|work| work.restore()).await?;
        let named = |space: Arc<Shared>| (space.name.clone(), self.space(space));
        Ok(all.into_iter().map(named).collect())
    }

    fn space(&self, space: Arc<Shared>) -> File {
        File {
            database: Arc::clone(&self.database),
            space,
        }
    }
}

/// A space in the file. See [`super::Store`] for what each of its operations promises.
#[derive(Debug)]
pub struct File {
    database: Arc<Database>,
    space: Arc<Shared>,
}

impl Drop for File {
    /// Whoever delivers looks up, finds nobody, and goes.
    fn drop(&mut self) {
        let space = Arc::clone(&self.space);
        space.wake.notify_one();
        self.database.write_soon(move |work| {
            work.close(&space);
            Ok(())
        });
    }
}

impl File {
    pub(super) fn get<T: Keyed>(&self, key: &T::Key) -> Result<Option<Versioned<T>>, StoreError> {
        let space = self.space.id;
        self.database.read(|file| rows::get(file, space, key))
    }

    pub(super) fn scan<T: Keyed>(
        &self,
        after: Option<&T::Key>,
        rows_max: usize,
    ) -> Result<Page<T>, StoreError> {
        let space = self.space.id;
        self.database
            .read(|file| rows::scan(file, space, after, rows_max))
    }

    pub(super) async fn commit(&self, batch: Batch) -> Result<Commit, StoreError> {
        let writes: Result<Vec<_>, _> = batch.writes.iter().map(Write::row).collect();
        let writes = writes.map_err(|error| StoreError::Away(error.to_string().into()))?;
        let (notices, tasks) = (batch.notices, batch.tasks);
        let space = Arc::clone(&self.space);
        let commit = self
            .database
            .write(move |work| work.commit(&space, &writes, &notices, &tasks));
        commit.await?.ok_or(StoreError::Full("webhook messages"))
    }

    pub(super) fn notices(&self) -> Result<(Vec<Notice>, u64), StoreError> {
        let space = self.space.id;
        self.database.read(|file| rows::notices(file, space))
    }

    pub(super) fn payment_notices(&self) -> Result<Vec<Notice>, StoreError> {
        let space = self.space.id;
        self.database
            .read(|file| rows::payment_notices(file, space))
    }

    pub(super) fn first_due(&self, now: Moment) -> Result<Option<Task>, StoreError> {
        if self.space.task_micros.load(Ordering::Acquire) > now.micros() {
            return Ok(None);
        }
        let space = self.space.id;
        self.database.read(|file| rows::first_due(file, space, now))
    }

    pub(super) async fn finish(&self, task: &Task) -> Result<(), StoreError> {
        let (space, task) = (Arc::clone(&self.space), task.clone());
        self.database
            .write(move |work| work.finish(&space, &task))
            .await
    }

    pub(super) fn next_due(&self) -> Option<Moment> {
        moment(&self.space.task_micros)
    }

    pub(super) fn next_message_due(&self) -> Option<Moment> {
        moment(&self.space.message_micros)
    }

    /// As of the latest commit.
    pub(super) fn waiting(&self) -> usize {
        self.space.waiting.load(Ordering::Relaxed)
    }

    pub(super) fn wake(&self) -> Arc<Notify> {
        Arc::clone(&self.space.wake)
    }

    pub(super) async fn register(
        &self,
        make: impl FnOnce(EndpointId) -> Endpoint,
    ) -> Result<Endpoint, StoreError> {
        let space = Arc::clone(&self.space);
        let reserve = self
            .database
            .write(move |work| work.change(&space, Queues::next_endpoint));
        let endpoint = make(reserve.await?);
        let (space, new) = (Arc::clone(&self.space), endpoint.clone());
        let register = self
            .database
            .write(move |work| work.change(&space, |queues| queues.register(new.clone())));
        register.await?;
        Ok(endpoint)
    }

    pub(super) async fn lease(
        &self,
        now: Moment,
    ) -> Result<Option<(Message, Endpoint)>, StoreError> {
        if self.space.message_micros.load(Ordering::Acquire) > now.micros() {
            return Ok(None);
        }
        self.look(move |queues| queues.lease(now)).await
    }

    pub(super) async fn endpoints(&self) -> Result<Vec<Endpoint>, StoreError> {
        self.look(|queues| queues.endpoints.values().cloned().collect())
            .await
    }

    pub(super) async fn status(&self) -> Result<QueueStatus, StoreError> {
        self.look(|queues| queues.status()).await
    }

    pub(super) async fn remove(&self, id: EndpointId) -> Result<bool, StoreError> {
        self.change(move |queues| queues.remove(id)).await
    }

    pub(super) async fn change_endpoint(&self, endpoint: Endpoint) -> Result<(), StoreError> {
        self.change(move |queues| queues.change_endpoint(endpoint.clone()))
            .await
    }

    pub(super) async fn done(&self, message: Message) -> Result<(), StoreError> {
        self.change(move |queues| queues.done(message.clone()))
            .await
    }

    pub(super) async fn later(&self, message: Message) -> Result<(), StoreError> {
        self.change(move |queues| queues.later(message.clone()))
            .await
    }

    pub(super) async fn dead_letter(&self, message: Message) -> Result<(), StoreError> {
        self.change(move |queues| queues.dead_letter(message.clone()))
            .await
    }

    pub(super) async fn forget(&self, message: Message) -> Result<(), StoreError> {
        self.change(move |queues| queues.forget(&message)).await
    }

    pub(super) async fn step_aside(&self, message: Message, past: u32) -> Result<(), StoreError> {
        self.change(move |queues| queues.step_aside(message.clone(), past))
            .await
    }

    pub(super) async fn replay(
        &self,
        key: MessageKey,
        now: Moment,
        handling: Option<Box<Handling>>,
    ) -> Result<Replay, StoreError> {
        self.change(move |queues| queues.replay(&key, now, handling.clone()))
            .await
    }

    pub(super) async fn quiet_at(&self, now: Moment) -> Result<(), StoreError> {
        loop {
            let quiet = self.space.quiet.notified();
            tokio::pin!(quiet);
            // Listens from here on, so that nothing is missed between looking and waiting.
            quiet.as_mut().enable();
            if self.look(move |queues| queues.is_quiet_at(now)).await? {
                return Ok(());
            }
            quiet.await;
        }
    }

    pub(super) async fn set(
        &self,
        values: Vec<(String, Option<String>)>,
    ) -> Result<(), StoreError> {
        let space = Arc::clone(&self.space);
        self.database
            .write(move |work| work.set(&space, &values))
            .await
    }

    pub(super) fn settings(&self) -> Result<Vec<(String, String)>, StoreError> {
        let space = self.space.id;
        self.database.read(|file| rows::settings(file, space))
    }

    /// The space is there for others.
    pub(super) fn begun(&self) {
        self.space.begun.store(true, Ordering::Release);
    }

    pub(super) async fn retire(&self) -> Result<(), StoreError> {
        let space = Arc::clone(&self.space);
        self.database.write(move |work| work.retire(&space)).await
    }

    async fn look<T: Send + 'static>(
        &self,
        mut look: impl FnMut(&mut Queues) -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        let space = Arc::clone(&self.space);
        self.database
            .write(move |work| work.look(&space, &mut look))
            .await
    }

    async fn change<T: Send + 'static>(
        &self,
        mut change: impl FnMut(&mut Queues) -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        let space = Arc::clone(&self.space);
        self.database
            .write(move |work| work.change(&space, &mut change))
            .await
    }
}

fn moment(micros: &AtomicI64) -> Option<Moment> {
    match micros.load(Ordering::Acquire) {
        i64::MAX => None,
        micros => Some(Moment::from_micros(micros)),
    }
}
