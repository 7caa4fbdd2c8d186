//! Variables that belong to who asks: the account that stands in a path, say, which another merchant has another one of.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use super::super::binding::template::{Variables, is_name};
use super::super::binding::{Operation, vocabulary};
use super::super::closest;
use super::super::mistake::Mistake;
use super::super::signing;

/// The table of whoever usually asks.
const OWN: &str = "own";

/// See the module: texts by variable, by who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(crate) struct Askers(BTreeMap<String, BTreeMap<String, String>>);

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker<'a> {
    Own,
    /// Another merchant.
    Other,
    /// Somebody whose key was never given out.
    Unknown,
    Nobody,
    /// An account or a key of the target file.
    Named(&'a str),
}

impl Asker<'_> {
    /// Those who have no account of the target file.
    pub(super) const WORDS: [&'static str; 4] = [OWN, "other", "unknown", "nobody"];

    fn word(&self) -> &str {
        match self {
            Self::Own => OWN,
            Self::Other => "other",
            Self::Unknown => "unknown",
            Self::Nobody => "nobody",
            Self::Named(name) => name,
        }
    }
}

impl Askers {
    /// The variables of somebody; what is not said of them is as it is of whoever usually asks.
    pub(crate) fn of(&self, asker: Asker<'_>) -> Variables {
        let tables = [OWN, asker.word()].into_iter();
        let tables = tables.filter_map(|name| self.0.get(name)).flatten();
        tables
            .map(|(name, value)| (name.clone(), json!(value)))
            .collect()
    }

    /// The names of all variables.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0
            .get(OWN)
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
    }

    /// What is wrong with them. `accounts` are who may ask besides, `other` says that another merchant may, and `used` that a
    /// request or a signature names a variable.
    pub(super) fn mistakes(
        &self,
        accounts: &[&str],
        other: bool,
        used: impl Fn(&str) -> bool,
    ) -> Vec<Mistake> {
        let mut found = Vec::new();
        let mut say = |at: &[&str], message: String| {
            found.push(Mistake::new(at, message).below("askers"));
        };
        let mut known: Vec<&str> = Asker::WORDS.to_vec();
        known.extend(accounts);
        for (who, variables) in &self.0 {
            if !known.contains(&who.as_str()) {
                let hint = closest::hint(who, &known);
                say(&[who], format!("nobody is called {who:?}{hint}"));
            }
            if who == "other" && !other {
                let message = "is never used: there is no [other], and no [accounts.other]";
                say(&[who], message.to_owned());
            }
            for name in variables.keys() {
                if !is_name(name) {
                    say(
                        &[who, name],
                        "is not a name of small letters, digits and _".to_owned(),
                    );
                } else if is_taken(name) {
                    say(
                        &[who, name],
                        format!("{{{name}}} is the suite's own word: take another"),
                    );
                } else if !self.names().any(|own| own == name) {
                    let message = format!(
                        "[askers.{OWN}] has no {name:?}, so whoever usually asks would have none"
                    );
                    say(&[who, name], message);
                } else if who == OWN && !used(name) {
                    say(
                        &[who, name],
                        format!("nothing names {{{name}}}, so it is never used"),
                    );
                }
            }
        }
        found
    }
}

fn is_taken(name: &str) -> bool {
    let of_requests = Operation::all().any(|operation| vocabulary::all(operation).contains(&name));
    of_requests || signing::NAMES.contains(&name) || name == "signature"
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str =
        "own = { account = \"a1\", zone = \"eu\" }\nother.account = \"a2\"\nbank.zone = \"us\"";

    #[test]
    fn who_has_no_word_of_his_own_has_the_usual_one() {
        let askers: Askers = toml::from_str(TWO).unwrap();
        for (asker, account, zone) in [
            (Asker::Own, "a1", "eu"),
            (Asker::Other, "a2", "eu"),
            (Asker::Unknown, "a1", "eu"),
            (Asker::Nobody, "a1", "eu"),
            (Asker::Named("bank"), "a1", "us"),
            (Asker::Named("manual"), "a1", "eu"),
        ] {
            let of = askers.of(asker);
            let told = (&of["account"], &of["zone"]);
            assert_eq!(told, (&json!(account), &json!(zone)), "{asker:?}");
        }
    }

    #[test]
    fn what_nobody_could_use_is_a_mistake() {
        let said = |text: &str, other: bool| {
            let askers: Askers = toml::from_str(text).unwrap();
            let mistakes = askers.mistakes(&["bank"], other, |name| name != "idle");
            let each = mistakes.into_iter().map(|it| (it.at.join("."), it.message));
            each.collect::<Vec<_>>()
        };
        assert_eq!(said(TWO, true), []);
        for (text, other, at, message) in [
            (
                "own.a = \"1\"\nohter.a = \"2\"",
                true,
                "askers.ohter",
                "did you mean \"other\"?",
            ),
            (TWO, false, "askers.other", "no [other]"),
            ("own.idle = \"1\"", true, "askers.own.idle", "never used"),
            (
                "own.pan = \"1\"",
                true,
                "askers.own.pan",
                "the suite's own word",
            ),
            (
                "own.nonce = \"1\"",
                true,
                "askers.own.nonce",
                "the suite's own word",
            ),
            (
                "other.a = \"1\"",
                true,
                "askers.other.a",
                "[askers.own] has no",
            ),
            ("own.'a b' = \"1\"", true, "askers.own.a b", "not a name"),
        ] {
            let found = said(text, other);
            let right = |it: &(String, String)| it.0 == at && it.1.contains(message);
            assert!(found.iter().any(right), "{text}: {found:?}");
        }
    }
}
