//! How a space is named.

use std::fmt;
use std::sync::Arc;

use crate::limits::SPACE_NAME_BYTES_MAX;

/// Letters, digits, `.`, `_` and `-`; at most 64 of them.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpaceName(Arc<str>);

/// The text cannot name a space.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the name of a space has 1 to {SPACE_NAME_BYTES_MAX} letters, digits, '.', '_' or '-', unlike {0:?}"
)]
pub struct SpaceNameError(pub String);

impl SpaceName {
    pub fn parse(text: &str) -> Result<Self, SpaceNameError> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if text.is_empty() || text.len() > SPACE_NAME_BYTES_MAX || !text.chars().all(fits) {
            return Err(SpaceNameError(text.to_owned()));
        }
        Ok(Self(text.into()))
    }

    /// The space of a request that names none.
    pub fn default_space() -> Self {
        Self("default".into())
    }

    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SpaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SpaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
