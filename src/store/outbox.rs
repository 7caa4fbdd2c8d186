//! What is to be told, to whom. Messages are written into the outbox with the change that they tell of and leave it one by
//! one: for an endpoint and a token (or card) strictly in order, because the next one waits until the one before is delivered or dead.

mod parts;

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::queues::{Line, Queues};
use crate::domain::moment::Moment;
use crate::domain::notice::Notice;
use crate::domain::webhook::{Endpoint, EndpointId, Handling, Message, MessageKey, Replay};
use crate::limits::Share;

/// The outbox of the memory engine. See the module, and [`super::Store`] for what each of its operations promises.
#[derive(Debug)]
pub(super) struct Outbox {
    queues: Mutex<Queues>,
    /// How many messages each line has had, which numbers the next one.
    written: Mutex<HashMap<Line, u32>>,
    /// When the first message is due; `i64::MAX` when none is, so that asking costs one load.
    next_micros: AtomicI64,
    /// Rung when a message may have become due, and when the outbox is gone.
    wake: Arc<Notify>,
    /// Rung when nothing that was due is left to do.
    quiet: Notify,
}

/// How the messages stand.
#[derive(Debug, Clone, Default)]
pub struct QueueStatus {
    pub waiting: Vec<Message>,
    /// The latest ones.
    pub delivered: Vec<Message>,
    pub dead: Vec<Message>,
    pub refused: u64,
}

impl Outbox {
    pub(super) fn new(share: Arc<Share>) -> Self {
        Self {
            queues: Mutex::new(Queues::within(share)),
            written: Mutex::default(),
            next_micros: AtomicI64::new(i64::MAX),
            wake: Arc::default(),
            quiet: Notify::new(),
        }
    }

    /// What rings when there may be something to deliver.
    pub(super) fn wake(&self) -> Arc<Notify> {
        Arc::clone(&self.wake)
    }

    /// Rings it: the clock was moved.
    pub(super) fn wake_up(&self) {
        self.wake.notify_one();
    }

    pub(super) fn register(&self, make: impl FnOnce(EndpointId) -> Endpoint) -> Endpoint {
        let mut queues = self.queues.lock();
        let endpoint = make(queues.next_endpoint());
        queues.register(endpoint.clone());
        endpoint
    }

    pub(super) fn remove(&self, id: EndpointId) -> bool {
        let mut queues = self.queues.lock();
        let known = queues.remove(id);
        self.written.lock().retain(|line, _| line.0 != id);
        self.publish(&queues);
        known
    }

    pub(super) fn change_endpoint(&self, endpoint: Endpoint) {
        self.change(|queues| queues.change_endpoint(endpoint));
    }

    pub(super) fn endpoints(&self) -> Vec<Endpoint> {
        self.queues.lock().endpoints.values().cloned().collect()
    }

    /// Writes a message to everybody who wants one, or to nobody when not all of them can be kept.
    pub(super) fn add(&self, notices: &[Notice]) -> bool {
        let mut queues = self.queues.lock();
        if queues.endpoints.is_empty() {
            return true;
        }
        if !queues.make_room(notices) {
            return false;
        }
        let mut written = self.written.lock();
        let number = |line| {
            let next = written.entry(line).or_insert(0);
            *next += 1;
            Ok::<_, Infallible>(*next - 1)
        };
        let Ok(()) = queues.add(notices, number);
        drop(written);
        self.publish(&queues);
        self.wake.notify_one();
        true
    }

    pub(super) fn lease(&self, now: Moment) -> Option<(Message, Endpoint)> {
        if self.next_micros.load(Ordering::Acquire) > now.micros() {
            return None;
        }
        let mut queues = self.queues.lock();
        let leased = queues.lease(now);
        self.publish(&queues);
        leased
    }

    pub(super) fn done(&self, message: Message) {
        self.change(|queues| queues.done(message));
    }

    pub(super) fn dead_letter(&self, message: Message) {
        self.change(|queues| queues.dead_letter(message));
    }

    pub(super) fn forget(&self, message: &Message) {
        self.change(|queues| queues.forget(message));
    }

    pub(super) fn later(&self, message: Message) {
        self.change(|queues| queues.later(message));
    }

    pub(super) fn step_aside(&self, message: Message, past: u32) {
        self.change(|queues| queues.step_aside(message, past));
    }

    pub(super) fn replay(
        &self,
        key: &MessageKey,
        now: Moment,
        handling: Option<Box<Handling>>,
    ) -> Replay {
        self.change(|queues| queues.replay(key, now, handling))
    }

    pub(super) fn next_due(&self) -> Option<Moment> {
        match self.next_micros.load(Ordering::Acquire) {
            i64::MAX => None,
            micros => Some(Moment::from_micros(micros)),
        }
    }

    pub(super) async fn quiet_at(&self, now: Moment) {
        loop {
            let quiet = self.quiet.notified();
            tokio::pin!(quiet);
            // Listens from here on, so that nothing is missed between looking and waiting.
            quiet.as_mut().enable();
            if self.queues.lock().is_quiet_at(now) {
                return;
            }
            quiet.await;
        }
    }

    pub(super) fn status(&self) -> QueueStatus {
        self.queues.lock().status()
    }

    fn change<T>(&self, change: impl FnOnce(&mut Queues) -> T) -> T {
        let mut queues = self.queues.lock();
        let done = change(&mut queues);
        self.publish(&queues);
        self.wake.notify_one();
        done
    }

    fn publish(&self, queues: &Queues) {
        let next = queues.next_due().map_or(i64::MAX, Moment::micros);
        self.next_micros.store(next, Ordering::Release);
        if queues.is_idle() {
            self.quiet.notify_waiters();
        }
    }
}

impl Drop for Outbox {
    /// Whoever delivers looks up, finds nobody, and goes.
    fn drop(&mut self) {
        self.wake.notify_one();
    }
}
