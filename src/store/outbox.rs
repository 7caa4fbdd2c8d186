//! What is to be told, to whom. Messages are written into the outbox with the change that they tell of and leave it one by
//! one: for an endpoint and a token (or card) strictly in order, because the next one waits until the one before is delivered or dead.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::queues::{Queues, keep, line};
use crate::domain::moment::Moment;
use crate::domain::notice::Notice;
use crate::domain::webhook::{Endpoint, EndpointId, Message, MessageKey, Replay};

/// The outbox of the memory engine. See the module, and [`super::Store`] for what each of its operations promises.
#[derive(Debug)]
pub(super) struct Outbox {
    queues: Mutex<Queues>,
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
    pub(super) fn new() -> Self {
        Self {
            queues: Mutex::default(),
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
        queues.registered += 1;
        let endpoint = make(EndpointId(queues.registered));
        queues.endpoints.insert(endpoint.id, endpoint.clone());
        endpoint
    }

    /// Forgets an endpoint and what was on its way there. False when there was none.
    pub(super) fn remove(&self, id: EndpointId) -> bool {
        let mut queues = self.queues.lock();
        let known = queues.endpoints.remove(&id).is_some();
        queues.drop_lines_to(id);
        self.publish(&queues);
        known
    }

    /// Sends nothing there any more. What was on its way is dead.
    pub(super) fn disable(&self, id: EndpointId, why: &'static str) {
        let mut queues = self.queues.lock();
        if let Some(endpoint) = queues.endpoints.get_mut(&id) {
            endpoint.disabled = Some(why.into());
        }
        let messages = queues.drop_lines_to(id);
        for message in messages {
            keep(&mut queues.dead, message);
        }
        self.publish(&queues);
    }

    pub(super) fn endpoints(&self) -> Vec<Endpoint> {
        self.queues.lock().endpoints.values().cloned().collect()
    }

    /// Writes a message to everybody who wants one.
    pub(super) fn add(&self, notices: &[Notice]) {
        let mut queues = self.queues.lock();
        if queues.endpoints.is_empty() {
            return;
        }
        for notice in notices {
            let wants = queues.endpoints.values().filter(|e| e.wants(notice));
            let to: Vec<_> = wants.map(|endpoint| endpoint.id).collect();
            for id in to {
                queues.write(id, notice);
            }
        }
        self.publish(&queues);
        self.wake.notify_one();
    }

    /// Takes the first message that is due at `now`, with where it goes. It stays the first of its line until it is
    /// `done`, sent `later` or `dead_letter`ed.
    pub(super) fn lease(&self, now: Moment) -> Option<(Message, Endpoint)> {
        if self.next_micros.load(Ordering::Acquire) > now.micros() {
            return None;
        }
        let mut queues = self.queues.lock();
        let first = queues.due.first().copied().filter(|(due, _)| *due <= now)?;
        queues.due.remove(&first);
        let key = first.1;
        queues.out.insert(key);
        self.publish(&queues);
        let message = queues.next(&key)?.clone();
        let endpoint = queues.endpoints.get(&key.endpoint).cloned()?;
        Some((message, endpoint))
    }

    /// The message has arrived.
    pub(super) fn done(&self, message: Message) {
        self.leave(message, |queues, message| {
            keep(&mut queues.delivered, message)
        });
    }

    /// The message will never arrive.
    pub(super) fn dead_letter(&self, message: Message) {
        self.leave(message, |queues, message| keep(&mut queues.dead, message));
    }

    /// There was nothing to tell after all.
    pub(super) fn forget(&self, message: Message) {
        self.leave(message, |_, _| {});
    }

    /// The message is to be tried again when it says it is due.
    pub(super) fn later(&self, message: Message) {
        let mut queues = self.queues.lock();
        let (key, due) = (message.key, message.due);
        if queues.out.remove(&key)
            && let Some(next) = queues.next(&key)
        {
            *next = message;
            queues.due.insert((due, key));
        }
        self.publish(&queues);
        self.wake.notify_one();
    }

    /// The message lets its line go on without it, and is tried when `past` others have been sent to the same endpoint, or
    /// when it says it is due.
    pub(super) fn step_aside(&self, message: Message, past: u32) {
        let mut queues = self.queues.lock();
        let (key, due) = (message.key, message.due);
        if queues.out.remove(&key) {
            if !queues.aside.contains_key(&key) {
                queues.next_in_line(&line(&key));
            }
            queues.aside.insert(key, (message, past));
            queues.due.insert((due, key));
        }
        self.publish(&queues);
        self.wake.notify_one();
    }

    /// Puts a message that was delivered or is dead into its line again, under its old name. Where one of this name waits, it
    /// stays the only one: a receiver knows messages by their names.
    pub(super) fn replay(&self, key: &MessageKey, now: Moment) -> Replay {
        let mut queues = self.queues.lock();
        if queues.waits(key) {
            return Replay::Waits;
        }
        let mut kept = queues.dead.iter().chain(&queues.delivered);
        let kept = kept.find(|message| message.key == *key).cloned();
        let endpoint = queues.endpoints.get(&key.endpoint);
        let (Some(message), Some(endpoint)) = (kept, endpoint) else {
            return Replay::NotKept;
        };
        if endpoint.disabled.is_some() {
            return Replay::Disabled;
        }
        if queues.is_full() {
            return Replay::Full;
        }
        queues.dead.retain(|message| message.key != *key);
        queues.delivered.retain(|message| message.key != *key);
        queues.enqueue(Message {
            due: now,
            tries: 0,
            last: None,
            ..message
        });
        self.publish(&queues);
        self.wake.notify_one();
        Replay::Waits
    }

    /// When the first message that nobody is delivering is due.
    pub(super) fn next_due(&self) -> Option<Moment> {
        match self.next_micros.load(Ordering::Acquire) {
            i64::MAX => None,
            micros => Some(Moment::from_micros(micros)),
        }
    }

    /// Waits until nothing is out and nothing that is due at `now` is left.
    pub(super) async fn quiet_at(&self, now: Moment) {
        loop {
            let quiet = self.quiet.notified();
            tokio::pin!(quiet);
            // Listens from here on, so that nothing is missed between looking and waiting.
            quiet.as_mut().enable();
            {
                let queues = self.queues.lock();
                if queues.out.is_empty() && queues.due.first().is_none_or(|(due, _)| *due > now) {
                    return;
                }
            }
            quiet.await;
        }
    }

    /// How the messages stand, each list from its oldest message on.
    pub(super) fn status(&self) -> QueueStatus {
        let queues = self.queues.lock();
        let aside = queues.aside.values().map(|(message, _)| message);
        let waiting = queues.lines.values().flatten().chain(aside);
        let mut waiting: Vec<_> = waiting.cloned().collect();
        waiting.sort_by_key(|message| (message.due, message.key));
        QueueStatus {
            waiting,
            delivered: queues.delivered.iter().cloned().collect(),
            dead: queues.dead.iter().cloned().collect(),
            refused: queues.refused,
        }
    }

    fn leave(&self, message: Message, keep: impl FnOnce(&mut Queues, Message)) {
        let mut queues = self.queues.lock();
        let key = message.key;
        if queues.out.remove(&key) {
            queues.waiting -= 1;
            // What was held back itself is no later message that others waited for.
            if queues.aside.remove(&key).is_none() {
                queues.next_in_line(&line(&key));
                queues.let_pass(key.endpoint, message.due);
            }
            keep(&mut queues, message);
        }
        self.publish(&queues);
        self.wake.notify_one();
    }

    fn publish(&self, queues: &Queues) {
        let next = queues.due.first().map_or(i64::MAX, |(due, _)| due.micros());
        self.next_micros.store(next, Ordering::Release);
        if queues.out.is_empty() {
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
