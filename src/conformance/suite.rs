//! The suite as a value: read and planned once, it judges any number of private servers, several at once, and hands over what
//! each check came to without a report.

use std::collections::BTreeSet;
use std::io;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;

use super::binding::{Binding, Time};
use super::credentials::Credentials;
use super::expectations::Expectations;
use super::options::Options;
use super::plan::{Check, Fate};
use super::prepare::prepare;
use super::runner::{Run, Terms};
use super::step_book::StepBook;
use super::target::Target;
use super::telling::Telling;
use crate::report::{CheckReport, Closing, Opening, Outcome, Reporter};

/// No step of a private server takes near so long, on however busy a machine.
const STEP_TIMEOUT: Duration = Duration::from_secs(60);

/// See the module.
pub struct Suite {
    target: Target,
    bindings: Arc<Vec<Binding>>,
    checks: Vec<Check>,
    steps: Arc<StepBook>,
    opening: Opening,
    step_timeout: Duration,
}

/// A server that is to be judged.
#[derive(Debug)]
pub struct Subject<'a> {
    /// Where it was started.
    pub url: &'a str,
    /// What its networks have given the judge.
    pub credentials: Credentials,
    /// Decides the order of the checks and the names of their spaces.
    pub seed: &'a str,
    /// How many checks run at once.
    pub concurrency: usize,
    /// The only checks that are to run, each with all that go on behind a dot; all when none are named.
    pub only: &'a [&'a str],
}

/// What one check came to over one binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The id of the scenario, which is the same over every binding.
    pub check: String,
    /// With the binding behind a slash.
    pub id: String,
    pub outcome: Outcome,
    /// Why, in one line; empty for a pass. It is masked.
    pub reason: String,
}

impl std::fmt::Debug for Suite {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Suite({} checks)", self.checks.len())
    }
}

/// Whether a check is the one that is named, or goes on behind a dot.
#[must_use]
pub fn is_named(check: &str, name: &str) -> bool {
    check
        .strip_prefix(name)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The id of the scenario without its binding.
fn scenario(id: &str) -> &str {
    id.split_once('/').map_or(id, |(scenario, _)| scenario)
}

impl Suite {
    /// What private standins are judged by over these bindings and surfaces. A message that does not come is waited for no longer
    /// than `wait`.
    ///
    /// # Errors
    /// A text when a built-in file is wrong; a test reads them all.
    pub fn private(profile: &[&str], wait: Duration) -> Result<Self, String> {
        let options = Options {
            target: None,
            standin: false,
            keys: None,
            profile: profile.iter().map(|name| (*name).to_owned()).collect(),
            features: None,
            tags: None,
            require: Vec::new(),
            rerun_failed: None,
            fail_fast: false,
            list: false,
            seed: String::new(),
            run_id: None,
            concurrency: NonZeroUsize::MIN,
            json: None,
            html: None,
            junit: None,
            markdown: None,
            expect: None,
            step_timeout: STEP_TIMEOUT,
            request_timeout: None,
            ca: None,
            quiet: true,
        };
        let mut complaints = Vec::new();
        // No expectation expires, because there are none.
        let prepared = prepare(options, Date::MIN, &mut complaints);
        let prepared = prepared.map_err(|_| String::from_utf8_lossy(&complaints).into_owned())?;
        let mut suite = Self {
            // What levels come to is nobody's question here.
            opening: Opening {
                picked: true,
                ..prepared.opening()
            },
            step_timeout: prepared.options.step_timeout,
            steps: Arc::new(StepBook::new()),
            target: prepared.target,
            bindings: Arc::new(prepared.bindings),
            checks: prepared.checks,
        };
        if let Some(webhooks) = &mut suite.target.webhooks {
            webhooks.wait = Time(wait);
        }
        Ok(suite)
    }

    /// Hands over how the machine's clock is read, in Unix seconds.
    #[must_use]
    pub fn with_clock(mut self, clock: fn() -> i64) -> Self {
        self.target.clock = Some(clock);
        self
    }

    /// The ids of the scenarios that run, each once, in the order of the features.
    #[must_use]
    pub fn scenarios(&self) -> Vec<String> {
        self.listed(|fate| *fate == Fate::Run)
    }

    /// The ids of the scenarios that run over no binding, because none declares what they need.
    #[must_use]
    pub fn undeclared(&self) -> Vec<String> {
        let runs: BTreeSet<String> = self.scenarios().into_iter().collect();
        let left = self.listed(|fate| matches!(fate, Fate::NotDeclared(_)));
        left.into_iter().filter(|id| !runs.contains(id)).collect()
    }

    fn listed(&self, fits: impl Fn(&Fate) -> bool) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let fitting = self.checks.iter().filter(|check| fits(&check.fate));
        let ids = fitting.map(|check| scenario(&check.id).to_owned());
        ids.filter(|id| seen.insert(id.clone())).collect()
    }

    /// How many checks run.
    #[must_use]
    pub fn to_run(&self) -> usize {
        let checks = self.checks.iter();
        checks.filter(|check| check.fate == Fate::Run).count()
    }

    /// Judges a server, and hands over what each check came to that ran.
    ///
    /// The future is not `Send`; block on it, or run it in a `LocalSet`.
    ///
    /// # Errors
    /// A text when the judge cannot begin.
    pub async fn judge(&self, subject: &Subject<'_>) -> Result<Vec<Judged>, String> {
        let mut target = self.target.clone();
        target.base = subject.url.trim_end_matches('/').to_owned();
        target.fresh = true;
        target.credentials = subject.credentials.clone();
        let client = super::http::client(None, None, target.request_timeout)?;
        let named = |check: &Check| {
            let mut only = subject.only.iter();
            subject.only.is_empty() || only.any(|name| is_named(scenario(&check.id), name))
        };
        let to_run = self.checks.iter().filter(|check| check.fate == Fate::Run);
        let to_run: Vec<Check> = to_run.filter(|check| named(check)).cloned().collect();
        let run = Run::new(
            target,
            Arc::clone(&self.bindings),
            Terms {
                client,
                steps: Arc::clone(&self.steps),
                seed: subject.seed.to_owned(),
                run_id: String::new(),
                step_timeout: self.step_timeout,
                concurrency: subject.concurrency,
                tries: 0,
                evidence: false,
            },
        );
        let mut kept = Kept::default();
        let mut telling = Telling::new(vec![&mut kept], Expectations::default());
        let never = std::future::pending();
        telling
            .session(&run, &self.opening, &to_run, &[], never)
            .await;
        Ok(kept.0)
    }
}

/// Keeps what is told.
#[derive(Default)]
struct Kept(Vec<Judged>);

impl Reporter for Kept {
    fn opened(&mut self, _: &Opening) -> io::Result<()> {
        Ok(())
    }

    fn checked(&mut self, check: &CheckReport) -> io::Result<()> {
        self.0.push(Judged {
            check: scenario(&check.id).to_owned(),
            id: check.id.clone(),
            outcome: check.outcome,
            reason: check.reason.as_str().to_owned(),
        });
        Ok(())
    }

    fn closed(&mut self, _: &Closing) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_named_with_all_its_rows() {
        for (check, name, named) in [
            ("enrolment.par", "enrolment.par", true),
            ("enrolment.par-differs", "enrolment.par", false),
            ("robustness.card.that-is-cut-off", "robustness.card", true),
            ("robustness.card", "robustness.card.that-is-cut-off", false),
        ] {
            assert_eq!(is_named(check, name), named, "{check} {name}");
        }
    }
}
