//! Cryptograms, series of payments, and cards that were declined for good.

use std::sync::Arc;

use super::defect::Defect;
use super::finding::Findings;
use super::recent::Recent;
use super::seen::{Cited, Seen};
use crate::domain::payment::reason::{DeclineReason, Warning};
use crate::journal::{Digest, Paid};

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Paying {
    /// Cryptograms that came with a payment.
    cryptograms: Recent<Digest, Arc<Cited>>,
    /// Cryptograms that a fault rule has spoilt.
    spoilt: Recent<Digest, ()>,
    /// Cards and tokens that were declined for good.
    finished: Recent<Digest, Finished>,
}

#[derive(Debug)]
struct Finished {
    /// Only what the merchant starts is stopped.
    for_merchant_only: bool,
    cited: Arc<Cited>,
}

impl Paying {
    pub(super) fn see(&mut self, seen: &Seen<'_>, findings: &mut Findings) {
        let Some(observed) = seen.observed else {
            return;
        };
        if let Some(spoilt) = observed.spoilt {
            self.spoilt.put(spoilt, ());
        }
        for warning in seen.entry.warnings() {
            if let Some(defect) = of_warning(*warning) {
                findings.add(defect, None, seen);
            }
        }
        let Some(paid) = observed.paid else {
            return;
        };
        // What the service keeps of a card is its own business.
        if paid.by_merchant && paid.has_code && names_a_code(seen.entry.request()) {
            findings.add(Defect::SecurityCodeKept, None, seen);
        }
        self.tried_again(&paid, seen, findings);
        self.proved(&paid, seen, findings);
    }

    fn tried_again(&mut self, paid: &Paid, seen: &Seen<'_>, findings: &mut Findings) {
        if let Some(finished) = self.finished.get(&paid.number)
            && (paid.by_merchant || !finished.for_merchant_only)
        {
            findings.add(Defect::FinalDeclineRetried, Some(&finished.cited), seen);
        }
        let Some(reason) = paid.declined else {
            return;
        };
        let stopped = reason == DeclineReason::PaymentsStopped;
        if stopped || matches!(reason, DeclineReason::Lost | DeclineReason::Stolen) {
            let finished = Finished {
                for_merchant_only: stopped,
                cited: Arc::clone(&seen.cited),
            };
            self.finished.put(paid.number, finished);
        }
    }

    fn proved(&mut self, paid: &Paid, seen: &Seen<'_>, findings: &mut Findings) {
        let spoilt = |digest: &Digest| self.spoilt.get(digest).is_some();
        let innocent = paid.cryptogram.as_ref().is_some_and(spoilt);
        if let Some(defect) = paid.declined.and_then(of_reason)
            && !innocent
        {
            let before = paid
                .cryptogram
                .and_then(|digest| self.cryptograms.get(&digest));
            let before = before.filter(|_| defect == Defect::CryptogramReused);
            findings.add(defect, before, seen);
        }
        if let Some(cryptogram) = paid.cryptogram
            && self.cryptograms.get(&cryptogram).is_none()
        {
            self.cryptograms.put(cryptogram, Arc::clone(&seen.cited));
        }
    }

    pub(super) const fn forgotten(&self) -> u64 {
        self.cryptograms.let_go() + self.spoilt.let_go() + self.finished.let_go()
    }
}

/// Whether a body has a member for a security code.
fn names_a_code(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body).to_ascii_lowercase();
    let names = ["cvc", "cvv", "securitycode", "security_code"];
    names.iter().any(|name| text.contains(name))
}

/// What a client has done that is declined so; nothing where it is the issuer's to say, or other rules know.
const fn of_reason(reason: DeclineReason) -> Option<Defect> {
    use DeclineReason as R;
    Some(match reason {
        R::CryptogramReplayed => Defect::CryptogramReused,
        R::CryptogramExpired => Defect::CryptogramTooOld,
        R::CryptogramInvalid | R::CryptogramWrongKind | R::CryptogramLocked => {
            Defect::CryptogramMixedUp
        }
        R::CryptogramMissing => Defect::CryptogramMissing,
        R::CurrencyMismatch | R::AmountExceeded => Defect::CryptogramForLess,
        R::NtiMissing => Defect::SeriesWithoutReference,
        R::NtiUnknown | R::NtiNotApproved | R::NtiForeign => Defect::SeriesWithWrongReference,
        R::TlidMissing | R::TlidMismatch => Defect::LinkIdMissing,
        R::UnknownToken
        | R::UnknownCard
        | R::Inactive
        | R::Suspended
        | R::Deleted
        | R::ExpiryMismatch
        | R::Expired
        | R::DomainMismatch
        | R::RequestorMismatch
        | R::CredentialMerchantMismatch
        | R::CredentialRevoked
        | R::CredentialExpired
        | R::CredentialConsumed
        | R::CredentialCurrencyMismatch
        | R::CredentialAmountExceeded
        | R::Lost
        | R::Stolen
        | R::SuspectedFraud
        | R::PaymentsStopped
        | R::StepUpRequired
        | R::DoNotHonour
        | R::InsufficientFunds
        | R::VelocityExceeded
        | R::IssuerUnavailable => return None,
    })
}

const fn of_warning(warning: Warning) -> Option<Defect> {
    Some(match warning {
        Warning::UnneededCryptogram => Defect::CryptogramKept,
        Warning::EciMismatch => Defect::WrongIndicator,
        Warning::TlidMissing | Warning::TlidMismatch => Defect::LinkIdMissing,
        Warning::CodeIgnored
        | Warning::NetworkMismatch
        | Warning::Last4Mismatch
        | Warning::AccountMismatch
        | Warning::NotAuthenticated
        | Warning::SecureValueIgnored
        | Warning::ReturnUrlMissing => return None,
    })
}
