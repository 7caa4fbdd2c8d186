//! A run as its event log tells it: the one reader, of which every report is made.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use serde::Deserialize;

use super::{CheckReport, Closing, Event, FORM, Opening, Outcome, Reporter, Tally};
use crate::limits::EVENT_LOG_BYTES_MAX;

/// A run, perhaps not to its end.
#[derive(Clone, Debug)]
pub struct Run {
    pub opening: Opening,
    /// In the order in which they came to something.
    pub checks: Vec<CheckReport>,
    /// None of a run that was killed.
    pub closing: Option<Closing>,
    /// The number of the last line, where it was being written when the run was killed. What it would have told is lost.
    pub torn: Option<usize>,
}

/// Which form a first line has, whatever else it holds.
#[derive(Deserialize)]
struct Form {
    event: Option<String>,
    form: Option<u32>,
}

impl Run {
    /// Reads the event log of a run.
    ///
    /// # Errors
    /// A text that names the file and the line.
    pub fn read(file: &Path) -> Result<Self, String> {
        Self::read_within(file, EVENT_LOG_BYTES_MAX)
    }

    /// The same, if it has at most so many bytes.
    ///
    /// # Errors
    /// A text that names the file and the line.
    pub fn read_within(file: &Path, bytes_max: usize) -> Result<Self, String> {
        let name = file.display();
        let read = || -> io::Result<Vec<u8>> {
            let mut bytes = Vec::new();
            let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX);
            File::open(file)?
                .take(limit.saturating_add(1))
                .read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let bytes = read().map_err(|error| format!("{name}: {error}"))?;
        if bytes.len() > bytes_max {
            return Err(format!("{name}: more than {bytes_max} bytes are not read"));
        }
        Self::parse(&bytes).map_err(|why| format!("{name}: {why}"))
    }

    /// Reads the text of an event log.
    ///
    /// # Errors
    /// A text that names the line.
    pub fn parse(log: &[u8]) -> Result<Self, String> {
        let mut lines = log.split_inclusive(|byte| *byte == b'\n').enumerate();
        let first = lines.next().map(|(_, line)| line);
        let first = first.filter(|line| !line.trim_ascii().is_empty());
        let first = first.ok_or("line 1: it is empty; is it what --json wrote?")?;
        let mut run = Self {
            opening: opening(first).map_err(|why| format!("line 1: {why}"))?,
            checks: Vec::new(),
            closing: None,
            torn: None,
        };
        let mut ids = BTreeSet::new();
        for (place, line) in lines {
            let number = place + 1;
            let event = match serde_json::from_slice::<Event>(line) {
                Ok(event) => event,
                Err(_) if !line.ends_with(b"\n") => {
                    run.torn = Some(number);
                    break;
                }
                Err(error) => return Err(format!("line {number}: {}", told(&error))),
            };
            if run.closing.is_some() {
                return Err(format!("line {number} comes after the end of the run"));
            }
            match event {
                Event::Run(_) => return Err(format!("line {number}: a second run begins")),
                Event::Check(check) if !ids.insert(check.id.clone()) => {
                    return Err(format!("line {number}: {} is there twice", check.id));
                }
                Event::Check(check) => run.checks.push(*check),
                Event::End(closing) => run.closing = Some(closing),
            }
        }
        Ok(run)
    }

    /// How many checks came to what.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for check in &self.checks {
            tally.add(check.outcome, check.level, check.negative);
        }
        if let Some(closing) = &self.closing {
            tally.expectations_stale = closing.expectations_stale;
            tally.below_core = closing.below_core;
            tally.below_required = closing.below_required;
        }
        tally
    }

    /// The verdict in words.
    #[must_use]
    pub fn verdict(&self) -> &'static str {
        let closing = self.closing.as_ref();
        closing.map_or("broken off", |closing| closing.verdict.word())
    }

    /// The checks that did not come to what they must, and could be tried.
    pub(crate) fn failed(&self) -> BTreeSet<&str> {
        let checks = self.checks.iter();
        let failed = checks.filter(|check| check.outcome.is_trouble());
        failed.map(|check| check.id.as_str()).collect()
    }

    /// Tells the run again, to a listener.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn tell(&self, listener: &mut dyn Reporter) -> io::Result<()> {
        listener.opened(&self.opening)?;
        for check in &self.checks {
            listener.checked(check)?;
        }
        match &self.closing {
            Some(closing) => listener.closed(closing),
            None => Ok(()),
        }
    }
}

fn opening(line: &[u8]) -> Result<Opening, String> {
    let hint = "is it what --json wrote?";
    let form: Form =
        serde_json::from_slice(line).map_err(|error| format!("{}; {hint}", told(&error)))?;
    if form.event.as_deref() != Some("run") {
        return Err(format!("no run begins there; {hint}"));
    }
    match form.form {
        Some(FORM) => {}
        Some(other) => {
            return Err(format!(
                "the log has form {other}, and this standin reads form {FORM}"
            ));
        }
        None => return Err("it does not say in `form` which form the log has".to_owned()),
    }
    match serde_json::from_slice(line).map_err(|error| told(&error))? {
        Event::Run(opening) => Ok(opening),
        Event::Check(_) | Event::End(_) => Err(hint.to_owned()),
    }
}

/// What is wrong with one line, whose number is told apart.
fn told(error: &serde_json::Error) -> String {
    let whole = error.to_string();
    let (why, _) = whole.rsplit_once(" at line ").unwrap_or((&whole, ""));
    format!("{why} (column {})", error.column())
}

/// A listener that keeps everything.
#[derive(Debug, Default)]
pub(crate) struct Keep(Option<Run>);

impl Keep {
    /// The run, once it has begun.
    pub(crate) fn run(&self) -> Option<&Run> {
        self.0.as_ref()
    }
}

impl Reporter for Keep {
    fn opened(&mut self, opening: &Opening) -> io::Result<()> {
        self.0 = Some(Run {
            opening: opening.clone(),
            checks: Vec::new(),
            closing: None,
            torn: None,
        });
        Ok(())
    }

    fn checked(&mut self, check: &CheckReport) -> io::Result<()> {
        let mut check = check.clone();
        // No report shows what a check that passed has said.
        if check.outcome == Outcome::Pass {
            check.exchanges.clear();
        }
        if let Some(run) = &mut self.0 {
            run.checks.push(check);
        }
        Ok(())
    }

    fn closed(&mut self, closing: &Closing) -> io::Result<()> {
        if let Some(run) = &mut self.0 {
            run.closing = Some(closing.clone());
        }
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    /// The event log of a run with these checks.
    pub(in super::super) fn log(verdict: &str, checks: &[(&str, &str)]) -> String {
        let run = json!({"event": "run", "form": 1, "version": "0", "started_s": null, "target": "t",
            "base_url": "http://t", "profile": ["x"], "seed": "s", "checks": checks.len(), "to_run": checks.len(),
            "picked": false, "fail_fast": false, "behaviour": true, "require": [], "alone": []});
        let mut lines = vec![run.to_string()];
        for (id, outcome) in checks {
            let check = json!({"event": "check", "id": id, "check": id, "over": "x", "suite": "behaviour", "feature": "f",
                "name": "N", "location": "f:1", "source": "s", "level": "must", "negative": false, "outcome": outcome,
                "reason": "a | b", "steps": [], "exchanges": [], "elapsed_ms": 1});
            lines.push(check.to_string());
        }
        let end = json!({"event": "end", "verdict": verdict, "exit_code": 0, "interrupted": false, "negative_passes": 0,
            "counts": {}, "levels": [], "elapsed_ms": 7});
        lines.push(end.to_string());
        lines.join("\n") + "\n"
    }

    #[test]
    fn what_is_written_is_read() {
        let run = Run::parse(log("nonconformant", &[("a", "fail"), ("b", "pass")]).as_bytes());
        let run = run.unwrap();
        assert_eq!((run.checks.len(), run.verdict()), (2, "nonconformant"));
        assert_eq!(run.failed(), BTreeSet::from(["a"]));
        let mut again = Vec::new();
        run.tell(&mut super::super::Ndjson(&mut again)).unwrap();
        let read = Run::parse(&again).unwrap();
        assert_eq!(format!("{read:?}"), format!("{run:?}"));
    }

    /// A run can be killed at any byte. What it has told in whole lines is there.
    #[test]
    fn a_log_that_breaks_off_anywhere_is_read_as_far_as_it_goes() {
        let whole = log("conformant", &[("ä", "pass"), ("b", "fail")]);
        let first = whole.find('\n').unwrap();
        for end in first..whole.len() {
            let run = Run::parse(&whole.as_bytes()[..end]).unwrap();
            let lines = whole.as_bytes()[..end]
                .iter()
                .filter(|byte| **byte == b'\n');
            let complete = lines.count();
            let torn = run.torn.map(|line| line - 1);
            assert!(torn.is_none_or(|before| before == complete), "{end}");
            let told = 1 + run.checks.len() + usize::from(run.closing.is_some());
            assert!(told == complete || told == complete + 1, "{end}: {told}");
        }
    }

    #[test]
    fn what_is_no_log_of_a_run_is_told_of_with_its_line() {
        let whole = log("conformant", &[("a", "pass")]);
        let lines: Vec<&str> = whole.lines().collect();
        let twice = format!("{}\n{}\n{}\n", lines[0], lines[1], lines[1]);
        let rows: [(&str, &str); 13] = [
            ("", "line 1: it is empty"),
            ("{}\n", "line 1: no run begins there"),
            (
                "<testsuites>\n",
                "line 1: expected value (column 1); is it what --json wrote?",
            ),
            ("{\"event\":\"run\"}\n", "line 1: it does not say in `form`"),
            (
                "{\"event\":\"run\",\"form\":2}\n",
                "the log has form 2, and this standin reads form 1",
            ),
            (
                "{\"event\":\"run\",\"form\":1}\n",
                "line 1: missing field `version`",
            ),
            (&format!("{}\n<x>\n", lines[0]), "line 2: expected value"),
            (
                &whole.replace("\"pass\"", "\"passed\""),
                "line 2: unknown variant `passed`",
            ),
            (
                &whole.replace("\"id\":\"a\"", "\"id\":7"),
                "line 2: invalid type: integer `7`",
            ),
            (
                &whole.replace("\"conformant\"", "\"fine\""),
                "line 3: unknown variant `fine`",
            ),
            (&twice, "line 3: a is there twice"),
            (
                &format!("{whole}{}\n", lines[1]),
                "line 4 comes after the end",
            ),
            (
                &format!("{}\n{}\n", lines[0], lines[0]),
                "line 2: a second run begins",
            ),
        ];
        for (text, said) in rows {
            let why = Run::parse(text.as_bytes()).unwrap_err();
            assert!(why.contains(said), "{text}: {why}");
        }
        assert!(Run::parse(b"\xff\xfe\n").is_err());
    }
}
