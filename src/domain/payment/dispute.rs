//! A payment that its customer disputes: how that goes on, and where the money is meanwhile. Pure. The words in which a
//! merchant answers, and what the issuer makes of them, are the payment service's.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::event::PaymentEvent as E;
use crate::domain::moment::Moment;

/// How long a merchant has to answer (Stripe, how disputes work: seven to twenty-one days).
pub(super) const ANSWER_WITHIN: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What has come of it by now. An inquiry asks the merchant first, and moves no money (Stripe, how disputes work).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeStatus {
    InquiryOpen,
    InquiryAnswered,
    InquiryClosed,
    Open,
    Answered,
    Won,
    Lost,
}

impl DisputeStatus {
    pub const fn is_inquiry(self) -> bool {
        match self {
            Self::InquiryOpen | Self::InquiryAnswered | Self::InquiryClosed => true,
            Self::Open | Self::Answered | Self::Won | Self::Lost => false,
        }
    }

    pub const fn is_over(self) -> bool {
        match self {
            Self::InquiryClosed | Self::Won | Self::Lost => true,
            Self::InquiryOpen | Self::InquiryAnswered | Self::Open | Self::Answered => false,
        }
    }
}

/// A dispute. It lives and dies with its payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// In the service's own words.
    pub reason: String,
    pub status: DisputeStatus,
    /// What it is about.
    pub minor: u64,
    pub created: Moment,
    /// Until when an answer counts.
    pub due_by: Moment,
    /// How often it was answered, and when last.
    pub submissions: u32,
    pub submitted: Option<Moment>,
    pub withdrawn: Option<Withdrawal>,
    /// When the same came back.
    pub reinstated: Option<Moment>,
    /// What the payment service wants to keep with it, in its own form: evidence, metadata.
    pub note: Option<Box<str>>,
    pub changes: u32,
}

/// Money that was taken from the merchant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    pub minor: u64,
    pub at: Moment,
}

impl Dispute {
    /// Whether the merchant has the money, and can still give it back.
    pub fn is_refundable(&self) -> bool {
        self.status.is_inquiry() || self.status == DisputeStatus::Won
    }

    /// Whether the latest answer came too late.
    pub fn is_past_due(&self) -> bool {
        self.submitted.is_some_and(|at| at > self.due_by)
    }

    /// Takes what the merchant has left of it. Who has given everything back loses nothing more (Stripe, API reference,
    /// `is_charge_refundable`).
    pub(super) fn withdraw(&mut self, left: u64, now: Moment) -> bool {
        let minor = self.minor.min(left);
        self.withdrawn = (minor > 0).then_some(Withdrawal { minor, at: now });
        self.withdrawn.is_some()
    }

    /// What becomes of it, and what is told of that.
    pub(super) fn decide(&mut self, verdict: Verdict, left: u64, now: Moment) -> &'static [E] {
        use DisputeStatus as S;
        match (verdict, self.status.is_inquiry()) {
            (Verdict::Won | Verdict::Lost, true) => {
                self.status = S::InquiryClosed;
                &[E::DisputeUpdated, E::DisputeClosed]
            }
            (Verdict::Won, false) => {
                self.status = S::Won;
                self.reinstated = self.withdrawn.map(|_| now);
                if self.reinstated.is_none() {
                    return &[E::DisputeUpdated, E::DisputeClosed];
                }
                &[E::DisputeUpdated, E::DisputeReinstated, E::DisputeClosed]
            }
            (Verdict::Lost, false) => {
                self.status = S::Lost;
                &[E::DisputeUpdated, E::DisputeClosed]
            }
            (Verdict::Escalates, true) => {
                self.status = S::Open;
                self.due_by = now.plus(ANSWER_WITHIN);
                if self.withdraw(left, now) {
                    return &[E::DisputeUpdated, E::DisputeWithdrawn];
                }
                &[E::DisputeUpdated]
            }
            (Verdict::Reviews, true) => {
                self.status = S::InquiryAnswered;
                &[E::DisputeUpdated]
            }
            (Verdict::Reviews | Verdict::Escalates, false) => {
                self.status = S::Answered;
                &[E::DisputeUpdated]
            }
        }
    }
}

/// What the issuer makes of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Won,
    Lost,
    /// An inquiry becomes a dispute.
    Escalates,
    /// It looks at it, for as long as it likes.
    Reviews,
}
