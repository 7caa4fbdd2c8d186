//! The file itself: who may use it, connections that read, and the thread that writes.

use std::fs::{File, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use parking_lot::Mutex;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::failure::Standing;
use super::schema::{self, Beginning};
use super::work::Work;
use super::writer::{Asked, Job, Writer};
use super::{Durability, OpenFileError};
use crate::limits::{DISK_BUSY_WAIT, READ_BUSY_WAIT, READERS_KEPT_MAX};
use crate::metrics::EngineMetrics;
use crate::store::StoreError;

const FILE: &str = "standin.db";
const LOCK: &str = "standin.lock";

/// Pages that one connection keeps in memory, in KiB: negative, as SQLite wants it.
const CACHE_KIB: i32 = -8 * 1024;

/// See the module.
#[derive(Debug)]
pub(super) struct Database {
    path: PathBuf,
    jobs: Option<Sender<Job>>,
    writing: Option<JoinHandle<()>>,
    readers: Mutex<Vec<Connection>>,
    standing: Arc<Standing>,
    metrics: EngineMetrics,
    /// Held as long as the process lives, whatever it dies of.
    _lock: File,
}

impl Database {
    /// Opens the file of a folder, or makes both.
    pub(super) fn open(
        folder: &Path,
        durability: Durability,
        made: Beginning<'_>,
    ) -> Result<(Self, String), OpenFileError> {
        std::fs::create_dir_all(folder).map_err(OpenFileError::Folder)?;
        let lock = lock(folder)?;
        let path = folder.join(FILE);
        begin(&path).map_err(OpenFileError::Folder)?;
        let mut connection = Connection::open(&path)?;
        connection.busy_timeout(DISK_BUSY_WAIT)?;
        let secret = schema::prepare(&mut connection, made)?;
        let mode: String =
            connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
        if mode != "wal" {
            return Err(OpenFileError::NoWal);
        }
        let synchronous = match durability {
            Durability::Process => "NORMAL",
            Durability::Power | Durability::Replicated => "FULL",
        };
        connection.pragma_update(None, "synchronous", synchronous)?;
        connection.pragma_update(None, "cache_size", CACHE_KIB)?;
        let standing = Arc::new(Standing::default());
        let (jobs, waiting) = channel();
        let writer = Writer::new(connection, Arc::clone(&standing))?;
        let thread = std::thread::Builder::new().name("store-writer".to_owned());
        let writing = thread.spawn(move || writer.run(&waiting));
        let database = Self {
            path,
            jobs: Some(jobs),
            writing: Some(writing.map_err(OpenFileError::Folder)?),
            readers: Mutex::default(),
            standing,
            metrics: EngineMetrics::default(),
            _lock: lock,
        };
        Ok((database, secret))
    }

    /// Why nothing can be written at the moment, if so.
    pub(super) fn trouble(&self) -> Option<String> {
        self.standing.why()
    }

    pub(super) const fn metrics(&self) -> &EngineMetrics {
        &self.metrics
    }

    /// Reads what has been committed.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let begun = Instant::now();
        let done = self.reader().and_then(|connection| {
            let found = read(&connection)?;
            let mut readers = self.readers.lock();
            if readers.len() < READERS_KEPT_MAX {
                readers.push(connection);
            }
            Ok(found)
        });
        self.metrics.reads.note(begun.elapsed());
        done.map_err(|error| {
            self.metrics.errors.add(1);
            self.standing.told(&error)
        })
    }

    fn reader(&self) -> rusqlite::Result<Connection> {
        let idle = self.readers.lock().pop();
        if let Some(connection) = idle {
            return Ok(connection);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(READ_BUSY_WAIT)?;
        connection.pragma_update(None, "cache_size", CACHE_KIB)?;
        Ok(connection)
    }

    /// Has something done by the thread that writes, and says how it ended once it is committed.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Work<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let begun = Instant::now();
        self.send(Box::new(Ask {
            work,
            value: None,
            answer,
        }));
        let stopped = |_| StoreError::Away("the thread that writes has stopped".into());
        let done = answered.await.map_err(stopped).flatten();
        self.metrics.writes.note(begun.elapsed());
        self.metrics.errors.add(usize::from(done.is_err()));
        done
    }

    /// The same for what nobody waits for. It is committed before anything that is asked for later.
    pub(super) fn write_soon(
        &self,
        work: impl FnMut(&mut Work<'_>) -> rusqlite::Result<()> + Send + 'static,
    ) {
        let (answer, _) = oneshot::channel();
        self.send(Box::new(Ask {
            work,
            value: None,
            answer,
        }));
    }

    fn send(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            let _whoever_waits_is_told = jobs.send(job);
        }
    }
}

impl Drop for Database {
    /// Waits until everything that was asked for has been written.
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(Err(_)) = self.writing.take().map(JoinHandle::join) {
            tracing::error!("the thread that writes ended badly");
        }
    }
}

/// Work whose result somebody waits for. It may have to be done again, when the commit that it was part of has failed.
struct Ask<F, T> {
    work: F,
    value: Option<T>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<T: Send, F: FnMut(&mut Work<'_>) -> rusqlite::Result<T> + Send> Asked for Ask<F, T> {
    fn work(&mut self, work: &mut Work<'_>) -> rusqlite::Result<()> {
        self.value = Some((self.work)(work)?);
        Ok(())
    }

    fn end(self: Box<Self>, committed: Result<(), StoreError>) {
        let Self { value, answer, .. } = *self;
        let nothing = || StoreError::Away("nothing was written".into());
        let _nobody_waits = answer.send(committed.and_then(|()| value.ok_or_else(nothing)));
    }
}

/// Makes the file, if it is not there, for its owner alone: it holds secrets. The files that SQLite puts beside it are for the same.
fn begin(path: &Path) -> std::io::Result<()> {
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Takes the folder for this process. The system lets go of it when the process ends.
fn lock(folder: &Path) -> Result<File, OpenFileError> {
    let path = folder.join(LOCK);
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    let mut lock = options.open(path).map_err(OpenFileError::Folder)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // Who it is helps, and is not needed.
            let _unknown = lock.read_to_string(&mut holder);
            return Err(OpenFileError::InUse(holder.trim().to_owned()));
        }
        Err(TryLockError::Error(error)) => return Err(OpenFileError::Folder(error)),
    }
    let name = std::process::id().to_string();
    let written = lock
        .set_len(0)
        .and_then(|()| lock.write_all(name.as_bytes()));
    written.map_err(OpenFileError::Folder)?;
    Ok(lock)
}
