//! What a customer pays with, as a payment service keeps it for later: a card or a network token, whose it is, and the payment
//! that set it up. What the merchant says of it stays in the form of the service.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::record::Payment;
use super::reference::{Nti, Tlid};
use crate::domain::id::{CustomerId, MethodId};
use crate::domain::moment::Moment;
use crate::domain::written::{self, Word};

/// See the module.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentMethod {
    pub id: MethodId,
    pub merchant: String,
    /// The payment service that keeps it; nobody finds it at another.
    #[serde(with = "written")]
    pub service: Word,
    /// Names and values, the card among them.
    pub said: Vec<(String, String)>,
    pub customer: Option<CustomerId>,
    /// It has paid, or belonged to somebody, so that it is nobody's any more once it is not a customer's.
    pub used: bool,
    /// Of the payment or verification that set it up, for payments that the merchant starts.
    pub nti: Option<Nti>,
    pub tlid: Option<Tlid>,
    /// How often it has changed.
    pub changes: u32,
    pub created: Moment,
}

impl fmt::Debug for PaymentMethod {
    /// What was said of it holds a card.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PaymentMethod({:?})", self.id)
    }
}

/// Why a payment method cannot be given to a customer or paid with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MethodRefusal {
    /// Another customer has it.
    OfAnother,
    /// It has been used without a customer, or was taken from one.
    Used,
    /// No customer has it.
    OfNobody,
}

impl PaymentMethod {
    /// The customer's from now on. `by` is the payment that showed it to be good, if one was made.
    ///
    /// # Errors
    /// When it is somebody else's, or can be nobody's any more.
    pub fn attached(
        self,
        customer: CustomerId,
        by: Option<&Payment>,
    ) -> Result<Self, MethodRefusal> {
        self.can_be_of(Some(&customer))?;
        Ok(Self {
            customer: Some(customer),
            ..self.set_up(by)
        })
    }

    /// Whether it can be given to a customer, who may yet have to be made.
    ///
    /// # Errors
    /// As above.
    pub fn can_be_of(&self, customer: Option<&CustomerId>) -> Result<(), MethodRefusal> {
        match &self.customer {
            Some(holder) if Some(holder) != customer => Err(MethodRefusal::OfAnother),
            None if self.used => Err(MethodRefusal::Used),
            Some(_) | None => Ok(()),
        }
    }

    /// What the merchant starts later quotes this payment.
    #[must_use]
    pub fn set_up(self, by: Option<&Payment>) -> Self {
        let Some(payment) = by else {
            return self.changed();
        };
        Self {
            nti: payment.nti.clone(),
            tlid: payment.tlid.clone(),
            ..self.changed()
        }
    }

    /// It has paid, or was asked to.
    #[must_use]
    pub fn spent(self) -> Self {
        Self {
            used: true,
            ..self.changed()
        }
    }

    /// Nobody's from now on.
    ///
    /// # Errors
    /// When it is nobody's already.
    pub fn detached(self) -> Result<Self, MethodRefusal> {
        if self.customer.is_none() {
            return Err(MethodRefusal::OfNobody);
        }
        Ok(Self {
            customer: None,
            ..self.spent()
        })
    }

    /// With other words of the merchant's.
    #[must_use]
    pub fn saying(self, said: Vec<(String, String)>) -> Self {
        Self {
            said,
            ..self.changed()
        }
    }

    fn changed(self) -> Self {
        Self {
            changes: self.changes + 1,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn method() -> PaymentMethod {
        PaymentMethod {
            id: MethodId::from_bytes([1; 16]),
            merchant: "m".to_owned(),
            service: "stripe",
            said: vec![("number".to_owned(), "4242424242424242".to_owned())],
            customer: None,
            used: false,
            nti: None,
            tlid: None,
            changes: 0,
            created: Moment::from_seconds(1),
        }
    }

    #[test]
    fn a_method_is_of_one_customer_and_of_none_after_that() {
        let (one, other) = (
            CustomerId::from_bytes([2; 16]),
            CustomerId::from_bytes([3; 16]),
        );
        let attached = method().attached(one, None).unwrap();
        assert_eq!(attached.customer, Some(one));
        assert!(
            attached.clone().attached(one, None).is_ok(),
            "again is the same"
        );
        assert_eq!(
            attached.clone().attached(other, None).unwrap_err(),
            MethodRefusal::OfAnother
        );
        let detached = attached.detached().unwrap();
        assert_eq!(detached.customer, None);
        assert_eq!(
            detached.clone().attached(one, None).unwrap_err(),
            MethodRefusal::Used
        );
        assert_eq!(detached.detached().unwrap_err(), MethodRefusal::OfNobody);
        assert_eq!(
            method().spent().attached(one, None).unwrap_err(),
            MethodRefusal::Used
        );
    }

    #[test]
    fn a_card_that_is_kept_is_not_printed() {
        assert!(!format!("{:?}", method()).contains("4242"));
    }
}
