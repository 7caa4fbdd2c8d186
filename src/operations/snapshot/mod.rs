//! A space, or every space of a server, as a file: one JSON object a line, so that it can be read, compared and kept beside a
//! test. The first line says what the file is and the last one that it is whole.

mod read;
mod write;

use serde::{Deserialize, Serialize};

use super::space_name::SpaceName;
use super::spaces::OpenError;
use crate::domain::rejection::Rejection;
use crate::domain::vocabulary::words;
use crate::limits::{MIB, SNAPSHOT_BYTES_MAX};
use crate::store::{Part, StoreError};

/// The form of what is written. It goes up whenever this release could not read an older file, or an older one not this file.
pub const FORM: u32 = 1;

words! {
    /// What a file has.
    pub enum Scope {
        Space = "space",
        Server = "server",
    }
}

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    standin_snapshot: u32,
    /// Which release wrote it. Nothing depends on it.
    release: String,
    of: String,
    /// Stands for the seed of the server.
    seed: String,
}

/// The lines that are no part of a store.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Own {
    /// The lines from here on are of this space.
    Space {
        name: String,
        /// Messages that were still to be sent. They stay where they were, or they would be sent twice.
        waiting: usize,
    },
    Setting {
        name: String,
        value: String,
    },
    End {
        lines: usize,
    },
}

/// A space that was taken apart.
#[derive(Debug)]
pub struct Taken {
    pub(super) name: SpaceName,
    pub(super) parts: Vec<Part>,
    /// Where its clock stands, its fault rules and what they counted, and whose seed it has.
    pub(super) settings: Vec<(String, String)>,
    pub(super) waiting: usize,
}

/// What a file holds.
#[derive(Debug)]
pub struct Snapshot {
    pub(super) of: Scope,
    pub(super) spaces: Vec<Taken>,
}

/// Why a snapshot is not taken or not loaded. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    #[error(
        "line 1: this is a snapshot of form {0}, and this release reads form {FORM}; load it with the release that wrote it"
    )]
    Form(u32),
    #[error(
        "line 1: it was taken from a server with another --seed, from which its tokens are derived; start one with that seed"
    )]
    Seed,
    #[error("line {0}: {1}")]
    Line(usize, String),
    /// What a space keeps besides its records cannot be used: the line, what it is, and why.
    #[error("line {0}: {1}: {2}")]
    Member(usize, String, String),
    #[error(
        "a snapshot has {} MiB at most, and this one would have more; keep the whole folder of serve --data instead",
        SNAPSHOT_BYTES_MAX / MIB
    )]
    TooLarge,
    #[error("there is no space {0}; GET /_standin/spaces lists them")]
    NoSuchSpace(SpaceName),
    #[error("there is a space {0} already; drop it first with DELETE /~{0}/_standin/space")]
    SpaceExists(SpaceName),
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl From<StoreError> for SnapshotError {
    fn from(error: StoreError) -> Self {
        Rejection::from(error).into()
    }
}

impl From<Rejection> for SnapshotError {
    fn from(rejection: Rejection) -> Self {
        Self::Open(rejection.into())
    }
}
