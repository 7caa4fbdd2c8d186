//! The events of a run, as they are told to whoever listens and as they stand in the event log.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Level, LevelReport, Masked, Outcome, Verdict};

/// The number of the form in which event logs are written.
pub const FORM: u32 = 1;

/// One line of an event log.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The first line.
    Run(Opening),
    /// A check has come to something.
    Check(Box<CheckReport>),
    /// The last line.
    End(Closing),
}

/// How a run begins.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Opening {
    /// The form of the log, [`FORM`].
    pub form: u32,
    /// The version of standin that judged.
    pub version: String,
    /// When it began, in Unix seconds; none where nobody told the time.
    pub started_s: Option<i64>,
    /// What the target is called.
    pub target: String,
    /// Where it answers.
    pub base_url: String,
    /// The bindings and surfaces that are judged.
    pub profile: Vec<String>,
    /// What decides the order of the checks.
    pub seed: String,
    /// What tells its customers, orders and idempotency keys from those of other runs; nothing at a server of its own.
    #[serde(default)]
    pub run_id: String,
    /// How many checks there are.
    pub checks: usize,
    /// How many of them are to run.
    pub to_run: usize,
    /// Only some of the checks were picked, so that nothing is said of the whole.
    pub picked: bool,
    /// Nothing is begun after the first failure.
    pub fail_fast: bool,
    /// A binding of the behaviour suite is among what is to be judged.
    pub behaviour: bool,
    /// The levels that the caller requires.
    pub require: Vec<String>,
    /// The checks that run alone, by the reason.
    pub alone: Vec<Alone>,
}

/// How many checks run alone, and why.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Alone {
    pub why: String,
    pub checks: usize,
}

/// What a check is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Suite {
    /// What any implementation must do, over a binding.
    Behaviour,
    /// The exact shapes of one surface.
    Wire,
}

/// What is demanded, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    pub id: String,
    pub text: String,
    pub level: Level,
    /// The document that demands it.
    pub source: String,
}

/// What one check came to, with everything that is needed to act on it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CheckReport {
    /// Unique and stable: for a behaviour `check` and `over` with a slash between.
    pub id: String,
    /// The id without the binding.
    pub check: String,
    /// The binding that it speaks over, or the surface that it pins.
    pub over: String,
    pub suite: Suite,
    /// The feature file as a dotted name.
    pub feature: String,
    /// The scenario's title.
    pub name: String,
    /// File and line of the scenario.
    pub location: String,
    /// The document by which it was written.
    pub source: String,
    pub level: Level,
    /// It demands a refusal.
    pub negative: bool,
    /// What it checks, in words.
    #[serde(default)]
    pub clauses: Vec<Clause>,
    pub outcome: Outcome,
    /// Why, in one line; empty for a pass.
    pub reason: Masked,
    /// The capability that the target does not declare, where that is why it did not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capability: Option<String>,
    pub steps: Vec<StepReport>,
    pub exchanges: Vec<ExchangeReport>,
    /// The webhooks that arrived.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<MessageReport>,
    /// How it can be tried again without standin, where it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub curl: Option<Curl>,
    #[serde(rename = "elapsed_ms", with = "milliseconds")]
    pub elapsed: Duration,
}

/// What one step came to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StepReport {
    pub text: Masked,
    pub end: StepEnd,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Masked>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<Masked>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Masked>,
    /// Where it differs, member by member.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
}

/// What stands in one place and what should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// A JSON pointer into the answer's body, or `status`, or `header:NAME`.
    pub pointer: Masked,
    pub wanted: Masked,
    pub got: Masked,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepEnd {
    /// It held.
    Held,
    /// It did not.
    Broken,
    /// A step before it was broken.
    NotRun,
}

/// One exchange, masked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExchangeReport {
    /// Which step asked, counted from 0.
    pub step: usize,
    /// It is the one by which the check was decided.
    #[serde(default)]
    pub decided: bool,
    pub method: String,
    pub url: Masked,
    /// Name and value.
    pub request_headers: Vec<(String, Masked)>,
    pub request_body: Masked,
    pub status: Option<u16>,
    /// Name and value.
    pub answer_headers: Vec<(String, Masked)>,
    pub answer_body: Masked,
    /// Why no answer came.
    pub no_answer: Option<Masked>,
    /// How often the target had put it off with a `Retry-After`, before it was sent again and this was answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub put_off: Vec<PutOff>,
    pub elapsed_ms: u64,
}

/// A request that the target wanted to have later.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PutOff {
    /// Its status, 429 or 503.
    pub status: u16,
    /// How many seconds later it was sent again.
    pub seconds: u64,
}

/// A webhook that arrived, masked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MessageReport {
    /// Name and value.
    pub headers: Vec<(String, Masked)>,
    pub body: Masked,
    /// It was answered so that nobody sends it again.
    pub taken: bool,
}

/// A script of curl by which a failure can be seen again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Curl {
    /// For a POSIX shell. It ends with 1 while the target answers as it did.
    pub script: Masked,
    /// The secrets that it takes from the environment.
    pub needs: Vec<Need>,
    pub again: Again,
    /// What it said when it was run again, or why it was not.
    pub said: Masked,
}

/// A variable that a script takes from the environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    pub variable: String,
    /// What it holds, masked.
    pub is: Masked,
}

/// What became of a script when the run tried it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Again {
    /// It was run, and the target answered as it had.
    Fails,
    /// It was run, and the target answered otherwise.
    Differs,
    /// It was not run.
    NotRun,
}

/// How a run ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Closing {
    pub verdict: Verdict,
    pub exit_code: u8,
    /// It was stopped before its time.
    pub interrupted: bool,
    /// How many checks that demand a refusal passed.
    pub negative_passes: usize,
    /// How many checks came to what.
    pub counts: BTreeMap<Outcome, usize>,
    /// What the run says of each level; nothing where only a part of the checks was picked.
    pub levels: Vec<LevelReport>,
    /// A binding has not shown what the least level demands.
    #[serde(default)]
    pub below_core: bool,
    /// A level that the caller requires is not reached.
    #[serde(default)]
    pub below_required: bool,
    /// The expectation file has an entry that is expired.
    #[serde(default)]
    pub expectations_stale: bool,
    #[serde(rename = "elapsed_ms", with = "milliseconds")]
    pub elapsed: Duration,
}

mod milliseconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_millis)
    }
}
