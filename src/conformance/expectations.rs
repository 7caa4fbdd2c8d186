//! What is known to fail, in a file beside the target: each entry with a reason and perhaps a day on which it ends. A known
//! failure that passes makes the file stale, because a list that only grows hides what it was made to show.

use jiff::civil::Date;
use serde::Deserialize;

use super::plan::Check;
use crate::report::Outcome;
use crate::wording::told;

/// The entries of an expectation file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expectations {
    live: Vec<Entry>,
    /// An entry's day has passed; it excuses nothing any more.
    pub(crate) expired: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The check's id; `*` stands for any letters.
    check: String,
    reason: String,
    #[serde(default)]
    link: Option<String>,
    /// The last day on which the entry counts, as `YYYY-MM-DD`.
    #[serde(default)]
    expires: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    expected: Vec<Entry>,
}

impl Expectations {
    /// Reads a file and holds it against the checks that there are.
    ///
    /// # Errors
    /// A complaint for every entry without a reason, with a day that is none, that matches no check, or that matches a check
    /// which another entry matches too.
    pub(crate) fn read(text: &str, checks: &[Check], today: Date) -> Result<Self, Vec<String>> {
        let file: File = toml::from_str(text).map_err(|error| vec![told(&error)])?;
        let mut read = Self::default();
        let mut complaints = Vec::new();
        for entry in &file.expected {
            let name = &entry.check;
            if entry.reason.trim().is_empty() {
                complaints.push(format!("{name:?}: needs a reason"));
            }
            if !checks.iter().any(|check| matches(name, &check.id)) {
                complaints.push(format!("{name:?}: there is no such check"));
            }
            match entry.expires.as_deref().map(str::parse::<Date>).transpose() {
                Ok(Some(day)) if day < today => read.expired = true,
                Ok(_) => read.live.push(entry.clone()),
                Err(_) => complaints.push(format!("{name:?}: expires must be a day as YYYY-MM-DD")),
            }
        }
        for check in checks {
            let mut hits = file
                .expected
                .iter()
                .filter(|entry| matches(&entry.check, &check.id));
            if let (Some(one), Some(other)) = (hits.next(), hits.next()) {
                let (one, other) = (&one.check, &other.check);
                complaints.push(format!("{one:?} and {other:?} both match {}", check.id));
            }
        }
        complaints.dedup();
        if complaints.is_empty() {
            Ok(read)
        } else {
            Err(complaints)
        }
    }

    /// What a check comes to in the light of what was expected of it, and why. A prerequisite that is missing or an answer
    /// that does not come never counts as "failed as expected".
    pub(crate) fn apply(&self, id: &str, outcome: Outcome) -> Option<(Outcome, String)> {
        let entry = self.live.iter().find(|entry| matches(&entry.check, id))?;
        let link = entry
            .link
            .as_ref()
            .map_or(String::new(), |link| format!(" ({link})"));
        match outcome {
            Outcome::Fail => Some((
                Outcome::ExpectedFail,
                format!("expected: {}{link}", entry.reason),
            )),
            Outcome::Pass => {
                let why = format!("passes now; take its entry out: {}{link}", entry.reason);
                Some((Outcome::UnexpectedPass, why))
            }
            Outcome::ExpectedFail
            | Outcome::Disputed
            | Outcome::UnexpectedPass
            | Outcome::NotDeclared
            | Outcome::NotSelected
            | Outcome::Untestable
            | Outcome::Transport
            | Outcome::SuiteError => None,
        }
    }
}

/// Whether a pattern with `*` matches the whole id.
fn matches(pattern: &str, id: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == id,
        Some((before, behind)) => id.strip_prefix(before).is_some_and(|rest| {
            (0..=rest.len()).any(|from| rest.get(from..).is_some_and(|rest| matches(behind, rest)))
        }),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::plan::Fate;
    use super::*;
    use crate::report::Level;

    fn check(id: &str) -> Check {
        Check {
            id: id.to_owned(),
            case: String::new(),
            over: String::new(),
            clauses: Vec::new(),
            feature: String::new(),
            name: String::new(),
            location: String::new(),
            source: String::new(),
            level: Level::Must,
            negative: false,
            disputed: false,
            binding: None,
            surface: None,
            steps: Vec::new(),
            alone: None,
            looks_back: false,
            fate: Fate::Run,
        }
    }

    fn read(text: &str) -> Result<Expectations, Vec<String>> {
        let checks = [check("a.one/cmp"), check("a.one/calm"), check("b.two")];
        Expectations::read(text, &checks, date(2026, 3, 1))
    }

    #[test]
    fn a_known_failure_is_excused_until_its_day() {
        let entry = "[[expected]]\ncheck = \"a.*/calm\"\nreason = \"later\"\nexpires = ";
        let live = read(&format!("{entry}\"2026-03-01\"")).unwrap();
        assert!(!live.expired);
        let rows = [
            ("a.one/calm", Outcome::Fail, Some(Outcome::ExpectedFail)),
            ("a.one/calm", Outcome::Pass, Some(Outcome::UnexpectedPass)),
            ("a.one/calm", Outcome::Untestable, None),
            ("a.one/calm", Outcome::Transport, None),
            ("a.one/calm", Outcome::SuiteError, None),
            ("a.one/cmp", Outcome::Fail, None),
        ];
        for (id, outcome, wanted) in rows {
            assert_eq!(
                live.apply(id, outcome).map(|(outcome, _)| outcome),
                wanted,
                "{id} {outcome:?}"
            );
        }
        let over = read(&format!("{entry}\"2026-02-28\"")).unwrap();
        assert!(over.expired);
        assert_eq!(over.apply("a.one/calm", Outcome::Fail), None);
    }

    #[test]
    fn a_file_that_could_excuse_by_accident_is_refused() {
        let entry = |check: &str| format!("[[expected]]\ncheck = \"{check}\"\nreason = \"r\"\n");
        let rows = [
            (entry("c.*"), "no such check"),
            (entry("a.one"), "no such check"),
            (
                format!("{}{}", entry("a.*"), entry("*/cmp")),
                "both match a.one/cmp",
            ),
            (entry("b.two").replace("\"r\"", "\" \""), "needs a reason"),
            (
                format!("{}expires = \"soon\"", entry("b.two")),
                "YYYY-MM-DD",
            ),
            (entry("b.two").replace("reason", "raeson"), "raeson"),
        ];
        for (text, complaint) in rows {
            let complaints = read(&text).unwrap_err().join("\n");
            assert!(complaints.contains(complaint), "{complaints}");
        }
    }
}
