//! The messages themselves, and what it takes to keep each in its place.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use crate::domain::moment::Moment;
use crate::domain::notice::{Notice, Subject};
use crate::domain::webhook::{Endpoint, EndpointId, Message, MessageKey};
use crate::limits::{MESSAGE_BYTES, MESSAGES_KEPT_MAX, MESSAGES_WAITING_MAX, Share};

pub(super) type Line = (EndpointId, Subject);

#[derive(Debug)]
pub(super) struct Queues {
    pub(super) endpoints: BTreeMap<EndpointId, Endpoint>,
    pub(super) registered: u32,
    pub(super) lines: HashMap<Line, VecDeque<Message>>,
    /// How many messages each line has had, which numbers the next one.
    pub(super) written: HashMap<Line, u32>,
    /// The first messages of lines that nobody is trying to deliver.
    pub(super) due: BTreeSet<(Moment, MessageKey)>,
    /// Messages that somebody is trying to deliver.
    pub(super) out: BTreeSet<MessageKey>,
    /// Messages that have stepped out of their line, each with how many others to the same endpoint go first.
    pub(super) aside: BTreeMap<MessageKey, (Message, u32)>,
    pub(super) waiting: usize,
    pub(super) delivered: VecDeque<Message>,
    pub(super) dead: VecDeque<Message>,
    /// Messages for which there was no room. What they were to tell of did not happen.
    pub(super) refused: u64,
    share: Arc<Share>,
}

impl Queues {
    pub(super) fn new(share: Arc<Share>) -> Self {
        Self {
            endpoints: BTreeMap::new(),
            registered: 0,
            lines: HashMap::new(),
            written: HashMap::new(),
            due: BTreeSet::new(),
            out: BTreeSet::new(),
            aside: BTreeMap::new(),
            waiting: 0,
            delivered: VecDeque::new(),
            dead: VecDeque::new(),
            refused: 0,
            share,
        }
    }

    /// Takes the room for so many messages more. False when there is none.
    pub(super) fn make_room(&mut self, messages: usize) -> bool {
        let fits = !self.is_full(messages) && self.share.take(messages * MESSAGE_BYTES);
        if !fits {
            self.refused += messages as u64;
        }
        fits
    }

    /// Gives the room for so many messages back.
    pub(super) fn let_go(&mut self, messages: usize) {
        self.share.give(messages * MESSAGE_BYTES);
    }

    /// Writes a message for which there is room.
    pub(super) fn write(&mut self, endpoint: EndpointId, notice: &Notice) {
        let about = notice.subject;
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

    pub(super) fn is_full(&self, more: usize) -> bool {
        self.waiting + more > MESSAGES_WAITING_MAX
    }

    pub(super) fn keep_delivered(&mut self, message: Message) {
        let gone = keep(&mut self.delivered, message);
        self.let_go(gone);
    }

    pub(super) fn keep_dead(&mut self, message: Message) {
        let gone = keep(&mut self.dead, message);
        self.let_go(gone);
    }

    /// Takes a message out of those that are kept, because it is to wait again.
    pub(super) fn take_out(&mut self, key: &MessageKey) {
        self.dead.retain(|message| message.key != *key);
        self.delivered.retain(|message| message.key != *key);
    }

    /// Whether a message of this name is still to be delivered.
    pub(super) fn waits(&self, key: &MessageKey) -> bool {
        let mut in_line = self.lines.get(&line(key)).into_iter().flatten();
        self.aside.contains_key(key) || in_line.any(|message| message.key == *key)
    }

    /// The message of this name, if it is one that may be tried next.
    pub(super) fn next(&mut self, key: &MessageKey) -> Option<&mut Message> {
        match self.aside.get_mut(key) {
            Some((message, _)) => Some(message),
            None => self.lines.get_mut(&line(key))?.front_mut(),
        }
    }

    /// Something has been sent there at `at`, for which others may have waited.
    pub(super) fn let_pass(&mut self, endpoint: EndpointId, at: Moment) {
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

    pub(super) fn enqueue(&mut self, message: Message) {
        let queue = self.lines.entry(line(&message.key)).or_default();
        if queue.is_empty() {
            self.due.insert((message.due, message.key));
        }
        queue.push_back(message);
        self.waiting += 1;
    }

    /// Lets the first message of a line go and makes the next one the first.
    pub(super) fn next_in_line(&mut self, line: &Line) {
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

    pub(super) fn drop_lines_to(&mut self, id: EndpointId) -> Vec<Message> {
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

pub(super) fn line(key: &MessageKey) -> Line {
    (key.endpoint, key.about)
}

/// Keeps a message and says how many had to go for it.
fn keep(messages: &mut VecDeque<Message>, message: Message) -> usize {
    messages.push_back(message);
    let too_many = messages.len() > MESSAGES_KEPT_MAX;
    usize::from(too_many && messages.pop_front().is_some())
}
