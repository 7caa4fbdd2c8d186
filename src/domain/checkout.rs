//! What Checkout Solutions remembers of a card beside its token: for which transactions it has given out credentials.

use std::borrow::Cow;
use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::id::TokenReference;
use super::moment::Moment;
use crate::limits::CHECKOUTS_KEPT_MAX;

/// Credentials that were given out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkout {
    /// By what the integrator knows the transaction.
    pub transaction: String,
    /// Which one-time value went with it.
    pub data: Cow<'static, str>,
    pub at: Moment,
}

/// The latest transactions of a card, oldest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Checkouts {
    pub token: TokenReference,
    pub latest: VecDeque<Checkout>,
}

impl Checkouts {
    pub const fn new(token: TokenReference) -> Self {
        Self {
            token,
            latest: VecDeque::new(),
        }
    }

    /// With one more. When there are as many as are kept, the oldest goes.
    #[must_use]
    pub fn with(mut self, checkout: Checkout) -> Self {
        while self.latest.len() >= CHECKOUTS_KEPT_MAX {
            self.latest.pop_front();
        }
        self.latest.push_back(checkout);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_latest_are_kept() {
        let mut all = Checkouts::new(TokenReference::from_bytes([1; 16]));
        for place in 0..CHECKOUTS_KEPT_MAX + 3 {
            all = all.with(Checkout {
                transaction: place.to_string(),
                data: "NONE".into(),
                at: Moment::EPOCH,
            });
        }
        assert_eq!(all.latest.len(), CHECKOUTS_KEPT_MAX);
        assert_eq!(all.latest[0].transaction, "3");
    }
}
