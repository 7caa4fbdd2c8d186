//! What a rule does when it fires: the closed set of faults, how each is read, and what is left of it once every draw has
//! been made.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::answer::Answer;
use super::commit::Commit;
use super::cryptogram::Cryptogram;
use super::draw::Draw;
use super::facts::Stage;
use super::outcome::Outcome;
use super::read::{Fields, RuleError};
use super::sequence::Sequence;
use super::time::{Place, Time};
use super::transport::Transport;
use super::webhook::Webhook;
use super::{answer, commit, cryptogram, outcome, sequence, time, transport, webhook};
use crate::domain::operation::Operation;
use crate::domain::words::unknown;

/// A fault as a rule has it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Fault {
    Plain(Plain),
    Sequence(Sequence),
}

/// A fault that is the same each time.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Plain {
    Outcome(Outcome),
    Answer(Answer),
    Time(Time),
    Transport(Transport),
    Commit(Commit),
    Cryptogram(Cryptogram),
    Webhook(Webhook),
}

/// What is to be carried out, with every draw made.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    Outcome(Outcome),
    Answer(Answer),
    /// The answer waits so long.
    Wait(Duration),
    /// Nothing more from `at` on; the connection is closed after `lasts`.
    Stall {
        at: Place,
        lasts: Duration,
    },
    /// From `at` on `bytes` at a time, `every` so often.
    Drip {
        at: Place,
        bytes: u32,
        every: Duration,
    },
    Transport(Transport),
    Commit(Commit),
    Cryptogram(Cryptogram),
    Webhook(Webhook),
}

/// How a kind of fault is written.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    pub word: &'static str,
    /// One line for people.
    pub about: &'static str,
    /// In the short syntax the first of them may stand without its name.
    pub parameters: &'static [Parameter],
    /// In the short syntax; every parameter that can be given is given somewhere.
    pub example: &'static str,
    pub(super) read: Read,
}

pub(super) type Read = fn(&mut Fields) -> Result<Fault, RuleError>;

/// One parameter of a kind of fault.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    pub name: &'static str,
    pub takes: Takes,
    pub about: &'static str,
    /// What holds when it is left out, in words. None when it must be given.
    pub default: Option<&'static str>,
}

/// What a parameter takes.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    Number,
    /// Milliseconds, or a span such as `5s`.
    Wait,
    Text,
    /// One of these words.
    Word(fn() -> Vec<&'static str>),
    /// Any JSON value.
    Json,
    /// Another fault, one that is the same each time.
    Fault,
    /// Phases of requests or time.
    Phases,
}

impl Parameter {
    pub(super) const fn required(name: &'static str, takes: Takes, about: &'static str) -> Self {
        Self {
            name,
            takes,
            about,
            default: None,
        }
    }

    pub(super) const fn optional(
        name: &'static str,
        takes: Takes,
        about: &'static str,
        default: &'static str,
    ) -> Self {
        Self {
            name,
            takes,
            about,
            default: Some(default),
        }
    }
}

/// Kinds that are about the same thing.
#[derive(Debug, Clone, Copy)]
pub struct Family {
    pub word: &'static str,
    pub kinds: &'static [Kind],
}

/// Every family.
pub const FAMILIES: [Family; 8] = [
    family("outcome", outcome::KINDS),
    family("answer", answer::KINDS),
    family("time", time::KINDS),
    family("transport", transport::KINDS),
    family("commit", commit::KINDS),
    family("sequence", sequence::KINDS),
    family("cryptogram", cryptogram::KINDS),
    family("webhook", webhook::KINDS),
];

const fn family(word: &'static str, kinds: &'static [Kind]) -> Family {
    Family { word, kinds }
}

/// Every kind, family by family.
pub fn kinds() -> impl Iterator<Item = &'static Kind> {
    FAMILIES.iter().flat_map(|family| family.kinds)
}

impl Fault {
    /// Reads `{"kind": …}`.
    pub(super) fn read(place: &str, value: Value) -> Result<Self, RuleError> {
        let Some(word) = value.get("kind") else {
            let known: Vec<_> = kinds().map(|kind| kind.word).collect();
            let problem = format!("is missing; it can be {}", known.join(", "));
            return Err(RuleError::at(format!("{place}.kind"), problem));
        };
        let kind = find_kind(word.as_str().unwrap_or_default())
            .map_err(|problem| RuleError::at(format!("{place}.kind"), problem))?;
        let names: Vec<_> = kind
            .parameters
            .iter()
            .map(|one| one.name)
            .chain(["kind"])
            .collect();
        let mut fields = Fields::open(place, value, &names)?;
        (kind.read)(&mut fields)
    }

    /// The operations to which it can happen, in words; None when it can happen to any.
    pub(super) fn operations(&self) -> Option<Vec<&'static str>> {
        let parts = match self {
            Self::Plain(plain) => vec![plain],
            Self::Sequence(sequence) => sequence.parts(),
        };
        let each: Option<Vec<_>> = parts.into_iter().map(Plain::operations).collect();
        let each = each.filter(|each| !each.is_empty())?;
        let words = each.into_iter().flatten().map(|operation| operation.word());
        Some(words.collect())
    }

    /// When the fault is decided at the earliest.
    pub fn stage(&self) -> Stage {
        match self {
            Self::Plain(plain) => plain.stage(),
            Self::Sequence(sequence) => sequence.stage(),
        }
    }
}

/// The kind of this name.
pub(super) fn find_kind(word: &str) -> Result<&'static Kind, String> {
    kinds().find(|kind| kind.word == word).ok_or_else(|| {
        let known: Vec<_> = kinds().map(|kind| kind.word).collect();
        unknown(word, &known)
    })
}

impl Plain {
    pub(super) fn read(place: &str, value: Value) -> Result<Self, RuleError> {
        match Fault::read(place, value)? {
            Fault::Plain(plain) => Ok(plain),
            Fault::Sequence(_) => Err(RuleError::at(
                format!("{place}.kind"),
                "must be a fault that is the same each time, not another sequence",
            )),
        }
    }

    pub const fn stage(&self) -> Stage {
        match self {
            Self::Answer(_) | Self::Time(_) | Self::Transport(_) => Stage::Arrival,
            Self::Outcome(_) | Self::Commit(_) | Self::Cryptogram(_) => Stage::Operation,
            Self::Webhook(_) => Stage::Webhook,
        }
    }

    /// The operations to which it can happen; None when it can happen to any.
    pub(super) const fn operations(&self) -> Option<&'static [Operation]> {
        match self {
            Self::Outcome(outcome) => Some(outcome.operations()),
            Self::Cryptogram(_) => Some(&[Operation::IssueCryptogram]),
            Self::Answer(_)
            | Self::Time(_)
            | Self::Transport(_)
            | Self::Commit(_)
            | Self::Webhook(_) => None,
        }
    }

    /// Whether it is drawn anew each time.
    pub(super) const fn draws(&self) -> bool {
        matches!(self, Self::Time(Time::Latency(_)))
    }

    /// Makes the draws, if the fault has any.
    pub(super) fn effect(self, draw: &Draw<'_>) -> Effect {
        match self {
            Self::Outcome(outcome) => Effect::Outcome(outcome),
            Self::Answer(answer) => Effect::Answer(answer),
            Self::Time(Time::Delay { ms }) => Effect::Wait(ms.0),
            Self::Time(Time::Latency(percentiles)) => {
                Effect::Wait(percentiles.draw(&mut draw.latency()))
            }
            Self::Time(Time::Stall { at, ms }) => Effect::Stall { at, lasts: ms.0 },
            Self::Time(Time::Drip { at, bytes, every }) => Effect::Drip {
                at,
                bytes,
                every: every.0,
            },
            Self::Transport(transport) => Effect::Transport(transport),
            Self::Commit(commit) => Effect::Commit(commit),
            Self::Cryptogram(cryptogram) => Effect::Cryptogram(cryptogram),
            Self::Webhook(webhook) => Effect::Webhook(webhook),
        }
    }
}
