//! The decision table: every check of an authorization, in order. The first that fails answers.

use std::collections::BTreeSet;

use super::allowance::Credential;
use super::claims::contradictions;
use super::instrument::{Instrument, Reach, TokenFacts};
use super::ledger::Ledger;
use super::proof::{Finding, present};
use super::published::PublishedAnswer;
use super::reason::{DeclineReason, Warning};
use super::record::Payment;
use super::request::{Initiator, PaymentRequest};
use super::rules::{Rules, TlidRule};
use crate::domain::card::Network;
use crate::domain::cryptogram::CryptogramKind;
use crate::domain::lifecycle::State;
use crate::domain::moment::Moment;
use crate::domain::persona::IssuerAnswer;

/// The records and answers that a decision needs.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub instrument: Instrument,
    pub ledger: Ledger,
    /// Credentials that bound the payment: the one that was presented, and one that stands for the token.
    pub credentials: Vec<Credential>,
    /// The payment that has the quoted network transaction id.
    pub quoted: Option<Payment>,
    /// What the card's persona makes the issuer answer.
    pub issuer: IssuerAnswer,
    /// What the payment service publishes that its issuer answers to such a request.
    pub published: Option<PublishedAnswer>,
    /// What a tester armed in the issuer's place.
    pub armed: Option<DeclineReason>,
    /// Counts from zero, and up when the derived network transaction id is another payment's.
    pub nti_attempt: u32,
}

/// What a request is held against.
#[derive(Debug)]
pub(super) struct Case<'a> {
    pub(super) now: Moment,
    pub(super) request: &'a PaymentRequest,
    pub(super) loaded: &'a Loaded,
    /// What the proof turned out to be; None without a token.
    pub(super) finding: Option<Finding>,
    pub(super) rules: &'a Rules,
}

type Check = Result<(), DeclineReason>;

impl Case<'_> {
    /// Rows 1 to 9, of which the last comes first where the customer was to be authenticated and was not: then nobody looks at
    /// anything else.
    pub(super) fn decide(&self, warnings: &mut BTreeSet<Warning>) -> Check {
        if self.request.authentication.is_missed() {
            return Err(DeclineReason::StepUpRequired);
        }
        self.known()?;
        self.status()?;
        self.expiry()?;
        self.domain()?;
        warnings.extend(contradictions(self.request, &self.loaded.instrument));
        self.proof(warnings)?;
        self.amount()?;
        self.series(warnings)?;
        self.issuer()
    }

    pub(super) const fn token(&self) -> Option<&TokenFacts> {
        match &self.loaded.instrument {
            Instrument::Token(facts) => Some(facts),
            Instrument::Card { .. } | Instrument::UnknownToken | Instrument::UnknownCard => None,
        }
    }

    fn known(&self) -> Check {
        match &self.loaded.instrument {
            Instrument::Token(_) | Instrument::Card { .. } => Ok(()),
            Instrument::UnknownToken => Err(DeclineReason::UnknownToken),
            Instrument::UnknownCard => Err(DeclineReason::UnknownCard),
        }
    }

    fn status(&self) -> Check {
        match self.token().map(|facts| facts.token.status.state) {
            None | Some(State::Active) => Ok(()),
            Some(State::Inactive) => Err(DeclineReason::Inactive),
            Some(State::Suspended) => Err(DeclineReason::Suspended),
            Some(State::Deleted) => Err(DeclineReason::Deleted),
            // A refused provisioning never gave a number, so there is nothing that could be known by it.
            Some(State::Failed) => Err(DeclineReason::UnknownToken),
        }
    }

    fn expiry(&self) -> Check {
        if let Some(facts) = self.token()
            && facts.token.expiry != self.request.expiry
        {
            return Err(DeclineReason::ExpiryMismatch);
        }
        if self.request.expiry.is_past(self.now) {
            return Err(DeclineReason::Expired);
        }
        Ok(())
    }

    fn domain(&self) -> Check {
        if let Some(facts) = self.token() {
            match &facts.reach {
                Reach::Merchant(name) if *name != self.request.merchant => {
                    return Err(DeclineReason::DomainMismatch);
                }
                Reach::Merchant(_) | Reach::Any => {}
            }
            let requestor = self.request.token_requestor_id.as_ref();
            if requestor.is_some_and(|given| *given != facts.token_requestor_id) {
                return Err(DeclineReason::RequestorMismatch);
            }
        }
        let mut credentials = self.loaded.credentials.iter();
        credentials.try_for_each(|credential| credential.admits(&self.request.merchant, self.now))
    }

    fn proof(&self, warnings: &mut BTreeSet<Warning>) -> Check {
        let Some(finding) = self.finding else {
            return Ok(());
        };
        let proof = &self.request.proof;
        match self.request.initiator {
            Initiator::Merchant => {
                if finding.field.is_some() {
                    warnings.insert(Warning::UnneededCryptogram);
                }
                Ok(())
            }
            Initiator::Customer => {
                let both = present(proof.cryptogram.as_ref()).and(present(proof.code.as_ref()));
                if both.is_some() {
                    warnings.insert(Warning::CodeIgnored);
                }
                let short = finding.field == Some(CryptogramKind::Short)
                    && finding.verdict != Err(DeclineReason::CryptogramWrongKind);
                if short && self.rules.guesses.is_some() && self.loaded.ledger.is_locked(self.now) {
                    return Err(DeclineReason::CryptogramLocked);
                }
                finding.verdict.map(|_| ())
            }
        }
    }

    fn amount(&self) -> Check {
        let amount = self.request.amount;
        let limit = match self.request.initiator {
            Initiator::Customer => self
                .finding
                .and_then(|finding| finding.verdict.ok().flatten()),
            Initiator::Merchant => None,
        };
        if let Some(limit) = limit {
            if limit.currency != amount.currency {
                return Err(DeclineReason::CurrencyMismatch);
            }
            if amount.minor > limit.minor {
                return Err(DeclineReason::AmountExceeded);
            }
        }
        let mut credentials = self.loaded.credentials.iter();
        credentials.try_for_each(|credential| credential.covers(amount))
    }

    /// Rows 6 and 7: what a payment that the merchant starts must quote.
    fn series(&self, warnings: &mut BTreeSet<Warning>) -> Check {
        if self.request.initiator == Initiator::Customer {
            return Ok(());
        }
        if self.request.nti.is_none() {
            if self.request.nothing_to_quote {
                return Ok(());
            }
            return Err(DeclineReason::NtiMissing);
        }
        let quoted = self
            .loaded
            .quoted
            .as_ref()
            .ok_or(DeclineReason::NtiUnknown)?;
        if quoted.decline.is_some() {
            return Err(DeclineReason::NtiNotApproved);
        }
        if quoted.account.as_deref() != self.loaded.instrument.account() {
            return Err(DeclineReason::NtiForeign);
        }
        if self.loaded.instrument.network() != Some(Network::Mastercard) {
            return Ok(());
        }
        let (reason, warning) = match &self.request.tlid {
            None => (DeclineReason::TlidMissing, Warning::TlidMissing),
            tlid if *tlid != quoted.tlid => (DeclineReason::TlidMismatch, Warning::TlidMismatch),
            Some(_) => return Ok(()),
        };
        match self.rules.tlid {
            TlidRule::Decline => Err(reason),
            TlidRule::Warn => {
                warnings.insert(warning);
                Ok(())
            }
        }
    }

    /// Row 9. What a tester armed answers before what the card, the amount and the velocity rule say; of those the reason
    /// that stands first.
    fn issuer(&self) -> Check {
        let minor = self.request.amount.minor;
        let trigger = self.rules.amounts.iter().find(|row| row.minor == minor);
        let velocity = self.rules.velocity;
        let too_fast = velocity.is_some_and(|rule| self.loaded.ledger.exceeds(rule, self.now));
        let own_rules = [
            self.loaded.issuer.decline(),
            trigger.and_then(|row| row.answer.decline()),
            too_fast.then_some(DeclineReason::VelocityExceeded),
        ];
        let by_rule = || own_rules.into_iter().flatten().min();
        // A service's own list counts before what other sources say of the card and the amount.
        let reason = match (self.loaded.armed, &self.loaded.published) {
            (Some(armed), _) => Some(armed),
            (None, Some(published)) => published.decline,
            (None, None) => by_rule(),
        };
        reason.map_or(Ok(()), Err)
    }
}
