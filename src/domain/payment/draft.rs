//! A payment that has been asked for and waits to be confirmed. What was asked stays in the form of the service that took
//! it; nobody is asked for money before somebody confirms.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::record::Payment;
use super::request::{PaymentRequest, RequestId};
use crate::domain::id::{DraftId, PaymentId};
use crate::domain::moment::Moment;
use crate::domain::written::{self, Word};
use crate::limits::CLAIM_LEASE;

/// See the module.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub id: DraftId,
    pub merchant: String,
    /// The payment service at which it was asked for; nobody finds it at another.
    #[serde(with = "written")]
    pub service: Word,
    /// Names and values.
    pub asked: Vec<(String, String)>,
    /// What is asked for is that a card is made ready for later payments, and no money.
    #[serde(default)]
    pub setup: bool,
    pub status: DraftStatus,
    /// The payment itself, where it only waits for its customer to be authenticated; nobody can change it then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Box<PaymentRequest>>,
    /// How often it has been confirmed; each time is a request of its own.
    pub confirmations: u32,
    pub created: Moment,
    pub updated: Moment,
}

impl fmt::Debug for Draft {
    /// What was asked may hold a card.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Draft({:?}, {:?})", self.id, self.status)
    }
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftStatus {
    /// With the payment that was declined last, if one was.
    Open {
        declined: Option<PaymentId>,
    },
    /// Somebody confirms it, since then. What it was before, it is again when nothing comes of that.
    Confirming {
        since: Moment,
        declined: Option<PaymentId>,
    },
    /// The customer was sent away to be authenticated, and somebody waits for it to come back.
    Challenged {
        declined: Option<PaymentId>,
    },
    /// The payment was approved, or cannot be tried again; what becomes of it is written there.
    Paid(PaymentId),
    Cancelled,
}

impl DraftStatus {
    /// The payment that has come of it last.
    pub const fn payment(self) -> Option<PaymentId> {
        match self {
            Self::Open { declined }
            | Self::Confirming { declined, .. }
            | Self::Challenged { declined } => declined,
            Self::Paid(payment) => Some(payment),
            Self::Cancelled => None,
        }
    }
}

/// Why it cannot be confirmed or cancelled now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftRefusal {
    /// Somebody else is confirming it.
    Busy,
    Paid,
    Cancelled,
}

impl Draft {
    /// A payment whose customer has been sent away to be authenticated.
    pub fn held(
        id: DraftId,
        request: PaymentRequest,
        asked: Vec<(String, String)>,
        now: Moment,
    ) -> Self {
        Self {
            id,
            merchant: request.merchant.clone(),
            service: request.service,
            asked,
            setup: false,
            status: DraftStatus::Challenged { declined: None },
            held: Some(Box::new(request)),
            confirmations: 0,
            created: now,
            updated: now,
        }
    }

    /// Takes it for a confirmation at `now`. Whoever took it and did not come back is taken over from, as the same request, so
    /// that there is one payment whoever finishes.
    pub fn taken(mut self, now: Moment) -> Result<Self, DraftRefusal> {
        let declined = match self.status {
            DraftStatus::Paid(_) | DraftStatus::Cancelled => return Err(self.over()),
            DraftStatus::Confirming { since, .. } if now.since(since) < CLAIM_LEASE => {
                return Err(DraftRefusal::Busy);
            }
            DraftStatus::Confirming { declined, .. } => declined,
            DraftStatus::Open { declined } | DraftStatus::Challenged { declined } => {
                self.confirmations += 1;
                declined
            }
        };
        self.status = DraftStatus::Confirming {
            since: now,
            declined,
        };
        Ok(self)
    }

    /// Under which request the payment of the latest confirmation is made.
    pub fn request(&self) -> RequestId {
        RequestId::of(&self.id.hex(), &self.confirmations.to_string())
    }

    /// The same of the confirmation that comes next.
    pub fn next_request(&self) -> RequestId {
        RequestId::of(&self.id.hex(), &(self.confirmations + 1).to_string())
    }

    /// The confirmation has come to this payment. `asked` is what stays asked for.
    pub fn settled(mut self, payment: &Payment, asked: Vec<(String, String)>, now: Moment) -> Self {
        // The card of what was held is needed no more.
        let held = self.held.take().is_some();
        self.status = if held || payment.approved() {
            DraftStatus::Paid(payment.id)
        } else {
            let declined = Some(payment.id);
            DraftStatus::Open { declined }
        };
        self.asked = asked;
        self.updated = now;
        self
    }

    /// The confirmation has come to nothing.
    pub fn released(mut self) -> Self {
        if let DraftStatus::Confirming { declined, .. } = self.status {
            self.status = match self.held {
                Some(_) => DraftStatus::Challenged { declined },
                None => DraftStatus::Open { declined },
            };
        }
        self
    }

    /// Sends the customer away. `asked` is what is asked for by now.
    pub fn challenged(
        mut self,
        asked: Vec<(String, String)>,
        now: Moment,
    ) -> Result<Self, DraftRefusal> {
        let declined = self.open()?;
        self.confirmations += 1;
        self.status = DraftStatus::Challenged { declined };
        self.asked = asked;
        self.updated = now;
        Ok(self)
    }

    /// Changes what is asked for, as long as nobody has paid.
    pub fn amended(
        mut self,
        asked: Vec<(String, String)>,
        now: Moment,
    ) -> Result<Self, DraftRefusal> {
        let declined = self.open()?;
        self.status = DraftStatus::Open { declined };
        self.asked = asked;
        self.updated = now;
        Ok(self)
    }

    /// The payment that was declined last, where it can be confirmed, changed and given up.
    const fn open(&self) -> Result<Option<PaymentId>, DraftRefusal> {
        match self.status {
            DraftStatus::Open { declined } | DraftStatus::Challenged { declined } => Ok(declined),
            DraftStatus::Confirming { .. } | DraftStatus::Paid(_) | DraftStatus::Cancelled => {
                Err(self.over())
            }
        }
    }

    /// Why nothing can be done with one that is not open.
    const fn over(&self) -> DraftRefusal {
        match self.status {
            DraftStatus::Paid(_) => DraftRefusal::Paid,
            DraftStatus::Cancelled => DraftRefusal::Cancelled,
            DraftStatus::Open { .. }
            | DraftStatus::Challenged { .. }
            | DraftStatus::Confirming { .. } => DraftRefusal::Busy,
        }
    }

    /// Gives it up at `now`.
    pub fn cancelled(mut self, now: Moment) -> Result<Self, DraftRefusal> {
        self.open()?;
        self.status = DraftStatus::Cancelled;
        self.updated = now;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment::from_seconds(1_700_000_000);

    fn draft(status: DraftStatus) -> Draft {
        Draft {
            id: DraftId::from_bytes([7; 16]),
            merchant: "m".to_owned(),
            service: "s",
            asked: vec![("number".to_owned(), "4111111111111111".to_owned())],
            setup: false,
            status,
            held: None,
            confirmations: 0,
            created: NOW,
            updated: NOW,
        }
    }

    #[test]
    fn one_confirms_at_a_time_and_who_takes_over_is_the_same_request() {
        let open = draft(DraftStatus::Open { declined: None });
        let taken = open.taken(NOW).unwrap();
        let request = taken.request();
        assert_eq!(taken.clone().taken(NOW).unwrap_err(), DraftRefusal::Busy);
        assert_eq!(
            taken.clone().cancelled(NOW).unwrap_err(),
            DraftRefusal::Busy
        );
        let taken = taken.taken(NOW.plus(CLAIM_LEASE)).unwrap();
        assert_eq!(taken.request(), request);
        let declined = Draft {
            status: DraftStatus::Open {
                declined: Some(PaymentId::from_bytes([1; 16])),
            },
            ..taken
        };
        let another = declined.taken(NOW).unwrap();
        assert_ne!(
            another.request(),
            request,
            "another attempt is another payment"
        );
    }

    #[test]
    fn what_is_over_stays_over() {
        let paid = draft(DraftStatus::Paid(PaymentId::from_bytes([1; 16])));
        assert_eq!(paid.clone().taken(NOW).unwrap_err(), DraftRefusal::Paid);
        assert_eq!(paid.cancelled(NOW).unwrap_err(), DraftRefusal::Paid);
        let cancelled = draft(DraftStatus::Open { declined: None })
            .cancelled(NOW)
            .unwrap();
        assert_eq!(
            cancelled.clone().taken(NOW).unwrap_err(),
            DraftRefusal::Cancelled
        );
        assert_eq!(
            cancelled.cancelled(NOW).unwrap_err(),
            DraftRefusal::Cancelled
        );
    }

    #[test]
    fn a_card_that_was_asked_with_is_not_printed() {
        let shown = format!("{:?}", draft(DraftStatus::Cancelled));
        assert!(!shown.contains("4111"), "{shown}");
    }
}
