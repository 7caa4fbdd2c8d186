//! A scenario as the harness sees it: outlines expanded into rows, background and inherited tags put in, and an id that
//! survives a reordering of the file.

use cucumber::feature::Ext as _;
use cucumber::gherkin::{Background, Feature, Scenario, Step};

use super::features::Problem;

/// One scenario, or one row of an outline.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) path: String,
    pub(crate) line: usize,
    pub(crate) name: String,
    /// Tags of the feature, the rule, the scenario and the examples, without `@`.
    pub(crate) tags: Vec<String>,
    /// The `@id:` tag, with the row's first cell behind it for an outline.
    pub(crate) id: String,
    pub(crate) steps: Vec<Step>,
}

impl Case {
    /// The values of the tags `@KEY:VALUE`.
    pub(crate) fn tagged<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.tags
            .iter()
            .filter_map(move |tag| tag.strip_prefix(key)?.strip_prefix(':'))
    }

    /// The scenario demands a refusal.
    pub(crate) fn is_negative(&self) -> bool {
        self.tags.iter().any(|tag| tag == "negative")
    }

    /// Public sources say different things about it.
    pub(crate) fn is_disputed(&self) -> bool {
        self.tags.iter().any(|tag| tag == "disputed")
    }

    /// The feature file as a dotted name: `wire.cmp.cards`.
    pub(crate) fn feature_id(&self) -> String {
        self.path
            .strip_suffix(".feature")
            .unwrap_or(&self.path)
            .replace('/', ".")
    }

    /// The surface whose exact shapes it pins; none for a behaviour.
    pub(crate) fn surface(&self) -> Option<&str> {
        self.path.strip_prefix("wire/")?.split('/').next()
    }
}

/// All cases of a feature.
///
/// # Errors
/// A placeholder in an outline that no column fills.
pub(crate) fn cases(feature: Feature) -> Result<Vec<Case>, Problem> {
    let path = feature
        .path
        .as_ref()
        .map(|path| path.to_string_lossy().into_owned());
    let path = path.unwrap_or_default();
    let feature = feature.expand_examples().map_err(|error| {
        let message = format!("<{}> has no column of that name in Examples", error.name);
        Problem::new(&path, error.pos.line, message)
    })?;
    let mut found = Vec::new();
    for scenario in &feature.scenarios {
        found.push(case(
            &path,
            &feature.tags,
            &[feature.background.as_ref()],
            scenario,
        ));
    }
    for rule in &feature.rules {
        let tags: Vec<String> = feature.tags.iter().chain(&rule.tags).cloned().collect();
        for scenario in &rule.scenarios {
            let backgrounds = [feature.background.as_ref(), rule.background.as_ref()];
            found.push(case(&path, &tags, &backgrounds, scenario));
        }
    }
    Ok(found)
}

fn case(
    path: &str,
    inherited: &[String],
    backgrounds: &[Option<&Background>],
    scenario: &Scenario,
) -> Case {
    let tags: Vec<String> = inherited.iter().chain(&scenario.tags).cloned().collect();
    let own_id = tags
        .iter()
        .rev()
        .find_map(|tag| tag.strip_prefix("id:"))
        .unwrap_or_default();
    let row = scenario
        .examples
        .first()
        .and_then(|examples| examples.table.as_ref());
    let cell = row.and_then(|table| table.rows.get(1)?.first());
    let id = match cell {
        Some(cell) => format!("{own_id}.{}", slug(cell)),
        None => own_id.to_owned(),
    };
    let before = backgrounds
        .iter()
        .flatten()
        .flat_map(|background| &background.steps);
    let steps = before.chain(&scenario.steps).cloned().collect();
    let line = scenario.position.line;
    Case {
        path: path.to_owned(),
        line,
        name: scenario.name.clone(),
        tags,
        id,
        steps,
    }
}

/// Lower case, with everything else than letters, digits and dots as one hyphen.
fn slug(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() || letter == '.' || letter == '_' {
            out.push(letter.to_ascii_lowercase());
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}
