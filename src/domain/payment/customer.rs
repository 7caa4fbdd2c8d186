//! A customer of a merchant, as a payment service keeps it: what the merchant says of it stays in the form of the service.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::id::CustomerId;
use crate::domain::moment::Moment;
use crate::domain::written::{self, Word};

/// See the module.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    pub id: CustomerId,
    pub merchant: String,
    /// The payment service that keeps it; nobody finds it at another.
    #[serde(with = "written")]
    pub service: Word,
    /// Names and values.
    pub said: Vec<(String, String)>,
    /// Only the name is left, so that whoever asks is told that it is gone.
    pub deleted: bool,
    /// How often it has changed.
    pub changes: u32,
    pub created: Moment,
}

impl fmt::Debug for Customer {
    /// What is said of a customer is for its merchant.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Customer({:?})", self.id)
    }
}

impl Customer {
    /// With other words of the merchant's.
    #[must_use]
    pub fn saying(self, said: Vec<(String, String)>) -> Self {
        Self {
            said,
            changes: self.changes + 1,
            ..self
        }
    }

    /// Gone, with all that was said of it.
    #[must_use]
    pub fn gone(self) -> Self {
        Self {
            deleted: true,
            ..self.saying(Vec::new())
        }
    }
}
