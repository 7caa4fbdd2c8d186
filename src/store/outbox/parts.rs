//! Taking the outbox of the memory engine apart, and putting it together.

use super::Outbox;
use crate::store::StoreError;
use crate::store::part::{LineCount, Part};
use crate::store::queues::parts::QueueParts;
use crate::store::size::of_message;

impl Outbox {
    pub(in crate::store) fn parts(&self) -> QueueParts {
        let queues = self.queues.lock();
        let written = self.written.lock();
        let lines = written
            .iter()
            .map(|((endpoint, about), written)| LineCount {
                endpoint: *endpoint,
                about: *about,
                written: *written,
            });
        QueueParts {
            lines: lines.collect(),
            ..queues.parts()
        }
    }

    /// How many messages are to be delivered.
    pub(in crate::store) fn waiting(&self) -> usize {
        self.queues.lock().waiting()
    }

    /// Puts one part where it belongs. Those of other kinds belong elsewhere.
    pub(in crate::store) fn put(&self, part: Part) -> Result<(), StoreError> {
        let mut queues = self.queues.lock();
        match part {
            Part::Endpoint(endpoint) => queues.register(endpoint),
            Part::Message(ended) => {
                if !queues.take(of_message(&ended.message.notice)) {
                    return Err(StoreError::Full("webhook messages"));
                }
                queues.restore(ended.stand(), ended.message);
            }
            Part::Counts(counts) => {
                queues.registered = counts.registered;
                queues.refused = counts.refused;
            }
            Part::Line(line) => {
                let mut written = self.written.lock();
                written.insert((line.endpoint, line.about), line.written);
            }
            Part::Record(_) | Part::Task(_) | Part::Notice(_) => {}
        }
        Ok(())
    }
}
