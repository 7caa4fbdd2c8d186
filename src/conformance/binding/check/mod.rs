//! What is wrong with a binding as it is written, each with the member in which it stands: found before anything is sent.

mod shape;
mod words;

use std::collections::BTreeSet;

use super::super::closest;
use super::super::mistake::Mistake;
use super::declared::Declared;
use super::source::Source;
use super::steps::Steps;
use super::template::{bad_formats, names};
use super::{Fact, Operation, State, vocabulary};

/// What templates may name besides what the binding itself tells.
#[derive(Debug, Default)]
pub(crate) struct Elsewhere {
    /// Facts that are told by what it is used with.
    pub(crate) facts: BTreeSet<Fact>,
    /// Variables that belong to who asks.
    pub(crate) askers: Vec<String>,
}

/// Reads and checks a binding of our own.
///
/// # Errors
/// A text that names the member.
pub(crate) fn read(text: &str) -> Result<Declared, String> {
    let declared: Declared = toml::from_str(text).map_err(|error| error.to_string())?;
    first(binding(&declared, &Elsewhere::default()))?;
    Ok(declared)
}

/// Reads and checks a payment service, which mints no tokens.
///
/// # Errors
/// A text that names the member.
pub(super) fn read_psp(text: &str) -> Result<Declared, String> {
    let declared: Declared = toml::from_str(text).map_err(|error| error.to_string())?;
    let elsewhere = Elsewhere {
        facts: vocabulary::TOLD.iter().map(|(_, fact)| *fact).collect(),
        ..Elsewhere::default()
    };
    first(requests(&declared, &elsewhere))?;
    Ok(declared)
}

fn first(mistakes: Vec<Mistake>) -> Result<(), String> {
    match mistakes.first() {
        Some(mistake) => Err(format!("{}: {}", mistake.at.join("."), mistake.message)),
        None => Ok(()),
    }
}

/// Everything that is wrong with a binding that mints tokens.
pub(crate) fn binding(declared: &Declared, elsewhere: &Elsewhere) -> Vec<Mistake> {
    let mut found = requests(declared, elsewhere);
    let mut say = |at: &[&str], message: &str| found.push(Mistake::new(at, message));
    if declared.name.is_empty() {
        say(
            &["name"],
            "the binding needs a name, by which reports call it",
        );
    }
    for (operation, fact, member) in [
        (Operation::Enrol, Fact::State, "state"),
        (Operation::Store, Fact::Card, "card"),
    ] {
        if !declared.offers(operation) {
            if operation == Operation::Enrol {
                say(
                    &["operations"],
                    "enrol is missing: there is nothing to judge",
                );
            }
            continue;
        }
        if !declared.tells(operation, fact) {
            let message = format!("facts.{member} is missing: write where the answer tells it");
            say(&["operations", operation.word()], &message);
        }
    }
    if declared
        .states
        .get(&State::Active)
        .is_none_or(Vec::is_empty)
    {
        say(
            &["states"],
            "active is missing: which word means that a token is usable?",
        );
    }
    found
}

/// What is wrong with requests, facts and words, whatever the binding is for.
pub(crate) fn requests(declared: &Declared, elsewhere: &Elsewhere) -> Vec<Mistake> {
    let mut found = Vec::new();
    let mut used: BTreeSet<String> = BTreeSet::new();
    let told = facts_told(declared, &elsewhere.facts);
    for (operation, steps) in &declared.operations {
        let at = ["operations", operation.word()];
        shape::of_steps(declared, *operation, steps, &mut found);
        let mut saved: BTreeSet<String> = BTreeSet::new();
        for (place, template) in steps.all_requests().enumerate() {
            let number = place.to_string();
            let at = match steps.requests.len() {
                count if place < count => vec![at[0], at[1], "requests", &number],
                _ => vec![at[0], at[1], "poll", "request"],
            };
            shape::of_request(template, &at, &mut found);
            let mut named: Vec<(&str, String)> = Vec::new();
            for (member, text) in template.texts() {
                named.extend(names(text).into_iter().map(|name| (member, name)));
                let formats = bad_formats(text).into_iter();
                found.extend(
                    formats.map(|message| Mistake::new(&[&at[..], &[member]].concat(), message)),
                );
            }
            for (name, source) in &template.save {
                named.extend(source.names().into_iter().map(|name| ("save", name)));
                if vocabulary::all(*operation).contains(&name.as_str())
                    && vocabulary::fact(name).is_none()
                {
                    let message = format!("{name:?} is the suite's own word: save under another");
                    found.push(Mistake::new(&[&at[..], &["save", name]].concat(), message));
                }
            }
            let mut sources: Vec<&Source> = Vec::new();
            if place + 1 == steps.requests.len() {
                sources.extend(steps.facts.values().flatten());
                let pages = steps.pages.iter();
                sources
                    .extend(pages.flat_map(|it| it.cursor.iter().chain(&it.next).chain(&it.more)));
            } else if place == steps.requests.len() {
                let polled = steps.poll.iter();
                sources.extend(polled.flat_map(|poll| poll.facts.values().flatten()));
            }
            let sources = sources.into_iter();
            named.extend(sources.flat_map(Source::names).map(|name| ("facts", name)));
            for (member, name) in named {
                let plain = name.trim_end_matches('?');
                used.insert(plain.to_owned());
                if saved.contains(plain) || elsewhere.askers.iter().any(|it| it == plain) {
                    continue;
                }
                let optional = name.ends_with('?');
                let others = saved.iter().chain(&elsewhere.askers);
                let others: Vec<&str> = others.map(String::as_str).collect();
                if let Some(message) = unknown(*operation, plain, optional, &told, &others) {
                    let member = if member == "facts" { "path" } else { member };
                    found.push(Mistake::new(&[&at[..], &[member]].concat(), message));
                }
            }
            saved.extend(template.save.keys().cloned());
        }
        for name in saved.iter().filter(|name| !used.contains(*name)) {
            let message = format!("{name:?} is saved and never used");
            found.push(Mistake::new(&[at[0], at[1], "requests"], message));
        }
    }
    words::mistakes(declared, &used, &mut found);
    found
}

/// The facts that some answer tells.
fn facts_told(declared: &Declared, elsewhere: &BTreeSet<Fact>) -> BTreeSet<Fact> {
    let own = declared.operations.values();
    elsewhere
        .iter()
        .copied()
        .chain(own.flat_map(Steps::told))
        .collect()
}

/// What is wrong with naming a variable here, if anything.
fn unknown(
    operation: Operation,
    name: &str,
    optional: bool,
    told: &BTreeSet<Fact>,
    others: &[&str],
) -> Option<String> {
    if vocabulary::is_always(name) || vocabulary::besides(operation).contains(&name) {
        return None;
    }
    if let Some(fact) = vocabulary::fact(name) {
        let known = optional || told.contains(&fact);
        return (!known).then(|| {
            format!("{{{name}}}: no operation tells it; write facts.{name} where an answer does")
        });
    }
    let mut known = vocabulary::all(operation);
    known.extend(others);
    let near = closest::nearest(name, &known);
    let hint = near.map_or_else(String::new, |near| format!("; did you mean {{{near}}}?"));
    Some(format!("there is no variable {{{name}}} here{hint}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = r#"
        name = "mine"
        states.active = ["LIVE"]
        [operations.enrol]
        accept = [201]
        facts = { state = ["/status"] }
        requests = [{ method = "POST", path = "/tokens", body = '{"number":"{pan}"}' }]
    "#;

    #[test]
    fn says_what_is_wrong_and_where() {
        let rows = [
            (
                "states.active",
                "states.failed",
                "states",
                "active is missing",
            ),
            (
                "operations.enrol",
                "operations.read",
                "operations",
                "enrol is missing",
            ),
            ("\"{pan}\"", "{pan}", "body", "is not JSON"),
            ("{pan}", "{pam}", "body", "did you mean {pan}?"),
            ("{pan}", "{pan:upppr}", "body", "did you mean \"upper\"?"),
            ("{pan}", "{reference}", "body", "facts.reference"),
            ("/tokens", "tokens", "path", "must begin with /"),
            ("POST", "PSOT", "method", "did you mean \"POST\"?"),
            ("[201]", "[]", "enrol", "accept"),
            ("[201]", "[20]", "enrol", "not a status"),
            ("{ state = [\"/status\"] }", "{}", "enrol", "facts.state"),
            (
                "accept",
                "poll = { until = [\"active\"] }\n        accept",
                "enrol",
                "either `operation` or `request`",
            ),
            (
                "accept",
                "poll.request = { method = \"GET\", path = \"/jobs/{job}\" }\n        accept",
                "path",
                "no variable {job} here",
            ),
            (
                "states.active",
                "states.deleted = [\"LIVE\"]\nstates.active",
                "deleted",
                "also stands in",
            ),
            (
                "states.active",
                "reasons.declined = [\"NO\"]\nstates.active",
                "declined",
                "never read",
            ),
            (
                "states.active",
                "words.network.visa = \"V\"\nstates.active",
                "network",
                "never used",
            ),
        ];
        for (right, wrong, place, complaint) in rows {
            let text = LEAST.replace(right, wrong);
            assert_ne!(text, LEAST, "{right}");
            let declared: Declared = toml::from_str(&text).unwrap();
            let found = binding(&declared, &Elsewhere::default());
            let mut said = found.iter();
            let right = said.any(|mistake| {
                mistake.message.contains(complaint)
                    && mistake.at.last().is_some_and(|last| last == place)
            });
            assert!(right, "{wrong}: {found:?}");
        }
        let declared: Declared = toml::from_str(LEAST).unwrap();
        assert!(binding(&declared, &Elsewhere::default()).is_empty());
    }
}
