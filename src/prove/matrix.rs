//! What the runs come to: which check notices which defect, whether it is one that must, which check notices nothing, and whether
//! anything is noticed that is permitted. Pure, so that no path to a friendly answer is left but the facts.

use std::collections::{BTreeMap, BTreeSet};

use super::bench::Ran;
use super::silent;
use crate::conformance::is_named;
use crate::domain::deviation::{Deviation, Kind};
use crate::report::Outcome;

/// What became of a deviation over all its runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// A check that must notice the defect has noticed it in each run.
    Killed,
    /// Something has noticed it, and nothing that must.
    KilledWrongly,
    /// Nothing has noticed it in one run at least.
    Survived,
    /// It is permitted, and nothing has noticed it.
    Kept,
    /// It is permitted, and something has noticed it.
    Alarm,
    /// A run could not be made.
    NotJudged,
}

/// One deviation.
#[derive(Debug)]
pub struct Row {
    pub deviation: Deviation,
    pub fate: Fate,
    /// Those of its checks that failed in each run.
    pub rightly: Vec<&'static str>,
    /// Those of its checks that held in one run at least.
    pub silent: Vec<&'static str>,
    /// Every check that failed in some run, whatever it is about.
    pub failed: BTreeSet<String>,
    /// Why it is not as it should be.
    pub why: Vec<String>,
}

/// Everything that the runs came to.
#[derive(Debug)]
pub struct Matrix {
    pub rows: Vec<Row>,
    /// What the clean server was found to do wrong, or could not be judged in.
    pub clean: Vec<String>,
    /// How many checks a run of the clean server has.
    pub checks: usize,
    /// The checks that notice nothing, each with a reason if there is one.
    pub unproven: Vec<(String, Option<&'static str>)>,
    /// Reasons for checks that notice something after all, or that there are not.
    pub stale: Vec<&'static str>,
    /// Checks that our own surfaces do not declare what they need for.
    pub undeclared: Vec<String>,
}

/// Whether an outcome is held against a server that does everything right.
const fn is_alarm(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Pass
        | Outcome::ExpectedFail
        | Outcome::Disputed
        | Outcome::NotDeclared
        | Outcome::NotSelected => false,
        Outcome::UnexpectedPass
        | Outcome::Untestable
        | Outcome::Transport
        | Outcome::Fail
        | Outcome::SuiteError => true,
    }
}

/// What was held against a server in one run.
fn alarms(ran: &Ran) -> Vec<String> {
    let at = ran.case.concurrency;
    match &ran.judged {
        Err(why) => vec![format!("at concurrency {at}: {why}")],
        Ok(judged) => {
            let held = judged.iter().filter(|judged| is_alarm(judged.outcome));
            let told = held.map(|judged| {
                let (id, word, why) = (&judged.id, judged.outcome.word(), &judged.reason);
                format!("{id} at concurrency {at}: {word}: {why}")
            });
            told.collect()
        }
    }
}

/// The checks that failed in one run.
fn failed(ran: &Ran) -> BTreeSet<String> {
    let judged = ran.judged.iter().flatten();
    let failed =
        judged.filter(|judged| matches!(judged.outcome, Outcome::Fail | Outcome::Disputed));
    failed.map(|judged| judged.check.clone()).collect()
}

fn row(deviation: Deviation, runs: &[&Ran]) -> Row {
    let each: Vec<BTreeSet<String>> = runs.iter().map(|ran| failed(ran)).collect();
    let notices = |failed: &BTreeSet<String>, name: &str| {
        let mut failed = failed.iter();
        failed.any(|check| is_named(check, name))
    };
    let in_each = |name: &&'static str| each.iter().all(|failed| notices(failed, name));
    let named = deviation.checks().iter().copied();
    let (rightly, silent): (Vec<_>, Vec<_>) = named.partition(in_each);
    let unmade: Vec<String> = runs
        .iter()
        .filter(|ran| ran.judged.is_err())
        .flat_map(|ran| alarms(ran))
        .collect();
    let noticed: Vec<String> = runs.iter().flat_map(|ran| alarms(ran)).collect();
    let (fate, why) = if !unmade.is_empty() || runs.is_empty() {
        (Fate::NotJudged, unmade)
    } else {
        match deviation.kind() {
            Kind::Variation if noticed.is_empty() => (Fate::Kept, Vec::new()),
            Kind::Variation => (Fate::Alarm, noticed),
            Kind::Defect if !rightly.is_empty() => (Fate::Killed, Vec::new()),
            Kind::Defect if each.iter().all(|failed| !failed.is_empty()) => {
                (Fate::KilledWrongly, noticed)
            }
            Kind::Defect => (Fate::Survived, noticed),
        }
    };
    Row {
        deviation,
        fate,
        rightly,
        silent,
        failed: each.into_iter().flatten().collect(),
        why,
    }
}

impl Row {
    /// Whether it is as it should be: what must be noticed is noticed by each check that it names, and nothing else is.
    #[must_use]
    pub fn is_right(&self) -> bool {
        match self.fate {
            Fate::Killed => self.silent.is_empty(),
            Fate::Kept => true,
            Fate::KilledWrongly | Fate::Survived | Fate::Alarm | Fate::NotJudged => false,
        }
    }
}

impl Matrix {
    /// From all runs. `scenarios` are the checks that there are, `undeclared` those that our surfaces are not asked.
    #[must_use]
    pub fn of(runs: &[Ran], scenarios: &[String], undeclared: Vec<String>) -> Self {
        let mut by: BTreeMap<Deviation, Vec<&Ran>> = BTreeMap::new();
        let mut clean = Vec::new();
        let mut checks = 0;
        for ran in runs {
            match ran.case.deviation {
                Some(deviation) => by.entry(deviation).or_default().push(ran),
                None => {
                    clean.extend(alarms(ran));
                    checks = ran.judged.as_ref().map_or(0, Vec::len);
                }
            }
        }
        let rows: Vec<Row> = by
            .into_iter()
            .map(|(deviation, runs)| row(deviation, &runs))
            .collect();
        let defects = rows
            .iter()
            .filter(|row| row.deviation.kind() == Kind::Defect);
        let proven: BTreeSet<&String> = defects.flat_map(|row| &row.failed).collect();
        let by_all = |ran: &Ran| {
            let defect = ran.case.deviation.map(Deviation::kind) == Some(Kind::Defect);
            defect && !ran.case.brief
        };
        let whole = runs.iter().any(by_all);
        let unproven = scenarios.iter().filter(|check| !proven.contains(check));
        let unproven = unproven.map(|check| (check.clone(), silent::reason(check)));
        let unproven: Vec<_> = unproven.filter(|_| whole).collect();
        let stale = silent::stale(unproven.iter().map(|(check, _)| check.as_str()));
        Self {
            rows,
            clean,
            checks,
            unproven,
            stale: if whole { stale } else { Vec::new() },
            undeclared,
        }
    }

    /// Whether everything is as it should be. `all` says that every deviation was tried, so that checks can be spoken of.
    #[must_use]
    pub fn is_right(&self, all: bool) -> bool {
        let reasoned = self.unproven.iter().all(|(_, reason)| reason.is_some());
        let proven = !all || (reasoned && self.stale.is_empty());
        self.clean.is_empty() && self.checks > 0 && self.rows.iter().all(Row::is_right) && proven
    }

    /// How many of a kind came to this, of how many.
    #[must_use]
    pub fn count(&self, kind: Kind, fate: Fate) -> (usize, usize) {
        let of_kind = || self.rows.iter().filter(|row| row.deviation.kind() == kind);
        let so = of_kind().filter(|row| row.fate == fate);
        (so.count(), of_kind().count())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::conformance::Judged;
    use crate::prove::Case;

    fn ran(deviation: Option<Deviation>, concurrency: usize, came: &[(&str, Outcome)]) -> Ran {
        let judged = came.iter().map(|(check, outcome)| Judged {
            check: (*check).to_owned(),
            id: format!("{check}/cmp"),
            outcome: *outcome,
            reason: String::new(),
        });
        Ran {
            case: Case {
                deviation,
                concurrency,
                brief: false,
            },
            judged: Ok(judged.collect()),
            elapsed: Duration::ZERO,
        }
    }

    /// Each row is what two runs of one deviation came to.
    #[test]
    fn every_fate() {
        use Outcome::{Fail, Pass, Untestable};
        let defect = Deviation::EnrolsAnew;
        let (right, other) = ("enrolment.again", "enrolment.par");
        type Came<'a> = [&'a [(&'a str, Outcome)]; 2];
        let rows: [(Deviation, Came<'_>, Fate); 6] = [
            (
                defect,
                [&[(right, Fail)], &[(right, Fail), (other, Fail)]],
                Fate::Killed,
            ),
            (defect, [&[(right, Fail)], &[(right, Pass)]], Fate::Survived),
            (
                defect,
                [&[(other, Fail)], &[(other, Fail)]],
                Fate::KilledWrongly,
            ),
            (
                defect,
                [&[(right, Untestable)], &[(right, Untestable)]],
                Fate::Survived,
            ),
            (
                Deviation::Slow,
                [&[(right, Pass)], &[(right, Pass)]],
                Fate::Kept,
            ),
            (
                Deviation::Slow,
                [&[(right, Pass)], &[(right, Untestable)]],
                Fate::Alarm,
            ),
        ];
        for (deviation, [one, eight], fate) in rows {
            let runs = [ran(Some(deviation), 1, one), ran(Some(deviation), 8, eight)];
            let found = row(deviation, &runs.iter().collect::<Vec<_>>());
            assert_eq!(found.fate, fate, "{runs:?}");
            assert_eq!(found.is_right(), matches!(fate, Fate::Killed | Fate::Kept));
        }
    }

    #[test]
    fn a_check_that_notices_nothing_is_told() {
        let scenarios = ["enrolment.again", "enrolment.par"].map(str::to_owned);
        let clean = |at| {
            ran(
                None,
                at,
                &[
                    ("enrolment.again", Outcome::Pass),
                    ("enrolment.par", Outcome::Pass),
                ],
            )
        };
        let defect = |at| {
            ran(
                Some(Deviation::EnrolsAnew),
                at,
                &[("enrolment.again", Outcome::Fail)],
            )
        };
        let matrix = Matrix::of(&[clean(1), defect(1)], &scenarios, Vec::new());
        assert_eq!(matrix.unproven, [("enrolment.par".to_owned(), None)]);
        assert!(!matrix.is_right(true) && matrix.is_right(false));
        let bad = ran(None, 1, &[("enrolment.par", Outcome::Untestable)]);
        assert!(!Matrix::of(&[bad, defect(1)], &scenarios, Vec::new()).is_right(false));
        let nothing = Matrix::of(&[defect(1)], &scenarios, Vec::new());
        assert!(
            !nothing.is_right(false),
            "a clean server must have been judged"
        );
    }
}
