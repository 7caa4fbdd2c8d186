//! The messages themselves, what it takes to keep each in its place, and what each operation of the contract does to them.
//! An engine that writes them down is told of every change.

pub(super) mod parts;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use super::QueueStatus;
use super::queue_change::{QueueChange, Stand};
use super::size::of_message;
use crate::domain::moment::Moment;
use crate::domain::notice::{Notice, Subject};
use crate::domain::webhook::{Endpoint, EndpointId, Handling, Message, MessageKey, Replay};
use crate::limits::{MESSAGES_KEPT_MAX, MESSAGES_WAITING_MAX, Share};

pub(super) type Line = (EndpointId, Subject);

#[derive(Debug, Clone, Default)]
pub(super) struct Queues {
    pub(super) endpoints: BTreeMap<EndpointId, Endpoint>,
    pub(super) registered: u32,
    lines: HashMap<Line, VecDeque<Message>>,
    /// The first messages of lines that nobody is trying to deliver.
    due: BTreeSet<(Moment, MessageKey)>,
    /// Messages that somebody is trying to deliver.
    out: BTreeSet<MessageKey>,
    /// Messages that have stepped out of their line, each with how many others to the same endpoint go first.
    aside: BTreeMap<MessageKey, (Message, u32)>,
    waiting: usize,
    delivered: VecDeque<Message>,
    dead: VecDeque<Message>,
    /// Messages for which there was no room. What they were to tell of did not happen.
    pub(super) refused: u64,
    /// Where the room for messages comes from. An engine that keeps them on disk needs none.
    share: Option<Arc<Share>>,
    /// What has changed, if somebody wants to know.
    pub(super) changes: Option<Vec<QueueChange>>,
}

/// What the contract asks for.
impl Queues {
    /// Takes the room for messages out of this.
    pub(super) fn within(share: Arc<Share>) -> Self {
        Self {
            share: Some(share),
            ..Self::default()
        }
    }

    /// An id that no endpoint had before.
    pub(super) fn next_endpoint(&mut self) -> EndpointId {
        self.registered += 1;
        self.note(|| QueueChange::Counts);
        EndpointId(self.registered)
    }

    pub(super) fn register(&mut self, endpoint: Endpoint) {
        self.note(|| QueueChange::Endpoint(endpoint.clone()));
        self.endpoints.insert(endpoint.id, endpoint);
    }

    pub(super) fn remove(&mut self, id: EndpointId) -> bool {
        let known = self.endpoints.remove(&id).is_some();
        self.note(|| QueueChange::EndpointGone(id));
        for message in self.drop_lines_to(id) {
            self.let_go(&message);
            self.note(|| QueueChange::Gone(message.key));
        }
        known
    }

    /// Writes an endpoint down as it is from now on. What was on its way to one that is disabled is dead.
    pub(super) fn change_endpoint(&mut self, endpoint: Endpoint) {
        if !self.endpoints.contains_key(&endpoint.id) {
            return;
        }
        let (id, disabled) = (endpoint.id, endpoint.disabled.is_some());
        self.register(endpoint);
        if disabled {
            for message in self.drop_lines_to(id) {
                self.keep(Stand::Dead, message);
            }
        }
    }

    /// Takes the room for the messages that these notices come to. False when there is none for all of them.
    pub(super) fn make_room(&mut self, notices: &[Notice]) -> bool {
        let endpoints = &self.endpoints;
        let (mut messages, mut bytes) = (0, 0);
        for notice in notices {
            let to = endpoints.values().filter(|e| e.wants(notice)).count();
            messages += to;
            bytes += to * of_message(notice);
        }
        let has_room = |share: &Arc<Share>| share.take(bytes);
        let fits = !self.is_full(messages) && self.share.as_ref().is_none_or(has_room);
        if !fits {
            self.refused += messages as u64;
            self.note(|| QueueChange::Counts);
        }
        fits
    }

    /// Writes a message to everybody who wants one, once there is room. `number` says how many messages a line has had, and
    /// counts one more.
    pub(super) fn add<E>(
        &mut self,
        notices: &[Notice],
        mut number: impl FnMut(Line) -> Result<u32, E>,
    ) -> Result<(), E> {
        for notice in notices {
            let wants = self.endpoints.values().filter(|e| e.wants(notice));
            let to: Vec<_> = wants.map(|endpoint| endpoint.id).collect();
            for endpoint in to {
                let about = notice.subject;
                let ordinal = number((endpoint, about))?;
                let key = MessageKey {
                    endpoint,
                    about,
                    ordinal,
                };
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
        }
        Ok(())
    }

    pub(super) fn lease(&mut self, now: Moment) -> Option<(Message, Endpoint)> {
        let first = self.due.first().copied().filter(|(due, _)| *due <= now)?;
        self.due.remove(&first);
        let key = first.1;
        self.out.insert(key);
        let message = self.next(&key)?.clone();
        let endpoint = self.endpoints.get(&key.endpoint).cloned()?;
        Some((message, endpoint))
    }

    pub(super) fn done(&mut self, message: Message) {
        if self.leave(&message) {
            self.keep(Stand::Delivered, message);
        }
    }

    pub(super) fn dead_letter(&mut self, message: Message) {
        if self.leave(&message) {
            self.keep(Stand::Dead, message);
        }
    }

    pub(super) fn forget(&mut self, message: &Message) {
        if self.leave(message) {
            self.let_go(message);
            self.note(|| QueueChange::Gone(message.key));
        }
    }

    pub(super) fn later(&mut self, message: Message) {
        let (key, due) = (message.key, message.due);
        if !self.out.remove(&key) {
            return;
        }
        let stand = match self.aside.get(&key) {
            Some((_, past)) => Stand::Aside(*past),
            None => Stand::InLine,
        };
        if let Some(next) = self.next(&key) {
            *next = message.clone();
            self.due.insert((due, key));
            self.note(|| QueueChange::Message(stand, message));
        }
    }

    pub(super) fn step_aside(&mut self, message: Message, past: u32) {
        let (key, due) = (message.key, message.due);
        if self.out.remove(&key) {
            if !self.aside.contains_key(&key) {
                self.next_in_line(&line(&key));
            }
            self.note(|| QueueChange::Message(Stand::Aside(past), message.clone()));
            self.aside.insert(key, (message, past));
            self.due.insert((due, key));
        }
    }

    pub(super) fn replay(
        &mut self,
        key: &MessageKey,
        now: Moment,
        handling: Option<Box<Handling>>,
    ) -> Replay {
        if self.waits(key) {
            return Replay::Waits;
        }
        let mut kept = self.dead.iter().chain(&self.delivered);
        let kept = kept.find(|message| message.key == *key).cloned();
        let endpoint = self.endpoints.get(&key.endpoint);
        let (Some(message), Some(endpoint)) = (kept, endpoint) else {
            return Replay::NotKept;
        };
        if endpoint.disabled.is_some() {
            return Replay::Disabled;
        }
        if self.is_full(1) {
            return Replay::Full;
        }
        self.dead.retain(|message| message.key != *key);
        self.delivered.retain(|message| message.key != *key);
        self.enqueue(Message {
            due: now,
            handling,
            tries: 0,
            last: None,
            ..message
        });
        Replay::Waits
    }

    pub(super) fn next_due(&self) -> Option<Moment> {
        self.due.first().map(|(due, _)| *due)
    }

    pub(super) fn is_quiet_at(&self, now: Moment) -> bool {
        self.out.is_empty() && self.due.first().is_none_or(|(due, _)| *due > now)
    }

    /// Whether nobody is trying to deliver anything.
    pub(super) fn is_idle(&self) -> bool {
        self.out.is_empty()
    }

    pub(super) fn status(&self) -> QueueStatus {
        let aside = self.aside.values().map(|(message, _)| message);
        let waiting = self.lines.values().flatten().chain(aside);
        let mut waiting: Vec<_> = waiting.cloned().collect();
        waiting.sort_by_key(|message| (message.due, message.key));
        QueueStatus {
            waiting,
            delivered: self.delivered.iter().cloned().collect(),
            dead: self.dead.iter().cloned().collect(),
            refused: self.refused,
        }
    }
}

/// What an engine reads back.
impl Queues {
    /// Messages that somebody is trying to deliver.
    pub(super) fn out(&self) -> BTreeSet<MessageKey> {
        self.out.clone()
    }

    /// Somebody is still trying to deliver these.
    pub(super) fn restore_out(&mut self, out: BTreeSet<MessageKey>) {
        for key in out {
            if let Some(message) = self.next(&key) {
                let due = message.due;
                if self.due.remove(&(due, key)) {
                    self.out.insert(key);
                }
            }
        }
    }
}

impl Queues {
    fn note(&mut self, change: impl FnOnce() -> QueueChange) {
        if let Some(changes) = &mut self.changes {
            changes.push(change());
        }
    }

    fn is_full(&self, more: usize) -> bool {
        self.waiting + more > MESSAGES_WAITING_MAX
    }

    /// Gives the room of one message back.
    fn let_go(&self, message: &Message) {
        if let Some(share) = &self.share {
            share.give(of_message(&message.notice));
        }
    }

    /// Whether a message of this name is still to be delivered.
    fn waits(&self, key: &MessageKey) -> bool {
        let mut in_line = self.lines.get(&line(key)).into_iter().flatten();
        self.aside.contains_key(key) || in_line.any(|message| message.key == *key)
    }

    /// The message of this name, if it is one that may be tried next.
    fn next(&mut self, key: &MessageKey) -> Option<&mut Message> {
        match self.aside.get_mut(key) {
            Some((message, _)) => Some(message),
            None => self.lines.get_mut(&line(key))?.front_mut(),
        }
    }

    /// A message that was being delivered goes. False when nobody was delivering it any more.
    fn leave(&mut self, message: &Message) -> bool {
        let key = message.key;
        if !self.out.remove(&key) {
            return false;
        }
        self.waiting -= 1;
        // What was held back itself is no later message that others waited for.
        if self.aside.remove(&key).is_none() {
            self.next_in_line(&line(&key));
            self.let_pass(key.endpoint, message.due);
        }
        true
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
            if let Some(changes) = &mut self.changes {
                changes.push(QueueChange::Message(Stand::Aside(*past), message.clone()));
            }
        }
    }

    fn enqueue(&mut self, message: Message) {
        self.note(|| QueueChange::Message(Stand::InLine, message.clone()));
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
        let lines = self.lines.keys().copied();
        let lines: BTreeSet<Line> = lines.filter(|line| line.0 == id).collect();
        let aside = self.aside.extract_if(.., |key, _| key.endpoint == id);
        let aside: Vec<_> = aside.map(|(_, (message, _))| message).collect();
        let in_line = lines.iter().filter_map(|line| self.lines.remove(line));
        let messages: Vec<Message> = aside.into_iter().chain(in_line.flatten()).collect();
        self.waiting -= messages.len();
        messages
    }

    fn keep(&mut self, stand: Stand, message: Message) {
        self.note(|| QueueChange::Message(stand, message.clone()));
        let kept = match stand {
            Stand::Delivered => &mut self.delivered,
            Stand::InLine | Stand::Aside(_) | Stand::Dead => &mut self.dead,
        };
        kept.push_back(message);
        if kept.len() > MESSAGES_KEPT_MAX
            && let Some(oldest) = kept.pop_front()
        {
            self.let_go(&oldest);
            self.note(|| QueueChange::Gone(oldest.key));
        }
    }
}

fn line(key: &MessageKey) -> Line {
    (key.endpoint, key.about)
}
