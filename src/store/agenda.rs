//! What is to happen by itself at a later instant. Tasks are committed with the change that causes them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::domain::claim::ClaimKey;
use crate::domain::id::{CardId, DraftId, PaymentId, TokenReference};
use crate::domain::moment::Moment;
use crate::limits::{Share, TASK_BYTES};

/// Something to do once `due` has come. Ordered by time and then by content, so that two runs do the same in the same order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Task {
    pub due: Moment,
    pub kind: TaskKind,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Ask the network for a token of this card.
    Provision(CardId),
    /// Take step number so-and-so of what the token's persona does by itself.
    Script(TokenReference, u16),
    /// Forget a request that came with an idempotency key, as nobody is due the same answer any more.
    Forget(ClaimKey),
    /// Take this card into the account updater.
    Subscribe(CardId),
    /// Let the account updater report what the card's persona says.
    Report(CardId),
    /// Let the token become active.
    Activate(TokenReference),
    /// Let the authorization of this payment end.
    Expire(PaymentId),
    /// Wait no longer for the customer of this payment to be authenticated.
    Lapse(DraftId),
}

/// The tasks of a space.
#[derive(Debug)]
pub(super) struct Agenda {
    tasks: Mutex<BTreeSet<Task>>,
    /// When the earliest task is due, so that asking costs one load. `i64::MAX` when there is none.
    next_micros: AtomicI64,
    share: Arc<Share>,
}

impl Agenda {
    pub(super) fn new(share: Arc<Share>) -> Self {
        Self {
            tasks: Mutex::default(),
            next_micros: AtomicI64::new(i64::MAX),
            share,
        }
    }

    /// Whoever adds has taken the room for each. One that is there already needs none.
    pub(super) fn add(&self, more: Vec<Task>) {
        let mut tasks = self.tasks.lock();
        for task in more {
            if !tasks.insert(task) {
                self.share.give(TASK_BYTES);
            }
        }
        self.publish(&tasks);
    }

    pub(super) fn first_due(&self, now: Moment) -> Option<Task> {
        if self.next_micros.load(Ordering::Acquire) > now.micros() {
            return None;
        }
        let tasks = self.tasks.lock();
        tasks.first().filter(|task| task.due <= now).cloned()
    }

    pub(super) fn finish(&self, task: &Task) {
        let mut tasks = self.tasks.lock();
        if tasks.remove(task) {
            self.share.give(TASK_BYTES);
        }
        self.publish(&tasks);
    }

    /// Every task, the earliest first.
    pub(super) fn all(&self) -> Vec<Task> {
        self.tasks.lock().iter().cloned().collect()
    }

    pub(super) fn next_due(&self) -> Option<Moment> {
        match self.next_micros.load(Ordering::Acquire) {
            i64::MAX => None,
            micros => Some(Moment::from_micros(micros)),
        }
    }

    fn publish(&self, tasks: &BTreeSet<Task>) {
        let next = tasks.first().map_or(i64::MAX, |task| task.due.micros());
        self.next_micros.store(next, Ordering::Release);
    }
}
