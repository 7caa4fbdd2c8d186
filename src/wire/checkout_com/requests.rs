//! Payments, captures and refunds as merchants send them.

use serde_json::{Map, Value};

use super::errors::CheckoutError;
use super::idempotency::SERVICE;
use super::shapes::{self, check};
use super::{sources, wanted};
use crate::domain::card::{Expiry, Network, PresentedNumber};
use crate::domain::moment::Moment;
use crate::domain::money::{AMOUNT_MINOR_MAX, Amount, Currency};
use crate::domain::payment::reference::Tlid;
use crate::domain::payment::request::{
    Authentication, Capture, ClaimedNetwork, Initiator, PaymentRequest, Proof, Slot, TokenClaims,
};
use crate::limits::{HOLD, NOTE_BYTES_MAX, TEXT_BYTES_MAX};
use crate::wire::edge::Request;
use crate::wire::edge::document::object;
use crate::wire::edge::read::{Flaw, Members};

/// The body as a JSON object. An empty one counts as `{}`.
pub(super) fn document(request: &Request) -> Result<Map<String, Value>, CheckoutError> {
    if request.body.is_empty() {
        return Ok(Map::new());
    }
    object(request)
}

/// A payment as it was read. What it quotes is the id of a payment or of a network's transaction, and is looked up yet.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) payment_request: PaymentRequest,
    pub(super) previous: Option<String>,
    pub(super) secure: wanted::Wanted,
}

pub(super) fn payment(body: &Members<'_>, merchant: &str, now: Moment) -> Option<Wanted> {
    let amount = amount(body);
    let by_merchant = body.boolean("merchant_initiated").unwrap_or(false);
    let kinds = [
        "Regular",
        "Recurring",
        "MOTO",
        "Installment",
        "Unscheduled",
        "PayLater",
    ];
    body.word("payment_type", &kinds.map(|kind| (kind, ())));
    let capture = capture(body, now);
    let previous = body
        .string("previous_payment_id", TEXT_BYTES_MAX)
        .map(str::to_owned);
    let tlid = tlid(body);
    let note = note(body);
    check(body, shapes::PAYMENT);
    let secure = wanted::wanted(body);
    body.require("source");
    let source = body.object("source")?;
    source.require("type");
    let slot = source.word(
        "type",
        &[("network_token", Slot::Token), ("card", Slot::Card)],
    )?;
    let number = number(&source, slot);
    let expiry = expiry(&source);
    let text = |name: &str| source.string(name, TEXT_BYTES_MAX).map(str::to_owned);
    let payment_request = PaymentRequest {
        merchant: merchant.to_owned(),
        service: SERVICE,
        initiator: if by_merchant {
            Initiator::Merchant
        } else {
            Initiator::Customer
        },
        number: number?,
        slot,
        expiry: expiry?,
        proof: Proof {
            cryptogram: text("cryptogram"),
            code: source
                .security_code("cvv", number.as_ref())
                .map(str::to_owned),
        },
        eci: text("eci"),
        claims: claims(&source, slot),
        token_requestor_id: None,
        amount: amount?,
        capture: capture?,
        nti: None,
        tlid,
        nothing_to_quote: false,
        authentication: Authentication::NotAsked,
        waited_as: None,
        asked: None,
        id: None,
        note: Some(note?),
    };
    Some(Wanted {
        payment_request,
        previous,
        secure,
    })
}

/// A capture at once unless it is not wanted, or by itself at an instant that is told, which says that it is wanted (API
/// reference, `capture_on`).
fn capture(body: &Members<'_>, now: Moment) -> Option<Capture> {
    let wanted = body.boolean("capture").unwrap_or(true);
    if body.has("capture_on") {
        let at = body.parsed("capture_on", |text| {
            let at = Moment::parse(text).map_err(|_| "must be an instant as RFC 3339 writes it")?;
            if at > now && at <= now.plus(HOLD) {
                Ok(at)
            } else {
                Err("must be to come, and no later than the authorization lasts")
            }
        });
        return Some(Capture::After(at?.since(now)));
    }
    Some(if wanted {
        Capture::Now
    } else {
        Capture::Within(HOLD)
    })
}

/// The link of a series at Mastercard.
fn tlid(body: &Members<'_>) -> Option<Tlid> {
    let processing = body.object("processing")?;
    let due = "must be 22 characters of A-Z a-z 0-9 _ -";
    processing.parsed("scheme_transaction_link_id", |text| {
        Tlid::parse(text).ok_or(due)
    })
}

/// A card's `number`, a token's `token`.
fn number(source: &Members<'_>, slot: Slot) -> Option<PresentedNumber> {
    let name = match slot {
        Slot::Token => "token",
        Slot::Card => "number",
    };
    if slot == Slot::Token {
        let kinds = ["vts", "mdes", "applepay", "googlepay"];
        source.require("token_type");
        source.word("token_type", &kinds.map(|kind| (kind, ())));
    }
    source.require(name);
    source.parsed(name, PresentedNumber::parse)
}

/// The service that a token is said to come from, which is one network's (Checkout.com, request a payment, `token_type`). A
/// wallet has tokens of every network.
fn claims(source: &Members<'_>, slot: Slot) -> TokenClaims {
    let kind = source.get("token_type").filter(|_| slot == Slot::Token);
    let network = match kind.and_then(Value::as_str) {
        Some("vts") => Some(ClaimedNetwork::One(Network::Visa)),
        Some("mdes") => Some(ClaimedNetwork::One(Network::Mastercard)),
        _ => None,
    };
    TokenClaims {
        network,
        ..TokenClaims::default()
    }
}

/// Month and year are numbers, the year of four digits. The sandbox takes texts of digits as well, such as `"06"`.
pub(super) fn expiry(source: &Members<'_>) -> Option<Expiry> {
    let month = source.required_integer_or_digits("expiry_month");
    let year = source.required_integer_or_digits("expiry_year");
    let year = year.map(|year| if year < 100 { -1 } else { year });
    source.expiry("expiry_month", month?, "expiry_year", year?)
}

/// Without an amount the card is only verified.
fn amount(body: &Members<'_>) -> Option<Amount> {
    body.require("currency");
    let currency = body.parsed("currency", Currency::parse);
    Amount::new(minor(body)?.unwrap_or(0), currency?).ok()
}

/// None for a problem, `Some(None)` when there is no amount.
fn minor(body: &Members<'_>) -> Option<Option<u64>> {
    if !body.has("amount") {
        return Some(None);
    }
    let minor = u64::try_from(body.integer_or_digits("amount")?).ok();
    let minor = minor.filter(|minor| *minor <= AMOUNT_MINOR_MAX);
    if minor.is_none() {
        body.flaw("amount", Flaw::Value, "must be minor units");
    }
    minor.map(Some)
}

/// A capture or refund: its amount in minor units of the payment's currency, if it has one, and whether it is the last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) minor: Option<u64>,
    pub(super) last: bool,
}

pub(super) fn part(body: &Members<'_>) -> Option<Part> {
    let kinds = [("NonFinal", false), ("Final", true)];
    let last = body.word("capture_type", &kinds).unwrap_or(true);
    body.string("reference", TEXT_BYTES_MAX);
    check(body, shapes::PART);
    note(body);
    let minor = minor(body)?;
    Some(Part { minor, last })
}

/// What is kept with a payment and shown with it.
fn note(body: &Members<'_>) -> Option<Box<str>> {
    let mut note = Map::new();
    for name in [
        "reference",
        "description",
        "payment_type",
        "metadata",
        "customer",
        "billing_descriptor",
    ] {
        if let Some(value) = body.get(name) {
            note.insert(name.to_owned(), value.clone());
        }
    }
    if let Some(source) = body.get("source").and_then(Value::as_object) {
        let shown = sources::kept(source);
        if !shown.is_empty() {
            note.insert(sources::SOURCE.to_owned(), shown.into());
        }
    }
    let text = Value::Object(note).to_string();
    if text.len() > NOTE_BYTES_MAX {
        body.flaw("metadata", Flaw::TooLong, "is too long");
        return None;
    }
    Some(text.into())
}
