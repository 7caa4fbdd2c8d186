//! A credential that an agent was given to pay with: bound to merchants, a total amount, a currency, a time and perhaps a
//! single use. The bounds are those that the public agent-payment protocols share (Agentic Commerce Protocol allowance,
//! Visa Intelligent Commerce mandate, Stripe shared payment token); they are enforced when the payment is authorized.

use serde::{Deserialize, Serialize};

use super::reason::DeclineReason;
use super::request::{Proof, Slot};
use crate::domain::card::{Expiry, PresentedNumber};
use crate::domain::id::{CredentialId, Partition, TokenReference};
use crate::domain::moment::Moment;
use crate::domain::money::Amount;
use crate::domain::written;
use crate::seed::{Purpose, Seed};

/// How far a credential goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// Merchants that may be paid; none listed means any. At most `limits::CREDENTIAL_MERCHANTS_MAX`.
    pub merchants: Vec<String>,
    /// The total over all payments, and their currency.
    pub amount: Option<Amount>,
    /// From this instant on nothing is paid.
    pub expires: Option<Moment>,
    pub single_use: bool,
}

/// What a credential was given for: the number and proof that whoever presents it pays with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegated {
    #[serde(with = "written")]
    pub number: PresentedNumber,
    pub slot: Slot,
    pub expiry: Expiry,
    pub proof: Proof,
    pub eci: Option<String>,
}

impl CredentialId {
    /// A credential that was given out. `request` tells one giving from another.
    pub fn given(seed: &Seed, home: Partition, request: &[u8], attempt: u32) -> Self {
        let inputs: [&[u8]; 3] = [b"given", request, &attempt.to_be_bytes()];
        Self::at(home, seed.derive16(Purpose::Credential, &inputs))
    }

    /// The one that stands for a token, whoever pays with it.
    pub fn of_token(seed: &Seed, token: &TokenReference) -> Self {
        let inputs: [&[u8]; 2] = [b"token", token.bytes()];
        Self::at(
            token.partition(),
            seed.derive16(Purpose::Credential, &inputs),
        )
    }
}

/// A credential and what has been used of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    pub id: CredentialId,
    pub allowance: Allowance,
    /// None for one that stands for a token.
    pub delegated: Option<Delegated>,
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
            delegated: None,
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
