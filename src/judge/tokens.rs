//! What the client was told of a token and has taken, and what it did then.

use std::sync::Arc;

use super::defect::Defect;
use super::finding::Findings;
use super::recent::Recent;
use super::seen::{Cited, Seen};
use crate::domain::id::TokenReference;
use crate::domain::notice::Event;
use crate::domain::payment::reason::DeclineReason;
use crate::journal::Digest;

/// What the client knows of a token.
#[derive(Debug, Default)]
struct Known {
    deleted: Option<Arc<Cited>>,
    suspended: Option<Arc<Cited>>,
    expiry: Option<Arc<Cited>>,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    told: Recent<TokenReference, Known>,
    /// The token of a card, and the exchange that made it.
    of_cards: Recent<Digest, (TokenReference, Arc<Cited>)>,
    /// Tokens that are there and can be used, as far as was seen.
    unusable: Recent<TokenReference, ()>,
}

impl Tokens {
    /// Takes in what a message told, once the client has taken it.
    pub(super) fn hear(&mut self, seen: &Seen<'_>) {
        let told = seen.observed.and_then(|observed| observed.told);
        let Some(told) = told.filter(|told| told.genuine) else {
            return;
        };
        let Some(token) = told.token else {
            return;
        };
        match told.event {
            Event::Deleted | Event::Suspended => self.unusable.put(token, ()),
            Event::Activated | Event::Resumed => {
                self.unusable.take(&token);
            }
            Event::Provisioned
            | Event::ProvisioningFailed
            | Event::ExpiryUpdated
            | Event::PanReplaced
            | Event::Used
            | Event::Card(_)
            | Event::Payment(_) => {}
        }
        if !seen.succeeded() {
            return;
        }
        let mut known = self.told.take(&token).unwrap_or_default();
        let cited = || Some(Arc::clone(&seen.cited));
        match told.event {
            Event::Deleted => known.deleted = cited(),
            Event::Suspended => known.suspended = cited(),
            Event::Activated | Event::Resumed => known.suspended = None,
            Event::ExpiryUpdated => known.expiry = cited(),
            Event::Provisioned
            | Event::ProvisioningFailed
            | Event::PanReplaced
            | Event::Used
            | Event::Card(_)
            | Event::Payment(_) => {}
        }
        self.told.put(token, known);
    }

    pub(super) fn see(&mut self, seen: &Seen<'_>, findings: &mut Findings) {
        let Some(observed) = seen.observed else {
            return;
        };
        if let (Some(account), Some(token)) = (observed.account, observed.token) {
            self.of_cards.put(account, (token, Arc::clone(&seen.cited)));
        }
        if let Some(token) = observed.token {
            self.used(&token, seen, findings);
        }
        if let Some(paid) = observed.paid
            && observed.token.is_none()
            && !paid.by_merchant
            && seen.carries(&paid.number)
            && let Some((token, made)) = self.of_cards.get(&paid.number)
            && self.unusable.get(token).is_none()
        {
            findings.add(Defect::CardNumberForToken, Some(made), seen);
        }
    }

    fn used(&mut self, token: &TokenReference, seen: &Seen<'_>, findings: &mut Findings) {
        let declined = seen.observed.and_then(|observed| observed.paid?.declined);
        let deleted = declined == Some(DeclineReason::Deleted)
            || seen.entry.reason() == Some("token_deleted");
        let suspended = declined == Some(DeclineReason::Suspended)
            || seen.entry.reason() == Some("token_suspended");
        let expiry = matches!(
            declined,
            Some(DeclineReason::ExpiryMismatch | DeclineReason::Expired)
        );
        if deleted || suspended {
            self.unusable.put(*token, ());
        }
        let Some(known) = self.told.get(token) else {
            return;
        };
        for (defect, holds, told) in [
            (Defect::TokenUsedAfterDeletion, deleted, &known.deleted),
            (Defect::TokenUsedWhileSuspended, suspended, &known.suspended),
            (Defect::OldExpiryKept, expiry, &known.expiry),
        ] {
            if let Some(told) = told.as_ref().filter(|_| holds) {
                findings.add(defect, Some(told), seen);
            }
        }
    }

    pub(super) const fn forgotten(&self) -> u64 {
        self.told.let_go() + self.of_cards.let_go() + self.unusable.let_go()
    }
}
