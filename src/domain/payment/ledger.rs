//! What is counted per instrument: how many payments it has made, and when, as far as the velocity rule asks. Nothing is
//! counted across instruments, so concurrent payers cannot change each other's ids.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::card::PresentedNumber;
use crate::domain::id::{LedgerId, Partition, PaymentId, TokenReference};
use crate::domain::moment::Moment;
use crate::limits::VELOCITY_PAYMENTS_MAX;
use crate::seed::{Purpose, Seed};

impl LedgerId {
    /// Payments with one token, whichever merchant takes them.
    pub fn of_token(seed: &Seed, token: &TokenReference) -> Self {
        let bytes = seed.derive16(Purpose::Ledger, &[b"token", token.bytes()]);
        Self::at(token.partition(), bytes)
    }

    /// Payments of one merchant with one number that is no token.
    pub fn of_number(seed: &Seed, merchant: &str, number: &PresentedNumber) -> Self {
        let digits = number.expose();
        let inputs: [&[u8]; 3] = [b"number", merchant.as_bytes(), digits.as_bytes()];
        let bytes = seed.derive16(Purpose::Ledger, &inputs);
        Self::at(Partition::of_account(seed, &number.as_pan()), bytes)
    }
}

/// The count of one instrument's payments.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ledger {
    pub id: LedgerId,
    /// Payments so far, declined ones included. The next payment's id is derived from it.
    pub payments: u32,
    /// When the latest approved ones were made, oldest first. Written only while there is a velocity rule.
    pub recent: VecDeque<Moment>,
    /// Wrong security codes in a row. Written only while there is a rule about them.
    #[serde(default)]
    pub wrong_codes: u32,
    /// Until when no security code is taken.
    #[serde(default)]
    pub locked_until: Option<Moment>,
}

/// After so many wrong security codes in a row, none is taken for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guesses {
    pub wrong: u32,
    pub locked_for: Duration,
}

/// At most so many approved payments of one instrument within a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Velocity {
    /// At most [`VELOCITY_PAYMENTS_MAX`].
    pub payments: usize,
    pub within: Duration,
}

impl Ledger {
    pub const fn new(id: LedgerId) -> Self {
        Self {
            id,
            payments: 0,
            recent: VecDeque::new(),
            wrong_codes: 0,
            locked_until: None,
        }
    }

    /// Whether no security code is taken at `now`.
    pub fn is_locked(&self, now: Moment) -> bool {
        self.locked_until.is_some_and(|until| now < until)
    }

    /// Counts a security code that somebody has looked at.
    pub fn count_code(&mut self, right: bool, rule: Guesses, now: Moment) {
        if right {
            self.wrong_codes = 0;
            return;
        }
        self.wrong_codes = self.wrong_codes.saturating_add(1);
        if self.wrong_codes >= rule.wrong {
            self.wrong_codes = 0;
            self.locked_until = Some(now.plus(rule.locked_for));
        }
    }

    /// The id of the next payment.
    pub fn next_payment(&self, seed: &Seed) -> PaymentId {
        let inputs: [&[u8]; 2] = [self.id.bytes(), &self.payments.to_be_bytes()];
        let derived = seed.derive16(Purpose::Payment, &inputs);
        PaymentId::of_head(seed, PaymentId::at(self.id.partition(), derived).head())
    }

    /// Whether one more approved payment at `now` would break the rule.
    pub fn exceeds(&self, velocity: Velocity, now: Moment) -> bool {
        let within = |at: &&Moment| now.since(**at) < velocity.within;
        self.recent.iter().filter(within).count() >= velocity.limit()
    }

    /// Counts a payment.
    pub fn count(&mut self, approved: bool, velocity: Option<Velocity>, now: Moment) {
        self.payments = self.payments.saturating_add(1);
        let Some(velocity) = velocity else {
            self.recent.clear();
            return;
        };
        if approved {
            self.recent.push_back(now);
        }
        while self.recent.len() > velocity.limit() {
            self.recent.pop_front();
        }
    }
}

impl Velocity {
    fn limit(self) -> usize {
        self.payments.min(VELOCITY_PAYMENTS_MAX)
    }
}
