//! Idempotency keys, and payments whose replies were lost.

use std::sync::Arc;

use super::defect::Defect;
use super::finding::Findings;
use super::recent::Recent;
use super::seen::{Cited, Seen};
use crate::domain::operation::Operation;
use crate::journal::{Digest, digest};

/// What moves money, so that doing it twice costs some.
const MOVES_MONEY: [Operation; 8] = [
    Operation::Authorize,
    Operation::CreateIntent,
    Operation::UpdateIntent,
    Operation::Capture,
    Operation::Cancel,
    Operation::Refund,
    Operation::Reverse,
    Operation::DelegatePayment,
];

/// The request that a key came with first.
#[derive(Debug)]
struct First {
    place: Digest,
    request: Digest,
    cited: Arc<Cited>,
}

/// A request whose reply did not arrive.
#[derive(Debug)]
struct Lost {
    key: Option<String>,
    cited: Arc<Cited>,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Idempotency {
    keys: Recent<Digest, First>,
    lost: Recent<Digest, Lost>,
}

impl Idempotency {
    pub(super) fn see(&mut self, seen: &Seen<'_>, findings: &mut Findings) {
        if seen.entry.client().is_none() || seen.reads() {
            return;
        }
        let key = seen.idempotency_key();
        if let Some(key) = &key {
            self.keyed(key, seen, findings);
        }
        let money = MOVES_MONEY
            .iter()
            .any(|one| one.word() == seen.entry.operation());
        if money {
            self.paid(key, seen, findings);
        }
    }

    fn keyed(&mut self, key: &str, seen: &Seen<'_>, findings: &mut Findings) {
        let named = digest(&[&seen.sender(), key.as_bytes()]);
        let place = digest(&[
            seen.entry.method().as_str().as_bytes(),
            seen.entry.path().as_bytes(),
        ]);
        let request = seen.request();
        match self.keys.get(&named) {
            Some(first) if first.place != place => {
                findings.add(Defect::KeyOtherRequest, Some(&first.cited), seen);
            }
            Some(first) if first.request != request => {
                findings.add(Defect::KeyOtherBody, Some(&first.cited), seen);
            }
            Some(_) => {}
            None => {
                let cited = Arc::clone(&seen.cited);
                let first = First {
                    place,
                    request,
                    cited,
                };
                self.keys.put(named, first);
            }
        }
    }

    fn paid(&mut self, key: Option<String>, seen: &Seen<'_>, findings: &mut Findings) {
        let request = digest(&[&seen.sender(), &seen.request()]);
        if let Some(before) = self.lost.take(&request) {
            match (&before.key, &key) {
                (_, None) | (None, _) => {
                    findings.add(Defect::RetriedWithoutKey, Some(&before.cited), seen);
                }
                (Some(before_key), Some(key)) if before_key != key => {
                    findings.add(Defect::RetriedWithNewKey, Some(&before.cited), seen);
                }
                (Some(_), Some(_)) => {}
            }
        }
        if seen.observed.is_some_and(|observed| observed.lost) {
            let cited = Arc::clone(&seen.cited);
            self.lost.put(request, Lost { key, cited });
        }
    }

    pub(super) const fn forgotten(&self) -> u64 {
        self.keys.let_go() + self.lost.let_go()
    }
}
