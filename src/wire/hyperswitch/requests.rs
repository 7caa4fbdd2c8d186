//! What hyperswitch sends. The card comes sealed, as JSON that is encoded twice: a JSON text that holds JSON.

use serde_json::{Map, Value};

use super::errors::{Own, TokenServiceError};
use crate::crypto::jwe::Compact;
use crate::crypto::mastercard_jwe::open;
use crate::crypto::recipient::Recipient;
use crate::domain::card::Pan;
use crate::domain::id::TokenReference;
use crate::domain::token::CardDetails;
use crate::limits::{ENVELOPE_BYTES_MAX, TEXT_BYTES_MAX};
use crate::operations::cards::NewCard;
use crate::wire::edge::Malformed;
use crate::wire::edge::document::{read, read_at};
use crate::wire::edge::read::Members;

/// Which token is meant, and whose it must be.
pub(super) struct Named {
    pub(super) reference: Option<TokenReference>,
    pub(super) customer: String,
}

/// A card that a token is wanted for.
pub(super) struct Wanted {
    pub(super) card: NewCard,
    pub(super) customer: String,
}

/// Under what a customer's card is vaulted.
pub(super) fn origin(customer: &str) -> String {
    format!("hyperswitch:{customer}")
}

/// The pair by which hyperswitch names a token, in the words of either of its versions.
pub(super) fn named(body: &Map<String, Value>) -> Result<Named, TokenServiceError> {
    read(body, |body| {
        let either = |snake: &str, camel: &str| {
            let name = if body.has(camel) { camel } else { snake };
            body.required_string(name, TEXT_BYTES_MAX)
                .map(str::to_owned)
        };
        let reference = either("card_reference", "cardReference");
        let customer = either("customer_id", "customerId");
        Some(Named {
            reference: reference?
                .strip_prefix("NTK")
                .and_then(TokenReference::from_base58),
            customer: customer?,
        })
    })
}

/// The card of a generate request.
pub(super) fn generate(
    body: &Map<String, Value>,
    own: &Recipient,
) -> Result<Wanted, TokenServiceError> {
    let (sealed, customer) = read(body, |body| {
        body.required_word("service", &[("NETWORK_TOKEN", ())]);
        let sealed = body.required_string("cardData", ENVELOPE_BYTES_MAX);
        let order = body.required_object("orderData");
        let customer = order.and_then(|order| order.required_string("customerId", TEXT_BYTES_MAX));
        Some((sealed?.to_owned(), customer?.to_owned()))
    })?;
    let envelope = Compact::parse(&sealed).map_err(Own::Sealed)?;
    let plain = open(own, &envelope).map_err(Own::Sealed)?;
    let card =
        twice(&plain).ok_or_else(|| malformed("cardData must hold JSON, encoded once or twice"))?;
    let card = card.as_object();
    let card = card.ok_or_else(|| malformed("cardData must be a JSON object"))?;
    let origin = origin(&customer);
    let mut card = read_at(card, "/cardData", |card| read_card(card, origin))?;
    card.details = Some(Box::new(CardDetails {
        customer: Some(customer.clone()),
        ..CardDetails::default()
    }));
    Ok(Wanted { card, customer })
}

fn malformed(what: &str) -> TokenServiceError {
    TokenServiceError::Malformed(Malformed::Other(what.to_owned()))
}

/// JSON, or a JSON text that holds JSON.
fn twice(plain: &[u8]) -> Option<Value> {
    let outer: Value = serde_json::from_slice(plain).ok()?;
    match outer.as_str() {
        Some(inner) => serde_json::from_str(inner).ok(),
        None => Some(outer),
    }
}

fn read_card(card: &Members<'_>, origin: String) -> Option<NewCard> {
    let pan = card.required_parsed("cardNumber", Pan::parse);
    let month = card.required_digits("expMonth");
    let year = card.required_digits("expYear");
    let has_cvc = card.string("cardSecurityCode", TEXT_BYTES_MAX).is_some();
    let expiry = card.expiry("expMonth", month?, "expYear", year?)?;
    Some(NewCard {
        pan: pan?,
        expiry,
        has_cvc,
        origin,
        details: None,
    })
}
