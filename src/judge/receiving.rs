//! How a client answers webhook messages.

use std::sync::Arc;

use super::defect::Defect;
use super::finding::Findings;
use super::recent::Recent;
use super::seen::{Cited, Seen};
use crate::journal::{Digest, digest};

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Receiving {
    /// Messages that were taken, by their id and endpoint.
    taken: Recent<Digest, Arc<Cited>>,
}

impl Receiving {
    pub(super) fn see(&mut self, seen: &Seen<'_>, findings: &mut Findings) {
        let Some(attempt) = seen.entry.attempt() else {
            return;
        };
        // What a fault rule put off was not sent.
        if matches!(attempt.fate, "held" | "dropped") {
            return;
        }
        let told = seen.observed.and_then(|observed| observed.told);
        let (genuine, stale) = told.map_or((true, false), |told| (told.genuine, told.stale));
        if seen.succeeded() && !genuine {
            findings.add(Defect::BadSignatureAccepted, None, seen);
        }
        if seen.succeeded() && genuine && stale {
            findings.add(Defect::StaleMessageAccepted, None, seen);
        }
        if (300..=399).contains(&seen.status()) {
            findings.add(Defect::ReceiverRedirects, None, seen);
        }
        let message = digest(&[attempt.message.as_bytes(), attempt.endpoint.as_bytes()]);
        let answered = seen.status() != 0;
        match self.taken.get(&message) {
            Some(before) if answered && !seen.succeeded() && genuine && !stale => {
                findings.add(Defect::DuplicateRefused, Some(before), seen);
            }
            Some(_) => {}
            None if seen.succeeded() => self.taken.put(message, Arc::clone(&seen.cited)),
            None => {}
        }
    }

    pub(super) const fn forgotten(&self) -> u64 {
        self.taken.let_go()
    }
}
