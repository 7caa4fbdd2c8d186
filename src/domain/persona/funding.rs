//! Whether a card lends money, spends what its holder has, or what was paid in.

use serde::{Deserialize, Serialize};

/// Whose money a card spends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Funding {
    #[default]
    Credit,
    Debit,
    Prepaid,
}

/// Where a card was issued, and whose money it spends: what a payment keeps of a token's card, whose number it does not have.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Issued {
    /// None is the United States.
    pub country: Option<String>,
    pub funding: Funding,
}

impl Funding {
    pub(super) const fn is_credit(&self) -> bool {
        matches!(self, Self::Credit)
    }

    /// The lower-case word, as in the fixture.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Credit => "credit",
            Self::Debit => "debit",
            Self::Prepaid => "prepaid",
        }
    }
}
