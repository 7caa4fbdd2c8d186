//! The console: one line per check as it happens, then each failure with its transcript, then counts and the verdict. The
//! same text in a terminal and in a CI log, and no cursor movement; on a terminal what a check came to is coloured.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::AnsiColor;

use super::{CheckReport, Closing, Opening, Outcome, Reporter, StepEnd, Suite, Tally, transcript};

/// How much of a body is shown; the files have more.
const BODY_BYTES_MAX: usize = 500;

/// Writes to the terminal.
pub(crate) struct Console<W> {
    out: W,
    quiet: bool,
    /// Where what is ours alone goes as it is, which are the colours: a terminal obeys nothing that stands in `out`.
    own: Option<Box<dyn Write>>,
    to_run: usize,
    done: usize,
    tally: Tally,
    trouble: Vec<CheckReport>,
    reasons: BTreeMap<(Outcome, String), usize>,
    behaviour: BTreeMap<String, Spoken>,
}

/// How many checks of the behaviour suite one binding has seen.
#[derive(Clone, Copy, Debug, Default)]
struct Spoken {
    ran: usize,
    not_declared: usize,
    untried: usize,
}

impl<W: Write> Console<W> {
    /// `quiet` leaves out the lines of checks that passed.
    pub(crate) fn new(out: W, quiet: bool) -> Self {
        Self {
            out,
            quiet,
            own: None,
            to_run: 0,
            done: 0,
            tally: Tally::default(),
            trouble: Vec::new(),
            reasons: BTreeMap::new(),
            behaviour: BTreeMap::new(),
        }
    }

    /// With the word for what a check came to in colour, which goes to this stream; it is the one that `out` writes to.
    pub(crate) fn in_colour(mut self, own: Option<Box<dyn Write>>) -> Self {
        self.own = own;
        self
    }

    /// Writes the word for what a check came to, as wide as the widest.
    fn word(&mut self, outcome: Outcome) -> io::Result<()> {
        let word = outcome.word();
        let Some(own) = &mut self.own else {
            return write!(self.out, "{word:<11}");
        };
        let colour = match outcome {
            Outcome::Pass => AnsiColor::Green,
            Outcome::Fail | Outcome::SuiteError => AnsiColor::Red,
            Outcome::ExpectedFail
            | Outcome::Disputed
            | Outcome::NotDeclared
            | Outcome::NotSelected
            | Outcome::UnexpectedPass
            | Outcome::Untestable
            | Outcome::Transport => AnsiColor::Yellow,
        };
        let style = colour.on_default();
        write!(own, "{style}{word:<11}{style:#}")
    }
}

impl<W: Write> Reporter for Console<W> {
    fn opened(&mut self, opening: &Opening) -> io::Result<()> {
        self.to_run = opening.to_run;
        let profile = opening.profile.join(", ");
        writeln!(
            self.out,
            "standin conform: {} at {}",
            opening.target, opening.base_url
        )?;
        let (run, checks, seed) = (opening.to_run, opening.checks, &opening.seed);
        let run_id = match opening.run_id.as_str() {
            "" => String::new(),
            run_id => format!(" --run-id {run_id}"),
        };
        writeln!(
            self.out,
            "profile {profile}; {run} of {checks} checks to run; --seed {seed}{run_id}"
        )?;
        for alone in &opening.alone {
            let what = alone.why.strip_prefix("it ").unwrap_or(&alone.why);
            match alone.checks {
                1 => writeln!(self.out, "1 check runs alone: it {what}")?,
                checks => writeln!(self.out, "{checks} checks run alone: each {what}")?,
            }
        }
        writeln!(self.out)?;
        self.out.flush()
    }

    fn checked(&mut self, check: &CheckReport) -> io::Result<()> {
        self.tally.add(check.outcome, check.level, check.negative);
        self.count_behaviour(check);
        match check.outcome {
            Outcome::NotSelected | Outcome::NotDeclared => {
                *self
                    .reasons
                    .entry((check.outcome, check.reason.to_string()))
                    .or_default() += 1;
                return Ok(());
            }
            Outcome::Pass | Outcome::ExpectedFail | Outcome::Disputed if self.quiet => {
                self.done += 1;
                return Ok(());
            }
            Outcome::Pass | Outcome::ExpectedFail | Outcome::Disputed => {}
            // It was never begun, and one sentence says why of all that were not.
            Outcome::Untestable | Outcome::Transport if check.steps.is_empty() => {
                let reason = (check.outcome, check.reason.to_string());
                *self.reasons.entry(reason).or_default() += 1;
                return Ok(());
            }
            Outcome::UnexpectedPass
            | Outcome::Untestable
            | Outcome::Transport
            | Outcome::Fail
            | Outcome::SuiteError => self.trouble.push(check.clone()),
        }
        self.done += 1;
        let (done, to_run) = (self.done, self.to_run);
        let elapsed = check.elapsed.as_millis();
        write!(self.out, "[{done:>3}/{to_run}] ")?;
        self.word(check.outcome)?;
        writeln!(self.out, " {}  {} ({elapsed} ms)", check.id, check.name)?;
        self.out.flush()
    }

    fn closed(&mut self, closing: &Closing) -> io::Result<()> {
        self.explain_all()?;
        writeln!(self.out)?;
        let left_out = |outcome| matches!(outcome, Outcome::NotDeclared | Outcome::NotSelected);
        if self.reasons.keys().any(|(outcome, _)| !left_out(*outcome)) {
            // What the target does not claim is of no interest while nothing of it can be seen.
            self.behaviour.clear();
            self.reasons.retain(|(outcome, _), _| !left_out(*outcome));
        }
        for (binding, spoken) in &self.behaviour {
            let Spoken {
                ran,
                not_declared,
                untried,
            } = spoken;
            let untried = match untried {
                0 => String::new(),
                count => format!(", {count} could not be tried"),
            };
            writeln!(
                self.out,
                "behaviour over {binding}: {ran} checks ran, {not_declared} not declared{untried}"
            )?;
        }
        for ((outcome, reason), count) in &self.reasons {
            let checks = if *count == 1 { "check" } else { "checks" };
            writeln!(self.out, "{}: {reason} ({count} {checks})", outcome.word())?;
        }
        for outcome in Outcome::ALL {
            let count = self.tally.count(outcome);
            if count > 0 || outcome == Outcome::Pass || outcome == Outcome::Fail {
                let should = self.tally.should(outcome);
                let note = if should > 0 {
                    format!(" ({should} of level should)")
                } else {
                    String::new()
                };
                writeln!(self.out, "{:<16}{count:>5}{note}", outcome.word())?;
            }
        }
        let nothing = self.tally.executed() == 0;
        for line in closing.levels.iter().filter(|_| !nothing) {
            writeln!(self.out, "{line}")?;
        }
        self.note(closing, nothing)?;
        let (verdict, code) = (closing.verdict.word(), closing.verdict.exit_code());
        let seconds = closing.elapsed.as_secs_f64();
        writeln!(
            self.out,
            "verdict: {verdict} (exit {code}) after {seconds:.1} s"
        )?;
        self.out.flush()
    }
}

impl<W: Write> Console<W> {
    /// What else the verdict rests on.
    fn note(&mut self, closing: &Closing, nothing: bool) -> io::Result<()> {
        if closing.below_required {
            writeln!(self.out, "a level that --require names is not reached")?;
        }
        if closing.below_core && !nothing {
            writeln!(
                self.out,
                "a binding has not shown what core demands, so nothing is called conformant"
            )?;
        }
        let expected = self.tally.count(Outcome::ExpectedFail);
        if expected > self.tally.should(Outcome::ExpectedFail) {
            writeln!(
                self.out,
                "without the file of expected failures the verdict would be nonconformant"
            )?;
        }
        if closing.interrupted {
            writeln!(
                self.out,
                "interrupted: what had not run counts as untestable"
            )?;
        }
        Ok(())
    }
}

/// What was seen and what the target had said last, whole. What two checks saw in the same words is one thing, such as an error
/// page for every card.
fn same_answer(check: &CheckReport) -> Option<String> {
    let broken = check
        .steps
        .iter()
        .find(|step| step.end == StepEnd::Broken)?;
    let (actual, last) = (broken.actual.as_ref()?, check.exchanges.last()?);
    let body = &last.answer_body;
    Some(format!("{actual}\n{:?} {body}", last.status))
}

impl<W: Write> Console<W> {
    fn count_behaviour(&mut self, check: &CheckReport) {
        if check.suite == Suite::Wire || check.outcome == Outcome::NotSelected {
            return;
        }
        let spoken = self.behaviour.entry(check.over.clone()).or_default();
        match check.outcome {
            Outcome::Pass
            | Outcome::Fail
            | Outcome::ExpectedFail
            | Outcome::Disputed
            | Outcome::UnexpectedPass => {
                spoken.ran += 1;
            }
            Outcome::NotDeclared => spoken.not_declared += 1,
            Outcome::NotSelected
            | Outcome::Untestable
            | Outcome::Transport
            | Outcome::SuiteError => spoken.untried += 1,
        }
    }

    /// Each failure with its transcript; those for the same reason, or after the same answer, by name alone.
    fn explain_all(&mut self) -> io::Result<()> {
        let mut explained: BTreeMap<String, String> = BTreeMap::new();
        for check in std::mem::take(&mut self.trouble) {
            let (word, id) = (check.outcome.word(), &check.id);
            let reason = format!("{word} {}", check.reason);
            let answer = same_answer(&check);
            let alike = answer.as_ref().and_then(|answer| explained.get(answer));
            if let Some(first) = explained.get(&reason) {
                writeln!(self.out, "{word} {id}: for the same reason as {first}")?;
            } else if let Some(first) = alike {
                writeln!(self.out, "{word} {id}: got the same answer as {first}")?;
            } else {
                self.explain(&check)?;
                for known in answer.into_iter().chain([reason]) {
                    explained.insert(known, check.id.clone());
                }
            }
        }
        Ok(())
    }

    fn explain(&mut self, check: &CheckReport) -> io::Result<()> {
        let level = check.level.word();
        writeln!(self.out)?;
        writeln!(
            self.out,
            "{} {} ({level}): {}",
            check.outcome.word(),
            check.id,
            check.name
        )?;
        writeln!(self.out, "  {}, from {}", check.location, check.source)?;
        for clause in &check.clauses {
            writeln!(self.out, "  {}: {}", clause.id, clause.text)?;
        }
        if check.steps.is_empty() {
            writeln!(self.out, "  {}", check.reason)?;
        }
        let exchanges = transcript::exchanges(check, BODY_BYTES_MAX);
        let text = [transcript::steps(check), exchanges].concat();
        for line in text.lines() {
            writeln!(self.out, "  {line}")?;
        }
        Ok(())
    }
}
