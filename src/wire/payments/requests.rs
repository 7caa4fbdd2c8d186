//! What merchants send to our own payment API, read member by member.

use serde_json::{Map, Value};

use super::errors::PaymentsError;
use super::idempotency::KEYS;
use crate::domain::card::PresentedNumber;
use crate::domain::id::CredentialId;
use crate::domain::money::{Amount, Currency};
use crate::domain::payment::allowance::Delegated;
use crate::domain::payment::moves::Step;
use crate::domain::payment::request::{
    Authentication, Capture, Initiator, PaymentRequest, Proof, Slot, TokenClaims,
};
use crate::limits::{HOLD, TEXT_BYTES_MAX};
use crate::wire::edge::document::read;
use crate::wire::edge::read::{Flaw, Members};

/// The credential that is to be paid with, if it is one.
pub(super) fn credential(body: &Map<String, Value>) -> Result<Option<CredentialId>, PaymentsError> {
    if !body.contains_key("credential") {
        return Ok(None);
    }
    read(body, |body| {
        for name in ["network_token", "card", "initiator"] {
            if body.has(name) {
                body.flaw(name, Flaw::Value, "cannot come together with credential");
            }
        }
        body.parsed("credential", |text| {
            let id = text.strip_prefix("vt_").and_then(CredentialId::from_base58);
            id.ok_or("must be the id of a delegated payment")
        })
    })
    .map(Some)
}

/// A payment of the named merchant with what a credential was given for.
pub(super) fn delegated(
    body: &Members<'_>,
    merchant: &str,
    with: Delegated,
) -> Option<PaymentRequest> {
    let (amount, capture, note) = (amount(body), capture_when(body), note(body));
    Some(PaymentRequest {
        merchant: merchant.to_owned(),
        service: KEYS.service,
        initiator: Initiator::Customer,
        number: with.number,
        slot: with.slot,
        expiry: with.expiry,
        proof: with.proof,
        eci: with.eci,
        claims: TokenClaims::default(),
        token_requestor_id: None,
        amount: amount?,
        capture,
        nti: None,
        tlid: None,
        nothing_to_quote: false,
        authentication: Authentication::NotAsked,
        waited_as: None,
        asked: None,
        id: None,
        note,
    })
}

fn capture_when(body: &Members<'_>) -> Capture {
    let captures = [("now", Capture::Now), ("later", Capture::Within(HOLD))];
    body.word("capture", &captures).unwrap_or(Capture::Now)
}

fn note(body: &Members<'_>) -> Option<Box<str>> {
    body.string("reference", TEXT_BYTES_MAX).map(Into::into)
}

/// A payment of the named merchant.
pub(super) fn payment(body: &Members<'_>, merchant: &str) -> Option<PaymentRequest> {
    let amount = amount(body);
    let initiators = [
        ("customer", Initiator::Customer),
        ("merchant", Initiator::Merchant),
    ];
    let initiator = body.word("initiator", &initiators);
    let capture = capture_when(body);
    let nti = body.nti("network_transaction_id");
    let tlid = body.tlid("transaction_link_id");
    let note = note(body);
    let (slot, instrument) = instrument(body)?;
    let number = instrument.required_parsed("number", PresentedNumber::parse);
    let month = instrument.required_integer("exp_month");
    let year = instrument.required_integer("exp_year");
    let expiry = month
        .zip(year)
        .and_then(|(month, year)| instrument.expiry("exp_month", month, "exp_year", year));
    let text = |name| instrument.string(name, TEXT_BYTES_MAX).map(str::to_owned);
    let proof = Proof {
        cryptogram: text("cryptogram"),
        code: text("security_code"),
    };
    if slot == Slot::Card && proof.cryptogram.is_some() {
        let due = "goes with network_token; a short one goes into security_code";
        instrument.flaw("cryptogram", Flaw::Value, due);
    }
    Some(PaymentRequest {
        merchant: merchant.to_owned(),
        service: KEYS.service,
        initiator: initiator.unwrap_or(Initiator::Customer),
        number: number?,
        slot,
        expiry: expiry?,
        proof,
        eci: text("eci"),
        claims: TokenClaims::default(),
        token_requestor_id: text("token_requestor_id"),
        amount: amount?,
        capture,
        nti,
        tlid,
        nothing_to_quote: false,
        authentication: Authentication::NotAsked,
        waited_as: None,
        asked: None,
        id: None,
        note,
    })
}

/// The object with the number, and the field that it came in.
fn instrument<'a>(body: &Members<'a>) -> Option<(Slot, Members<'a>)> {
    match (body.has("network_token"), body.has("card")) {
        (true, false) => Some((Slot::Token, body.object("network_token")?)),
        (false, true) => Some((Slot::Card, body.object("card")?)),
        (false, false) => {
            let due = "is required, or card in its place";
            body.flaw("network_token", Flaw::Missing, due);
            None
        }
        (true, true) => {
            let due = "cannot come together with network_token";
            body.flaw("card", Flaw::Value, due);
            None
        }
    }
}

/// An amount of what is left, or all of it when none is given.
pub(super) fn capture(body: &Members<'_>) -> Option<Step> {
    let last = body.boolean("last").unwrap_or(true);
    let amount = optional_amount(body)?;
    Some(Step::Capture { amount, last })
}

pub(super) fn refund(body: &Members<'_>) -> Option<Step> {
    let amount = optional_amount(body)?;
    Some(Step::Refund { amount })
}

/// None for a problem, `Some(None)` when there is no amount.
fn optional_amount(body: &Members<'_>) -> Option<Option<Amount>> {
    if !body.has("amount") && !body.has("currency") {
        return Some(None);
    }
    amount(body).map(Some)
}

fn amount(body: &Members<'_>) -> Option<Amount> {
    let minor = body.required_minor_units("amount");
    let currency = body.required_parsed("currency", Currency::parse);
    Amount::new(minor?, currency?).ok()
}
