//! A space taken apart: all that its store keeps, in parts that can be written down, a line each, and put together again in a
//! store of any engine.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::queue_change::Stand;
use super::record::{RowChange, Write};
use super::{StoreError, Task};
use crate::domain::notice::{Notice, Subject};
use crate::domain::webhook::{Endpoint, EndpointId, Message};

/// Something that a store keeps.
#[derive(Debug)]
pub enum Part {
    Record(Box<Write>),
    Task(Task),
    Notice(Notice),
    Endpoint(Endpoint),
    /// One that was delivered or is dead.
    Message(Ended),
    Line(LineCount),
    Counts(Counts),
}

/// A message that nobody tries to deliver any more.
#[derive(Debug, Serialize, Deserialize)]
pub struct Ended {
    pub(super) delivered: bool,
    pub(super) message: Message,
}

/// How many messages an endpoint has had about something.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineCount {
    pub(super) endpoint: EndpointId,
    pub(super) about: Subject,
    pub(super) written: u32,
}

/// What a store has counted.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Notices that are not of payments.
    pub(super) told: u64,
    /// Endpoints that were registered.
    pub(super) registered: u32,
    /// Messages for which there was no room.
    pub(super) refused: u64,
}

/// All parts of a space, in an order that its content decides and not the engine.
#[derive(Debug, Default)]
pub struct Parts {
    pub parts: Vec<Part>,
    /// Messages that wait to be sent. They are no parts, because whoever has them sends them.
    pub waiting: usize,
}

/// A part as it is written down.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Written {
    Record { kind: String, body: Box<RawValue> },
    Task(Task),
    Notice(Notice),
    Endpoint(Endpoint),
    Message(Ended),
    Line(LineCount),
    Counts(Counts),
}

impl Part {
    /// The part as a line of JSON, without the end of the line.
    ///
    /// # Errors
    /// When it cannot be written down.
    pub fn line(self) -> Result<String, serde_json::Error> {
        let written = match self {
            Self::Record(write) => {
                let row = write.row()?;
                let (RowChange::Insert(body) | RowChange::Replace(body, _)) = row.change else {
                    return Err(serde::ser::Error::custom("what is removed is no part"));
                };
                Written::Record {
                    kind: row.kind.to_owned(),
                    body: RawValue::from_string(body)?,
                }
            }
            Self::Task(task) => Written::Task(task),
            Self::Notice(notice) => Written::Notice(notice),
            Self::Endpoint(endpoint) => Written::Endpoint(endpoint),
            Self::Message(ended) => Written::Message(ended),
            Self::Line(line) => Written::Line(line),
            Self::Counts(counts) => Written::Counts(counts),
        };
        serde_json::to_string(&written)
    }

    /// Reads such a line.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn read(line: &str) -> Result<Self, String> {
        let written = serde_json::from_str(line).map_err(|error| error.to_string())?;
        Ok(match written {
            Written::Record { kind, body } => {
                let record = Write::read(&kind, body.get());
                let record = record.ok_or_else(|| {
                    format!("there is no kind of record {kind:?}; a newer release may have it")
                })?;
                let record = record.map_err(|error| format!("one of {kind}: {error}"))?;
                Self::Record(record.into())
            }
            Written::Task(task) => Self::Task(task),
            Written::Notice(notice) => Self::Notice(notice),
            Written::Endpoint(endpoint) => Self::Endpoint(endpoint),
            Written::Message(ended) => Self::Message(ended),
            Written::Line(line) => Self::Line(line),
            Written::Counts(counts) => Self::Counts(counts),
        })
    }

    /// What no other part of a space may have as well, if there is such a thing.
    pub fn name(&self) -> Option<(&'static str, Vec<u8>)> {
        let text = |kind, text: String| Some((kind, text.into_bytes()));
        match self {
            Self::Record(write) => Some(write.place()),
            Self::Endpoint(endpoint) => text("endpoint", endpoint.id.text()),
            Self::Message(ended) => text("message", ended.message.key.text()),
            Self::Line(line) => text(
                "line",
                format!("{}.{}", line.endpoint.text(), line.about.text()),
            ),
            Self::Counts(_) => Some(("counts", Vec::new())),
            // The same task twice is one, and the same thing may happen twice.
            Self::Task(_) | Self::Notice(_) => None,
        }
    }
}

impl Ended {
    pub(super) const fn stand(&self) -> Stand {
        if self.delivered {
            Stand::Delivered
        } else {
            Stand::Dead
        }
    }
}

/// Puts parts into the order in which they are written down, whichever engine they come from.
pub(super) fn in_order(mut records: Vec<Write>, mut lines: Vec<LineCount>) -> Vec<Part> {
    records.sort_by_cached_key(Write::place);
    lines.sort_by_key(|line| (line.endpoint, line.about));
    let records = records.into_iter().map(Box::new).map(Part::Record);
    records.chain(lines.into_iter().map(Part::Line)).collect()
}

/// What cannot be put together, for whoever asked for it.
pub(super) fn unfit(what: &str) -> StoreError {
    StoreError::Away(format!("{what} is there twice").into())
}
