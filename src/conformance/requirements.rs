//! The levels of conformance: frozen sets of checks, what a target must have passed of each to claim it, and what a run says of
//! them.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::report::{LevelReport, Outcome};

const LEVELS: &str = include_str!("../../features/levels.toml");

/// A level as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequirementSet {
    pub(crate) name: String,
    version: u32,
    text: String,
    /// What must have run and passed; a bar stands between two of which one will do.
    required: Vec<String>,
    checks: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    level: Vec<RequirementSet>,
}

/// What became of the checks of each binding.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen(BTreeMap<String, Vec<(String, Outcome)>>);

impl Seen {
    /// Takes note of a check of the behaviour suite, whose id ends in its binding.
    pub(crate) fn add(&mut self, id: &str, outcome: Outcome) {
        if let Some((check, binding)) = id.rsplit_once('/') {
            let checks = self.0.entry(binding.to_owned()).or_default();
            checks.push((check.to_owned(), outcome));
        }
    }

    /// The bindings that were selected, with what became of their checks.
    fn bindings(&self) -> impl Iterator<Item = (&str, &[(String, Outcome)])> {
        let selected = |checks: &&Vec<(String, Outcome)>| {
            checks
                .iter()
                .any(|(_, outcome)| *outcome != Outcome::NotSelected)
        };
        let all = self.0.iter();
        all.filter(move |(_, checks)| selected(checks))
            .map(|(binding, checks)| (binding.as_str(), checks.as_slice()))
    }
}

/// All levels.
///
/// # Errors
/// A text when they cannot be read; a test reads them.
pub(crate) fn levels() -> Result<Vec<RequirementSet>, String> {
    let file: File =
        toml::from_str(LEVELS).map_err(|error| format!("features/levels.toml: {error}"))?;
    Ok(file.level)
}

impl RequirementSet {
    /// What a run says of the level: of each binding that claims it, or that nobody does.
    pub(crate) fn told(&self, seen: &Seen) -> Vec<LevelReport> {
        let mut told = Vec::new();
        for (binding, checks) in seen.bindings() {
            let mine: Vec<Outcome> = self.of(checks).collect();
            let ran = mine.iter().filter(|outcome| is_run(**outcome)).count();
            let good = mine.iter().filter(|outcome| is_good(**outcome)).count();
            // What is paid is said of a pair, everything else of what mints the tokens.
            if !self.is_claimed(checks) || binding.contains('+') && !self.is_of_pairs() {
                continue;
            }
            told.push(LevelReport {
                binding: Some(binding.to_owned()),
                reached: good == ran && self.is_reached(checks),
                passed: good,
                ran,
                not_declared: mine.len() - ran,
                ..self.unclaimed()
            });
        }
        if told.is_empty() {
            told.push(self.unclaimed());
        }
        told
    }

    /// What is said where no binding claims it.
    fn unclaimed(&self) -> LevelReport {
        LevelReport {
            level: self.name.clone(),
            version: self.version,
            text: self.text.clone(),
            binding: None,
            reached: false,
            passed: 0,
            ran: 0,
            not_declared: 0,
        }
    }

    /// Whether every binding that mints tokens, or with a plus in its name for paying some binding, has passed what it must.
    pub(crate) fn is_met(&self, seen: &Seen) -> bool {
        let mut bindings = seen.bindings().peekable();
        if bindings.peek().is_none() {
            return false;
        }
        if self.is_of_pairs() {
            return bindings.any(|(_, checks)| self.is_reached(checks));
        }
        bindings
            .filter(|(binding, _)| !binding.contains('+'))
            .all(|(_, checks)| self.is_reached(checks))
    }

    /// Whether it is about paying.
    fn is_of_pairs(&self) -> bool {
        self.required
            .iter()
            .any(|check| check.starts_with("paying."))
    }

    fn of(&self, checks: &[(String, Outcome)]) -> impl Iterator<Item = Outcome> {
        let mine = checks.iter().filter(|(check, outcome)| {
            let selected = *outcome != Outcome::NotSelected;
            let stem = |known: &&String| check == *known || check.starts_with(&format!("{known}."));
            selected && self.checks.iter().any(|known| stem(&known))
        });
        mine.map(|(_, outcome)| *outcome)
    }

    /// Something of what is required was tried.
    fn is_claimed(&self, checks: &[(String, Outcome)]) -> bool {
        let wanted = self.required.iter().flat_map(|either| either.split('|'));
        wanted.into_iter().any(|wanted| {
            checks
                .iter()
                .any(|(check, outcome)| check == wanted && is_run(*outcome))
        })
    }

    /// All of what is required was passed.
    fn is_reached(&self, checks: &[(String, Outcome)]) -> bool {
        self.required.iter().all(|either| {
            either.split('|').any(|wanted| {
                checks
                    .iter()
                    .any(|(check, outcome)| check == wanted && is_good(*outcome))
            })
        })
    }
}

/// A failure that was expected is still one: nobody conforms by foretelling that he does not.
const fn is_good(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Pass | Outcome::UnexpectedPass)
}

const fn is_run(outcome: Outcome) -> bool {
    !matches!(outcome, Outcome::NotDeclared | Outcome::NotSelected)
}

#[cfg(test)]
mod tests {
    use super::super::features::embedded;
    use super::super::lint;
    use super::super::scenario::Case;
    use super::*;

    #[test]
    fn a_level_is_reached_by_what_is_required_and_by_nothing_less() {
        let all = levels().unwrap();
        let core = &all[0];
        let seen = |outcomes: &[(&str, Outcome)]| {
            let mut seen = Seen::default();
            for (id, outcome) in outcomes {
                seen.add(id, *outcome);
            }
            seen
        };
        let (visa, read) = ("enrolment.visa/mine", "lifecycle.read/mine");
        let whole = seen(&[(visa, Outcome::Pass), (read, Outcome::Pass)]);
        assert!(core.is_met(&whole));
        assert_eq!(
            core.told(&whole)[0].to_string(),
            "mine: conformant to core 1: 2 of 2 (0 not declared)"
        );
        for wrong in [
            Outcome::Fail,
            Outcome::ExpectedFail,
            Outcome::NotDeclared,
            Outcome::Untestable,
        ] {
            assert!(!core.is_met(&seen(&[(visa, Outcome::Pass), (read, wrong)])));
        }
        assert!(!core.is_met(&seen(&[(visa, Outcome::Pass)])));
        assert!(!core.is_met(&Seen::default()));
        let other = seen(&[
            (visa, Outcome::Pass),
            (read, Outcome::Pass),
            ("enrolment.visa/other", Outcome::Pass),
        ]);
        assert!(!core.is_met(&other), "each binding for itself");
        let paying = all[1].told(&whole)[0].to_string();
        assert!(paying.starts_with("paying 1 not claimed"));
    }

    /// The page and the help say which levels there are, and the page what each promises.
    #[test]
    fn every_level_is_told_of() {
        let page = include_str!("../docs/conformance.md");
        let levels = levels().unwrap();
        for level in &levels {
            let row = format!("\n| {} | {} | ", level.name, level.text);
            assert!(page.contains(&row), "{row}");
        }
        let names: Vec<&str> = levels.iter().map(|level| level.name.as_str()).collect();
        let listed = format!("separated by commas: {}", names.join(", "));
        let places = [
            include_str!("options.rs"),
            include_str!("../docs/settings.md"),
        ];
        assert!(places.iter().all(|text| text.contains(&listed)), "{listed}");
    }

    /// The sets are frozen: what they name must go on being there. What is only advised binds nobody, so it is in none of them, and
    /// what must be is in one.
    #[test]
    fn every_must_of_a_behaviour_is_in_one_level_and_nothing_else_is() {
        let cases = lint::checked(&embedded(), &["cmp", "calm"]).unwrap();
        let is_of = |case: &Case, id: &str| {
            let more = case.id.strip_prefix(id);
            more.is_some_and(|more| more.is_empty() || more.starts_with('.'))
        };
        let levels = levels().unwrap();
        for level in &levels {
            for id in &level.checks {
                assert!(cases.iter().any(|case| is_of(case, id)), "{id}");
            }
            for id in level.required.iter().flat_map(|either| either.split('|')) {
                let case = cases.iter().find(|case| case.id == id);
                let mut checks = level.checks.iter();
                let is_there = case.is_some_and(|case| checks.any(|known| is_of(case, known)));
                assert!(is_there, "{id}");
            }
        }
        for case in cases.iter().filter(|case| case.surface().is_none()) {
            let all = levels.iter().flat_map(|level| &level.checks);
            let count = all.filter(|id| is_of(case, id)).count();
            let is_must = case.tagged("level").any(|level| level == "must");
            assert_eq!(count, usize::from(is_must), "{}", case.id);
        }
    }
}
