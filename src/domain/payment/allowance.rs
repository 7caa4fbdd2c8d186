//! A credential that an agent was given to pay with: bound to merchants, a total amount, a currency, a time and perhaps a
//! single use. The bounds are those that the public agent-payment protocols share (Agentic Commerce Protocol allowance,
//! Visa Intelligent Commerce mandate, Stripe shared payment token); they are enforced when the payment is authorized.

use super::reason::DeclineReason;
use crate::domain::id::CredentialId;
use crate::domain::moment::Moment;
use crate::domain::money::Amount;

/// How far a credential goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// Merchants that may be paid; none listed means any. At most `limits::CREDENTIAL_MERCHANTS_MAX`.
    pub merchants: Vec<String>,
    /// The total over all payments, and their currency.
    pub amount: Option<Amount>,
    /// From this instant on nothing is paid.
    pub expires: Option<Moment>,
    pub single_use: bool,
}

/// A credential and what has been used of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub id: CredentialId,
    pub allowance: Allowance,
    pub created: Moment,
    pub revoked: Option<Moment>,
    /// Approved payments. A declined one uses nothing of the allowance.
    pub payments: u32,
    /// Minor units of the approved payments. A void or refund gives nothing back, as the agent has acted.
    pub used_minor: u64,
}

impl Credential {
    pub const fn new(id: CredentialId, allowance: Allowance, now: Moment) -> Self {
        Self {
            id,
            allowance,
            created: now,
            revoked: None,
            payments: 0,
            used_minor: 0,
        }
    }

    /// Row 4: whether the credential may be used at all, by this merchant and now.
    pub fn admits(&self, merchant: &str, now: Moment) -> Result<(), DeclineReason> {
        let allowance = &self.allowance;
        let named = allowance.merchants.iter().any(|name| name == merchant);
        if !named && !allowance.merchants.is_empty() {
            return Err(DeclineReason::CredentialMerchantMismatch);
        }
        if self.revoked.is_some() {
            return Err(DeclineReason::CredentialRevoked);
        }
        if allowance.expires.is_some_and(|end| now >= end) {
            return Err(DeclineReason::CredentialExpired);
        }
        if allowance.single_use && self.payments > 0 {
            return Err(DeclineReason::CredentialConsumed);
        }
        Ok(())
    }

    /// Row 5c: whether the amount is within what is left.
    pub fn covers(&self, amount: Amount) -> Result<(), DeclineReason> {
        let Some(total) = self.allowance.amount else {
            return Ok(());
        };
        if total.currency != amount.currency {
            return Err(DeclineReason::CredentialCurrencyMismatch);
        }
        if self.used_minor.saturating_add(amount.minor) > total.minor {
            return Err(DeclineReason::CredentialAmountExceeded);
        }
        Ok(())
    }

    /// Counts an approved payment.
    pub fn use_for(&mut self, amount: Amount) {
        self.payments = self.payments.saturating_add(1);
        self.used_minor = self.used_minor.saturating_add(amount.minor);
    }
}
