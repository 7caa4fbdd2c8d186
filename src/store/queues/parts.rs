//! What of the messages of a space is taken along.

use super::Queues;
use crate::domain::webhook::{Endpoint, Message};
use crate::store::part::{Ended, LineCount};
use crate::store::queue_change::Stand;

/// Endpoints, and messages that nobody tries to deliver any more.
#[derive(Debug, Default)]
pub(in crate::store) struct QueueParts {
    pub(in crate::store) endpoints: Vec<Endpoint>,
    pub(in crate::store) ended: Vec<Ended>,
    pub(in crate::store) lines: Vec<LineCount>,
    pub(in crate::store) registered: u32,
    pub(in crate::store) refused: u64,
    /// How many are still to be delivered, which are left out.
    pub(in crate::store) waiting: usize,
}

impl Queues {
    /// Puts a message where it stood, behind those that are there.
    pub(in crate::store) fn restore(&mut self, stand: Stand, message: Message) {
        match stand {
            Stand::InLine => self.enqueue(message),
            Stand::Aside(past) => {
                self.waiting += 1;
                self.due.insert((message.due, message.key));
                self.aside.insert(message.key, (message, past));
            }
            Stand::Delivered => self.delivered.push_back(message),
            Stand::Dead => self.dead.push_back(message),
        }
    }

    pub(in crate::store) fn parts(&self) -> QueueParts {
        let ended = |delivered| {
            move |message: &Message| Ended {
                delivered,
                message: message.clone(),
            }
        };
        let delivered = self.delivered.iter().map(ended(true));
        QueueParts {
            endpoints: self.endpoints.values().cloned().collect(),
            ended: delivered
                .chain(self.dead.iter().map(ended(false)))
                .collect(),
            lines: Vec::new(),
            registered: self.registered,
            refused: self.refused,
            waiting: self.waiting,
        }
    }

    /// How many messages are to be delivered.
    pub(in crate::store) const fn waiting(&self) -> usize {
        self.waiting
    }

    /// Takes room for something that is put back. False when there is none.
    pub(in crate::store) fn take(&self, bytes: usize) -> bool {
        self.share.as_ref().is_none_or(|share| share.take(bytes))
    }
}
