//! What is to be told, to whom. Letters are written into the outbox with the change that they tell of and leave it one by
//! one: for an endpoint and a token (or card) strictly in order, because the next one waits until the one before is delivered or dead.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::domain::moment::Moment;
use crate::domain::notice::{Notice, Subject};
use crate::domain::webhook::{Endpoint, EndpointId, Letter, LetterKey};
use crate::limits::{LETTERS_KEPT_MAX, LETTERS_WAITING_MAX};

type Line = (EndpointId, Subject);

/// See the module.
#[derive(Debug)]
pub struct Outbox {
    post: Mutex<Post>,
    /// When the first letter is due; `i64::MAX` when none is, so that asking costs one load.
    next_micros: AtomicI64,
    /// Rung when a letter may have become due, and when the outbox is gone.
    bell: Arc<Notify>,
    /// Rung when nothing that was due is left to do.
    quiet: Notify,
}

#[derive(Debug, Default)]
struct Post {
    endpoints: BTreeMap<EndpointId, Endpoint>,
    registered: u32,
    lines: HashMap<Line, VecDeque<Letter>>,
    /// How many letters each line has had, which numbers the next one.
    written: HashMap<Line, u32>,
    /// The first letters of lines that nobody is trying to deliver.
    due: BTreeSet<(Moment, LetterKey)>,
    /// Letters that somebody is trying to deliver.
    out: BTreeSet<LetterKey>,
    /// Letters that have stepped out of their line, each with how many others to the same endpoint go first.
    aside: BTreeMap<LetterKey, (Letter, u32)>,
    waiting: usize,
    delivered: VecDeque<Letter>,
    dead: VecDeque<Letter>,
    /// Letters that were not written because too many waited.
    refused: u64,
}

/// How the post stands.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    pub waiting: Vec<Letter>,
    /// The latest ones.
    pub delivered: Vec<Letter>,
    pub dead: Vec<Letter>,
    pub refused: u64,
}

impl Outbox {
    pub(super) fn new() -> Self {
        Self {
            post: Mutex::default(),
            next_micros: AtomicI64::new(i64::MAX),
            bell: Arc::default(),
            quiet: Notify::new(),
        }
    }

    /// What rings when there may be something to deliver.
    pub fn bell(&self) -> Arc<Notify> {
        Arc::clone(&self.bell)
    }

    /// Rings it: the clock was moved.
    pub fn stir(&self) {
        self.bell.notify_one();
    }

    pub fn register(&self, make: impl FnOnce(EndpointId) -> Endpoint) -> Endpoint {
        let mut post = self.post.lock();
        post.registered += 1;
        let endpoint = make(EndpointId(post.registered));
        post.endpoints.insert(endpoint.id, endpoint.clone());
        endpoint
    }

    /// Forgets an endpoint and what was on its way there. False when there was none.
    pub fn remove(&self, id: EndpointId) -> bool {
        let mut post = self.post.lock();
        let known = post.endpoints.remove(&id).is_some();
        post.drop_lines_to(id);
        self.publish(&post);
        known
    }

    /// Sends nothing there any more. What was on its way is dead.
    pub fn disable(&self, id: EndpointId, why: &'static str) {
        let mut post = self.post.lock();
        if let Some(endpoint) = post.endpoints.get_mut(&id) {
            endpoint.disabled = Some(why);
        }
        let letters = post.drop_lines_to(id);
        for letter in letters {
            keep(&mut post.dead, letter);
        }
        self.publish(&post);
    }

    pub fn endpoints(&self) -> Vec<Endpoint> {
        self.post.lock().endpoints.values().cloned().collect()
    }

    /// Writes a letter to everybody who wants one.
    pub(super) fn add(&self, notices: &[Notice]) {
        let mut post = self.post.lock();
        if post.endpoints.is_empty() {
            return;
        }
        for notice in notices {
            let to: Vec<_> = post
                .endpoints
                .values()
                .filter(|e| e.wants(notice))
                .collect();
            for id in to
                .into_iter()
                .map(|endpoint| endpoint.id)
                .collect::<Vec<_>>()
            {
                post.write(id, notice);
            }
        }
        self.publish(&post);
        self.bell.notify_one();
    }

    /// Takes the first letter that is due at `now`, with where it goes. It stays the first of its line until it is
    /// [`Outbox::done`], sent [`Outbox::later`] or [`Outbox::bury`]ed.
    pub fn lease(&self, now: Moment) -> Option<(Letter, Endpoint)> {
        if self.next_micros.load(Ordering::Acquire) > now.micros() {
            return None;
        }
        let mut post = self.post.lock();
        let first = post.due.first().copied().filter(|(due, _)| *due <= now)?;
        post.due.remove(&first);
        let key = first.1;
        post.out.insert(key);
        self.publish(&post);
        let letter = post.next(&key)?.clone();
        let endpoint = post.endpoints.get(&key.endpoint).cloned()?;
        Some((letter, endpoint))
    }

    /// The letter has arrived.
    pub fn done(&self, letter: Letter) {
        self.leave(letter, |post, letter| keep(&mut post.delivered, letter));
    }

    /// The letter will never arrive.
    pub fn bury(&self, letter: Letter) {
        self.leave(letter, |post, letter| keep(&mut post.dead, letter));
    }

    /// There was nothing to tell after all.
    pub fn forget(&self, letter: Letter) {
        self.leave(letter, |_, _| {});
    }

    /// The letter is to be tried again when it says it is due.
    pub fn later(&self, letter: Letter) {
        let mut post = self.post.lock();
        let (key, due) = (letter.key, letter.due);
        if post.out.remove(&key)
            && let Some(next) = post.next(&key)
        {
            *next = letter;
            post.due.insert((due, key));
        }
        self.publish(&post);
        self.bell.notify_one();
    }

    /// The letter lets its line go on without it, and is tried when `past` others have been sent to the same endpoint, or
    /// when it says it is due.
    pub fn step_aside(&self, letter: Letter, past: u32) {
        let mut post = self.post.lock();
        let (key, due) = (letter.key, letter.due);
        if post.out.remove(&key) {
            if !post.aside.contains_key(&key) {
                post.next_in_line(&line(&key));
            }
            post.aside.insert(key, (letter, past));
            post.due.insert((due, key));
        }
        self.publish(&post);
        self.bell.notify_one();
    }

    /// Puts a letter that was delivered or is dead into its line again, under its old name. False when it is not kept.
    pub fn replay(&self, key: &LetterKey, now: Moment) -> bool {
        let mut post = self.post.lock();
        let found = [&post.dead, &post.delivered]
            .into_iter()
            .flatten()
            .find(|letter| letter.key == *key)
            .cloned();
        let Some(letter) = found.filter(|_| post.endpoints.contains_key(&key.endpoint)) else {
            return false;
        };
        post.dead.retain(|letter| letter.key != *key);
        post.enqueue(Letter {
            due: now,
            tries: 0,
            last: None,
            ..letter
        });
        self.publish(&post);
        self.bell.notify_one();
        true
    }

    /// When the first letter that nobody is delivering is due.
    pub fn next_due(&self) -> Option<Moment> {
        match self.next_micros.load(Ordering::Acquire) {
            i64::MAX => None,
            micros => Some(Moment::from_micros(micros)),
        }
    }

    /// Waits until nothing is out and nothing that is due at `now` is left.
    pub async fn quiet_at(&self, now: Moment) {
        loop {
            let quiet = self.quiet.notified();
            tokio::pin!(quiet);
            // Listens from here on, so that nothing is missed between looking and waiting.
            quiet.as_mut().enable();
            {
                let post = self.post.lock();
                if post.out.is_empty() && post.due.first().is_none_or(|(due, _)| *due > now) {
                    return;
                }
            }
            quiet.await;
        }
    }

    /// How the post stands, each list from its oldest letter on.
    pub fn standing(&self) -> Standing {
        let post = self.post.lock();
        let aside = post.aside.values().map(|(letter, _)| letter);
        let waiting = post.lines.values().flatten().chain(aside);
        let mut waiting: Vec<_> = waiting.cloned().collect();
        waiting.sort_by_key(|letter| (letter.due, letter.key));
        Standing {
            waiting,
            delivered: post.delivered.iter().cloned().collect(),
            dead: post.dead.iter().cloned().collect(),
            refused: post.refused,
        }
    }

    fn leave(&self, letter: Letter, keep: impl FnOnce(&mut Post, Letter)) {
        let mut post = self.post.lock();
        let key = letter.key;
        if post.out.remove(&key) {
            post.waiting -= 1;
            // What was held back itself is no later letter that others waited for.
            if post.aside.remove(&key).is_none() {
                post.next_in_line(&line(&key));
                post.let_pass(key.endpoint, letter.due);
            }
            keep(&mut post, letter);
        }
        self.publish(&post);
        self.bell.notify_one();
    }

    fn publish(&self, post: &Post) {
        let next = post.due.first().map_or(i64::MAX, |(due, _)| due.micros());
        self.next_micros.store(next, Ordering::Release);
        if post.out.is_empty() {
            self.quiet.notify_waiters();
        }
    }
}

impl Drop for Outbox {
    /// Whoever delivers looks up, finds nobody, and goes.
    fn drop(&mut self) {
        self.bell.notify_one();
    }
}

impl Post {
    fn write(&mut self, endpoint: EndpointId, notice: &Notice) {
        if self.waiting >= LETTERS_WAITING_MAX {
            self.refused += 1;
            return;
        }
        let about = notice.subject();
        let ordinal = self.written.entry((endpoint, about)).or_insert(0);
        let key = LetterKey {
            endpoint,
            about,
            ordinal: *ordinal,
        };
        *ordinal += 1;
        self.enqueue(Letter {
            key,
            notice: notice.clone(),
            due: notice.at,
            tries: 0,
            body: None,
            last: None,
            handling: None,
        });
    }

    /// The letter of this name, if it is one that may be tried next.
    fn next(&mut self, key: &LetterKey) -> Option<&mut Letter> {
        match self.aside.get_mut(key) {
            Some((letter, _)) => Some(letter),
            None => self.lines.get_mut(&line(key))?.front_mut(),
        }
    }

    /// Something has been sent there at `at`, for which others may have waited.
    fn let_pass(&mut self, endpoint: EndpointId, at: Moment) {
        for (key, (letter, past)) in &mut self.aside {
            if key.endpoint != endpoint || *past == 0 {
                continue;
            }
            *past -= 1;
            if *past == 0 && self.due.remove(&(letter.due, *key)) {
                letter.due = at;
                self.due.insert((at, *key));
            }
        }
    }

    fn enqueue(&mut self, letter: Letter) {
        let queue = self.lines.entry(line(&letter.key)).or_default();
        if queue.is_empty() {
            self.due.insert((letter.due, letter.key));
        }
        queue.push_back(letter);
        self.waiting += 1;
    }

    /// Lets the first letter of a line go and makes the next one the first.
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

    fn drop_lines_to(&mut self, id: EndpointId) -> Vec<Letter> {
        self.due.retain(|(_, key)| key.endpoint != id);
        self.out.retain(|key| key.endpoint != id);
        let lines: Vec<Line> = self
            .lines
            .keys()
            .filter(|line| line.0 == id)
            .copied()
            .collect();
        let aside = self.aside.extract_if(.., |key, _| key.endpoint == id);
        let aside: Vec<_> = aside.map(|(_, (letter, _))| letter).collect();
        let in_line = lines.iter().filter_map(|line| self.lines.remove(line));
        let letters: Vec<Letter> = aside.into_iter().chain(in_line.flatten()).collect();
        self.waiting -= letters.len();
        letters
    }
}

fn line(key: &LetterKey) -> Line {
    (key.endpoint, key.about)
}

fn keep(letters: &mut VecDeque<Letter>, letter: Letter) {
    letters.push_back(letter);
    if letters.len() > LETTERS_KEPT_MAX {
        letters.pop_front();
    }
}
