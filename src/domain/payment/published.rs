//! What a payment service publishes of its own test environment: a card, an amount or a word in the request by which it
//! chooses the issuer's answer. The same number can mean one thing at one service and another at the next.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::reason::DeclineReason;
use super::record::Payment;
use super::request::{Authentication, Capture, Initiator, PaymentRequest};
use super::response::Response;
use crate::domain::card::Pan;

/// The network's answers to what is good, and to what wants its customer authenticated.
const APPROVED: &str = "00";
const STEP_UP: &str = "1A";

/// One `[[published]]` of the fixture. It names one of `pan`, `amount` and `asked`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// The surface's word.
    pub service: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pan: Option<String>,
    /// Minor units, in which `x` is any digit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// Words that the request may carry where the service looks for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<String>,
    /// The network's response code (ISO 8583 data element 39); `00` approves.
    pub answer: String,
    /// The service's own code, where the response code leads to another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The answer is to payments alone: the card can be kept for later all the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub charges_only: bool,
    /// When the service sends the customer away to be authenticated (3-D Secure).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<Challenge>,
    /// What the service shows of a payment with the card beside the answer.
    #[serde(default, skip_serializing_if = "Shows::is_nothing")]
    pub shows: Shows,
    /// Who publishes it.
    pub source: String,
}

/// What comes of a payment that was approved, or is shown of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Shows {
    /// Of the security code, where one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_check: Option<Check>,
    /// Of the first line of the address, where one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line1_check: Option<Check>,
    /// Of the postal code, where one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code_check: Option<Check>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk: Option<Risk>,
    /// The customer disputes the payment, for this reason in the service's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disputed: Option<String>,
    /// The merchant is only asked about it, for a start.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub inquiry: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refunds: Option<Refunds>,
    /// What was taken can be paid out at once.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub available_at_once: bool,
}

impl Shows {
    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// What an issuer says of something that it was to check. The snake_case words are used in the fixture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    Fail,
    Unavailable,
}

/// How likely it is to the service that a payment is a fraud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    Elevated,
    Highest,
}

/// How a refund ends that is not over at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refunds {
    /// It waits, and succeeds some time later.
    SucceedLater,
    /// It succeeds, and turns out to have failed some time later.
    FailLater,
}

/// When a card wants its customer authenticated. With the customer there it always does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Challenge {
    /// A payment that the merchant starts is declined.
    Always,
    /// The same, unless it quotes one for which the customer was authenticated.
    UnlessSetUp,
    /// What the merchant starts is paid.
    WithCustomer,
}

/// What the service's issuer answers, and what that comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedAnswer {
    /// None approves.
    pub decline: Option<DeclineReason>,
    pub response: Arc<Response>,
}

impl Published {
    /// Whether a request at this service is meant. Numbers count first, then words, then amounts: see [`find`].
    fn fits(&self, pan: &Pan, minor: u64, asked: Option<&str>) -> bool {
        let by_pan = self.pan.as_ref().is_some_and(|own| *own == pan.expose());
        let by_word = asked.is_some_and(|asked| self.asked.iter().any(|own| own == asked));
        let by_amount = self.amount.as_ref().is_some_and(|own| {
            let minor = minor.to_string();
            let mut pairs = own.bytes().zip(minor.bytes());
            own.len() == minor.len() && pairs.all(|(own, digit)| own == b'x' || own == digit)
        });
        by_pan || by_word || by_amount
    }

    /// Whether the customer of such a payment has to be authenticated first.
    pub fn challenges(&self, request: &PaymentRequest) -> bool {
        self.challenge.is_some()
            && request.initiator == Initiator::Customer
            && request.authentication == Authentication::NotAsked
    }

    /// What the issuer answers, where `quoted` is the payment that a payment of the merchant's quotes.
    pub fn answer(&self, request: &PaymentRequest, quoted: Option<&Payment>) -> PublishedAnswer {
        if request.capture == Capture::Never {
            // Whether a card can be kept is asked without its customer.
            let answer = if self.charges_only {
                APPROVED
            } else {
                &self.answer
            };
            return self.answered(answer, self.code.as_ref());
        }
        let set_up = quoted.is_some_and(|quoted| quoted.authentication == Authentication::Passed);
        let unauthenticated = match (self.challenge, request.initiator) {
            (None, _) | (Some(Challenge::WithCustomer), Initiator::Merchant) => false,
            (Some(_), Initiator::Customer) => request.authentication == Authentication::NotAsked,
            (Some(Challenge::Always), Initiator::Merchant) => true,
            (Some(Challenge::UnlessSetUp), Initiator::Merchant) => !set_up,
        };
        if unauthenticated {
            return self.answered(STEP_UP, None);
        }
        self.answered(&self.answer, self.code.as_ref())
    }

    fn answered(&self, answer: &str, own_code: Option<&String>) -> PublishedAnswer {
        answered(answer, own_code, &self.source)
    }

    /// Whether the row can be used: one trigger, and a response code of two letters or digits.
    pub fn is_whole(&self) -> bool {
        let triggers = [
            self.pan.is_some(),
            self.amount.is_some(),
            !self.asked.is_empty(),
        ];
        let code = self.answer.len() == 2 && self.answer.bytes().all(|b| b.is_ascii_alphanumeric());
        code && triggers.into_iter().filter(|given| *given).count() == 1
    }
}

/// What is answered for a customer who was to be authenticated and was not, whatever the card.
pub fn not_authenticated() -> PublishedAnswer {
    answered(STEP_UP, None, "nobody is asked without it")
}

fn answered(answer: &str, own_code: Option<&String>, source: &str) -> PublishedAnswer {
    PublishedAnswer {
        decline: reason(answer),
        response: Arc::new(Response {
            de39: answer.to_owned(),
            merchant_advice: None,
            token_result: None,
            own_code: own_code.cloned(),
            source: source.to_owned(),
        }),
    }
}

/// The first row of a service that a request fits.
pub fn find<'a>(
    rows: &'a [Published],
    service: &str,
    pan: &Pan,
    minor: u64,
    asked: Option<&str>,
) -> Option<&'a Published> {
    let mut rows = rows.iter().filter(|row| row.service == service);
    rows.find(|row| row.fits(pan, minor, asked))
}

/// Why a payment was declined that a network answered so. What has no reason of its own is the issuer's will.
fn reason(de39: &str) -> Option<DeclineReason> {
    Some(match de39 {
        APPROVED => return None,
        "41" => DeclineReason::Lost,
        "43" => DeclineReason::Stolen,
        "51" => DeclineReason::InsufficientFunds,
        "54" => DeclineReason::Expired,
        "59" => DeclineReason::SuspectedFraud,
        "61" | "65" => DeclineReason::VelocityExceeded,
        STEP_UP => DeclineReason::StepUpRequired,
        "68" | "91" | "96" => DeclineReason::IssuerUnavailable,
        "R0" | "R1" | "R3" => DeclineReason::PaymentsStopped,
        _ => DeclineReason::DoNotHonour,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(trigger: &str) -> Published {
        let text = format!("service = \"s\"\nanswer = \"51\"\nsource = \"x\"\n{trigger}\n");
        toml::from_str(&text).unwrap()
    }

    #[test]
    fn a_row_fits_by_number_word_or_amount_at_its_service_alone() {
        let pan = Pan::parse("4242424242424242").unwrap();
        let fits = |trigger: &str, minor, asked| {
            let rows = [row(trigger)];
            let other = find(&rows, "t", &pan, minor, asked);
            assert!(other.is_none());
            find(&rows, "s", &pan, minor, asked).is_some()
        };
        assert!(fits("pan = \"4242424242424242\"", 1, None));
        assert!(!fits("pan = \"4111111111111111\"", 1, None));
        assert!(fits("amount = \"xxx05\"", 12_305, None));
        assert!(
            !fits("amount = \"xxx05\"", 1_205, None) && !fits("amount = \"xxx05\"", 12_350, None)
        );
        assert!(fits("asked = [\"DECLINED\", \"2\"]", 1, Some("2")));
        assert!(!fits("asked = [\"DECLINED\", \"2\"]", 1, None));
        assert!(row("amount = \"1\"").is_whole() && !row("").is_whole());
    }
}
