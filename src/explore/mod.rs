//! Looks for what nobody wrote a scenario for: random sequences of actions upon a token, and several clients at once, with the rules
//! of tokens (`domain`) as the judge of what comes back. It speaks to a target as `conformance` does, and it must not know how.

mod action;
mod linear;
mod race;
mod sequence;

use std::time::Duration;

use tokio::time::Instant;

use crate::conformance::{Spoken, Trials};
use crate::report::{CheckReport, Outcome};

pub use action::Action;
pub use linear::{Call, Said, is_linearizable};
pub use race::{Raced, Unexplained, race, timeline};

/// How much is to be tried.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Decides the sequences.
    pub seed: String,
    /// How many sequences or histories at the most.
    pub count: usize,
    /// How many actions a sequence has, or a client of a history, at the most.
    pub length_max: usize,
    /// How many clients ask at once.
    pub clients: usize,
    /// When no more is begun.
    pub time: Duration,
}

/// What exploring has come to.
#[derive(Debug)]
pub struct Explored {
    /// How many sequences were tried to their end.
    pub tried: usize,
    /// How many could not be, and why the last of them.
    pub untried: Vec<String>,
    pub found: Option<Found>,
}

/// A sequence after which the target is not where the rules say.
#[derive(Debug)]
pub struct Found {
    /// How many sequences had been tried by then.
    pub after: usize,
    /// The shortest that was found, and the scenario that it makes.
    pub actions: Vec<Action>,
    pub scenario: String,
    /// What came of it.
    pub report: CheckReport,
}

/// Tries random sequences over a binding until one shows a difference, and shortens it.
///
/// # Errors
/// A text where a binding has nothing to explore, or the harness is wrong.
pub async fn explore(trials: &Trials, spoken: &Spoken, asked: &Asked) -> Result<Explored, String> {
    let has = |action: &Action| spoken.capabilities.contains(action.capability());
    let actions: Vec<Action> = Action::ALL.into_iter().filter(has).collect();
    let changes = actions.iter().any(|action| action.command().is_some());
    if !changes || !actions.contains(&Action::Read) {
        return Err(format!(
            "{} declares nothing that changes a token and can be read, so there is nothing to explore",
            spoken.name
        ));
    }
    let deadline = Instant::now() + asked.time;
    let mut explored = Explored {
        tried: 0,
        untried: Vec::new(),
        found: None,
    };
    let mut trial = Trial {
        trials,
        spoken,
        count: 0,
    };
    for number in 0..asked.count {
        if Instant::now() >= deadline {
            break;
        }
        let sequence = sequence::sequence(&asked.seed, number, asked.length_max, &actions);
        let report = trial.of(&sequence, false).await?;
        if report.outcome == Outcome::Fail {
            let (actions, report) = trial.shorten(sequence).await?;
            explored.found = Some(Found {
                after: number + 1,
                scenario: sequence::scenario(&actions),
                actions,
                report,
            });
            break;
        }
        if report.outcome == Outcome::Pass {
            explored.tried += 1;
        } else {
            explored.untried.push(report.reason.to_string());
        }
    }
    Ok(explored)
}

/// Carries out sequences, each in a world of its own.
struct Trial<'a> {
    trials: &'a Trials,
    spoken: &'a Spoken,
    count: usize,
}

impl Trial<'_> {
    async fn of(&mut self, sequence: &[Action], script: bool) -> Result<CheckReport, String> {
        self.count += 1;
        let text = sequence::scenario(sequence);
        let name = &self.spoken.name;
        self.trials.scenario(name, self.count, &text, script).await
    }

    /// Leaves out what is not needed for the difference, one action after the other, until each of them is.
    async fn shorten(&mut self, found: Vec<Action>) -> Result<(Vec<Action>, CheckReport), String> {
        let mut shortest = found;
        'shorter: loop {
            let all: Vec<Vec<Action>> = sequence::shorter(&shortest).collect();
            for less in all {
                if self.of(&less, false).await?.outcome == Outcome::Fail {
                    shortest = less;
                    continue 'shorter;
                }
            }
            let report = self.of(&shortest, true).await?;
            return Ok((shortest, report));
        }
    }
}
