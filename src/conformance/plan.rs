//! Which checks there are and which of them will be carried out, decided before anything is sent. A check that is left out
//! is still listed, with the reason.

use std::collections::BTreeSet;

use cucumber::gherkin::Step;
use cucumber::gherkin::tagexpr::TagOperation;

use super::binding::{Binding, Psp};
use super::capability;
use super::clauses::Register;
use super::scenario::Case;
use super::target::Target;
use crate::report::{self, Clause, Level};

/// One check: a scenario, or a row of an outline, over one binding.
#[derive(Clone, Debug)]
pub(crate) struct Check {
    /// Unique and stable: the scenario's id, and for a behaviour the binding behind a slash.
    pub(crate) id: String,
    /// The scenario's id.
    pub(crate) case: String,
    /// The binding that it speaks over, or the surface that it pins.
    pub(crate) over: String,
    /// What it checks, in words.
    pub(crate) clauses: Vec<Clause>,
    pub(crate) feature: String,
    pub(crate) name: String,
    pub(crate) location: String,
    pub(crate) source: String,
    pub(crate) level: Level,
    pub(crate) negative: bool,
    /// Public sources disagree about what it states.
    pub(crate) disputed: bool,
    /// Which of the plan's bindings it speaks over.
    pub(crate) binding: Option<usize>,
    /// The wire surface that it pins.
    pub(crate) surface: Option<String>,
    pub(crate) steps: Vec<Step>,
    /// Why it needs the target for itself, if it does.
    pub(crate) alone: Option<Alone>,
    /// It says what all other checks have been answered, so it comes when they are done.
    pub(crate) looks_back: bool,
    pub(crate) fate: Fate,
}

impl Check {
    /// Whether the caller wants it, even if the target does not claim what it needs.
    pub(crate) const fn is_selected(&self) -> bool {
        !matches!(self.fate, Fate::NotSelected(_))
    }
}

/// Which tags there are, for whoever asked for one that no check has: those with a value by their names.
pub(crate) fn tags_of(cases: &[Case]) -> String {
    let tags = cases.iter().flat_map(|case| &case.tags);
    let named = tags.map(|tag| match tag.split_once(':') {
        Some((name, _)) => format!("@{name}:…"),
        None => format!("@{tag}"),
    });
    let named: std::collections::BTreeSet<String> = named.collect();
    let named: Vec<String> = named.into_iter().collect();
    format!(
        "{}, @behaviour, @wire, and @ with the name of a binding",
        named.join(", ")
    )
}

/// What is to happen with a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is carried out.
    Run,
    /// The target does not claim what it needs.
    NotDeclared(Lack),
    /// The caller's selection leaves it out.
    NotSelected(String),
}

/// What a check needs and the target does not claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lack {
    pub(crate) capability: String,
    pub(crate) why: String,
}

/// What the caller selects.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    /// Bindings and surfaces to speak over.
    pub(crate) profile: BTreeSet<String>,
    /// Which tags a check must have.
    pub(crate) tags: Option<TagOperation>,
    /// The ids of the only checks that are to run, if not all are.
    pub(crate) only: Option<BTreeSet<String>>,
}

/// Lists every check with its fate, in the order of the features.
pub(crate) fn plan(
    cases: &[Case],
    bindings: &[Binding],
    target: &Target,
    selection: &Selection,
    register: &Register,
) -> Vec<Check> {
    let asked = Asked {
        bindings,
        target,
        selection,
        register,
    };
    let mut checks = Vec::new();
    for case in cases {
        if case.surface().is_some() {
            checks.push(check(case, None, &asked));
            continue;
        }
        let only: Vec<&str> = case.tagged("binding").collect();
        for (place, binding) in bindings.iter().enumerate() {
            let chosen = only.is_empty() || only.contains(&binding.name());
            if chosen && concerns(case, binding, bindings) {
                checks.push(check(case, Some(place), &asked));
            }
        }
    }
    checks
}

/// A binding that is paired with payment services pays in those pairs, and the pairs are there for paying alone.
fn concerns(case: &Case, binding: &Binding, bindings: &[Binding]) -> bool {
    let about_paying = case.tagged("cap").any(Psp::has);
    let mut gateways = bindings.iter().filter_map(Binding::gateway);
    match (about_paying, binding.gateway()) {
        (true, None) => gateways.all(|gateway| gateway.name() != binding.name()),
        (pays, gateway) => pays == gateway.is_some(),
    }
}

/// What decides which checks there are.
struct Asked<'a> {
    bindings: &'a [Binding],
    target: &'a Target,
    selection: &'a Selection,
    register: &'a Register,
}

fn check(case: &Case, place: Option<usize>, asked: &Asked<'_>) -> Check {
    let Asked {
        bindings,
        target,
        selection,
        register,
    } = asked;
    let binding = place.and_then(|place| bindings.get(place));
    let id = match binding {
        Some(binding) => format!("{}/{}", case.id, binding.name()),
        None => case.id.clone(),
    };
    let level = match case.tagged("level").next() {
        Some("should") => Level::Should,
        Some(_) | None => Level::Must,
    };
    let fate = match &selection.only {
        Some(only) if !only.contains(&id) => {
            Fate::NotSelected("--rerun-failed leaves it out".to_owned())
        }
        Some(_) | None => fate(case, binding, target, selection),
    };
    let over = binding.map(Binding::name).or(case.surface());
    Check {
        fate,
        id,
        case: case.id.clone(),
        over: over.unwrap_or_default().to_owned(),
        clauses: case
            .tagged("clause")
            .filter_map(|id| register.in_words(id))
            .collect(),
        feature: case.feature_id(),
        name: case.name.clone(),
        location: format!("{}:{}", case.path, case.line),
        source: case.tagged("source").next().unwrap_or_default().to_owned(),
        level,
        negative: case.is_negative(),
        disputed: case.is_disputed(),
        binding: place,
        surface: case.surface().map(str::to_owned),
        steps: case.steps.clone(),
        alone: if target.spaces { None } else { alone(case) },
        looks_back: says(case, LOOKS_BACK),
    }
}

/// Why a check has the target to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Alone {
    pub(crate) why: &'static str,
    /// It comes before all others rather than after them: what it looks at grows with every scenario.
    pub(crate) first: bool,
}

/// The steps that need the target for themselves, and why.
const ALONE: [(&[&str], Alone); 6] = [
    (
        &["listens for webhooks"],
        Alone {
            why: "it receives the merchant's webhooks, of which other scenarios would cause some",
            first: false,
        },
    ),
    (
        &[
            "seconds pass",
            "seconds have passed",
            "next try",
            "life of the cryptogram",
        ],
        Alone {
            why: "it moves the time, which other scenarios go by",
            first: false,
        },
    ),
    (
        &["token of the other card reads as"],
        Alone {
            why: "it looks at whether what happens to one token leaves another alone, of which other scenarios have some",
            first: true,
        },
    ),
    (
        &["cards on file have been counted"],
        Alone {
            why: "it counts the cards on file, to which other scenarios would add",
            first: true,
        },
    ),
    (
        &["list of cards", "cards on file are listed"],
        Alone {
            why: "it looks at the list of cards on file, to which other scenarios would add",
            first: true,
        },
    ),
    (
        &["list of tokens", "tokens are listed"],
        Alone {
            why: "it looks at the list of tokens, to which other scenarios would add",
            first: true,
        },
    ),
];

/// What a step says that looks back at the whole run.
const LOOKS_BACK: &[&str] = &["of the whole run"];

/// What other scenarios at the same target would disturb.
fn alone(case: &Case) -> Option<Alone> {
    let found = ALONE.iter().find(|(words, _)| says(case, words));
    found.map(|(_, alone)| *alone)
}

/// Whether a step of it says one of the phrases.
fn says(case: &Case, phrases: &[&str]) -> bool {
    let mut steps = case.steps.iter();
    steps.any(|step| phrases.iter().any(|phrase| step.value.contains(phrase)))
}

/// How many of the checks that are to run do so alone, by the reason.
pub(crate) fn alone_by_reason(checks: &[Check]) -> Vec<report::Alone> {
    let mut counted: Vec<report::Alone> = Vec::new();
    let to_run = checks.iter().filter(|check| check.fate == Fate::Run);
    for why in to_run.filter_map(|check| check.alone.map(|alone| alone.why)) {
        match counted.iter_mut().find(|known| known.why == why) {
            Some(known) => known.checks += 1,
            None => counted.push(report::Alone {
                why: why.to_owned(),
                checks: 1,
            }),
        }
    }
    counted
}

fn fate(case: &Case, binding: Option<&Binding>, target: &Target, selection: &Selection) -> Fate {
    let over = binding
        .map(Binding::name)
        .or(case.surface())
        .unwrap_or_default();
    let parts: Vec<&str> = over.split('+').collect();
    if !parts.iter().all(|part| selection.profile.contains(*part)) {
        return Fate::NotSelected(format!("the profile leaves out {over}"));
    }
    if let Some(wanted) = &selection.tags {
        let mut tags = case.tags.clone();
        tags.push(
            if binding.is_some() {
                "behaviour"
            } else {
                "wire"
            }
            .to_owned(),
        );
        tags.extend(parts.iter().map(|part| (*part).to_owned()));
        if !matches(wanted, &tags) {
            return Fate::NotSelected("--tags leaves it out".to_owned());
        }
    }
    let mut claimed = target.capabilities();
    claimed.extend(binding.map(Binding::capabilities).unwrap_or_default());
    // What the target has and this way of speaking to it has no words for.
    if let Some(declared) = binding.and_then(Binding::declared) {
        claimed.retain(|name| !declared.without.contains(name));
    }
    if claimed.contains("other-merchant")
        && claimed.contains("pay-long")
        && claimed.contains("access")
    {
        claimed.insert("pay-elsewhere".to_owned());
    }
    let network = binding.and_then(Binding::network);
    for needed in parts
        .iter()
        .filter_map(|part| capability::needed_for(part))
        .chain(case.tagged("cap"))
    {
        let means = capability::meaning(needed).unwrap_or_default();
        let lacks = |why: String| {
            Fate::NotDeclared(Lack {
                capability: needed.to_owned(),
                why,
            })
        };
        if let (Some(own), Some("visa" | "mastercard")) = (network, needed.strip_prefix("card."))
            && needed.strip_prefix("card.") != Some(own)
        {
            return lacks(format!("{over} takes no cards of another network"));
        }
        if target.without.contains(needed) {
            return lacks(format!(
                "the target declares itself without {needed}: {means}"
            ));
        }
        if !claimed.contains(needed) {
            let by = if needed.contains('.') || binding.is_none() {
                "the target"
            } else {
                over
            };
            return lacks(format!("{by} does not declare {needed}: {means}"));
        }
    }
    Fate::Run
}

/// Whether tags (without `@`) satisfy an expression.
fn matches(wanted: &TagOperation, tags: &[String]) -> bool {
    match wanted {
        TagOperation::And(one, other) => matches(one, tags) && matches(other, tags),
        TagOperation::Or(one, other) => matches(one, tags) || matches(other, tags),
        TagOperation::Not(other) => !matches(other, tags),
        TagOperation::Tag(tag) => tags.contains(tag),
    }
}

#[cfg(test)]
mod tests {
    use super::super::features::embedded;
    use super::super::lint;
    use super::*;

    /// A step that is worded anew would silently run among others.
    #[test]
    fn every_phrase_for_which_a_check_runs_alone_is_one_of_ours() {
        let cases = lint::checked(&embedded(), &["cmp", "calm"]).unwrap();
        let alone = ALONE.iter().flat_map(|(words, _)| *words);
        for word in alone.chain(LOOKS_BACK) {
            let says = |case: &Case| case.steps.iter().any(|step| step.value.contains(word));
            assert!(cases.iter().any(says), "{word}");
        }
    }
}
