//! What is wrong with a binding as it is written, each with the member in which it stands: found before anything is sent.

use std::collections::BTreeSet;

use super::super::closest;
use super::super::target::mistake::Mistake;
use super::declared::Declared;
use super::request::Template;
use super::steps::Steps;
use super::template::{bad_formats, names};
use super::{Fact, Operation, Outcome, State, vocabulary};

/// The methods that a request may have.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// Reads and checks a binding of our own.
///
/// # Errors
/// A text that names the member.
pub(crate) fn read(text: &str) -> Result<Declared, String> {
    let declared: Declared = toml::from_str(text).map_err(|error| error.to_string())?;
    first(binding(&declared, &BTreeSet::new()))?;
    Ok(declared)
}

/// Reads and checks a payment service, which mints no tokens.
///
/// # Errors
/// A text that names the member.
pub(super) fn read_psp(text: &str) -> Result<Declared, String> {
    let declared: Declared = toml::from_str(text).map_err(|error| error.to_string())?;
    let elsewhere: BTreeSet<Fact> = vocabulary::TOLD.iter().map(|(_, fact)| *fact).collect();
    first(requests(&declared, &elsewhere))?;
    Ok(declared)
}

fn first(mistakes: Vec<Mistake>) -> Result<(), String> {
    match mistakes.first() {
        Some(mistake) => Err(format!("{}: {}", mistake.at.join("."), mistake.message)),
        None => Ok(()),
    }
}

/// Everything that is wrong with a binding that mints tokens. `elsewhere` are facts that are told by what it is used with.
pub(crate) fn binding(declared: &Declared, elsewhere: &BTreeSet<Fact>) -> Vec<Mistake> {
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
pub(crate) fn requests(declared: &Declared, elsewhere: &BTreeSet<Fact>) -> Vec<Mistake> {
    let mut found = Vec::new();
    let mut used: BTreeSet<String> = BTreeSet::new();
    let told = facts_told(declared, elsewhere);
    for (operation, steps) in &declared.operations {
        let at = ["operations", operation.word()];
        steps_of(declared, *operation, steps, &mut found);
        let mut saved: BTreeSet<String> = BTreeSet::new();
        let polled = steps.poll.iter().filter_map(|poll| poll.request.as_ref());
        for (place, template) in steps.requests.iter().chain(polled).enumerate() {
            let number = place.to_string();
            let at = match steps.requests.len() {
                count if place < count => vec![at[0], at[1], "requests", &number],
                _ => vec![at[0], at[1], "poll", "request"],
            };
            shape(template, &at, &mut found);
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
            if place + 1 == steps.requests.len() {
                let sources = steps.facts.values().flatten();
                named.extend(sources.flat_map(|s| s.names()).map(|name| ("facts", name)));
            }
            for (member, name) in named {
                let plain = name.trim_end_matches('?');
                used.insert(plain.to_owned());
                if saved.contains(plain) {
                    continue;
                }
                let optional = name.ends_with('?');
                if let Some(message) = unknown(*operation, plain, optional, &told, &saved) {
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
    words(declared, &used, &mut found);
    found
}

/// The facts that some answer tells.
fn facts_told(declared: &Declared, elsewhere: &BTreeSet<Fact>) -> BTreeSet<Fact> {
    let mut told = elsewhere.clone();
    for steps in declared.operations.values() {
        told.extend(steps.facts.keys().copied());
    }
    told
}

fn steps_of(declared: &Declared, operation: Operation, steps: &Steps, found: &mut Vec<Mistake>) {
    let at = ["operations", operation.word()];
    let mut say = |message: String| found.push(Mistake::new(&at, message));
    if steps.requests.is_empty() {
        say("needs one [[…requests]] at least".to_owned());
    }
    if steps.accept.is_empty() {
        say("needs `accept`: the statuses that mean success, such as [200, 201]".to_owned());
    }
    if let Some(wrong) = steps.accept.iter().find(|s| !(100..600).contains(*s)) {
        say(format!("accept: {wrong} is not a status"));
    }
    match steps
        .poll
        .as_ref()
        .map(|poll| (poll.operation, &poll.request))
    {
        Some((Some(operation), None)) if !declared.offers(operation) => {
            let word = operation.word();
            say(format!("poll.operation: {word} is not declared"));
        }
        Some((Some(_), Some(_)) | (None, None)) => {
            say("poll needs either `operation` or `request`: what is repeated?".to_owned());
        }
        Some((Some(_), None) | (None, Some(_))) | None => {}
    }
    if !operation.pays() {
        return;
    }
    for outcome in [Outcome::Approved, Outcome::Declined] {
        let words = declared.outcomes.get(&outcome);
        let mut words = words.into_iter().flatten().peekable();
        let named = words.peek().is_some();
        let by_status = words.any(|word| word.starts_with("status:"));
        if !named || !by_status && !steps.facts.contains_key(&Fact::Outcome) {
            let word = outcome.word();
            say(format!(
                "needs facts.outcome and outcomes.{word}, or a status such as \"status:402\" in outcomes.{word}"
            ));
        }
    }
}

fn shape(template: &Template, at: &[&str], found: &mut Vec<Mistake>) {
    let mut say = |member: &str, message: String| {
        found.push(Mistake::new(&[at, &[member]].concat(), message));
    };
    if !METHODS.contains(&template.method.as_str()) {
        let method = &template.method;
        let hint = closest::hint(method, &METHODS);
        say("method", format!("{method:?} is not a method{hint}"));
    }
    let begins = ["/", "http://", "https://", "{control}", "{base}"];
    if !begins.iter().any(|begin| template.path.starts_with(begin)) {
        let path = &template.path;
        say(
            "path",
            format!("{path:?} must begin with /, {{control}} or http"),
        );
    }
    if let Some(why) = template.misread() {
        say("body", why);
    }
}

/// What is wrong with naming a variable here, if anything.
fn unknown(
    operation: Operation,
    name: &str,
    optional: bool,
    told: &BTreeSet<Fact>,
    saved: &BTreeSet<String>,
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
    known.extend(saved.iter().map(String::as_str));
    let near = closest::nearest(name, &known);
    let hint = near.map_or_else(String::new, |near| format!("; did you mean {{{near}}}?"));
    Some(format!("there is no variable {{{name}}} here{hint}"))
}

/// Words that nothing can use.
fn words(declared: &Declared, used: &BTreeSet<String>, found: &mut Vec<Mistake>) {
    let read =
        |name: &String| name == "network" && declared.facts().any(|fact| fact == Fact::Network);
    let unused = |name: &&String| !used.contains(*name) && !read(name);
    for name in declared.words.keys().filter(unused) {
        let message = format!("no request names {{{name}}}, so these words are never used");
        found.push(Mistake::new(&["words", name], message));
    }
    for name in declared.unknown.keys().filter(|name| !used.contains(*name)) {
        let message = format!("no request names {{{name}}}, so it is never used");
        found.push(Mistake::new(&["unknown", name], message));
    }
    let tells = |fact| {
        let mut all = declared.operations.values();
        all.any(|steps| steps.facts.contains_key(&fact))
    };
    let mut unread = |member: &str, key: &str, fact, named: &str, theirs: &[String]| {
        let plain = theirs.iter().find(|word| !word.starts_with("status:"));
        if let Some(word) = plain.filter(|_| !tells(fact)) {
            let message = format!("no operation has facts.{named}, so {word:?} is never read");
            found.push(Mistake::new(&[member, key], message));
        }
        for word in theirs {
            let status = word.strip_prefix("status:");
            if status.is_some_and(|status| !matches!(status.parse(), Ok(100..=599u16))) {
                let message = format!("{word:?} is not a status, such as status:404");
                found.push(Mistake::new(&[member, key], message));
            }
        }
    };
    for (state, theirs) in &declared.states {
        unread("states", state.word(), Fact::State, "state", theirs);
    }
    for (reason, theirs) in &declared.reasons {
        unread("reasons", reason.key(), Fact::Reason, "reason", theirs);
    }
    for (outcome, theirs) in &declared.outcomes {
        unread("outcomes", outcome.word(), Fact::Outcome, "outcome", theirs);
    }
    twice(declared, found);
}

/// A word that means two things means nothing.
fn twice(declared: &Declared, found: &mut Vec<Mistake>) {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for (state, theirs) in &declared.states {
        for word in theirs {
            if let Some((other, _)) = seen.iter().find(|(_, known)| known == word) {
                let message = format!("{word:?} also stands in states.{other}");
                found.push(Mistake::new(&["states", state.word()], message));
            }
            seen.push((state.word(), word));
        }
    }
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
            let found = binding(&declared, &BTreeSet::new());
            let mut said = found.iter();
            let right = said.any(|mistake| {
                mistake.message.contains(complaint)
                    && mistake.at.last().is_some_and(|last| last == place)
            });
            assert!(right, "{wrong}: {found:?}");
        }
        let declared: Declared = toml::from_str(LEAST).unwrap();
        assert!(binding(&declared, &BTreeSet::new()).is_empty());
    }
}
