//! The texts that go round while a shopper is authenticated: each names the payment that waits and what it is good for, and
//! nobody can make one. What real ones hold is Adyen's own business, so that only their places are imitated.

use crate::domain::id::DraftId;
use crate::operations::{Space, derived_ids};

/// What such a text is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// To open the page.
    Page,
    /// To say how it ended: `paymentData`, and the `authorisationToken` of an action.
    Details,
    /// The `redirectResult` of a shopper who was authenticated.
    Passed,
    /// That of one who was not.
    Failed,
}

impl Pass {
    const fn word(self) -> &'static str {
        match self {
            Self::Page => "adyen page",
            Self::Details => "adyen details",
            Self::Passed => "adyen passed",
            Self::Failed => "adyen failed",
        }
    }

    pub(super) fn of(self, space: &Space, id: &DraftId) -> String {
        let id = id.base58();
        let secret = derived_ids::client_secret(space, &format!("{} {id}", self.word()));
        format!("{id}.{secret}")
    }

    /// The payment, if the text is good for this.
    pub(super) fn read(self, space: &Space, text: &str) -> Option<DraftId> {
        let (id, _) = text.split_once('.')?;
        let id = DraftId::from_base58(id)?;
        (self.of(space, &id) == text).then_some(id)
    }
}
