//! How a test card behaves when a merchant has a payment service authenticate its customer (3-D Secure): what the card's own
//! bank does, which is the same whatever its issuer answers to the payment afterwards.

use serde::{Deserialize, Serialize};

use crate::domain::card::Pan;

/// One `[[enrolled]]` of the fixture.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolled {
    /// The surface's word of the service that publishes it.
    pub service: String,
    pub pan: String,
    pub flow: Flow,
    /// What comes of it when the customer does what it is asked.
    #[serde(default)]
    pub ends: Ends,
    /// Who publishes it.
    pub source: String,
}

/// What is done with the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// Its device is looked at, and it is asked nothing.
    Frictionless,
    /// It is asked at once.
    Challenge,
    /// Its device is looked at, and then it is asked.
    FingerprintAndChallenge,
    /// The card takes no part.
    NotEnrolled,
}

/// How an authentication ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ends {
    #[default]
    Passed,
    /// Its bank could not, and answers for the customer all the same.
    Attempted,
    Failed,
    /// Its bank will not have the payment made.
    Rejected,
}

impl Ends {
    /// Whether the payment goes on.
    pub const fn passes(self) -> bool {
        match self {
            Self::Passed | Self::Attempted => true,
            Self::Failed | Self::Rejected => false,
        }
    }
}

impl Enrolled {
    /// Whether the row can be used.
    pub fn is_whole(&self) -> bool {
        Pan::parse(&self.pan).is_ok()
    }
}

/// The row of a card at a service.
pub fn find<'a>(rows: &'a [Enrolled], service: &str, pan: &Pan) -> Option<&'a Enrolled> {
    let number = pan.digits();
    let mut rows = rows.iter().filter(|row| row.service == service);
    rows.find(|row| row.pan == *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_of_its_service_and_number_alone() {
        let rows = [Enrolled {
            service: "s".to_owned(),
            pan: "4242424242424242".to_owned(),
            flow: Flow::Challenge,
            ends: Ends::Passed,
            source: "x".to_owned(),
        }];
        let found = |service, pan| find(&rows, service, &Pan::parse(pan).unwrap()).is_some();
        assert!(found("s", "4242424242424242"));
        assert!(!found("t", "4242424242424242") && !found("s", "4111111111111111"));
    }
}
