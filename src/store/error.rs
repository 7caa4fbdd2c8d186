//! Engines fail. Whoever asks is told so in one way, whichever engine it is.

use std::borrow::Cow;

use crate::domain::rejection::Rejection;

/// Why an engine did not do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// It could not be reached, or failed at what it was asked for. A read has read nothing. Of a commit nobody knows whether
    /// it happened: an engine elsewhere may have carried it out and then lost the answer. Whoever tries again therefore reads
    /// again first, and what must not happen twice carries the id of its request.
    #[error("the engine that keeps the records is unavailable: {0}")]
    Away(Cow<'static, str>),
    /// There is no room for what a commit would have added: of these there are as many as there may be. Nothing was written.
    #[error("there is no room for more {0}")]
    Full(&'static str),
}

impl From<StoreError> for Rejection {
    /// A client is told no more than that; the log has the engine's own words.
    fn from(error: StoreError) -> Self {
        tracing::warn!("{error}");
        match error {
            StoreError::Away(_) => Self::StoreUnavailable,
            StoreError::Full(_) => Self::StoreFull,
        }
    }
}
