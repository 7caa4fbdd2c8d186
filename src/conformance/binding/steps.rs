//! How one operation of a binding is carried out, as it is written: requests, places of facts, waits and pages.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::super::options::parse_duration;
use super::Fact;
use super::observe::Reading;
use super::paging::Pages;
use super::polling::Poll;
use super::request::Template;
use super::source::Source;

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
    /// How a list goes on.
    #[serde(default)]
    pub(super) pages: Option<Pages>,
    #[serde(default)]
    pub(super) requests: Vec<Template>,
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

impl Steps {
    /// Its requests, and the one that is repeated while it waits.
    pub(super) fn all_requests(&self) -> impl Iterator<Item = &Template> {
        let polled = self.poll.iter().filter_map(|poll| poll.request.as_ref());
        self.requests.iter().chain(polled)
    }

    /// The request with what is asked for: the last one whose body can be read, or else the last one.
    pub(super) fn carrier(&self) -> Option<&Template> {
        let mut bodies = self.requests.iter().rev();
        bodies
            .find(|one| one.is_structured())
            .or(self.requests.last())
    }

    /// Every fact that its answers tell.
    pub(super) fn told(&self) -> impl Iterator<Item = Fact> {
        let polled = self.poll.iter().flat_map(|poll| poll.facts.keys());
        self.facts.keys().chain(polled).copied()
    }

    /// How the last answer is read.
    pub(super) fn reading(&self) -> Reading<'_> {
        let facts = self.facts.iter();
        Reading {
            accepts: &self.accept,
            facts: facts.map(|(fact, it)| (*fact, it.as_slice())).collect(),
            pages: self.pages.as_ref(),
        }
    }
}
