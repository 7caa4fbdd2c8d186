//! What a run tells, once, to everyone who listens: the console, the event log, the JUnit file. Every text in it is masked
//! where it is made, so that no listener can leak.

mod console;
mod junit;
mod ndjson;
mod progress;

use std::io;
use std::time::Duration;

pub(crate) use console::Console;
pub(crate) use junit::Junit;
pub(crate) use ndjson::Ndjson;
pub(crate) use progress::Progress;
use serde::Serialize;

use super::http::Masked;
use super::plan::Check;
use super::verdict::{Level, Outcome, Tally, Verdict};

/// How a run begins.
#[derive(Clone, Debug)]
pub(crate) struct Opening {
    pub(crate) target: String,
    pub(crate) base: String,
    pub(crate) profile: Vec<String>,
    pub(crate) seed: String,
    pub(crate) checks: usize,
    pub(crate) to_run: usize,
    /// Only some of the checks were picked.
    pub(crate) picked: bool,
    /// Nothing is begun after the first failure.
    pub(crate) fail_fast: bool,
    /// A binding of the behaviour suite is among what is to be judged.
    pub(crate) behaviour: bool,
    /// The levels that the caller requires.
    pub(crate) require: Vec<String>,
    /// The checks that run alone, by the reason.
    pub(crate) alone: Vec<(&'static str, usize)>,
}

/// What one check came to, with everything that is needed to act on it.
#[derive(Clone, Debug)]
pub(crate) struct CheckReport {
    pub(crate) id: String,
    pub(crate) feature: String,
    pub(crate) name: String,
    pub(crate) location: String,
    pub(crate) source: String,
    pub(crate) level: Level,
    pub(crate) negative: bool,
    pub(crate) outcome: Outcome,
    /// Why, in one line; empty for a pass.
    pub(crate) reason: Masked,
    pub(crate) steps: Vec<StepReport>,
    pub(crate) exchanges: Vec<ExchangeReport>,
    pub(crate) elapsed: Duration,
}

impl CheckReport {
    /// A check that has come to something without being carried out.
    pub(crate) fn unrun(check: &Check, outcome: Outcome, reason: Masked) -> Self {
        Self {
            id: check.id.clone(),
            feature: check.feature.clone(),
            name: check.name.clone(),
            location: check.location.clone(),
            source: check.source.clone(),
            level: check.level,
            negative: check.negative,
            outcome,
            reason,
            steps: Vec::new(),
            exchanges: Vec::new(),
            elapsed: Duration::ZERO,
        }
    }
}

/// What one step came to.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct StepReport {
    pub(crate) text: Masked,
    pub(crate) end: StepEnd,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expected: Option<Masked>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) actual: Option<Masked>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<Masked>,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StepEnd {
    /// It held.
    Held,
    /// It did not.
    Broken,
    /// A step before it was broken.
    NotRun,
}

/// One exchange, masked.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ExchangeReport {
    /// Which step asked, counted from 0.
    pub(crate) step: usize,
    pub(crate) request: Masked,
    pub(crate) request_headers: Vec<(String, Masked)>,
    pub(crate) request_body: Masked,
    pub(crate) status: Option<u16>,
    pub(crate) answer_headers: Vec<(String, Masked)>,
    pub(crate) answer_body: Masked,
    pub(crate) no_answer: Option<Masked>,
    pub(crate) elapsed_ms: u64,
}

/// How a run ended.
#[derive(Clone, Debug)]
pub(crate) struct Closing {
    pub(crate) tally: Tally,
    /// A line for each level.
    pub(crate) levels: Vec<String>,
    pub(crate) verdict: Verdict,
    pub(crate) interrupted: bool,
    pub(crate) elapsed: Duration,
}

/// Something that listens to a run.
pub(crate) trait Reporter {
    /// The run begins.
    fn opened(&mut self, opening: &Opening) -> io::Result<()>;
    /// A check has come to something.
    fn checked(&mut self, check: &CheckReport) -> io::Result<()>;
    /// The run is over, perhaps before its time.
    fn closed(&mut self, closing: &Closing) -> io::Result<()>;
}
