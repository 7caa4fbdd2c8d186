//! What a check came to, what a run came to, and the exit code: one pure table, so that no path through the runner can
//! arrive at a friendlier answer than the facts allow. It must not know how a check was run.

use serde::{Deserialize, Serialize};

/// What one check came to. Derived from its steps, never set by a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every statement held.
    Pass,
    /// It failed, and an expectation file says that it would.
    ExpectedFail,
    /// It does not do as the check's source says, and another source says otherwise: the feature is tagged `@disputed`.
    Disputed,
    /// The target does not claim what the check needs.
    NotDeclared,
    /// The caller's selection left it out.
    NotSelected,
    /// It passed although an expectation file says that it fails: the file is stale.
    UnexpectedPass,
    /// A prerequisite was missing, so nothing can be said.
    Untestable,
    /// No HTTP answer arrived.
    Transport,
    /// The target contradicted a statement.
    Fail,
    /// The harness itself went wrong.
    SuiteError,
}

impl Outcome {
    /// Every outcome, in the order in which a summary lists them.
    pub const ALL: [Self; 10] = [
        Self::Pass,
        Self::Fail,
        Self::ExpectedFail,
        Self::Disputed,
        Self::UnexpectedPass,
        Self::Untestable,
        Self::Transport,
        Self::SuiteError,
        Self::NotDeclared,
        Self::NotSelected,
    ];

    /// Whether it is the worse of two. Nothing is worse than that the target contradicted a statement, not even what happened
    /// to the harness afterwards.
    pub(crate) fn outranks(self, other: Self) -> bool {
        match (self, other) {
            (_, Self::Fail) => false,
            (Self::Fail, _) => true,
            (one, other) => one > other,
        }
    }

    /// The check was carried out, or was to be, and did not come to what it must.
    pub(crate) fn is_trouble(self) -> bool {
        match self {
            Self::Fail
            | Self::UnexpectedPass
            | Self::Untestable
            | Self::Transport
            | Self::SuiteError => true,
            Self::Pass
            | Self::ExpectedFail
            | Self::Disputed
            | Self::NotDeclared
            | Self::NotSelected => false,
        }
    }

    /// The word used in every report.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::ExpectedFail => "expected-fail",
            Self::Disputed => "disputed",
            Self::NotDeclared => "not-declared",
            Self::NotSelected => "not-selected",
            Self::UnexpectedPass => "unexpected-pass",
            Self::Untestable => "untestable",
            Self::Transport => "transport",
            Self::Fail => "fail",
            Self::SuiteError => "suite-error",
        }
    }
}

/// How strongly the source demands what a check checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Breaking it makes the target nonconformant.
    Must,
    /// Breaking it is reported and does not decide the verdict.
    Should,
}

impl Level {
    /// The word used in every report.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
        }
    }
}

/// How many checks came to what, `should` checks apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    must: [usize; Outcome::ALL.len()],
    should: [usize; Outcome::ALL.len()],
    negative_passes: usize,
    /// The expectation file has an entry that is expired or matches nothing.
    pub expectations_stale: bool,
    /// A report could not be written in full.
    pub report_lost: bool,
    /// The whole of a binding was to be judged, and it has not shown what the least level demands.
    pub below_core: bool,
    /// A level that the caller requires is not reached.
    pub below_required: bool,
}

impl Tally {
    /// Counts one check. `negative` says that the check demands a refusal.
    pub fn add(&mut self, outcome: Outcome, level: Level, negative: bool) {
        let counts = match level {
            Level::Must => &mut self.must,
            Level::Should => &mut self.should,
        };
        counts[place(outcome)] += 1;
        if negative && outcome == Outcome::Pass {
            self.negative_passes += 1;
        }
    }

    /// How many checks came to `outcome`, of both levels.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.must[place(outcome)] + self.should[place(outcome)]
    }

    /// How many `should` checks came to `outcome`.
    #[must_use]
    pub fn should(&self, outcome: Outcome) -> usize {
        self.should[place(outcome)]
    }

    /// How many checks that demand a refusal passed.
    #[must_use]
    pub fn negative_passes(&self) -> usize {
        self.negative_passes
    }

    /// How many checks were carried out and led to a statement about the target.
    #[must_use]
    pub fn executed(&self) -> usize {
        [
            Outcome::Pass,
            Outcome::Fail,
            Outcome::ExpectedFail,
            Outcome::Disputed,
            Outcome::UnexpectedPass,
        ]
        .into_iter()
        .map(|outcome| self.count(outcome))
        .sum()
    }

    /// The verdict, worst fact first: a contradiction is certain whatever happened afterwards, a harness that failed cannot
    /// vouch for anything else, what could not be tried leaves everything open, and only where all was tried does it count
    /// against the target that a level is not reached.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let must = |outcome| self.must[place(outcome)];
        if must(Outcome::Fail) > 0 {
            Verdict::Nonconformant
        } else if self.count(Outcome::SuiteError) > 0 || self.report_lost {
            Verdict::HarnessFailed
        } else if self.executed() == 0
            || must(Outcome::Transport) > 0
            || must(Outcome::Untestable) > 0
        {
            Verdict::Inconclusive
        } else if self.below_required {
            Verdict::Nonconformant
        } else if self.below_core {
            Verdict::Inconclusive
        } else if self.count(Outcome::UnexpectedPass) > 0 || self.expectations_stale {
            Verdict::StaleExpectations
        } else {
            Verdict::Conformant
        }
    }
}

/// What the whole run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every required check ran, and passed or was an expected failure.
    Conformant,
    /// At least one unexpected failure.
    Nonconformant,
    /// The command line, the target file or a feature is wrong; nothing was sent.
    Misused,
    /// Nothing was checked, the target did not answer, or a required check could not be tried.
    Inconclusive,
    /// Conformant, but the expectation file says otherwise.
    #[serde(rename = "conformant, but the expectation file is stale")]
    StaleExpectations,
    /// The harness failed.
    #[serde(rename = "the harness failed")]
    HarnessFailed,
}

impl Verdict {
    /// The process exit code.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Conformant => 0,
            Self::Nonconformant => 1,
            Self::Misused => 2,
            Self::Inconclusive => 3,
            Self::StaleExpectations => 4,
            Self::HarnessFailed => 5,
        }
    }

    /// The verdict in words.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Conformant => "conformant",
            Self::Nonconformant => "nonconformant",
            Self::Misused => "misused",
            Self::Inconclusive => "inconclusive",
            Self::StaleExpectations => "conformant, but the expectation file is stale",
            Self::HarnessFailed => "the harness failed",
        }
    }
}

fn place(outcome: Outcome) -> usize {
    Outcome::ALL
        .iter()
        .position(|known| *known == outcome)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each row is wrong in every way that the rows below it are not, so a row pins its answer and its rank.
    #[test]
    fn the_worst_fact_decides() {
        use Outcome::*;
        let rows: [(&[Outcome], u8); 15] = [
            (
                &[
                    Fail,
                    SuiteError,
                    Transport,
                    Untestable,
                    UnexpectedPass,
                    Pass,
                ],
                1,
            ),
            (
                &[SuiteError, Transport, Untestable, UnexpectedPass, Pass],
                5,
            ),
            (&[Transport, Untestable, UnexpectedPass, Pass], 3),
            (&[Untestable, UnexpectedPass, Pass], 3),
            (&[Transport], 3),
            (&[Untestable], 3),
            (&[UnexpectedPass, ExpectedFail, Pass], 4),
            (&[ExpectedFail, NotDeclared, NotSelected, Pass], 0),
            (&[ExpectedFail], 0),
            (&[Disputed, NotDeclared], 0),
            (&[Pass], 0),
            (&[NotDeclared], 3),
            (&[NotSelected], 3),
            (&[NotSelected, NotDeclared], 3),
            (&[], 3),
        ];
        for (outcomes, code) in rows {
            let mut tally = Tally::default();
            for outcome in outcomes {
                tally.add(*outcome, Level::Must, false);
            }
            assert_eq!(tally.verdict().exit_code(), code, "{outcomes:?}");
        }
    }

    #[test]
    fn a_should_check_is_reported_and_does_not_decide() {
        for outcome in [Outcome::Fail, Outcome::Transport, Outcome::Untestable] {
            let mut tally = Tally::default();
            tally.add(Outcome::Pass, Level::Must, false);
            tally.add(outcome, Level::Should, false);
            assert_eq!(tally.verdict(), Verdict::Conformant, "{outcome:?}");
            assert_eq!(tally.should(outcome), 1);
        }
        let mut only = Tally::default();
        only.add(Outcome::Transport, Level::Should, false);
        assert_eq!(
            only.verdict(),
            Verdict::Inconclusive,
            "nothing was executed"
        );
    }

    #[test]
    fn a_lost_report_and_a_stale_expectation_are_not_green() {
        let mut tally = Tally::default();
        tally.add(Outcome::Pass, Level::Must, true);
        assert_eq!(tally.negative_passes(), 1);
        tally.expectations_stale = true;
        assert_eq!(tally.verdict().exit_code(), 4);
        tally.report_lost = true;
        assert_eq!(tally.verdict().exit_code(), 5);
        assert_eq!(Verdict::Misused.exit_code(), 2);
    }

    /// A level that is not reached counts against the target only when all of it could be tried.
    #[test]
    fn a_level_that_is_not_reached_is_the_targets_where_all_was_tried() {
        use Outcome::*;
        let rows: [(&[Outcome], u8); 6] = [
            (&[Pass], 1),
            (&[Pass, NotDeclared], 1),
            (&[Fail, Transport, SuiteError], 1),
            (&[Pass, Transport], 3),
            (&[Untestable], 3),
            (&[Pass, SuiteError, Transport], 5),
        ];
        for (outcomes, code) in rows {
            let mut tally = Tally {
                below_required: true,
                below_core: true,
                ..Tally::default()
            };
            for outcome in outcomes {
                tally.add(*outcome, Level::Must, false);
            }
            assert_eq!(tally.verdict().exit_code(), code, "{outcomes:?}");
        }
    }

    #[test]
    fn every_outcome_has_its_own_place() {
        for outcome in Outcome::ALL {
            let mut tally = Tally::default();
            tally.add(outcome, Level::Must, false);
            for other in Outcome::ALL {
                assert_eq!(tally.count(other), usize::from(other == outcome));
            }
        }
    }
}
