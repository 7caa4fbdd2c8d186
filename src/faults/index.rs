//! Finding the rules that could match a request without looking at the others: each is filed under the one exact field of
//! its pattern that it shares with the fewest.

use hashbrown::HashMap;

use super::facts::{Facts, Field, Stage};
use super::pattern::Pattern;
use crate::matching::Asked;

/// Where a rule is, in the order in which rules were armed.
pub(super) type Place = u64;

/// The rules of each stage by what they are filed under.
#[derive(Debug)]
pub(super) struct Index {
    stages: Vec<Drawer>,
}

#[derive(Debug)]
struct Drawer {
    by_field: Vec<HashMap<String, Vec<Place>>>,
    /// Rules that no exact field distinguishes.
    rest: Vec<Place>,
}

impl Default for Index {
    fn default() -> Self {
        let drawer = || Drawer {
            by_field: Field::ALL.iter().map(|_| HashMap::new()).collect(),
            rest: Vec::new(),
        };
        Self {
            stages: Stage::ALL.iter().map(|_| drawer()).collect(),
        }
    }
}

impl Index {
    /// Files a rule and says under which field; None when it is not under any.
    pub(super) fn file(&mut self, stage: Stage, pattern: &Pattern, place: Place) -> Option<Field> {
        let drawer = &mut self.stages[stage as usize];
        let crowd = |asked: &&Asked<Field>| {
            let bucket = &drawer.by_field[asked.field as usize];
            let sizes = asked.exact().into_iter().flatten();
            let sizes = sizes.map(|value| bucket.get(value).map_or(0, Vec::len));
            (sizes.max(), std::cmp::Reverse(selectivity(asked.field)))
        };
        let exact = pattern.asked().iter();
        let exact = exact.filter(|asked| asked.exact().is_some());
        let Some(asked) = exact.min_by_key(crowd) else {
            drawer.rest.push(place);
            return None;
        };
        for value in asked.exact().into_iter().flatten() {
            drawer.by_field[asked.field as usize]
                .entry(value.to_owned())
                .or_default()
                .push(place);
        }
        Some(asked.field)
    }

    /// Takes a rule out from where [`Index::file`] has put it.
    pub(super) fn remove(
        &mut self,
        stage: Stage,
        pattern: &Pattern,
        under: Option<Field>,
        place: Place,
    ) {
        let drawer = &mut self.stages[stage as usize];
        let Some(field) = under else {
            drawer.rest.retain(|other| *other != place);
            return;
        };
        let bucket = &mut drawer.by_field[field as usize];
        let asked = pattern.asked().iter().filter(|asked| asked.field == field);
        for value in asked.filter_map(Asked::exact).flatten() {
            if let Some(places) = bucket.get_mut(value) {
                places.retain(|other| *other != place);
                if places.is_empty() {
                    bucket.remove(value);
                }
            }
        }
    }

    /// Every rule of the stage that could match, in the order in which they were armed.
    pub(super) fn candidates(&self, stage: Stage, facts: &Facts) -> Vec<Place> {
        let drawer = &self.stages[stage as usize];
        let mut found = drawer.rest.clone();
        for (field, value) in facts.iter() {
            if let Some(places) = drawer.by_field[field as usize].get(value) {
                found.extend_from_slice(places);
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// How few requests share a value of the field, as a guess for when no rule is filed under it yet.
const fn selectivity(field: Field) -> u8 {
    match field {
        Field::IdempotencyKey | Field::Payment => 9,
        Field::Token | Field::Card => 8,
        Field::Path => 6,
        Field::Last4 => 5,
        Field::Amount => 4,
        Field::Bin | Field::Client | Field::Merchant | Field::Requestor => 3,
        Field::Operation | Field::Event | Field::Endpoint | Field::ExpiryYear => 2,
        Field::Surface | Field::Network | Field::Method | Field::Currency => 1,
        Field::Space => 0,
    }
}
