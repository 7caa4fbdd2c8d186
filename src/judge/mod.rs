//! Judges whoever asks: a fold over what the journal of a space records, as it is recorded. It knows nothing of the server but
//! what stands in an entry, remembers digests in place of numbers and secrets, and lets the oldest of what it remembers go.
//!
//! | rules | look at |
//! |---|---|
//! | `credentials` | what was refused for its credentials and came again |
//! | `idempotency` | keys, and payments whose replies were lost |
//! | `paying` | cryptograms, series of payments, cards that were declined for good |
//! | `tokens` | what the client was told of a token, and what it did then |
//! | `asking` | when and how it asks, and where card numbers stand |
//! | `receiving` | how it answers webhook messages |

mod asking;
mod credentials;
mod defect;
mod finding;
mod idempotency;
mod paying;
mod receiving;
mod recent;
mod seen;
mod tokens;

use parking_lot::Mutex;
use serde::Serialize;

pub use defect::Defect;
use finding::Findings;
pub use finding::Verdict;
pub use seen::Cited;
use seen::Seen;

use crate::journal::{SURFACES, Stored, Watch};

/// The judge of one space.
#[derive(Debug)]
pub struct Judge {
    name: String,
    state: Mutex<State>,
}

/// What a judge says.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// What the judged client is called.
    pub judge: String,
    pub space: String,
    pub verdict: Word,
    /// Requests to the imitated services.
    pub requests: u64,
    /// Tries to deliver a webhook message.
    pub messages: u64,
    /// Entries of what it remembered that had to go. Where there are any, a defect may have gone unseen.
    pub forgotten: u64,
    pub defects: Vec<Verdict>,
    /// Every defect that was looked for.
    pub looked_for: Vec<&'static str>,
}

/// The verdict in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    Clean,
    Defective,
    /// Nothing was asked, so nothing can be said.
    NothingAsked,
}

#[derive(Debug)]
struct State {
    requests: u64,
    messages: u64,
    credentials: credentials::Credentials,
    idempotency: idempotency::Idempotency,
    paying: paying::Paying,
    tokens: tokens::Tokens,
    asking: asking::Asking,
    receiving: receiving::Receiving,
    findings: Findings,
}

impl Judge {
    /// `time_runs` says that the clock is the machine's: one that stands still until it is moved says nothing of waiting.
    pub fn new(name: &str, time_runs: bool) -> Self {
        Self {
            name: name.to_owned(),
            state: Mutex::new(State {
                requests: 0,
                messages: 0,
                credentials: Default::default(),
                idempotency: Default::default(),
                paying: Default::default(),
                tokens: Default::default(),
                asking: asking::Asking::new(time_runs),
                receiving: Default::default(),
                findings: Default::default(),
            }),
        }
    }

    pub fn report(&self, space: &str) -> Report {
        let state = self.state.lock();
        let defects = state.findings.verdicts();
        Report {
            judge: self.name.clone(),
            space: space.to_owned(),
            verdict: match (defects.is_empty(), state.requests) {
                (false, _) => Word::Defective,
                (true, 0) => Word::NothingAsked,
                (true, _) => Word::Clean,
            },
            requests: state.requests,
            messages: state.messages,
            forgotten: state.forgotten(),
            defects,
            looked_for: Defect::ALL.iter().map(|defect| defect.word()).collect(),
        }
    }
}

impl Watch for Judge {
    fn saw(&self, number: u64, entry: &Stored) {
        self.state.lock().see(number, entry);
    }
}

impl State {
    /// Takes one entry in, with the time that stands in it.
    fn see(&mut self, number: u64, entry: &Stored) {
        let seen = Seen::new(number, entry);
        let findings = &mut self.findings;
        if entry.attempt().is_some() {
            self.messages += 1;
            self.receiving.see(&seen, findings);
            self.tokens.hear(&seen);
            return;
        }
        if !SURFACES.contains(&entry.surface()) || entry.operation().is_empty() {
            return;
        }
        self.requests += 1;
        self.credentials.see(&seen, findings);
        self.idempotency.see(&seen, findings);
        self.paying.see(&seen, findings);
        self.tokens.see(&seen, findings);
        self.asking.see(&seen, findings);
    }

    const fn forgotten(&self) -> u64 {
        self.credentials.forgotten()
            + self.idempotency.forgotten()
            + self.paying.forgotten()
            + self.tokens.forgotten()
            + self.asking.forgotten()
            + self.receiving.forgotten()
    }
}
