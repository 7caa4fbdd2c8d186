//! What was asked of whom: how often each host was asked and answered, and how often it was refused. For whoever wants to know
//! whether a program tried to reach the world; the journal has the single requests.

use std::collections::BTreeMap;

use parking_lot::Mutex;
use serde::Serialize;

use crate::limits::{PROXY_HOSTS_TOLD_MAX, REPLAY_MISSES_TOLD_MAX};

/// What has happened so far.
#[derive(Debug, Clone, Default, Serialize, PartialEq, Eq)]
pub struct Told {
    /// Requests that imitated services were asked.
    pub answered: BTreeMap<String, u64>,
    /// Requests and tunnels that were passed on.
    pub passed: BTreeMap<String, u64>,
    /// Requests that were answered from a recording.
    pub replayed: BTreeMap<String, u64>,
    /// Requests and tunnels to hosts that are refused.
    pub refused: BTreeMap<String, u64>,
    /// Why a recording had no answer, request by request; no more of them than somebody reads.
    pub missed: Vec<String>,
}

/// Under this name stand the hosts that there is no room for.
const OTHERS: &str = "(other hosts)";

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Tally(Mutex<Told>);

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Answered,
    Passed,
    Replayed,
    Refused,
}

impl Tally {
    pub(super) fn note(&self, fate: Fate, host: &str) {
        let mut told = self.0.lock();
        let room = told.answered.len() + told.passed.len();
        let room = room + told.replayed.len() + told.refused.len();
        let hosts = match fate {
            Fate::Answered => &mut told.answered,
            Fate::Passed => &mut told.passed,
            Fate::Replayed => &mut told.replayed,
            Fate::Refused => &mut told.refused,
        };
        let name = if hosts.contains_key(host) || room < PROXY_HOSTS_TOLD_MAX {
            host
        } else {
            OTHERS
        };
        *hosts.entry(name.to_owned()).or_default() += 1;
    }

    /// Keeps why a recording had no answer.
    pub(super) fn missed(&self, why: &str) {
        let mut told = self.0.lock();
        if told.missed.len() < REPLAY_MISSES_TOLD_MAX {
            told.missed.push(why.to_owned());
        }
    }

    pub(super) fn told(&self) -> Told {
        self.0.lock().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_counts_by_host_and_stays_within_its_bound() {
        let tally = Tally::default();
        for _ in 0..3 {
            tally.note(Fate::Answered, "api.stripe.com");
        }
        for number in 0..PROXY_HOSTS_TOLD_MAX + 5 {
            tally.note(Fate::Refused, &format!("{number}.test"));
        }
        tally.note(Fate::Answered, "api.stripe.com");
        let told = tally.told();
        assert_eq!(told.answered["api.stripe.com"], 4);
        assert_eq!(told.refused.len(), PROXY_HOSTS_TOLD_MAX);
        assert_eq!(told.refused[OTHERS], 6);
    }
}
