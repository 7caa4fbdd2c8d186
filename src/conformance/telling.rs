//! Carries a run's results to everyone who listens and counts them: what is told is what is counted, and the verdict comes
//! from the count alone.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;

use super::expectations::Expectations;
use super::http::Secrets;
use super::options::Options;
use super::plan::{Check, Fate};
use super::preflight::preflight;
use super::report::{CheckReport, Closing, Junit, Ndjson, Opening, Reporter};
use super::requirements::{Seen, levels};
use super::runner::Run;
use super::verdict::{Outcome, Tally, Verdict};

/// The report files, open.
pub(crate) struct Files {
    json: Option<Ndjson<File>>,
    junit: Option<Junit<BufWriter<File>>>,
}

impl Files {
    /// Opens what the options name.
    ///
    /// # Errors
    /// A text for the caller when a file cannot be made.
    pub(crate) fn open(options: &Options) -> Result<Self, String> {
        let create = |path: &Path, flag: &str| {
            File::create(path).map_err(|error| format!("{flag} {}: {error}", path.display()))
        };
        let json = options
            .json
            .as_deref()
            .filter(|_| !options.prints_json())
            .map(|path| create(path, "--json"))
            .transpose()?;
        let junit = options
            .junit
            .as_deref()
            .map(|path| create(path, "--junit"))
            .transpose()?;
        Ok(Self {
            json: json.map(Ndjson),
            junit: junit.map(|file| Junit::new(BufWriter::new(file))),
        })
    }

    /// The files as listeners.
    pub(crate) fn each(&mut self) -> impl Iterator<Item = &mut dyn Reporter> {
        let json = self.json.iter_mut().map(|json| json as &mut dyn Reporter);
        json.chain(
            self.junit
                .iter_mut()
                .map(|junit| junit as &mut dyn Reporter),
        )
    }
}

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

    /// What has been counted.
    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Why a report is incomplete, if one is.
    pub(crate) fn lost(&self) -> Option<&io::Error> {
        self.lost.as_ref()
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
            let (outcome, why) = match &check.fate {
                Fate::NotDeclared(why) => (Outcome::NotDeclared, why.as_str()),
                Fate::NotSelected(why) => (Outcome::NotSelected, why.as_str()),
                Fate::Run => (Outcome::SuiteError, "left out although it was to run"),
            };
            self.checked(CheckReport::unrun(
                check,
                outcome,
                Secrets::default().text(why),
            ));
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
                            self.checked(CheckReport::unrun(check, blocked.outcome, why));
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
        let closing = Closing {
            levels,
            verdict: self.tally.verdict(),
            tally: self.tally.clone(),
            interrupted,
            elapsed: started.elapsed(),
        };
        self.each(|reporter| reporter.closed(&closing));
        self.tally.verdict()
    }

    /// What the run says of each level. Where a part of the checks was picked, it says nothing of the whole.
    fn levels(&mut self, opening: &Opening) -> Vec<String> {
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
            .flat_map(|level| level.lines(&self.seen))
            .collect()
    }

    /// Tells and counts it, and gives back whether it failed.
    fn checked(&mut self, mut report: CheckReport) -> bool {
        if let Some((outcome, why)) = self.expectations.apply(&report.id, report.outcome) {
            report.outcome = outcome;
            report.reason = Secrets::default().text(&why);
        }
        if !report.location.starts_with("wire/") {
            self.seen.add(&report.id, report.outcome);
        }
        self.tally
            .add(report.outcome, report.level, report.negative);
        self.each(|reporter| reporter.checked(&report));
        report.outcome == Outcome::Fail
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
