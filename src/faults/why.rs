//! Why a rule did not fire. The journal shows it for the rule that came nearest, so that a fault that never happens is as
//! easy to explain as one that does.

use std::fmt;
use std::sync::Arc;

use super::facts::Field;
use super::when::{Per, Window};
use crate::matching::Difference;

/// A rule that did not fire for a request, and why not.
#[derive(Debug, Clone, PartialEq)]
pub struct Miss {
    pub rule: Arc<str>,
    pub why: Hold,
}

/// What held a rule back.
#[derive(Debug, Clone, PartialEq)]
pub enum Hold {
    /// The request is another.
    Differs(Vec<Difference>),
    /// The rule's time to live is over.
    Expired,
    Window(Window),
    /// It counts by a fact that is not known of the request.
    NoKey(Field),
    /// The counters of the space are full, so that it cannot tell whose turn it is.
    CountersFull,
    /// Another request's turn: this one is the `count`th of those that it counts together.
    Turn {
        count: u64,
        per: Per,
    },
    Chance {
        drawn: f64,
        below: f64,
    },
    /// Its sequence has no fault now.
    Quiet(String),
    /// It has fired as often as it may.
    Capped(u64),
}

impl Hold {
    /// The smaller, the nearer the rule was to firing. A rule that matched is nearer than any that did not.
    pub fn distance(&self) -> usize {
        match self {
            Self::Differs(differences) => 1 + differences.len(),
            Self::Expired => 1,
            Self::Window(_)
            | Self::NoKey(_)
            | Self::CountersFull
            | Self::Turn { .. }
            | Self::Chance { .. }
            | Self::Quiet(_)
            | Self::Capped(_) => 0,
        }
    }
}

/// How the key that was counted by is told, without its values.
const fn counted_per(per: Per) -> &'static str {
    match per {
        Per::Subject => "subject (client, operation and card or token)",
        Per::Client
        | Per::Card
        | Per::Token
        | Per::Payment
        | Per::Merchant
        | Per::Requestor
        | Per::IdempotencyKey
        | Per::Path
        | Per::Space => per.word(),
    }
}

impl fmt::Display for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Differs(differences) => {
                for (place, one) in differences.iter().enumerate() {
                    let comma = if place == 0 { "" } else { ", " };
                    let found = one.seen.as_deref().unwrap_or("not known");
                    write!(f, "{comma}{} is {found}, not {}", one.field, one.wanted)?;
                }
                Ok(())
            }
            Self::Expired => f.write_str("its time to live is over"),
            Self::Window(window) => {
                write!(
                    f,
                    "it fires from {} until {} only",
                    window.from, window.until
                )
            }
            Self::NoKey(field) => {
                write!(
                    f,
                    "it counts by {}, which is not known of this request",
                    field.word()
                )
            }
            Self::CountersFull => f.write_str("the space has as many fault counters as it may"),
            Self::Turn { count, per } => {
                write!(
                    f,
                    "this was request {count} counted per {}",
                    counted_per(*per)
                )
            }
            Self::Chance { drawn, below } => write!(f, "drew {drawn:.4}, needs less than {below}"),
            Self::Quiet(why) => f.write_str(why),
            Self::Capped(cap) => write!(f, "it has fired {cap} times, which is its cap"),
        }
    }
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule {} did not fire: {}", self.rule, self.why)
    }
}
