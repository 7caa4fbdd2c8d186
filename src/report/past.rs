//! What is made of runs that are over: what a file of expectations for one would say, and how it differs from another.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::markdown::plain;
use super::{CheckReport, Outcome, Run};

impl Run {
    /// A file of expectations with an entry for everything that failed; why it may is for a person to say.
    ///
    /// # Errors
    /// A text where nothing has failed.
    pub fn expectations(&self) -> Result<String, String> {
        let failed = |check: &&CheckReport| check.outcome == Outcome::Fail;
        let mut out = format!(
            "# What is known to fail at {}. Write why into each reason, and perhaps a link and the last day on which it counts:\n# link = \"https://…\", expires = \"2026-12-31\". An entry that passes one day makes the file stale.\n",
            self.opening.target
        );
        let mut count = 0;
        let mut checks: Vec<_> = self.checks.iter().filter(failed).collect();
        checks.sort_by(|one, other| one.id.cmp(&other.id));
        for failed in checks {
            count += 1;
            let said = failed.reason.as_str().replace(['\n', '\r'], " ");
            let check = quoted(&failed.id);
            let _ = write!(
                out,
                "\n# {}\n# {said}\n[[expected]]\ncheck = {check}\nreason = \"\"\n",
                failed.name
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
        let mut out = format!("# {} before and after\n\n", later.opening.target);
        let _ = writeln!(out, "Verdict: {} → {}\n", self.verdict(), later.verdict());
        let by_id = |run: &Self| -> BTreeMap<String, CheckReport> {
            let checks = run.checks.iter();
            checks
                .map(|check| (check.id.clone(), check.clone()))
                .collect()
        };
        let (old, new) = (by_id(self), by_id(later));
        let ids: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        let word = |check: Option<&CheckReport>| check.map_or("—", |check| check.outcome.word());
        let mut rows: BTreeMap<(usize, &str), Vec<String>> = BTreeMap::new();
        for id in ids {
            let (was, is) = (old.get(id), new.get(id));
            let (before, after) = (word(was), word(is));
            if before == after {
                continue;
            }
            let kind = match (before, after) {
                (_, "fail") => (0, "Fails now"),
                ("fail", "pass") => (1, "Passes now"),
                ("—", _) => (3, "New"),
                (_, "—") => (4, "Gone"),
                (_, _) => (2, "Otherwise changed"),
            };
            let why = is.map_or("", |check| check.reason.as_str());
            let why = plain(why);
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

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::run::tests::log;
    use super::*;

    fn past(verdict: &str, checks: &[(&str, &str)]) -> Run {
        Run::parse(log(verdict, checks).as_bytes()).unwrap()
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
}
