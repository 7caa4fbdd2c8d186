//! Carries a run's results to everyone who listens and counts them: what is told is what is counted, and the verdict comes
//! from the count alone.

use std::collections::BTreeMap;
use std::io;

use super::evidence;
use super::expectations::Expectations;
use super::plan::{Check, Fate};
use super::preflight::preflight;
use super::requirements::{Seen, levels};
use super::runner::Run;
use crate::report::{
    CheckReport, Closing, Level, LevelReport, Opening, Outcome, Reporter, Secrets, Suite, Tally,
    Verdict,
};

/// Who listens, what is expected, and what has been counted.
pub(crate) struct Telling<'a> {
    reporters: Vec<&'a mut dyn Reporter>,
    expectations: Expectations,
    tally: Tally,
    seen: Seen,
    lost: Option<io::Error>,
}

impl<'a> Telling<'a> {
    pub(crate) fn new(reporters: Vec<&'a mut dyn Reporter>, expectations: Expectations) -> Self {
        let mut tally = Tally::default();
        tally.expectations_stale = expectations.expired;
        Self {
            reporters,
            expectations,
            tally,
            seen: Seen::default(),
            lost: None,
        }
    }

    /// What has been counted, and why a report is incomplete, if one is.
    pub(crate) fn end(self) -> (Tally, Option<io::Error>) {
        (self.tally, self.lost)
    }

    /// The whole run, from its opening to its verdict.
    pub(crate) async fn session(
        &mut self,
        run: &Run,
        opening: &Opening,
        to_run: &[Check],
        left_out: &[Check],
        interrupt: impl Future<Output = ()>,
    ) -> Verdict {
        let started = tokio::time::Instant::now();
        self.each(|reporter| reporter.opened(opening));
        for check in left_out {
            let (outcome, why, lack) = match &check.fate {
                Fate::NotDeclared(lack) => (Outcome::NotDeclared, lack.why.as_str(), Some(lack)),
                Fate::NotSelected(why) => (Outcome::NotSelected, why.as_str(), None),
                Fate::Run => (Outcome::SuiteError, "left out although it was to run", None),
            };
            let unrun = evidence::unrun(check, outcome, Secrets::default().text(why));
            self.checked(CheckReport {
                capability: lack.map(|lack| lack.capability.clone()),
                ..unrun
            });
        }
        let mut interrupt = std::pin::pin!(interrupt);
        let found = {
            let looking = preflight(run, to_run);
            tokio::select! {
                biased;
                () = &mut interrupt => None,
                found = looking => Some(found),
            }
        };
        let interrupted = match found {
            Some(found) => {
                let mut rest = Vec::new();
                for check in to_run {
                    match found.blocks(check, &run.bindings) {
                        Some(blocked) => {
                            let why = run.secrets().text(&blocked.why);
                            self.checked(evidence::unrun(check, blocked.outcome, why));
                        }
                        None => rest.push(check.clone()),
                    }
                }
                let told = |report| self.checked(report) && opening.fail_fast;
                run.carry_out(&rest, interrupt, told).await
            }
            None => {
                let told = |report| self.checked(report) && opening.fail_fast;
                run.carry_out(to_run, std::future::ready(()), told).await
            }
        };
        let levels = self.levels(opening);
        let verdict = self.tally.verdict();
        let counts = Outcome::ALL
            .iter()
            .map(|outcome| (*outcome, self.tally.count(*outcome)));
        let closing = Closing {
            levels,
            verdict,
            exit_code: verdict.exit_code(),
            interrupted,
            negative_passes: self.tally.negative_passes(),
            counts: counts.collect::<BTreeMap<_, _>>(),
            below_core: self.tally.below_core,
            below_required: self.tally.below_required,
            expectations_stale: self.tally.expectations_stale,
            elapsed: evidence::told(started.elapsed()),
        };
        self.each(|reporter| reporter.closed(&closing));
        self.tally.verdict()
    }

    /// What the run says of each level. Where a part of the checks was picked, it says nothing of the whole.
    fn levels(&mut self, opening: &Opening) -> Vec<LevelReport> {
        if opening.picked {
            return Vec::new();
        }
        let Ok(levels) = levels() else {
            self.tally.report_lost = true;
            return Vec::new();
        };
        for level in &levels {
            let met = level.is_met(&self.seen);
            if level.name == "core" && opening.behaviour && !met {
                self.tally.below_core = true;
            }
            if opening.require.contains(&level.name) && !met {
                self.tally.below_required = true;
            }
        }
        levels
            .iter()
            .flat_map(|level| level.told(&self.seen))
            .collect()
    }

    /// Tells and counts it, and gives back whether it has decided the verdict by failing.
    fn checked(&mut self, mut report: CheckReport) -> bool {
        if let Some((outcome, why)) = self.expectations.apply(&report.id, report.outcome) {
            report.outcome = outcome;
            report.reason = Secrets::default().text(&why);
        }
        if report.suite == Suite::Behaviour {
            self.seen.add(&report.id, report.outcome);
        }
        self.tally
            .add(report.outcome, report.level, report.negative);
        self.each(|reporter| reporter.checked(&report));
        report.outcome == Outcome::Fail && report.level == Level::Must
    }

    fn each(&mut self, mut tell: impl FnMut(&mut dyn Reporter) -> io::Result<()>) {
        for reporter in &mut self.reporters {
            if let Err(error) = tell(*reporter) {
                self.tally.report_lost = true;
                self.lost.get_or_insert(error);
            }
        }
    }
}
