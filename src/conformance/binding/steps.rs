//! How one operation of a binding is carried out, as it is written: requests, places of facts, waits and pages.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::super::options::parse_duration;
use super::request::Template;
use super::source::Source;
use super::{Fact, Observed, Operation, State};

/// How one operation is carried out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Steps {
    /// The account that asks, if it is not the binding's.
    #[serde(default)]
    pub(super) account: Option<String>,
    /// The statuses that mean success.
    #[serde(default)]
    pub(super) accept: Vec<u16>,
    /// Where the last answer tells what.
    #[serde(default)]
    pub(super) facts: BTreeMap<Fact, Vec<Source>>,
    /// The answer may tell the card number as the whole value of a member: its source says so, as of a vault. A refusal may not.
    #[serde(default)]
    pub(super) tells_card: bool,
    /// What has to be waited for.
    #[serde(default)]
    pub(super) poll: Option<Poll>,
    /// How a list goes on: where the answer tells what {cursor} must be next.
    #[serde(default)]
    pub(super) pages: Option<Pages>,
    #[serde(default)]
    pub(super) requests: Vec<Template>,
}

/// A list that comes in pages: the same request again, with the cursor that the last answer told, until it tells none.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pages {
    pub(super) cursor: Vec<Source>,
    #[serde(default = "Pages::usual_limit")]
    pub(super) limit: usize,
}

impl Pages {
    const fn usual_limit() -> usize {
        100
    }
}

/// What is repeated until it tells one of these states or outcomes: another operation, or a request for this alone, such as for
/// the job that a 202 named, whose answer is read as that of the operation which waits.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Poll {
    #[serde(default)]
    pub(super) operation: Option<Operation>,
    #[serde(default)]
    pub(super) request: Option<Template>,
    #[serde(default)]
    pub(super) until: Vec<State>,
    #[serde(default = "Poll::every")]
    pub(super) every: Time,
    #[serde(default = "Poll::limit")]
    pub(super) limit: Time,
}

/// A time such as 500ms or 5s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Time(pub(crate) Duration);

impl TryFrom<String> for Time {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        parse_duration(&text).map(Self)
    }
}

impl Poll {
    const fn every() -> Time {
        Time(Duration::from_millis(100))
    }

    const fn limit() -> Time {
        Time(Duration::from_secs(5))
    }

    /// Nothing more is to be waited for.
    pub(super) fn is_settled(&self, seen: &Observed) -> bool {
        if !seen.accepted {
            return true;
        }
        if seen.operation.pays() || self.until.is_empty() {
            return seen.outcome.is_some();
        }
        seen.state.is_some_and(|state| self.until.contains(&state))
    }
}
