//! A run that is over, as its event log (`--json`) tells it: what each check came to, what a file of expectations for it would say,
//! and how it differs from another.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use serde_json::Value;

use super::verdict::Outcome;

/// What a check came to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Came {
    outcome: String,
    name: String,
    reason: String,
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    target: String,
    verdict: String,
    checks: BTreeMap<String, Came>,
}

impl Past {
    /// Reads the event log of a run.
    ///
    /// # Errors
    /// A text that names the file and the line.
    pub fn read(file: &Path) -> Result<Self, String> {
        let name = file.display();
        let text = std::fs::read_to_string(file).map_err(|error| format!("{name}: {error}"))?;
        Self::parse(&text).map_err(|why| format!("{name}: {why}"))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut past = Self::default();
        let mut begun = false;
        for (place, line) in text.lines().enumerate() {
            let number = place + 1;
            let event: Value = serde_json::from_str(line)
                .map_err(|error| format!("line {number}: {error}; is it what --json wrote?"))?;
            let text = |name: &str| {
                let found = event[name].as_str().map(str::to_owned);
                found.ok_or_else(|| format!("line {number}: there is no text in {name}"))
            };
            match event["event"].as_str() {
                Some("run") => {
                    past.target = text("target")?;
                    begun = true;
                }
                Some("check") => {
                    let outcome = text("outcome")?;
                    if Outcome::ALL.iter().all(|known| known.word() != outcome) {
                        return Err(format!("line {number}: {outcome:?} is no outcome"));
                    }
                    let came = Came {
                        outcome,
                        name: text("name")?,
                        reason: text("reason")?,
                    };
                    past.checks.insert(text("id")?, came);
                }
                Some("end") => past.verdict = text("verdict")?,
                _ => return Err(format!("line {number} is no event of a run")),
            }
        }
        if !begun {
            return Err("it has no run in it; is it what --json wrote?".to_owned());
        }
        if past.verdict.is_empty() {
            "broken off".clone_into(&mut past.verdict);
        }
        Ok(past)
    }

    /// The checks that did not come to what they must, and could be tried.
    pub(crate) fn failed(&self) -> BTreeSet<&str> {
        let bad = [
            Outcome::Fail,
            Outcome::UnexpectedPass,
            Outcome::Untestable,
            Outcome::Transport,
            Outcome::SuiteError,
        ];
        let is_bad = |came: &Came| bad.iter().any(|bad| bad.word() == came.outcome);
        let checks = self.checks.iter();
        checks
            .filter(|(_, came)| is_bad(came))
            .map(|(id, _)| id.as_str())
            .collect()
    }

    /// A file of expectations with an entry for everything that failed; why it may is for a person to say.
    ///
    /// # Errors
    /// A text where nothing has failed.
    pub fn expectations(&self) -> Result<String, String> {
        let failed = |came: &&Came| came.outcome == Outcome::Fail.word();
        let mut out = format!(
            "# What is known to fail at {}. Write why into each reason, and perhaps a link and the last day on which it counts:\n# link = \"https://…\", expires = \"2026-12-31\". An entry that passes one day makes the file stale.\n",
            self.target
        );
        let mut count = 0;
        for (id, came) in &self.checks {
            if !failed(&came) {
                continue;
            }
            count += 1;
            let (check, said) = (quoted(id), came.reason.replace(['\n', '\r'], " "));
            let _ = write!(
                out,
                "\n# {}\n# {said}\n[[expected]]\ncheck = {check}\nreason = \"\"\n",
                came.name
            );
        }
        if count == 0 {
            return Err("nothing has failed, so there is nothing to expect".to_owned());
        }
        Ok(out)
    }

    /// How a later run differs, as Markdown.
    #[must_use]
    pub fn differences(&self, later: &Self) -> String {
        let mut out = format!("# {} before and after\n\n", later.target);
        let _ = writeln!(out, "Verdict: {} → {}\n", self.verdict, later.verdict);
        let ids: BTreeSet<&String> = self.checks.keys().chain(later.checks.keys()).collect();
        let word = |came: Option<&Came>| came.map_or("—", |came| came.outcome.as_str()).to_owned();
        let mut rows: BTreeMap<(usize, &str), Vec<String>> = BTreeMap::new();
        for id in ids {
            let (was, is) = (self.checks.get(id), later.checks.get(id));
            let (before, after) = (word(was), word(is));
            if before == after {
                continue;
            }
            let kind = match (before.as_str(), after.as_str()) {
                (_, "fail") => (0, "Fails now"),
                ("fail", "pass") => (1, "Passes now"),
                ("—", _) => (3, "New"),
                (_, "—") => (4, "Gone"),
                (_, _) => (2, "Otherwise changed"),
            };
            let why = is.map_or("", |came| came.reason.as_str());
            let why = why.replace('|', "\\|").replace(['\n', '\r'], " ");
            let row = format!("| `{id}` | {before} | {after} | {why} |");
            rows.entry(kind).or_default().push(row);
        }
        if rows.is_empty() {
            out.push_str("Every check came to the same.\n");
        }
        for ((_, title), rows) in rows {
            let _ = writeln!(out, "## {title} ({})\n", rows.len());
            out.push_str("| check | before | after | why |\n|---|---|---|---|\n");
            out.push_str(&rows.join("\n"));
            out.push_str("\n\n");
        }
        let whole = out.trim_end().len();
        out.truncate(whole);
        out.push('\n');
        out
    }
}

/// The checks that are to be tried again. None at all is a mistake of the caller's, not a run without checks.
///
/// # Errors
/// A text for the caller.
pub(crate) fn failed_before(run: Option<&Path>) -> Result<Option<BTreeSet<String>>, String> {
    let Some(file) = run else { return Ok(None) };
    let past = Past::read(file).map_err(|why| format!("--rerun-failed {why}"))?;
    let failed: BTreeSet<String> = past.failed().into_iter().map(str::to_owned).collect();
    if failed.is_empty() {
        let name = file.display();
        return Err(format!(
            "--rerun-failed {name}: nothing failed in that run, so there is nothing to try again"
        ));
    }
    Ok(Some(failed))
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn past(verdict: &str, checks: &[(&str, &str)]) -> Past {
        let mut lines = vec![r#"{"event":"run","target":"t"}"#.to_owned()];
        for (id, outcome) in checks {
            lines.push(format!(
                r#"{{"event":"check","id":"{id}","name":"N","outcome":"{outcome}","reason":"a | b"}}"#
            ));
        }
        lines.push(format!(r#"{{"event":"end","verdict":"{verdict}"}}"#));
        Past::parse(&lines.join("\n")).unwrap()
    }

    #[test]
    fn two_runs_are_told_apart() {
        let old = past(
            "conformant",
            &[("a", "pass"), ("b", "fail"), ("c", "pass"), ("d", "pass")],
        );
        let new = past(
            "nonconformant",
            &[
                ("a", "fail"),
                ("b", "pass"),
                ("c", "untestable"),
                ("e", "pass"),
            ],
        );
        let said = old.differences(&new);
        for part in [
            "Verdict: conformant → nonconformant",
            "## Fails now (1)\n\n| check | before | after | why |\n|---|---|---|---|\n| `a` | pass | fail | a \\| b |",
            "## Passes now (1)",
            "| `c` | pass | untestable |",
            "| `e` | — | pass |",
            "| `d` | pass | — |",
        ] {
            assert!(said.contains(part), "{part}\n{said}");
        }
        assert!(
            old.differences(&old)
                .contains("Every check came to the same.")
        );
        assert_eq!(new.failed(), BTreeSet::from(["a", "c"]));
    }

    #[test]
    fn what_failed_is_drafted_and_needs_a_reason() {
        let run = past("nonconformant", &[("a/x", "fail"), ("b/x", "pass")]);
        let text = run.expectations().unwrap();
        let file: toml::Table = toml::from_str(&text).unwrap();
        let entries = file["expected"].as_array().unwrap();
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0]["check"].as_str(), Some("a/x"));
        assert!(past("conformant", &[("a", "pass")]).expectations().is_err());
    }

    #[test]
    fn what_is_no_log_of_a_run_is_told_of() {
        for (text, said) in [
            ("", "no run"),
            ("{}", "line 1"),
            ("x", "line 1"),
            (r#"{"event":"run"}"#, "line 1: there is no text in target"),
            ("{\"event\":\"run\",\"target\":\"t\"}\n<x>", "line 2"),
            (
                r#"{"event":"check","id":"a","name":"N","reason":"","outcome":"passed"}"#,
                "\"passed\" is no outcome",
            ),
            (
                r#"{"event":"check","id":7,"name":"N","reason":"","outcome":"pass"}"#,
                "there is no text in id",
            ),
        ] {
            let why = Past::parse(text).unwrap_err();
            assert!(why.contains(said), "{text}: {why}");
        }
        let cut = Past::parse(r#"{"event":"run","target":"t"}"#).unwrap();
        assert_eq!(cut.verdict, "broken off");
    }
}
