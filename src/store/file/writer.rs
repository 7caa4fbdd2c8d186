//! The thread that writes. It takes whatever has been asked for meanwhile, commits all of it at once, and only then says to
//! each that it is done: so that a disk that flushes slowly is waited for once and not once for everybody.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};

use rusqlite::Connection;

use super::failure::{Standing, is_of_one};
use super::schema;
use super::work::{Spaces, Work};
use crate::limits::{COMMIT_GROUP_MAX, DISK_PROBE_WAIT, SWEEP_ROWS_MAX};
use crate::store::StoreError;

/// Something to do in the next commit.
pub(super) type Job = Box<dyn Asked>;

/// See [`Job`].
pub(super) trait Asked: Send {
    fn work(&mut self, work: &mut Work<'_>) -> rusqlite::Result<()>;
    /// It has been committed, or not.
    fn end(self: Box<Self>, committed: Result<(), StoreError>);
}

/// See the module.
pub(super) struct Writer {
    connection: Connection,
    spaces: Spaces,
    standing: Arc<Standing>,
    /// Spaces that are gone and still have rows.
    gone: Vec<i64>,
}

impl Writer {
    pub(super) fn new(connection: Connection, standing: Arc<Standing>) -> rusqlite::Result<Self> {
        let gone = {
            let mut gone = connection.prepare("SELECT space FROM gone")?;
            gone.query_map([], |row| row.get(0))?
                .collect::<Result<_, _>>()?
        };
        Ok(Self {
            connection,
            spaces: Spaces::default(),
            standing,
            gone,
        })
    }

    /// Until nobody is left who could ask.
    pub(super) fn run(mut self, jobs: &Receiver<Job>) {
        loop {
            let idle = self.gone.is_empty() && self.standing.is_well();
            let first = if idle {
                jobs.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else if self.standing.is_well() {
                jobs.recv_timeout(std::time::Duration::ZERO)
            } else {
                jobs.recv_timeout(DISK_PROBE_WAIT)
            };
            match first {
                Ok(first) => self.group(std::iter::once(first).chain(jobs.try_iter())),
                Err(RecvTimeoutError::Timeout) => self.look_after(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Commits what was asked for meanwhile. Where the disk fails, it fails for everybody; where one piece of work does, the
    /// others are done without it.
    fn group(&mut self, jobs: impl Iterator<Item = Job>) {
        let mut jobs: Vec<Job> = jobs.take(COMMIT_GROUP_MAX).collect();
        match self.commit(&mut jobs) {
            Ok(()) => end(jobs, &Ok(())),
            Err(error) if is_of_one(&error) && jobs.len() > 1 => {
                for job in jobs {
                    self.alone(job);
                }
            }
            Err(error) => end(jobs, &Err(self.standing.told(&error))),
        }
    }

    fn alone(&mut self, job: Job) {
        let mut job = vec![job];
        let ended = self.commit(&mut job);
        end(job, &ended.map_err(|error| self.standing.told(&error)));
    }

    /// Does all of it in one commit, or nothing.
    fn commit(&mut self, jobs: &mut [Job]) -> rusqlite::Result<()> {
        let mut ended = self.connection.execute_batch("BEGIN");
        for job in jobs {
            if ended.is_ok() {
                ended = job.work(&mut Work::new(&self.connection, &mut self.spaces));
            }
        }
        let wrote = self.spaces.have_written();
        let ended = ended.and_then(|()| self.connection.execute_batch("COMMIT"));
        if ended.is_ok() {
            if wrote {
                self.standing.well();
            }
            self.gone.extend(self.spaces.committed());
        } else {
            // SQLite may have done it already.
            let _not_open = self.connection.execute_batch("ROLLBACK");
            self.spaces.failed();
        }
        ended
    }

    /// What there is to do when nobody asks for anything.
    fn look_after(&mut self) {
        let done = if self.standing.is_well() {
            self.sweep()
        } else {
            // Whether the disk writes again.
            let probe =
                "INSERT INTO fact VALUES ('probe', 1) ON CONFLICT DO UPDATE SET value = value + 1";
            self.connection
                .execute(probe, [])
                .map(|_| self.standing.well())
        };
        if let Err(error) = done {
            self.standing.failed(&error);
        }
    }

    /// Deletes some rows of a space that is gone.
    fn sweep(&mut self) -> rusqlite::Result<()> {
        let Some(space) = self.gone.last().copied() else {
            return Ok(());
        };
        for (table, key) in schema::OF_SPACES {
            let some = format!(
                "DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE space = ?1 LIMIT {SWEEP_ROWS_MAX})"
            );
            if self.connection.prepare_cached(&some)?.execute([space])? > 0 {
                return Ok(());
            }
        }
        self.connection
            .execute("DELETE FROM gone WHERE space = ?1", [space])?;
        self.gone.pop();
        Ok(())
    }
}

fn end(jobs: Vec<Job>, ended: &Result<(), StoreError>) {
    for job in jobs {
        job.end(ended.clone());
    }
}
