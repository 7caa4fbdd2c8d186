//! Which faults a request gets. Choosing changes nothing but counters: no waiting, no clock, no chance of its own.
//!
//! Every rule that matches counts the request and decides by itself, so that arming one more rule never changes what the
//! others do. What comes of several that fire is for [`super::plan`] to say.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

use super::draw::Draw;
use super::entries::Changes;
use super::facts::{Facts, Field, Stage};
use super::fault::{Effect, Fault, find_kind};
use super::index::{Index, Place};
use super::plan::{Taken, withholds};
use super::rule::Rule;
use super::sequence::Occasion;
use super::tally::{Tally, hash};
use super::why::{Hold, Miss};
use crate::domain::moment::Moment;
use crate::limits::{FAULT_NEAREST_MAX, FAULT_RULES_MAX};
use crate::seed::Seed;

/// Every armed rule of a space.
#[derive(Debug, Default)]
pub struct RuleSet {
    pub(super) rules: BTreeMap<Place, Armed>,
    names: HashMap<Arc<str>, Place>,
    index: Index,
    pub(super) next: Place,
    /// The last number that was put behind a word to make a name of it.
    numbered: HashMap<&'static str, u64>,
    /// Keys that all tallies together hold.
    pub(super) keys: AtomicUsize,
    /// What has changed since somebody wrote it down. None when nobody does.
    pub(super) changes: Option<Mutex<Changes>>,
}

/// A rule that is armed, and what it has done so far.
#[derive(Debug)]
pub struct Armed {
    pub name: Arc<str>,
    pub rule: Rule,
    pub since: Moment,
    /// Whether it is looked at. One that is off keeps its name and its counters.
    pub on: bool,
    under: Option<Field>,
    pub(super) tally: Tally,
}

/// A rule that fired.
#[derive(Debug, Clone, PartialEq)]
pub struct Fired {
    pub rule: Arc<str>,
    pub effect: Effect,
}

/// What was chosen for a request.
#[derive(Debug, Default)]
pub struct Choice {
    /// In the order in which the rules were armed.
    pub fired: Vec<Fired>,
    /// Rules whose turn it was, and that could have had no effect.
    pub overruled: Vec<Arc<str>>,
    /// The rule that came nearest to firing and did not.
    pub nearest: Option<Miss>,
}

impl Choice {
    /// The first rule that was held back is told of.
    fn miss(&mut self, armed: &Armed, why: Hold) {
        let rule = Arc::clone(&armed.name);
        self.nearest.get_or_insert(Miss { rule, why });
    }
}

/// What becomes of a rule's turn.
enum Fate {
    Open,
    Fires,
    Overruled,
    Capped,
}

/// Why a rule cannot be armed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArmError {
    #[error("{FAULT_RULES_MAX} rules are armed already; remove some first")]
    TooMany,
    #[error("a rule named {0:?} is armed already; remove it first or choose another name")]
    NameTaken(String),
}

impl RuleSet {
    /// Arms a rule and says what it is called.
    pub fn arm(&mut self, rule: Rule, now: Moment) -> Result<Arc<str>, ArmError> {
        if self.rules.len() >= FAULT_RULES_MAX {
            self.sweep(now);
        }
        if self.rules.len() >= FAULT_RULES_MAX {
            return Err(ArmError::TooMany);
        }
        let name: Arc<str> = match &rule.name {
            Some(name) if self.names.contains_key(name.as_str()) => {
                return Err(ArmError::NameTaken(name.clone()));
            }
            Some(name) => name.as_str().into(),
            None => self.free_name(rule.fault.word()),
        };
        let place = self.next;
        self.next += 1;
        let under = self.index.file(rule.stage(), &rule.pattern, place);
        self.names.insert(Arc::clone(&name), place);
        let armed = Armed {
            name: Arc::clone(&name),
            rule,
            since: now,
            on: true,
            under,
            tally: Tally::default(),
        };
        self.rules.insert(place, armed);
        self.note(|changes| changes.rule(place));
        Ok(name)
    }

    /// Takes a rule away. None when there is none of that name.
    pub fn disarm(&mut self, name: &str) -> Option<Rule> {
        let place = self.names.remove(name)?;
        let armed = self.rules.remove(&place)?;
        self.index
            .remove(armed.rule.stage(), &armed.rule.pattern, armed.under, place);
        self.keys.fetch_sub(armed.tally.keys(), Ordering::Relaxed);
        self.note(|changes| changes.gone(place, armed.tally.hashes()));
        Some(armed.rule)
    }

    /// Has a rule looked at from now on, or not. None when there is none of that name.
    pub fn turn(&mut self, name: &str, on: bool) -> Option<&Armed> {
        let place = *self.names.get(name)?;
        let armed = self.rules.get_mut(&place)?;
        armed.on = on;
        self.note(|changes| changes.rule(place));
        self.rules.get(&place)
    }

    /// Takes every rule away whose time to live is over.
    pub fn sweep(&mut self, now: Moment) {
        let over: Vec<_> = self
            .iter()
            .filter(|armed| armed.is_over(now))
            .map(|armed| armed.name.clone())
            .collect();
        for name in over {
            self.disarm(&name);
        }
    }

    pub fn clear(&mut self) {
        for (place, armed) in &self.rules {
            self.note(|changes| changes.gone(*place, armed.tally.hashes()));
        }
        *self = Self {
            next: self.next,
            changes: self.changes.take(),
            ..Self::default()
        };
    }

    /// In the order in which they were armed.
    pub fn iter(&self) -> impl Iterator<Item = &Armed> {
        self.rules.values()
    }

    pub fn get(&self, name: &str) -> Option<&Armed> {
        self.rules.get(self.names.get(name)?)
    }

    pub fn len(&self) -> usize {
        self.rules.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Lets every rule of this stage decide about a request of which nothing has been decided yet.
    pub fn choose(&self, stage: Stage, facts: &Facts, now: Moment, seed: &Seed) -> Choice {
        self.choose_beside(Taken::default(), stage, facts, now, seed)
    }

    /// Lets every rule of this stage decide about a request. A rule whose turn it is does not fire, and is not spent, where
    /// nothing is done that it could be about; what has it that nothing is done goes before the others.
    pub fn choose_beside(
        &self,
        mut taken: Taken,
        stage: Stage,
        facts: &Facts,
        now: Moment,
        seed: &Seed,
    ) -> Choice {
        let mut choice = Choice::default();
        if self.rules.is_empty() {
            return choice;
        }
        let candidates = self.index.candidates(stage, facts);
        let armed = candidates
            .iter()
            .filter_map(|place| Some((*place, self.rules.get(place)?)));
        let armed = armed.filter(|(_, armed)| armed.on && armed.rule.is_about(facts));
        let mut decided: Vec<(&Armed, Effect, Fate)> = Vec::new();
        let mut counted = Vec::new();
        for (place, armed) in armed {
            match armed.decide(facts, now, seed, &self.keys) {
                Ok(effect) => decided.push((armed, effect, Fate::Open)),
                Err(why) => choice.miss(armed, why),
            }
            if self.changes.is_some() {
                counted.push((place, armed.counted_under(facts)));
            }
        }
        for first in [true, false] {
            for (armed, effect, fate) in &mut decided {
                if withholds(effect) != first {
                    continue;
                }
                *fate = if !taken.leaves(effect) {
                    Fate::Overruled
                } else if armed.tally.fire(armed.rule.cap) {
                    taken.note(effect);
                    Fate::Fires
                } else {
                    Fate::Capped
                };
            }
        }
        for (armed, effect, fate) in decided {
            let rule = Arc::clone(&armed.name);
            match fate {
                Fate::Fires => choice.fired.push(Fired { rule, effect }),
                Fate::Overruled => choice.overruled.push(rule),
                Fate::Capped | Fate::Open => {
                    choice.miss(armed, Hold::Capped(armed.rule.cap.map_or(0, u64::from)));
                }
            }
        }
        for (place, key) in counted {
            self.note(|changes| changes.counted(place, key));
        }
        let nothing = choice.fired.is_empty() && choice.overruled.is_empty();
        if nothing && choice.nearest.is_none() && self.len() <= FAULT_NEAREST_MAX {
            choice.nearest = self.nearest(stage, facts);
        }
        choice
    }

    /// The rule of this stage whose pattern has the fewest differences from the facts. Looks at every rule.
    pub fn nearest(&self, stage: Stage, facts: &Facts) -> Option<Miss> {
        let of_stage = self.iter();
        let of_stage = of_stage.filter(|armed| armed.on && armed.rule.stage() == stage);
        let misses = of_stage.map(|armed| Miss {
            rule: Arc::clone(&armed.name),
            why: Hold::Differs(armed.rule.pattern.differences(facts)),
        });
        misses
            .filter(|miss| miss.why.distance() > 1)
            .min_by_key(|miss| miss.why.distance())
    }

    /// `word`, or `word-2` and so on when that is taken.
    fn free_name(&mut self, word: &'static str) -> Arc<str> {
        if !self.names.contains_key(word) {
            return word.into();
        }
        let number = self.numbered.entry(word).or_insert(1);
        loop {
            *number += 1;
            let name = format!("{word}-{number}");
            if !self.names.contains_key(name.as_str()) {
                return name.into();
            }
        }
    }
}

impl Armed {
    /// How many requests it has matched.
    pub fn matched(&self) -> u64 {
        self.tally.matched()
    }

    /// How often it has fired.
    pub fn fired(&self) -> u64 {
        self.tally.fired()
    }

    /// When its time to live is over, if it ever is.
    pub fn until(&self) -> Option<Moment> {
        self.rule.ttl.map(|ttl| self.since.plus(ttl.0))
    }

    pub fn is_over(&self, now: Moment) -> bool {
        self.until().is_some_and(|until| now >= until)
    }

    /// The hash of the key under which a request is counted.
    fn counted_under(&self, facts: &Facts) -> Option<u64> {
        let key = self.rule.key(self.rule.counted_by()?, facts).ok()?;
        Some(hash(&key))
    }

    /// Counts a request that the pattern matches, and says whether it is this rule's turn.
    fn decide(
        &self,
        facts: &Facts,
        now: Moment,
        seed: &Seed,
        keys: &AtomicUsize,
    ) -> Result<Effect, Hold> {
        let rule = &self.rule;
        if self.is_over(now) {
            return Err(Hold::Expired);
        }
        self.tally.note_match();
        rule.when.open(now)?;
        let since_armed = now.since(self.since);
        let mut draw = Draw {
            seed,
            rule: &self.name,
            key: "",
            count: 1,
        };
        let key;
        if let Some(per) = rule.counted_by() {
            key = rule.key(per, facts).map_err(Hold::NoKey)?;
            let era = rule.fault.era(since_armed);
            let count = self
                .tally
                .count(&key, era, keys)
                .ok_or(Hold::CountersFull)?;
            draw = Draw {
                key: &key,
                count,
                ..draw
            };
            rule.when.turn(per, &draw)?;
        }
        let plain = match &rule.fault {
            Fault::Plain(plain) => plain.clone(),
            Fault::Sequence(sequence) => {
                let occasion = Occasion {
                    count: draw.count,
                    since_armed,
                };
                sequence.at(occasion).map_err(Hold::Quiet)?
            }
        };
        Ok(plain.effect(&draw))
    }
}

impl Fault {
    /// What a rule without a name is called after.
    pub(super) fn word(&self) -> &'static str {
        let value = serde_json::to_value(self).unwrap_or_default();
        let word = value
            .get("kind")
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default();
        find_kind(word).map_or("fault", |kind| kind.word)
    }

    fn era(&self, since_armed: std::time::Duration) -> u64 {
        match self {
            Self::Plain(_) => 0,
            Self::Sequence(sequence) => sequence.era(since_armed),
        }
    }
}
