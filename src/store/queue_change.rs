//! What changes of the messages of a space, as an engine that writes them down is told of it.

use crate::domain::webhook::{Endpoint, EndpointId, Message, MessageKey};

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    InLine,
    /// It has stepped out of its line, and so many others to the same endpoint go first.
    Aside(u32),
    Delivered,
    Dead,
}

/// One change, as it is written down. A message that comes to another stand is the last one there.
#[derive(Debug, Clone)]
pub(super) enum QueueChange {
    Message(Stand, Message),
    Gone(MessageKey),
    Endpoint(Endpoint),
    EndpointGone(EndpointId),
    /// The counts of the space.
    Counts,
}

/// What is counted beside the messages.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct QueueCounts {
    /// Endpoints that were registered.
    pub(super) registered: u32,
    /// Messages for which there was no room.
    pub(super) refused: u64,
}
