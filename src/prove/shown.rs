//! Tells what the runs came to: as text, as JSON, and as the matrix that is kept.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::matrix::{Fate, Matrix, Row};
use crate::domain::deviation::Kind;

/// How many lines of reasons are shown of one deviation.
const WHY_MAX: usize = 5;

impl Fate {
    /// The word used in every report.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Killed => "killed",
            Self::KilledWrongly => "killed-wrongly",
            Self::Survived => "survived",
            Self::Kept => "kept",
            Self::Alarm => "alarm",
            Self::NotJudged => "not-judged",
        }
    }
}

/// What stands before the checks of something else that have noticed a defect too.
const ALSO: &str = "; also ";

/// A kept matrix without the checks that no defect names.
#[must_use]
pub fn by_name(kept: &str) -> String {
    let named = kept.lines().map(|line| {
        let named = line.split(ALSO).next().unwrap_or(line);
        format!("{named}\n")
    });
    named.collect()
}

/// The part of the features that a check belongs to: what its id begins with.
fn family(check: &str) -> &str {
    check.split_once('.').map_or(check, |(family, _)| family)
}

impl Row {
    /// The deviation and what has noticed it: first the checks that must, then how many others by what they are about.
    fn line(&self) -> String {
        let name = self.deviation.name();
        let named = |check: &&String| {
            let mut named = self.deviation.checks().iter();
            named.any(|name| crate::conformance::is_named(check, name))
        };
        let mut others: BTreeMap<&str, usize> = BTreeMap::new();
        for check in self.failed.iter().filter(|check| !named(check)) {
            *others.entry(family(check)).or_default() += 1;
        }
        let others = others
            .iter()
            .map(|(family, count)| format!("{family} {count}"));
        let others: Vec<String> = others.collect();
        let also = if others.is_empty() {
            String::new()
        } else {
            format!("{ALSO}{}", others.join(", "))
        };
        let by = self.rightly.join(" ");
        format!("{name}: {by}{also}")
    }
}

impl Matrix {
    /// Everything as text.
    #[must_use]
    pub fn text(&self, all: bool) -> String {
        let mut out = String::new();
        let mut say = |line: String| {
            let _a_text_takes_everything = writeln!(out, "{line}");
        };
        for row in &self.rows {
            if row.deviation.kind() == Kind::Defect {
                let (word, line) = (row.fate.word(), row.line());
                say(format!("{word:<15}{line}"));
            } else {
                let (word, name) = (row.fate.word(), row.deviation.name());
                say(format!("{word:<15}{name}"));
            }
            if !row.is_right() {
                say(format!("               {}", row.deviation.text()));
            }
            if row.fate == Fate::Killed && !row.silent.is_empty() {
                let silent = row.silent.join(" ");
                say(format!("               did not notice it: {silent}"));
            }
            for why in row.why.iter().take(WHY_MAX) {
                say(format!("               {why}"));
            }
        }
        for why in &self.clean {
            say(format!("clean          {why}"));
        }
        if all {
            for (check, reason) in &self.unproven {
                let reason = reason.unwrap_or("and nobody says why");
                say(format!("notices nothing: {check}: {reason}"));
            }
            for begin in &self.stale {
                say(format!("stale reason: {begin}"));
            }
        }
        let (killed, defects) = self.count(Kind::Defect, Fate::Killed);
        let (alarms, variations) = self.count(Kind::Variation, Fate::Alarm);
        let (checks, undeclared) = (self.checks, self.undeclared.len());
        let state = if self.clean.is_empty() {
            "all pass"
        } else {
            "not all pass"
        };
        say(format!("clean: {checks} checks, {state}"));
        say(format!(
            "defects: {killed} of {defects} killed by a check of the demand that they break"
        ));
        say(format!("variations: {alarms} alarms over {variations}"));
        if all {
            let (reasoned, unreasoned): (Vec<_>, Vec<_>) = self
                .unproven
                .iter()
                .partition(|(_, reason)| reason.is_some());
            let (reasoned, unreasoned) = (reasoned.len(), unreasoned.len());
            say(format!(
                "checks that notice nothing: {unreasoned}, and {reasoned} with a reason; {undeclared} need what no surface here declares"
            ));
        }
        out
    }

    /// Everything as JSON: the matrix with every check that failed.
    #[must_use]
    pub fn json(&self) -> Value {
        let rows = self.rows.iter().map(|row| {
            json!({
                "name": row.deviation.name(),
                "kind": row.deviation.kind().word(),
                "text": row.deviation.text(),
                "checks": row.deviation.checks(),
                "fate": row.fate.word(),
                "noticed_by": row.rightly,
                "not_noticed_by": row.silent,
                "failed": row.failed,
                "why": row.why,
            })
        });
        let unproven = self.unproven.iter();
        let unproven = unproven.map(|(check, reason)| json!({ "check": check, "reason": reason }));
        json!({
            "clean": { "checks": self.checks, "wrong": self.clean },
            "deviations": rows.collect::<Vec<_>>(),
            "notice_nothing": unproven.collect::<Vec<_>>(),
            "not_declared": self.undeclared,
        })
    }

    /// The matrix as it is kept: a line for each defect.
    #[must_use]
    pub fn kept(&self) -> String {
        let defects = self.rows.iter();
        let defects = defects.filter(|row| row.deviation.kind() == Kind::Defect);
        defects.map(|row| row.line() + "\n").collect()
    }
}
