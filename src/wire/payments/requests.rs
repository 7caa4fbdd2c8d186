//! What merchants send to our own payment API, read member by member.

use serde_json::Value;

use super::errors::PaymentsError;
use crate::domain::card::{Expiry, ExpiryError, PresentedNumber};
use crate::domain::id::CredentialId;
use crate::domain::money::{AMOUNT_MINOR_MAX, Amount, Currency};
use crate::domain::payment::allowance::Delegated;
use crate::domain::payment::moves::Step;
use crate::domain::payment::reference::{Nti, Tlid};
use crate::domain::payment::request::{Capture, Initiator, PaymentRequest, Proof, Slot};
use crate::limits::TEXT_BYTES_MAX;
use crate::wire::body::{Flaw, Members, Problems};
use crate::wire::request::Request;

/// The body as JSON. An empty one counts as `{}`.
pub(super) fn document(request: &Request) -> Result<Value, PaymentsError> {
    if request.body.is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    if !request.is_of_type("application/json") {
        return Err(PaymentsError::MediaType);
    }
    serde_json::from_slice(&request.body)
        .map_err(|error| PaymentsError::Document(format!("the body is not JSON: {error}")))
}

/// Hands the members of the body to `read`.
pub(super) fn members<T>(
    body: &Value,
    read: impl FnOnce(&Members<'_>) -> Option<T>,
) -> Result<T, PaymentsError> {
    let object = body.as_object();
    let object = object
        .ok_or_else(|| PaymentsError::Document("the body must be a JSON object".to_owned()))?;
    let problems = Problems::default();
    let wanted = read(&Members::new(object, "", &problems));
    wanted
        .filter(|_| problems.is_empty())
        .ok_or_else(|| PaymentsError::Members(problems.into_vec()))
}

/// The credential that is to be paid with, if it is one.
pub(super) fn credential(body: &Value) -> Result<Option<CredentialId>, PaymentsError> {
    if body.get("credential").is_none_or(Value::is_null) {
        return Ok(None);
    }
    members(body, |body| {
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
        service: super::routes::SERVICE,
        initiator: Initiator::Customer,
        number: with.number,
        slot: with.slot,
        expiry: with.expiry,
        proof: with.proof,
        eci: with.eci,
        token_requestor_id: None,
        amount: amount?,
        capture,
        nti: None,
        tlid: None,
        id: None,
        note,
    })
}

fn capture_when(body: &Members<'_>) -> Capture {
    let captures = [("now", Capture::Now), ("later", Capture::Later)];
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
    let not_an_nti = "is no network's transaction id";
    let not_a_tlid = "must be 22 characters of A-Z a-z 0-9 _ -";
    let nti = body.parsed("network_transaction_id", |text| {
        Nti::parse(text).ok_or(not_an_nti)
    });
    let tlid = body.parsed("transaction_link_id", |text| {
        Tlid::parse(text).ok_or(not_a_tlid)
    });
    let note = note(body);
    let (slot, instrument) = instrument(body)?;
    let number = number(&instrument);
    let expiry = expiry(&instrument);
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
        service: super::routes::SERVICE,
        initiator: initiator.unwrap_or(Initiator::Customer),
        number: number?,
        slot,
        expiry: expiry?,
        proof,
        eci: text("eci"),
        token_requestor_id: text("token_requestor_id"),
        amount: amount?,
        capture,
        nti,
        tlid,
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
    let minor = body.required_integer("amount");
    let minor = minor.map(|minor| u64::try_from(minor).unwrap_or(u64::MAX));
    if minor.is_some_and(|minor| minor > AMOUNT_MINOR_MAX) {
        let due = format!("must be minor units from 0 to {AMOUNT_MINOR_MAX}");
        body.flaw("amount", Flaw::Value, due);
    }
    if !body.has("currency") {
        body.missing("currency");
    }
    let currency = body.parsed("currency", Currency::parse);
    Amount::new(minor?, currency?).ok()
}

fn number(instrument: &Members<'_>) -> Option<PresentedNumber> {
    if !instrument.has("number") {
        instrument.missing("number");
    }
    instrument.parsed("number", PresentedNumber::parse)
}

fn expiry(instrument: &Members<'_>) -> Option<Expiry> {
    let month = instrument.required_integer("exp_month");
    let year = instrument.required_integer("exp_year");
    match Expiry::new(month?, year?) {
        Ok(expiry) => Some(expiry),
        Err(why) => {
            let name = match why {
                ExpiryError::Month => "exp_month",
                ExpiryError::Year => "exp_year",
            };
            instrument.flaw(name, Flaw::Value, why.to_string());
            None
        }
    }
}
