//! The issuer's own rules: what the test card's persona, the amount and the velocity rule make it answer.

use serde::Deserialize;

use super::reason::DeclineReason;
use crate::domain::persona::IssuerAnswer;

impl IssuerAnswer {
    /// Why the issuer declines, if it does.
    pub const fn decline(self) -> Option<DeclineReason> {
        match self {
            Self::Approved => None,
            Self::DoNotHonour => Some(DeclineReason::DoNotHonour),
            Self::InsufficientFunds => Some(DeclineReason::InsufficientFunds),
            Self::Lost => Some(DeclineReason::Lost),
            Self::Stolen => Some(DeclineReason::Stolen),
            Self::SuspectedFraud => Some(DeclineReason::SuspectedFraud),
            Self::StepUpRequired => Some(DeclineReason::StepUpRequired),
            Self::VelocityExceeded => Some(DeclineReason::VelocityExceeded),
            Self::PaymentsStopped => Some(DeclineReason::PaymentsStopped),
            Self::Unavailable => Some(DeclineReason::IssuerUnavailable),
        }
    }
}

/// One `[[amount]]` of the fixture: an amount that makes the issuer answer so, whatever the card and currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct AmountTrigger {
    pub minor: u64,
    pub answer: IssuerAnswer,
}
