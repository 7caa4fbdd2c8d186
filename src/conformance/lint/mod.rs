//! What is wrong with a feature although it parses. Gherkin takes a misspelt keyword for prose and an empty scenario for a
//! success; a suite that lets that through reports green for checks that do not exist.

#[cfg(test)]
mod findings;
#[cfg(test)]
mod sourced;

use std::collections::{BTreeMap, HashMap};

use cucumber::World as _;
use cucumber::gherkin::{Feature, Scenario, Step, StepType};
use cucumber::step::Collection;

use super::capability;
use super::clauses::Register;
use super::features::{self, FeatureText, Problem};
use super::scenario::{self, Case};
use super::suggestions;
use super::world::World;

/// Surfaces that `wire/` may have a folder for.
pub(crate) const SURFACES: [&str; 11] = [
    "oauth",
    "cmp",
    "calm",
    "visa",
    "mastercard",
    "payments",
    "stripe",
    "adyen",
    "checkout_com",
    "acp",
    "hyperswitch",
];

/// Parses and lints features together. `bindings` are the names that `@binding:` may give.
///
/// # Errors
/// Everything that is wrong, in the order of files and lines.
pub(crate) fn checked(
    sources: &[FeatureText],
    bindings: &[&str],
) -> Result<Vec<Case>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut found = Vec::new();
    for source in sources {
        let parsed = features::parse(source).and_then(|parsed| {
            feature(source, &parsed, &mut problems);
            scenario::cases(parsed)
        });
        match parsed {
            Ok(more) => found.extend(more),
            Err(problem) => problems.push(problem),
        }
    }
    match Register::built_in() {
        Ok(register) => {
            cases(
                &found,
                &World::collection(),
                bindings,
                &register,
                &mut problems,
            );
        }
        Err(error) => problems.push(Problem::new("clauses.toml", 1, error)),
    }
    problems.sort();
    problems.dedup();
    if problems.is_empty() {
        Ok(found)
    } else {
        Err(problems)
    }
}

/// Lints one parsed feature as it is written.
fn feature(source: &FeatureText, feature: &Feature, problems: &mut Vec<Problem>) {
    let path = &source.path;
    if let Some(surface) = path
        .strip_prefix("wire/")
        .and_then(|rest| rest.split('/').next())
        && !SURFACES.contains(&surface)
    {
        let known = SURFACES.join(", ");
        let message = format!("no surface {surface:?}; move the file to wire/ and one of: {known}");
        problems.push(Problem::new(path, 1, message));
    }
    let scenarios: Vec<&Scenario> = feature
        .scenarios
        .iter()
        .chain(feature.rules.iter().flat_map(|rule| &rule.scenarios))
        .collect();
    if scenarios.is_empty() {
        let message = "the feature has no scenario: add one or remove the file";
        problems.push(Problem::new(path, feature.position.line, message));
    }
    // Above the first scenario there may be paragraphs of prose, and one may well begin a line with "and".
    let mut preface = vec![(feature.position.line, feature.description.as_deref())];
    preface.extend(
        feature
            .rules
            .iter()
            .map(|rule| (rule.position.line, rule.description.as_deref())),
    );
    for (line, description) in preface {
        swallowed(
            source,
            line,
            description.unwrap_or_default(),
            suggestions::block,
            problems,
        );
    }
    let mut prose = Vec::new();
    for background in feature
        .background
        .iter()
        .chain(feature.rules.iter().filter_map(|r| r.background.as_ref()))
    {
        prose.push((background.position.line, background.description.as_deref()));
    }
    for scenario in scenarios {
        prose.push((scenario.position.line, scenario.description.as_deref()));
        prose.extend(
            scenario
                .examples
                .iter()
                .map(|e| (e.position.line, e.description.as_deref())),
        );
        outline(path, scenario, problems);
    }
    for (line, description) in prose {
        let keyword = |said: &str| suggestions::block(said).or_else(|| suggestions::step(said));
        swallowed(
            source,
            line,
            description.unwrap_or_default(),
            keyword,
            problems,
        );
    }
}

/// Examples without rows, and placeholders without Examples.
fn outline(path: &str, scenario: &Scenario, problems: &mut Vec<Problem>) {
    let line = scenario.position.line;
    if scenario.keyword.contains("Outline") && scenario.examples.is_empty() {
        problems.push(Problem::new(
            path,
            line,
            "an outline without Examples runs nothing: add them",
        ));
    }
    for examples in &scenario.examples {
        let rows = examples.table.as_ref().map_or(0, |table| table.rows.len());
        if rows < 2 {
            let message = "Examples needs a header and at least one row";
            problems.push(Problem::new(path, examples.position.line, message));
        }
    }
    let has_placeholder = |text: &str| {
        text.split_once('<')
            .is_some_and(|(_, rest)| rest.contains('>'))
    };
    if scenario.examples.is_empty() {
        for step in scenario
            .steps
            .iter()
            .filter(|step| has_placeholder(&step.value))
        {
            let message = "a <placeholder> without Examples: make it an outline or write the value";
            problems.push(Problem::new(path, step.position.line, message));
        }
    }
}

/// Prose that was meant as a keyword.
fn swallowed(
    source: &FeatureText,
    from: usize,
    description: &str,
    keyword: impl Fn(&str) -> Option<&'static str>,
    problems: &mut Vec<Problem>,
) {
    for said in description
        .lines()
        .map(str::trim)
        .filter(|said| !said.is_empty())
    {
        if let Some(keyword) = keyword(said) {
            let mut lines = source.text.lines().enumerate().skip(from);
            let line = lines
                .find(|(_, text)| text.trim() == said)
                .map_or(from, |(at, _)| at + 1);
            let message = format!(
                "{said:?} is read as prose; write {keyword} if it was meant as that keyword, or begin the line otherwise"
            );
            problems.push(Problem::new(&source.path, line, message));
        }
    }
}

/// Lints the cases of all features together.
fn cases(
    cases: &[Case],
    steps: &Collection<World>,
    bindings: &[&str],
    register: &Register,
    problems: &mut Vec<Problem>,
) {
    let mut ids: BTreeMap<&str, &Case> = BTreeMap::new();
    let mut meanings: HashMap<(StepType, &str), Option<String>> = HashMap::new();
    for case in cases {
        tags(case, bindings, register, problems);
        if case.id.ends_with('.') {
            let message =
                "the first cell of an outline's row names the check: it needs letters or digits";
            problems.push(Problem::new(&case.path, case.line, message));
        }
        shape(case, problems);
        for step in &case.steps {
            let known = meanings.entry((step.ty, &step.value));
            if let Some(wrong) = known.or_insert_with(|| meaning(step, steps)) {
                problems.push(Problem::new(&case.path, step.position.line, wrong.as_str()));
            }
        }
        if let Some(other) = ids.insert(&case.id, case) {
            let message = format!(
                "the id {:?} is also that of {}:{}; ids (and the first cells of an outline) must differ",
                case.id, other.path, other.line
            );
            problems.push(Problem::new(&case.path, case.line, message));
        }
    }
}

fn tags(case: &Case, bindings: &[&str], register: &Register, problems: &mut Vec<Problem>) {
    let mut say = |message: String| problems.push(Problem::new(&case.path, case.line, message));
    for tag in &case.tags {
        let known = match tag.split_once(':') {
            Some(("id" | "source", value)) => !value.is_empty(),
            Some(("level", value)) => ["must", "should"].contains(&value),
            Some(("clause", value)) => register.knows(value),
            Some(("cap", value)) => capability::meaning(value).is_some(),
            Some(("binding", value)) => bindings.contains(&value),
            Some(_) => false,
            None => ["negative", "disputed"].contains(&tag.as_str()),
        };
        if !known {
            say(format!(
                "unknown tag @{tag}; there are @id:… @source:… @level:must|should @clause:… @cap:… @binding:… @negative @disputed"
            ));
        }
    }
    if case.is_disputed() && case.tagged("level").any(|level| level == "must") {
        say("what sources disagree about binds nobody: @disputed needs @level:should".to_owned());
    }
    for key in ["id", "source", "level"] {
        match case.tagged(key).count() {
            1 => {}
            0 => say(format!("the scenario needs a tag @{key}:…")),
            _ => say(format!("the scenario has more than one tag @{key}:…")),
        }
    }
}

/// A scenario must state something, and a refusal proves nothing by itself.
fn shape(case: &Case, problems: &mut Vec<Problem>) {
    let mut say =
        |line: usize, message: &str| problems.push(Problem::new(&case.path, line, message));
    if case.steps.is_empty() {
        return say(
            case.line,
            "the scenario has no steps: a misspelt keyword, or nothing written yet",
        );
    }
    let thens: Vec<_> = case
        .steps
        .iter()
        .filter(|step| step.ty == StepType::Then)
        .collect();
    if thens.is_empty() {
        say(case.line, "the scenario has no Then, so it could not fail");
    }
    let refusal = thens.iter().find(|step| is_refusal(&step.value));
    match (refusal, case.is_negative()) {
        (Some(step), false) => say(
            step.position.line,
            "a scenario with \"refused\" in a Then needs the tag @negative",
        ),
        (None, true) => say(
            case.line,
            "@negative needs a Then that says what is \"refused\"",
        ),
        (Some(_), true) | (None, false) => {}
    }
    for step in &case.steps {
        if step
            .docstring
            .as_ref()
            .is_some_and(|text| !text.starts_with('\n'))
        {
            say(
                step.position.line,
                "nothing may follow the opening quotes of a doc string, not even a media type",
            );
        }
    }
}

/// A statement that something is refused; by convention such steps, and only they, say "refused".
pub(crate) fn is_refusal(statement: &str) -> bool {
    statement
        .split_whitespace()
        .any(|word| word.trim_matches(',') == "refused")
}

/// What is wrong with the words of a step, if anything: no definition for them, or more than one.
fn meaning(step: &Step, steps: &Collection<World>) -> Option<String> {
    match steps.find(step) {
        Ok(Some(_)) => None,
        Ok(None) => {
            let kind = match step.ty {
                StepType::Given => "Given",
                StepType::When => "When",
                StepType::Then => "Then",
            };
            let said = &step.value;
            Some(format!(
                "no {kind} step matches {said:?}; the steps are listed in features/README.md"
            ))
        }
        Err(error) => {
            let found = error
                .possible_matches
                .iter()
                .map(|(pattern, _)| pattern.to_string());
            let found = found.collect::<Vec<_>>().join(" and ");
            Some(format!(
                "{:?} matches more than one step: {found}",
                step.value
            ))
        }
    }
}
