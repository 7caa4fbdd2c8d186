//! The words for what an entry was about.

/// Every operation that an entry can have, so that a filter for another is refused with the nearest. While it is empty the
/// words are those of each surface, and any is taken.
pub(super) const OPERATIONS: &[&str] = &[];
