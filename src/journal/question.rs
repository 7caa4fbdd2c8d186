//! What somebody wants to know of the journal: how many entries are like this, or did these come one after another.

use serde_json::{Map, Value};

use super::filter::FilterError;
use super::pattern::{Pattern, object, wrong};
use crate::domain::number::whole_from_zero;
use crate::domain::words::unknown;
use crate::limits::VERIFY_STEPS_MAX;

/// A question about the entries from number `from` on.
#[derive(Debug, Clone)]
pub struct Question {
    pub(super) from: u64,
    pub(super) about: About,
}

#[derive(Debug, Clone)]
pub(super) enum About {
    Count(Pattern, Count),
    /// An entry for each, in this order, with any others between them.
    InOrder(Vec<Pattern>),
}

/// How many there should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) at_least: u64,
    pub(super) at_most: Option<u64>,
}

const MEMBERS: [&str; 4] = ["match", "count", "in_order", "from"];
const COUNTS: [&str; 3] = ["exactly", "at_least", "at_most"];

impl Question {
    /// Reads a question from a tree of values. Without a count, one entry at least is asked for.
    ///
    /// # Errors
    /// When a member is unknown, missing or of the wrong kind, or no number of entries could be right.
    pub fn read(value: &Value) -> Result<Self, FilterError> {
        let members = object("body", value)?;
        known(members, "", &MEMBERS)?;
        let from = members.get("from");
        let from = from.map_or(Ok(0), |from| whole("from", from))?;
        let about = match (members.get("match"), members.get("in_order")) {
            (Some(pattern), None) => {
                let count = members.get("count").map_or(Ok(Count::SOME), Count::read)?;
                About::Count(Pattern::read("match", pattern)?, count)
            }
            (None, Some(_)) if members.contains_key("count") => {
                let problem = "goes with match; in_order asks whether each was there";
                return Err(wrong("count", problem));
            }
            (None, Some(steps)) => About::InOrder(read_steps(steps)?),
            (None, None) => return Err(wrong("match", "is missing; give it or in_order")),
            (Some(_), Some(_)) => return Err(wrong("in_order", "cannot be given beside match")),
        };
        Ok(Self { from, about })
    }

    /// The first number that matters.
    pub const fn from(&self) -> u64 {
        self.from
    }
}

impl Count {
    const SOME: Self = Self {
        at_least: 1,
        at_most: None,
    };

    fn read(value: &Value) -> Result<Self, FilterError> {
        let members = object("count", value)?;
        known(members, "count.", &COUNTS)?;
        let at = |name: &str| {
            let value = members.get(name);
            value
                .map(|value| whole(&format!("count.{name}"), value))
                .transpose()
        };
        match (at("exactly")?, at("at_least")?, at("at_most")?) {
            (None, None, None) => Err(wrong("count", "needs exactly, at_least or at_most")),
            (Some(exactly), None, None) => Ok(Self {
                at_least: exactly,
                at_most: Some(exactly),
            }),
            (Some(_), ..) => Err(wrong(
                "count.exactly",
                "cannot be given beside another count",
            )),
            (None, Some(low), Some(high)) if low > high => {
                Err(wrong("count.at_least", "is more than at_most"))
            }
            (None, low, at_most) => Ok(Self {
                at_least: low.unwrap_or_default(),
                at_most,
            }),
        }
    }

    /// In words: `exactly 1`, `at least 2 and at most 3`.
    pub(super) fn words(self) -> String {
        match (self.at_least, self.at_most) {
            (low, Some(high)) if low == high => format!("exactly {low}"),
            (0, Some(high)) => format!("at most {high}"),
            (low, None) => format!("at least {low}"),
            (low, Some(high)) => format!("at least {low} and at most {high}"),
        }
    }
}

fn read_steps(value: &Value) -> Result<Vec<Pattern>, FilterError> {
    let steps = value.as_array();
    let steps = steps.filter(|steps| (1..=VERIFY_STEPS_MAX).contains(&steps.len()));
    let problem = format!("must be a list of 1 to {VERIFY_STEPS_MAX} patterns");
    let steps = steps.ok_or_else(|| wrong("in_order", &problem))?;
    let numbered = steps.iter().enumerate();
    let read = numbered.map(|(place, step)| Pattern::read(&format!("in_order.{place}"), step));
    read.collect()
}

fn known(members: &Map<String, Value>, place: &str, names: &[&str]) -> Result<(), FilterError> {
    match members.keys().find(|name| !names.contains(&name.as_str())) {
        Some(name) => Err(wrong(&format!("{place}{name}"), &unknown(name, names))),
        None => Ok(()),
    }
}

fn whole(place: &str, value: &Value) -> Result<u64, FilterError> {
    let problem = "must be a whole number of zero or more";
    let number = value.as_number().and_then(whole_from_zero);
    number.ok_or_else(|| wrong(place, problem))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_no_question_is_refused() {
        let rows = [
            (json!([]), "body", "must be an object"),
            (json!({}), "match", "is missing"),
            (json!({"mach": {}}), "mach", "did you mean \"match\"?"),
            (
                json!({"match": {}, "in_order": [{}]}),
                "in_order",
                "beside match",
            ),
            (
                json!({"in_order": [{}], "count": {"exactly": 1}}),
                "count",
                "goes with match",
            ),
            (json!({"in_order": []}), "in_order", "1 to 100 patterns"),
            (
                json!({"in_order": [{}, {"x": 1}]}),
                "in_order.1.x",
                "is not known",
            ),
            (json!({"match": {}, "from": -1}), "from", "zero or more"),
            (json!({"match": {}, "count": {}}), "count", "needs exactly"),
            (
                json!({"match": {}, "count": 1}),
                "count",
                "must be an object",
            ),
            (
                json!({"match": {}, "count": {"exactly": 1.5}}),
                "count.exactly",
                "whole",
            ),
            (
                json!({"match": {}, "count": {"exactly": 1, "at_most": 2}}),
                "count.exactly",
                "beside",
            ),
            (
                json!({"match": {}, "count": {"at_least": 3, "at_most": 2}}),
                "count.at_least",
                "more",
            ),
            (
                json!({"match": {}, "count": {"atleast": 3}}),
                "count.atleast",
                "\"at_least\"?",
            ),
        ];
        for (value, field, problem) in rows {
            let error = Question::read(&value).unwrap_err();
            assert_eq!(error.field, field, "{value}");
            assert!(error.problem.contains(problem), "{error}");
        }
    }
}
