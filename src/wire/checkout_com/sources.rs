//! What payments are made with, as Checkout.com writes it, and its names: a card that has paid can pay again by the id that the
//! answer told (API reference, request a payment, source of type `id`).

use serde_json::{Map, Value, json};

use super::errors::{CheckoutError, Own};
use super::idempotency::SERVICE;
use super::messages;
use crate::crypto::base32::base32;
use crate::crypto::encoding::hex;
use crate::domain::card::{Expiry, Network};
use crate::domain::payment::reason::DeclineReason;
use crate::domain::payment::record::{PaidWith, Payment};
use crate::domain::payment::request::{PaymentRequest, Slot};
use crate::limits::TEXT_BYTES_MAX;
use crate::operations::{Space, counter, derived_ids};
use crate::wire::edge::RequestContext;
use crate::wire::edge::document::read;
use crate::wire::edge::payment::MerchantAccount;

pub(super) const SOURCE: &str = "source";
/// What an answer repeats of a source.
const REPEATED: [&str; 3] = ["name", "billing_address", "phone"];

/// What is kept of a source to be shown in it.
pub(super) fn kept(source: &Map<String, Value>) -> Map<String, Value> {
    let mut kept = source.clone();
    kept.retain(|name, value| REPEATED.contains(&name.as_str()) && !value.is_null());
    if source.get("cvv").is_some_and(Value::is_string) {
        kept.insert(CODE_CHECK.to_owned(), "Y".into());
    }
    kept
}

/// Whether the issuer found the security code right.
const CODE_CHECK: &str = "cvv_check";

/// Of a payment.
pub(super) fn of_payment(space: &Space, payment: &Payment) -> Value {
    let shown = Shown {
        merchant: &payment.merchant,
        by_token: matches!(payment.paid_with, PaidWith::Token(..)),
        expiry: payment.expiry,
        network: payment.network,
        number: payment.paid_with.expose(),
        note: payment.note.as_deref(),
    };
    let mut source = shown.written(space);
    if source.get(CODE_CHECK).is_some() && is_code_wrong(space, payment) {
        source[CODE_CHECK] = "N".into();
    }
    source
}

/// Whether the security code that was sent is why the payment was declined. That of a token is a short cryptogram.
fn is_code_wrong(space: &Space, payment: &Payment) -> bool {
    match payment.decline {
        None => false,
        Some(
            DeclineReason::CryptogramWrongKind
            | DeclineReason::CryptogramLocked
            | DeclineReason::CryptogramInvalid
            | DeclineReason::CryptogramExpired
            | DeclineReason::CryptogramReplayed,
        ) => true,
        Some(_) => {
            let answer = space.config.responses.of(payment);
            answer.is_some_and(|answer| WRONG_CODE.contains(&answer.de39.as_str()))
        }
    }
}

/// What issuers answer to a wrong security code.
const WRONG_CODE: [&str; 2] = ["N7", "82"];

/// Of a payment that waits.
pub(super) fn of_request(space: &Space, request: &PaymentRequest) -> Value {
    let shown = Shown {
        merchant: &request.merchant,
        by_token: request.slot == Slot::Token,
        expiry: request.expiry,
        network: request.number.network(),
        number: request.number.expose(),
        note: request.note.as_deref(),
    };
    shown.written(space)
}

struct Shown<'a> {
    merchant: &'a str,
    by_token: bool,
    expiry: Expiry,
    network: Option<Network>,
    number: String,
    note: Option<&'a str>,
}

impl Shown<'_> {
    fn written(&self, space: &Space) -> Value {
        let number = self.number.as_str();
        let mut source = json!({
            "type": if self.by_token { "network_token" } else { "card" },
            "expiry_month": self.expiry.month(),
            "expiry_year": self.expiry.year(),
            "scheme": self.network.map_or("Unknown", Network::name),
            "last4": &number[number.len() - 4..],
            "fingerprint": fingerprint(space, number),
            "bin": &number[..6],
            "card_type": "CREDIT",
        });
        if !self.by_token {
            source["id"] = id(space, self.merchant, number, self.expiry).into();
            // That the address was not looked at.
            source["avs_check"] = "S".into();
        }
        if let Some(Value::Object(kept)) = messages::parsed(self.note).remove(SOURCE) {
            for (name, value) in kept {
                source[name] = value;
            }
        }
        source
    }
}

/// The same for a number whenever it pays, and for no other: sixty-four hexadecimal digits, as recorded answers have it.
fn fingerprint(space: &Space, number: &str) -> String {
    hex(&derived_ids::card_fingerprint(space, SERVICE, number)).to_ascii_uppercase()
}

/// What a card is called at its merchant's.
fn id(space: &Space, merchant: &str, number: &str, expiry: Expiry) -> String {
    let expiry = expiry.mmyy();
    let of = [SERVICE, merchant, number, expiry.as_str()];
    format!("src_{}", base32(&derived_ids::source_name(space, of)))
}

/// The payment with the card in place of its id. None when it names no source by an id.
pub(super) async fn resolved(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    body: &Map<String, Value>,
) -> Result<Option<Map<String, Value>>, CheckoutError> {
    let source = body.get(SOURCE).and_then(Value::as_object);
    let Some(source) = source.filter(|source| source.get("type") == Some(&json!("id"))) else {
        return Ok(None);
    };
    let wanted = read(body, |body| {
        let source = body.object(SOURCE)?;
        source
            .required_string("id", TEXT_BYTES_MAX)
            .map(str::to_owned)
    })?;
    let space = &context.call.space;
    for payment in counter::all::<Payment>(&context.call, account.counter()).await? {
        let PaidWith::Card(pan) = payment.paid_with else {
            continue;
        };
        let (number, expiry) = (pan.expose(), payment.expiry);
        if id(space, &payment.merchant, &number, expiry) != wanted {
            continue;
        }
        let mut card = source.clone();
        card.remove("id");
        let known = [
            ("type", json!("card")),
            ("number", number.into()),
            ("expiry_month", expiry.month().into()),
            ("expiry_year", expiry.year().into()),
        ];
        card.extend(known.map(|(name, value)| (name.to_owned(), value)));
        let mut body = body.clone();
        body.insert(SOURCE.to_owned(), card.into());
        return Ok(Some(body));
    }
    Err(Own::SourceUnknown.into())
}
