//! The pair that finds real idempotency bugs: the reply is lost, and either nothing happened or everything did.

use serde::Serialize;

use super::fault::{Fault, Kind, Parameter, Plain, Takes};
use crate::domain::vocabulary::{all_words, words};

/// A lost reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Commit {
    /// Nothing happened: no record, no notice, no counter moved.
    LostBeforeCommit { seen: Seen },
    /// It happened, and the reply did not arrive.
    LostAfterCommit { seen: Seen },
}

words! {
    /// What the client sees of a lost reply.
    pub enum Seen {
        /// A TCP reset, or RST_STREAM.
        Reset = "reset",
        /// The connection is closed without a byte.
        EmptyReply = "empty_reply",
        /// Nothing, until the client gives up.
        Silence = "silence",
        /// 504 in the surface's own words, as a proxy in between would say.
        GatewayTimeout = "gateway_timeout",
    }
}

const SEEN: Parameter = Parameter::optional(
    "seen",
    Takes::Word(all_words::<Seen>),
    "what the client sees: reset, empty_reply, silence or gateway_timeout",
    "reset",
);

pub(super) const KINDS: &[Kind] = &[
    Kind {
        word: "lost_before_commit",
        about: "nothing happens and no reply arrives",
        parameters: &[SEEN],
        example: "lost_before_commit gateway_timeout",
        read: |fields| {
            Ok(plain(Commit::LostBeforeCommit {
                seen: fields.or("seen", Seen::Reset)?,
            }))
        },
    },
    Kind {
        word: "lost_after_commit",
        about: "it happens and the reply is lost",
        parameters: &[SEEN],
        example: "lost_after_commit",
        read: |fields| {
            Ok(plain(Commit::LostAfterCommit {
                seen: fields.or("seen", Seen::Reset)?,
            }))
        },
    },
];

const fn plain(commit: Commit) -> Fault {
    Fault::Plain(Plain::Commit(commit))
}
