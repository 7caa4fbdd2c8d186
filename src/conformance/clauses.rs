//! The clause register: what is demanded, with its source, and which checks look at it. A MUST that nothing checks is an error
//! unless the register says why.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde::Deserialize;

use super::scenario::Case;
use crate::report::{self, Level};

const REGISTER: &str = include_str!("../../features/clauses.toml");

/// See the module.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Register {
    /// What each source is, by the name that scenarios use.
    sources: BTreeMap<String, String>,
    clause: Vec<Clause>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Clause {
    id: String,
    text: String,
    level: String,
    source: String,
    /// Why nothing checks it.
    #[serde(default)]
    excluded: Option<String>,
}

impl Register {
    /// The register in the binary.
    ///
    /// # Errors
    /// A text when it cannot be read; a test reads it.
    pub(crate) fn built_in() -> Result<Self, String> {
        toml::from_str(REGISTER).map_err(|error| format!("features/clauses.toml: {error}"))
    }

    /// Whether there is such a clause.
    pub(crate) fn knows(&self, id: &str) -> bool {
        self.clause.iter().any(|clause| clause.id == id)
    }

    /// A clause as reports tell it.
    pub(crate) fn in_words(&self, id: &str) -> Option<report::Clause> {
        let clause = self.clause.iter().find(|clause| clause.id == id)?;
        let level = if clause.level == "should" {
            Level::Should
        } else {
            Level::Must
        };
        let source = self.sources.get(&clause.source).unwrap_or(&clause.source);
        Some(report::Clause {
            id: clause.id.clone(),
            text: clause.text.clone(),
            level,
            source: source.clone(),
        })
    }

    /// Everything that does not fit: a source without a name, a clause twice, a MUST that nothing checks, one that is excluded
    /// although something does, a check that demands more or less than its clause, and a check of behaviour without one.
    pub(crate) fn mistakes(&self, cases: &[Case]) -> Vec<String> {
        let checked: BTreeSet<&str> = cases
            .iter()
            .flat_map(|case| case.tagged("clause"))
            .collect();
        let mut found = Vec::new();
        for case in cases.iter().filter(|case| case.surface().is_none()) {
            let id = &case.id;
            if case.tagged("clause").next().is_none() {
                found.push(format!(
                    "{id} checks a behaviour and names no clause: add a tag @clause:…"
                ));
            }
        }
        let mut seen = BTreeSet::new();
        for clause in &self.clause {
            let id = &clause.id;
            if !seen.insert(id) {
                found.push(format!("{id} stands in the register twice"));
            }
            if !self.sources.contains_key(&clause.source) {
                found.push(format!("{id}: [sources] has no {}", clause.source));
            }
            for case in cases
                .iter()
                .filter(|case| case.tagged("clause").any(|named| named == id))
            {
                if case.tagged("level").any(|level| level != clause.level) {
                    found.push(format!(
                        "{id} is a {}, and {} is not",
                        clause.level, case.id
                    ));
                }
            }
            let is_checked = checked.contains(id.as_str());
            match &clause.excluded {
                None if !is_checked && clause.level == "must" => {
                    found.push(format!("{id} is a must, and nothing checks it: write a scenario, or why not in `excluded`"));
                }
                Some(_) if is_checked => {
                    found.push(format!("{id} is excluded, and a scenario checks it"))
                }
                Some(_) | None => {}
            }
        }
        found
    }

    /// Prints every clause with its checks.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn print(&self, cases: &[Case], out: &mut dyn Write) -> io::Result<()> {
        let mut excluded = 0;
        for clause in &self.clause {
            let checks: Vec<&str> = cases
                .iter()
                .filter(|case| case.tagged("clause").any(|id| id == clause.id))
                .map(|case| case.id.as_str())
                .collect();
            let source = self.sources.get(&clause.source).unwrap_or(&clause.source);
            writeln!(out, "{} ({}): {}", clause.id, clause.level, clause.text)?;
            writeln!(out, "    source  {source}")?;
            match &clause.excluded {
                Some(why) => {
                    excluded += 1;
                    writeln!(out, "    not checked: {why}")?;
                }
                None => writeln!(out, "    checks  {}", checks.join(", "))?,
            }
        }
        let all = self.clause.len();
        writeln!(
            out,
            "{all} clauses, {} checked, {excluded} excluded with a reason",
            all - excluded
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::features::embedded;
    use super::super::lint;
    use super::*;

    fn cases() -> Vec<Case> {
        lint::checked(&embedded(), &["cmp", "calm"]).unwrap()
    }

    #[test]
    fn every_must_is_checked_or_says_why_not() {
        let register = Register::built_in().unwrap();
        assert_eq!(register.mistakes(&cases()), Vec::<String>::new());
    }

    #[test]
    fn a_must_that_nothing_checks_is_an_error() {
        let mut register = Register::built_in().unwrap();
        for clause in &mut register.clause {
            clause.excluded = None;
        }
        assert!(
            register
                .mistakes(&cases())
                .iter()
                .any(|said| said.contains("leap-day"))
        );
        register.sources.clear();
        assert!(register.mistakes(&[]).len() > 150);
    }
}
