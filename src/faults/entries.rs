//! The rules of a space and what they have counted, as names and values that outlive the process.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::choose::RuleSet;
use super::index::Place;
use super::rule::Rule;
use crate::domain::moment::Moment;

/// A name, with its value or without one.
pub type Entry = (String, Option<String>);

/// What is to be written down.
#[derive(Debug, Default)]
pub(super) struct Changes {
    rules: BTreeSet<Place>,
    counts: BTreeSet<Place>,
    keys: BTreeSet<(Place, u64)>,
}

impl Changes {
    pub(super) fn rule(&mut self, place: Place) {
        self.rules.insert(place);
    }

    pub(super) fn counted(&mut self, place: Place, key: Option<u64>) {
        self.counts.insert(place);
        self.keys.extend(key.map(|key| (place, key)));
    }

    pub(super) fn gone(&mut self, place: Place, keys: Vec<u64>) {
        self.rules.insert(place);
        self.counts.insert(place);
        self.keys.extend(keys.into_iter().map(|key| (place, key)));
    }
}

/// A rule as it was armed.
#[derive(Debug, Serialize, Deserialize)]
struct Written {
    name: String,
    since: Moment,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    off: bool,
    rule: Rule,
}

/// What the names of all entries begin with.
const PREFIX: &str = "fault/";

impl RuleSet {
    /// From now on what changes is noted.
    pub fn watch(&mut self) {
        self.changes.get_or_insert_default();
    }

    pub(super) fn note(&self, note: impl FnOnce(&mut Changes)) {
        if let Some(changes) = &self.changes {
            note(&mut changes.lock());
        }
    }

    /// What has changed since it was asked last.
    pub fn changed(&self) -> Vec<Entry> {
        let Some(changes) = &self.changes else {
            return Vec::new();
        };
        let changes = std::mem::take(&mut *changes.lock());
        self.entries_of(changes)
    }

    /// Everything, as it would be written down.
    pub fn entries(&self) -> Vec<Entry> {
        let mut all = Changes::default();
        for (place, armed) in &self.rules {
            all.gone(*place, armed.tally.hashes());
        }
        self.entries_of(all)
    }

    fn entries_of(&self, changes: Changes) -> Vec<Entry> {
        let rules = changes.rules.into_iter().map(|place| {
            let rule = self.rules.get(&place).map(|armed| Written {
                name: armed.name.as_ref().to_owned(),
                since: armed.since,
                off: !armed.on,
                rule: armed.rule.clone(),
            });
            let text = rule.and_then(|rule| serde_json::to_string(&rule).ok());
            (format!("{PREFIX}{place:012}/rule"), text)
        });
        let counts = changes.counts.into_iter().map(|place| {
            let armed = self.rules.get(&place);
            let counts = armed.map(|armed| format!("{} {}", armed.matched(), armed.fired()));
            (format!("{PREFIX}{place:012}/count"), counts)
        });
        let keys = changes.keys.into_iter().map(|(place, key)| {
            let armed = self.rules.get(&place);
            let counted = armed.and_then(|armed| armed.tally.counted(key));
            let counted = counted.map(|(era, requests)| format!("{era} {requests}"));
            (format!("{PREFIX}{place:012}/key/{key:016x}"), counted)
        });
        rules.chain(counts).chain(keys).collect()
    }

    /// These could not be written down.
    pub fn not_kept(&self, entries: &[Entry]) {
        for (place, what) in entries.iter().filter_map(|(name, _)| parts(name)) {
            self.note(|changes| match what {
                "rule" => changes.rule(place),
                "count" => changes.counted(place, None),
                key => changes.counted(place, hash_in(key)),
            });
        }
    }

    /// Whether an entry of this name is about a rule.
    pub fn keeps(name: &str) -> bool {
        name.starts_with(PREFIX)
    }

    /// Arms what an earlier process had armed, and goes on counting from where that was. Entries that it did not write are
    /// left alone.
    ///
    /// # Errors
    /// Which entry cannot be read, and why.
    pub fn restore(&mut self, entries: &[(String, String)]) -> Result<(), String> {
        let ours = entries.iter().filter(|(name, _)| Self::keeps(name));
        let named = ours.map(|(name, value)| {
            let (place, what) = parts(name).ok_or_else(|| format!("the entry {name:?}"))?;
            Ok((place, what, value))
        });
        let named: Vec<_> = named.collect::<Result<_, String>>()?;
        for (place, _, value) in named.iter().filter(|(_, what, _)| *what == "rule") {
            let written: Written = serde_json::from_str(value)
                .map_err(|error| format!("the fault rule {value}: {error}"))?;
            self.next = *place;
            let rule = Rule {
                name: Some(written.name),
                ..written.rule
            };
            let name = self.arm(rule, written.since);
            let name = name.map_err(|error| error.to_string())?;
            self.turn(&name, !written.off);
        }
        for (place, what, value) in named.into_iter().filter(|(_, what, _)| *what != "rule") {
            let unreadable =
                || format!("what the entry {what:?} of a fault rule counted: {value:?}");
            let (one, other) = value.split_once(' ').ok_or_else(unreadable)?;
            let number = |text: &str| text.parse::<u64>().map_err(|_| unreadable());
            let (one, other) = (number(one)?, number(other)?);
            // A rule that was disarmed in the meantime counts no more.
            let Some(armed) = self.rules.get(&place) else {
                continue;
            };
            match what {
                "count" => armed.tally.restore(one, other),
                key => {
                    let key = hash_in(key).ok_or_else(unreadable)?;
                    armed.tally.restore_key(key, one, other, &self.keys);
                }
            }
        }
        Ok(())
    }
}

/// The rule that an entry is about, and what it says of it. None of what has another name, or is no such place.
fn parts(name: &str) -> Option<(Place, &str)> {
    let (place, what) = name.strip_prefix(PREFIX)?.split_once('/')?;
    Some((place.parse().ok()?, what))
}

fn hash_in(what: &str) -> Option<u64> {
    u64::from_str_radix(what.strip_prefix("key/")?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(count: &str, key: &str) -> Vec<(String, String)> {
        let mut set = RuleSet::default();
        set.watch();
        let rule =
            Rule::from_text("refuse token_suspended on operation=provision when every=2").unwrap();
        set.arm(rule, Moment::from_micros(0)).unwrap();
        let written = set.changed().into_iter();
        let mut entries: Vec<_> = written
            .filter_map(|(name, value)| Some((name, value?)))
            .collect();
        entries.push(("fault/000000000000/count".to_owned(), count.to_owned()));
        entries.push((
            "fault/000000000000/key/00000000000000ff".to_owned(),
            key.to_owned(),
        ));
        entries
    }

    #[test]
    fn rules_go_on_counting_from_where_they_were() {
        let mut set = RuleSet::default();
        set.restore(&entries("7 3", "0 2")).unwrap();
        let armed = set.iter().next().unwrap();
        assert_eq!((armed.matched(), armed.fired()), (7, 3));
        assert_eq!(armed.tally.counted(0xff), Some((0, 2)));
    }

    #[test]
    fn what_cannot_be_read_is_not_taken_for_nothing_counted() {
        for (count, key) in [
            ("7", "0 2"),
            ("seven 3", "0 2"),
            ("7 3", "0 -1"),
            ("7 3", ""),
        ] {
            let error = RuleSet::default()
                .restore(&entries(count, key))
                .unwrap_err();
            assert!(
                error.starts_with("what the entry"),
                "{count:?} {key:?}: {error}"
            );
        }
        let odd = [("fault/first/rule".to_owned(), "{}".to_owned())];
        let error = RuleSet::default().restore(&odd).unwrap_err();
        assert_eq!(error, r#"the entry "fault/first/rule""#);
    }
}
