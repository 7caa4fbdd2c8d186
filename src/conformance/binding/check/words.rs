//! Words of a binding that nothing can use, or that mean two things.

use std::collections::BTreeSet;

use super::super::super::mistake::Mistake;
use super::super::{Declared, Fact};

/// Words that nothing can use.
pub(super) fn mistakes(declared: &Declared, used: &BTreeSet<String>, found: &mut Vec<Mistake>) {
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
        all.any(|steps| steps.told().any(|told| told == fact))
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
    for word in declared
        .statuses
        .keys()
        .filter(|_| declared.status.is_empty())
    {
        let message = "no `status` says where answers tell it, so it is never read";
        found.push(Mistake::new(&["statuses", word], message));
    }
    for (word, status) in &declared.statuses {
        if !(100..600).contains(status) {
            let message = format!("{status} is not a status, such as 404");
            found.push(Mistake::new(&["statuses", word], message));
        }
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
