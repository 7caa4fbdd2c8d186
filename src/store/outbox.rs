//! What is to be told, to whom. Messages are written into the outbox with the change that they tell of and leave it one by
//! one: for an endpoint and a token (or card) strictly in order, because the next one waits until the one before is delivered or dead.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::domain::moment::Moment;
use crate::domain::notice::{Notice, Subject};
use crate::domain::webhook::{Endpoint, EndpointId, Message, MessageKey};
use crate::limits::{MESSAGES_KEPT_MAX, MESSAGES_WAITING_MAX};

type Line = (EndpointId, Subject);

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

#[derive(Debug, Default)]
struct Queues {
    endpoints: BTreeMap<EndpointId, Endpoint>,
    registered: u32,
    lines: HashMap<Line, VecDeque<Message>>,
    /// How many messages each line has had, which numbers the next one.
    written: HashMap<Line, u32>,
    /// The first messages of lines that nobody is trying to deliver.
    due: BTreeSet<(Moment, MessageKey)>,
    /// Messages that somebody is trying to deliver.
    out: BTreeSet<MessageKey>,
    /// Messages that have stepped out of their line, each with how many others to the same endpoint go first.
    aside: BTreeMap<MessageKey, (Message, u32)>,
    waiting: usize,
    delivered: VecDeque<Message>,
    dead: VecDeque<Message>,
    /// Messages that were not written because too many waited.
    refused: u64,
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
            endpoint.disabled = Some(why);
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
            let to: Vec<_> = queues
                .endpoints
                .values()
                .filter(|e| e.wants(notice))
                .collect();
            for id in to
                .into_iter()
                .map(|endpoint| endpoint.id)
                .collect::<Vec<_>>()
            {
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

    /// Puts a message that was delivered or is dead into its line again, under its old name. False when it is not kept.
    pub(super) fn replay(&self, key: &MessageKey, now: Moment) -> bool {
        let mut queues = self.queues.lock();
        let found = [&queues.dead, &queues.delivered]
            .into_iter()
            .flatten()
            .find(|message| message.key == *key)
            .cloned();
        let Some(message) = found.filter(|_| queues.endpoints.contains_key(&key.endpoint)) else {
            return false;
        };
        queues.dead.retain(|message| message.key != *key);
        queues.enqueue(Message {
            due: now,
            tries: 0,
            last: None,
            ..message
        });
        self.publish(&queues);
        self.wake.notify_one();
        true
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

impl Queues {
    fn write(&mut self, endpoint: EndpointId, notice: &Notice) {
        if self.waiting >= MESSAGES_WAITING_MAX {
            self.refused += 1;
            return;
        }
        let about = notice.subject();
        let ordinal = self.written.entry((endpoint, about)).or_insert(0);
        let key = MessageKey {
            endpoint,
            about,
            ordinal: *ordinal,
        };
        *ordinal += 1;
        self.enqueue(Message {
            key,
            notice: notice.clone(),
            due: notice.at,
            tries: 0,
            body: None,
            last: None,
            handling: None,
        });
    }

    /// The message of this name, if it is one that may be tried next.
    fn next(&mut self, key: &MessageKey) -> Option<&mut Message> {
        match self.aside.get_mut(key) {
            Some((message, _)) => Some(message),
            None => self.lines.get_mut(&line(key))?.front_mut(),
        }
    }

    /// Something has been sent there at `at`, for which others may have waited.
    fn let_pass(&mut self, endpoint: EndpointId, at: Moment) {
        for (key, (message, past)) in &mut self.aside {
            if key.endpoint != endpoint || *past == 0 {
                continue;
            }
            *past -= 1;
            if *past == 0 && self.due.remove(&(message.due, *key)) {
                message.due = at;
                self.due.insert((at, *key));
            }
        }
    }

    fn enqueue(&mut self, message: Message) {
        let queue = self.lines.entry(line(&message.key)).or_default();
        if queue.is_empty() {
            self.due.insert((message.due, message.key));
        }
        queue.push_back(message);
        self.waiting += 1;
    }

    /// Lets the first message of a line go and makes the next one the first.
    fn next_in_line(&mut self, line: &Line) {
        let Some(queue) = self.lines.get_mut(line) else {
            return;
        };
        queue.pop_front();
        match queue.front() {
            Some(next) => {
                self.due.insert((next.due, next.key));
            }
            None => {
                self.lines.remove(line);
            }
        }
    }

    fn drop_lines_to(&mut self, id: EndpointId) -> Vec<Message> {
        self.due.retain(|(_, key)| key.endpoint != id);
        self.out.retain(|key| key.endpoint != id);
        let lines: Vec<Line> = self
            .lines
            .keys()
            .filter(|line| line.0 == id)
            .copied()
            .collect();
        let aside = self.aside.extract_if(.., |key, _| key.endpoint == id);
        let aside: Vec<_> = aside.map(|(_, (message, _))| message).collect();
        let in_line = lines.iter().filter_map(|line| self.lines.remove(line));
        let messages: Vec<Message> = aside.into_iter().chain(in_line.flatten()).collect();
        self.waiting -= messages.len();
        messages
    }
}

fn line(key: &MessageKey) -> Line {
    (key.endpoint, key.about)
}

fn keep(messages: &mut VecDeque<Message>, message: Message) {
    messages.push_back(message);
    if messages.len() > MESSAGES_KEPT_MAX {
        messages.pop_front();
    }
}
