//! What Stripe shows of a card: where it was issued and on whose money, what its issuer makes of code and address, and what
//! its published test cards bring about beside the issuer's answer (docs.stripe.com/testing).

use serde_json::{Value, json};

use super::idempotency::SERVICE;
use crate::domain::card::Pan;
use crate::domain::moment::Moment;
use crate::domain::payment::published::{Check, Published, Refunds, Risk, Shows, find};
use crate::domain::payment::record::{Move, PaidWith, Payment};
use crate::domain::persona::Persona;
use crate::domain::persona::funding::{Funding, Issued};
use crate::limits::REFUND_SETTLES;
use crate::operations::SharedConfig;

/// The number of a card that paid; a token's is none.
const fn pan(payment: &Payment) -> Option<Pan> {
    match &payment.paid_with {
        PaidWith::Card(pan) => Some(*pan),
        PaidWith::Token(..) | PaidWith::Unknown(_) => None,
    }
}

fn row<'a>(config: &'a SharedConfig, pan: &Pan) -> Option<&'a Published> {
    let rows = config.personas.published();
    // No row of Stripe's asks for an amount.
    find(rows, SERVICE, pan, 0, None)
}

fn shows<'a>(config: &'a SharedConfig, payment: &Payment) -> Option<&'a Shows> {
    Some(&row(config, &pan(payment)?)?.shows)
}

/// Where a card was issued and on whose money, as `card` objects have it.
pub(super) struct IssuedWords {
    pub(super) country: String,
    pub(super) funding: &'static str,
}

/// The words for a number, or for a token of which none is known.
pub(super) fn issued(config: &SharedConfig, pan: Option<Pan>) -> IssuedWords {
    let persona = pan.and_then(|pan| config.personas.find(&pan));
    words(persona.map(Persona::issued).as_ref())
}

fn words(issued: Option<&Issued>) -> IssuedWords {
    let country = issued.and_then(|issued| issued.country.clone());
    let funding = issued.map_or(Funding::Credit, |issued| issued.funding);
    IssuedWords {
        country: country.unwrap_or_else(|| "US".to_owned()),
        funding: funding.word(),
    }
}

/// The same of the card that paid, also where a token of it did.
pub(super) fn issued_to(config: &SharedConfig, payment: &Payment) -> IssuedWords {
    match payment.issued.as_deref() {
        Some(kept) => words(Some(kept)),
        None => issued(config, pan(payment)),
    }
}

/// What the issuer has checked, of what `kept` says was given. Nothing is checked of a token's code but as a cryptogram.
pub(super) fn checks(config: &SharedConfig, payment: &Payment, kept: &Value) -> Value {
    let shows = shows(config, payment);
    let of = |given: bool, check: Option<Check>| {
        given.then_some(match check {
            Some(Check::Fail) => "fail",
            Some(Check::Unavailable) => "unavailable",
            None => "pass",
        })
    };
    let address = &kept["billing_details"]["address"];
    json!({
        "address_line1_check": of(address["line1"].is_string(), shows.and_then(|shows| shows.line1_check)),
        "address_postal_code_check": of(address["postal_code"].is_string(), shows.and_then(|shows| shows.postal_code_check)),
        "cvc_check": of(kept["code"] == true, shows.and_then(|shows| shows.code_check)),
    })
}

/// Of a card that nobody has paid with: what was given waits to be checked.
pub(super) fn unchecked(kept: &Value) -> Value {
    let of = |given: bool| given.then_some("unchecked");
    let address = &kept["billing_details"]["address"];
    json!({
        "address_line1_check": of(address["line1"].is_string()),
        "address_postal_code_check": of(address["postal_code"].is_string()),
        "cvc_check": of(kept["code"] == true),
    })
}

/// Level and score of the risk, as in a charge's `outcome`. Of scores only their order is published.
pub(super) fn risk(config: &SharedConfig, payment: &Payment) -> (&'static str, u8) {
    match shows(config, payment).and_then(|shows| shows.risk) {
        Some(Risk::Highest) => ("highest", 90),
        Some(Risk::Elevated) => ("elevated", 70),
        None => ("normal", 20),
    }
}

pub(super) fn is_available_at_once(config: &SharedConfig, payment: &Payment) -> bool {
    shows(config, payment).is_some_and(|shows| shows.available_at_once)
}

/// Status of a refund, and why it has failed.
pub(super) fn refund_status(
    config: &SharedConfig,
    payment: &Payment,
    refund: &Move,
    now: Moment,
) -> (&'static str, Option<&'static str>) {
    let over = now >= refund.at.plus(REFUND_SETTLES);
    match shows(config, payment).and_then(|shows| shows.refunds) {
        Some(Refunds::SucceedLater) if !over => ("pending", None),
        Some(Refunds::FailLater) if over => ("failed", Some("expired_or_canceled_card")),
        Some(Refunds::SucceedLater | Refunds::FailLater) | None => ("succeeded", None),
    }
}
