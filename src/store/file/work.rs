//! What the thread that writes knows of each space besides its rows: the messages on their way. It changes them in step with
//! the rows, shows nobody anything before the commit, and reads them back when a commit fails.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};

use rusqlite::Connection;
use tokio::sync::Notify;

use super::queue_rows;
use super::rows;
use crate::domain::moment::Moment;
use crate::domain::notice::Notice;
use crate::domain::webhook::MessageKey;
use crate::store::queues::Queues;
use crate::store::record::Row;
use crate::store::{Commit, Task};

/// What everybody sees of a space without asking the thread that writes.
#[derive(Debug)]
pub(in crate::store) struct Shared {
    pub(super) id: i64,
    pub(super) name: String,
    /// When the earliest task is due; `i64::MAX` when there is none.
    pub(super) task_micros: AtomicI64,
    /// When the first message is due.
    pub(super) message_micros: AtomicI64,
    /// How many messages are to be delivered.
    pub(super) waiting: AtomicUsize,
    /// Whether the space is to be in the file. Whoever only looks at what it would be leaves nothing there.
    pub(super) begun: AtomicBool,
    /// Rung when something may have become due.
    pub(super) wake: Arc<Notify>,
    /// Rung when nothing that was due is left to do.
    pub(super) quiet: Notify,
}

impl Shared {
    pub(super) fn new(id: i64, name: &str) -> Self {
        Self {
            id,
            name: name.to_owned(),
            task_micros: AtomicI64::new(i64::MAX),
            message_micros: AtomicI64::new(i64::MAX),
            waiting: AtomicUsize::new(0),
            begun: AtomicBool::new(false),
            wake: Arc::default(),
            quiet: Notify::new(),
        }
    }
}

/// A space as the thread that writes has it.
#[derive(Debug)]
struct State {
    shared: Arc<Shared>,
    /// None while they are to be read.
    queues: Option<Queues>,
    /// Whether it has a row.
    is_kept: bool,
    /// It was dropped, or put back to its beginning: what is still written to it is lost, as it is in memory.
    is_gone: bool,
    next_task: i64,
    /// Messages that somebody is trying to deliver, for when they are read back.
    out: BTreeSet<MessageKey>,
    /// How it was before the group of commits that is being made.
    before: Option<Before>,
    wake: bool,
}

#[derive(Debug)]
struct Before {
    is_kept: bool,
    is_gone: bool,
    next_task: i64,
    out: BTreeSet<MessageKey>,
    /// Of a space that is not in the file yet; all others are read back.
    queues: Option<Queues>,
}

impl State {
    fn new(shared: &Arc<Shared>, is_kept: bool, next_task: i64) -> Self {
        Self {
            shared: Arc::clone(shared),
            queues: (!is_kept).then(Queues::default),
            is_kept,
            is_gone: false,
            next_task,
            out: BTreeSet::new(),
            before: None,
            wake: false,
        }
    }

    fn is_written(&self) -> bool {
        self.is_kept && !self.is_gone
    }
}

/// Every space that is open.
#[derive(Debug, Default)]
pub(super) struct Spaces {
    states: HashMap<i64, State>,
    touched: Vec<i64>,
    written: bool,
    gone: Vec<i64>,
}

impl Spaces {
    /// Whether the group of commits that is being made has changed the file.
    pub(super) const fn have_written(&self) -> bool {
        self.written
    }

    /// Shows what has been committed, and says which spaces have gone.
    pub(super) fn committed(&mut self) -> Vec<i64> {
        self.written = false;
        for id in std::mem::take(&mut self.touched) {
            let Some(state) = self.states.get_mut(&id) else {
                continue;
            };
            state.before = None;
            let shared = &state.shared;
            shared.task_micros.store(state.next_task, Ordering::Release);
            if let Some(queues) = &state.queues {
                let next = queues.next_due().map_or(i64::MAX, Moment::micros);
                shared.message_micros.store(next, Ordering::Release);
                shared.waiting.store(queues.waiting(), Ordering::Relaxed);
                if queues.is_idle() {
                    shared.quiet.notify_waiters();
                }
            }
            if std::mem::take(&mut state.wake) {
                shared.wake.notify_one();
            }
        }
        std::mem::take(&mut self.gone)
    }

    /// Forgets what has not been committed.
    pub(super) fn failed(&mut self) {
        self.written = false;
        self.gone.clear();
        for id in std::mem::take(&mut self.touched) {
            let Some(state) = self.states.get_mut(&id) else {
                continue;
            };
            if let Some(before) = state.before.take() {
                state.is_kept = before.is_kept;
                state.is_gone = before.is_gone;
                state.next_task = before.next_task;
                state.out = before.out;
                state.queues = before.queues;
                state.wake = false;
            }
        }
    }
}

/// One group of commits.
#[derive(Debug)]
pub(super) struct Work<'a> {
    pub(super) connection: &'a Connection,
    spaces: &'a mut Spaces,
}

impl<'a> Work<'a> {
    pub(super) const fn new(connection: &'a Connection, spaces: &'a mut Spaces) -> Self {
        Self { connection, spaces }
    }

    /// Every space of the file.
    pub(super) fn restore(&mut self) -> rusqlite::Result<Vec<Arc<Shared>>> {
        let mut all = Vec::new();
        for (id, name) in rows::spaces(self.connection)? {
            let shared = Arc::new(Shared::new(id, &name));
            shared.begun.store(true, Ordering::Release);
            let next_task = rows::next_task(self.connection, id)?;
            let state = State::new(&shared, true, next_task);
            self.spaces.states.insert(id, state);
            self.look(&shared, |_| ())?;
            all.push(shared);
        }
        Ok(all)
    }

    /// The space is not open any more.
    pub(super) fn close(&mut self, space: &Shared) {
        self.spaces.states.remove(&space.id);
    }

    /// Looks at messages and endpoints, or takes a message to deliver it.
    pub(super) fn look<T>(
        &mut self,
        space: &Arc<Shared>,
        look: impl FnOnce(&mut Queues) -> T,
    ) -> rusqlite::Result<T> {
        let connection = self.connection;
        Ok(look(self.queues(connection, space)?))
    }

    /// Changes messages or endpoints.
    pub(super) fn change<T>(
        &mut self,
        space: &Arc<Shared>,
        change: impl FnOnce(&mut Queues) -> T,
    ) -> rusqlite::Result<T> {
        self.try_change(space, |queues| Ok(change(queues)))
    }

    fn try_change<T>(
        &mut self,
        space: &Arc<Shared>,
        change: impl FnOnce(&mut Queues) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        if space.begun.load(Ordering::Acquire) {
            self.begin(space)?;
        }
        let connection = self.connection;
        let queues = self.queues(connection, space)?;
        queues.changes = Some(Vec::new());
        let done = change(queues)?;
        let changes = queues.changes.take().unwrap_or_default();
        let counts = queue_rows::counts(queues);
        let state = self.state(space);
        state.wake = true;
        if state.is_written() && !changes.is_empty() {
            self.spaces.written = true;
            for change in &changes {
                queue_rows::write(connection, space.id, change, counts)?;
            }
        }
        Ok(done)
    }

    /// Carries a batch out if it fits. None when there is no room for its messages.
    pub(super) fn commit(
        &mut self,
        space: &Arc<Shared>,
        writes: &[Row],
        notices: &[Notice],
        tasks: &[Task],
    ) -> rusqlite::Result<Option<Commit>> {
        let (connection, id) = (self.connection, space.id);
        if self.state(space).is_gone {
            return Ok(Some(Commit::Done));
        }
        for row in writes {
            if !rows::fits(connection, id, row)? {
                return Ok(Some(Commit::Conflict));
            }
        }
        if !notices.is_empty() && !self.change(space, |queues| queues.make_room(notices))? {
            return Ok(None);
        }
        space.begun.store(true, Ordering::Release);
        self.begin(space)?;
        self.spaces.written = true;
        for row in writes {
            rows::apply(connection, id, row)?;
        }
        if !notices.is_empty() {
            for notice in notices {
                rows::tell(connection, id, notice)?;
            }
            self.try_change(space, |queues| {
                queues.add(notices, |line| queue_rows::number(connection, id, &line))
            })?;
        }
        for task in tasks {
            rows::plan(connection, id, task)?;
            let state = self.state(space);
            state.next_task = state.next_task.min(task.due.micros());
            state.wake = true;
        }
        Ok(Some(Commit::Done))
    }

    pub(super) fn finish(&mut self, space: &Arc<Shared>, task: &Task) -> rusqlite::Result<()> {
        self.touch(space);
        self.spaces.written = true;
        rows::finish(self.connection, space.id, task)?;
        self.state(space).next_task = rows::next_task(self.connection, space.id)?;
        Ok(())
    }

    /// Keeps something of the space that is no record.
    pub(super) fn set(
        &mut self,
        space: &Arc<Shared>,
        values: &[(String, Option<String>)],
    ) -> rusqlite::Result<()> {
        space.begun.store(true, Ordering::Release);
        self.begin(space)?;
        if self.state(space).is_written() {
            self.spaces.written = true;
            for (name, value) in values {
                rows::set(self.connection, space.id, name, value.as_deref())?;
            }
        }
        Ok(())
    }

    /// Lets a space and all that it has go.
    pub(super) fn retire(&mut self, space: &Arc<Shared>) -> rusqlite::Result<()> {
        self.touch(space);
        let state = self.state(space);
        let was_written = state.is_written();
        state.is_gone = true;
        state.next_task = i64::MAX;
        if was_written {
            self.spaces.written = true;
            rows::retire(self.connection, space.id)?;
            self.spaces.gone.push(space.id);
        }
        Ok(())
    }

    /// Rows have been written for the space besides: what is known of it is read back.
    pub(super) fn read_again(&mut self, space: &Arc<Shared>) -> rusqlite::Result<()> {
        self.touch(space);
        let next_task = rows::next_task(self.connection, space.id)?;
        let state = self.state(space);
        state.next_task = next_task;
        state.queues = None;
        state.wake = true;
        self.look(space, |_| ())
    }

    /// Writes the space down if it is not there yet.
    fn begin(&mut self, space: &Arc<Shared>) -> rusqlite::Result<()> {
        self.touch(space);
        let connection = self.connection;
        let state = self.state(space);
        if state.is_kept || state.is_gone {
            return Ok(());
        }
        state.is_kept = true;
        let queues = state.queues.get_or_insert_default();
        let counts = queue_rows::counts(queues);
        let endpoints: Vec<_> = queues.endpoints.values().cloned().collect();
        self.spaces.written = true;
        rows::begin(connection, space.id, &space.name)?;
        queue_rows::begin(connection, space.id, endpoints, counts)
    }

    fn state(&mut self, space: &Arc<Shared>) -> &mut State {
        let states = &mut self.spaces.states;
        states
            .entry(space.id)
            .or_insert_with(|| State::new(space, false, i64::MAX))
    }

    /// The messages of a space, read if need be.
    fn queues(
        &mut self,
        connection: &Connection,
        space: &Arc<Shared>,
    ) -> rusqlite::Result<&mut Queues> {
        self.touch(space);
        let state = self.state(space);
        if state.queues.is_none() {
            let mut queues = queue_rows::read(connection, space.id)?;
            queues.restore_out(std::mem::take(&mut state.out));
            state.queues = Some(queues);
        }
        Ok(state.queues.get_or_insert_default())
    }

    /// Remembers how the space was, in case that the commit fails.
    fn touch(&mut self, space: &Arc<Shared>) {
        let state = self.state(space);
        if state.before.is_some() {
            return;
        }
        let out = match &state.queues {
            Some(queues) => queues.out(),
            None => state.out.clone(),
        };
        state.before = Some(Before {
            is_kept: state.is_kept,
            is_gone: state.is_gone,
            next_task: state.next_task,
            out,
            queues: if state.is_kept {
                None
            } else {
                state.queues.clone()
            },
        });
        self.spaces.touched.push(space.id);
    }
}
