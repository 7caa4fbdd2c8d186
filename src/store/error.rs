//! Engines fail. Whoever asks is told so in one way, whichever engine it is.

use std::borrow::Cow;

use crate::domain::rejection::Rejection;

/// The engine could not be reached, or failed at what it was asked for. A read has read nothing. Of a commit nobody knows
/// whether it happened: an engine elsewhere may have carried it out and then lost the answer. Whoever tries again therefore
/// reads again first, and what must not happen twice carries the id of its request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the engine that keeps the records is unavailable: {0}")]
pub struct StoreError(pub Cow<'static, str>);

impl From<StoreError> for Rejection {
    /// A client is told no more than that; the log has the engine's own words.
    fn from(error: StoreError) -> Self {
        tracing::warn!("{error}");
        Self::StoreUnavailable
    }
}
