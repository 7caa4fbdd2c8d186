//! What a run says of a level of conformance.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a run says of one level: for a binding that claims it, or that none does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelReport {
    /// What it is called: `core`.
    pub level: String,
    /// Which set of checks of that name.
    pub version: u32,
    /// What it means that it is reached.
    pub text: String,
    /// The binding of which it is said; none where no binding claims it.
    pub binding: Option<String>,
    /// Everything of it that ran has passed, and what it requires was there.
    pub reached: bool,
    /// How many of its checks passed.
    pub passed: usize,
    /// How many ran.
    pub ran: usize,
    /// How many the target does not claim.
    pub not_declared: usize,
}

impl fmt::Display for LevelReport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (level, version) = (&self.level, self.version);
        let Some(binding) = &self.binding else {
            return write!(out, "{level} {version} not claimed: {}", self.text);
        };
        let word = if self.reached {
            "conformant to"
        } else {
            "not conformant to"
        };
        let (passed, ran, not_declared) = (self.passed, self.ran, self.not_declared);
        write!(
            out,
            "{binding}: {word} {level} {version}: {passed} of {ran} ({not_declared} not declared)"
        )
    }
}
