//! Parts of a journal, as they are kept and as they may be shown.

use std::sync::Arc;

use serde::Serialize;

use super::stored::{Shown, Stored};

/// An entry and its number.
pub type Numbered = (u64, Arc<Stored>);

/// What was kept at one instant, from some number on.
#[derive(Debug)]
pub struct Excerpt {
    pub entries: Vec<Numbered>,
    /// The number of the first entry that was still kept.
    pub first: u64,
    /// The number that the next entry was to get.
    pub next: u64,
    pub bytes: usize,
}

/// Part of the journal, masked.
#[derive(Debug, Clone, Serialize)]
pub struct Extract {
    pub entries: Vec<Shown>,
    /// How many earlier entries had to go to stay within the bound.
    pub evicted: u64,
    /// The number that the next entry gets.
    pub next: u64,
    pub bytes: usize,
    pub bytes_max: usize,
}
