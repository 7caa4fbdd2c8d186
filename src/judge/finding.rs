//! What a judge has found.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::defect::Defect;
use super::seen::{Cited, Seen};
use crate::limits::JUDGE_TIMES_SHOWN_MAX;

/// A defect that was seen.
#[derive(Debug, Clone, Default)]
struct Found {
    times: u64,
    /// The first ones, each with the exchanges that decide it, in their order.
    shown: Vec<Vec<Arc<Cited>>>,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Findings(BTreeMap<Defect, Found>);

/// A defect as a report has it.
#[derive(Debug, Clone, Serialize)]
pub struct Verdict {
    pub defect: Defect,
    pub sentence: &'static str,
    pub clause: &'static str,
    pub times: u64,
    /// The first times, each with the exchanges that decide it.
    pub decided_by: Vec<Vec<Arc<Cited>>>,
}

impl Findings {
    /// Notes a defect that shows in `seen`, after what came `before`.
    pub(super) fn add(&mut self, defect: Defect, before: Option<&Arc<Cited>>, seen: &Seen<'_>) {
        let found = self.0.entry(defect).or_default();
        found.times += 1;
        if found.shown.len() < JUDGE_TIMES_SHOWN_MAX {
            let both = before.into_iter().chain([&seen.cited]);
            found.shown.push(both.cloned().collect());
        }
    }

    pub(super) fn verdicts(&self) -> Vec<Verdict> {
        let found = self.0.iter();
        found
            .map(|(defect, found)| Verdict {
                defect: *defect,
                sentence: defect.sentence(),
                clause: defect.clause(),
                times: found.times,
                decided_by: found.shown.clone(),
            })
            .collect()
    }
}
