//! What the keys of the engine are called. The part in braces decides on which node of a cluster a key lies.
//!
//! It is the space, so that all that a space has lies on one node: then a change of several records with its notices, messages
//! and tasks is one script whose keys are all declared, and nothing of it can be half done. The price is that one space is as
//! fast as one node; many spaces spread over all of them. What all spaces share lies under a name of its own.

use super::bytes::hex_of;
use crate::domain::webhook::EndpointId;

/// What is fixed in every space, in the order in which scripts know it. The second place is for what a script has done.
const FIXED: [&str; 14] = [
    "meta",
    "done",
    "tasks",
    "told",
    "paid",
    "messages",
    "out",
    "due",
    "lines",
    "aside",
    "delivered",
    "dead",
    "endpoints",
    "settings",
];
const DONE: usize = 1;

/// Which of them.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fixed {
    Meta = 0,
    Tasks = 2,
    Told = 3,
    Paid = 4,
    Messages = 5,
    Out = 6,
    Due = 7,
    Delivered = 10,
    Dead = 11,
    Endpoints = 12,
    Settings = 13,
}

/// The names of all spaces, and what else they share.
#[derive(Debug, Clone, Copy)]
pub(super) enum Registry {
    Facts,
    Names,
    Latest,
    Epoch,
    Replicas,
}

impl Registry {
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Facts => "standin:{standin}:facts",
            Self::Names => "standin:{standin}:names",
            Self::Latest => "standin:{standin}:latest",
            Self::Epoch => "standin:{standin}:epoch",
            Self::Replicas => "standin:{standin}:replicas",
        }
    }

    /// There as long as a replica is.
    pub(super) fn alive(replica: &str) -> String {
        format!("standin:{{standin}}:alive:{replica}")
    }
}

/// The keys of one space.
#[derive(Debug)]
pub(super) struct Keys {
    prefix: String,
    fixed: Vec<String>,
}

impl Keys {
    pub(super) fn of(space: &str) -> Self {
        let prefix = format!("standin:{{{space}}}:");
        let fixed = FIXED.iter().map(|part| format!("{prefix}{part}"));
        Self {
            fixed: fixed.collect(),
            prefix,
        }
    }

    pub(super) fn fixed(&self, which: Fixed) -> &str {
        &self.fixed[which as usize]
    }

    /// The first so many of what is fixed, for something that is done once under this id.
    pub(super) fn for_script(&self, count: usize, id: &str) -> Vec<String> {
        let mut keys = self.fixed[..count].to_vec();
        keys[DONE] = format!("{}done:{id}", self.prefix);
        keys
    }

    /// All that is fixed.
    pub(super) fn all_for_script(&self, id: &str) -> Vec<String> {
        self.for_script(FIXED.len(), id)
    }

    /// Where the records of a kind are.
    pub(super) fn records(&self, kind: &str) -> String {
        format!("{}record:{kind}", self.prefix)
    }

    /// Where their keys are in order.
    pub(super) fn index(&self, kind: &str) -> String {
        format!("{}index:{kind}", self.prefix)
    }

    /// How many messages each line to an endpoint has had.
    pub(super) fn numbers(&self, endpoint: EndpointId) -> String {
        format!("{}numbers:{}", self.prefix, hex_of(endpoint.0))
    }

    /// Held by whoever is doing what is due.
    pub(super) fn turn(&self) -> String {
        format!("{}turn", self.prefix)
    }
}
