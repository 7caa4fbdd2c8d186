//! What hyperswitch sends. The card comes sealed, as JSON that is encoded twice: a JSON text that holds JSON.

use serde_json::Value;

use super::errors::TokenServiceError;
use crate::crypto::jwe::Compact;
use crate::crypto::mastercard_jwe::open;
use crate::crypto::recipient::Recipient;
use crate::domain::card::{Expiry, ExpiryError, Pan};
use crate::domain::id::TokenReference;
use crate::domain::token::CardDetails;
use crate::limits::{ENVELOPE_BYTES_MAX, TEXT_BYTES_MAX};
use crate::operations::cards::NewCard;
use crate::wire::body::{Flaw, Members, Problems};
use crate::wire::request::Request;

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

pub(super) fn document(request: &Request) -> Result<Value, TokenServiceError> {
    if !request.is_of_type("application/json") {
        return Err(TokenServiceError::MediaType);
    }
    serde_json::from_slice(&request.body)
        .map_err(|error| TokenServiceError::Document(format!("the body is not JSON: {error}")))
}

/// Hands the members to `read`; the first problem is answered.
fn members<T>(
    body: &Value,
    at: &str,
    read: impl FnOnce(&Members<'_>) -> Option<T>,
) -> Result<T, TokenServiceError> {
    let object = body.as_object();
    let object = object.ok_or_else(|| {
        let what = if at.is_empty() {
            "the body"
        } else {
            "cardData"
        };
        TokenServiceError::Document(format!("{what} must be a JSON object"))
    })?;
    let problems = Problems::default();
    let found = read(&Members::new(object, at, &problems));
    match problems.into_vec().into_iter().next() {
        Some(problem) => Err(TokenServiceError::Member(problem)),
        None => found.ok_or_else(|| TokenServiceError::Document("incomplete".to_owned())),
    }
}

/// The pair by which hyperswitch names a token, in the words of either of its versions.
pub(super) fn named(body: &Value) -> Result<Named, TokenServiceError> {
    members(body, "", |body| {
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
pub(super) fn generate(body: &Value, own: &Recipient) -> Result<Wanted, TokenServiceError> {
    let (sealed, customer) = members(body, "", |body| {
        if !body.has("service") {
            body.missing("service");
        }
        body.word("service", &[("NETWORK_TOKEN", ())]);
        let sealed = body.required_string("cardData", ENVELOPE_BYTES_MAX);
        if !body.has("orderData") {
            body.missing("orderData");
        }
        let order = body.object("orderData");
        let customer = order.and_then(|order| order.required_string("customerId", TEXT_BYTES_MAX));
        Some((sealed?.to_owned(), customer?.to_owned()))
    })?;
    let envelope = Compact::parse(&sealed).map_err(TokenServiceError::Sealed)?;
    let plain = open(own, &envelope).map_err(TokenServiceError::Sealed)?;
    let card = twice(&plain).ok_or_else(|| {
        TokenServiceError::Document("cardData must hold JSON, encoded once or twice".to_owned())
    })?;
    let origin = origin(&customer);
    let mut card = members(&card, "/cardData", |card| read_card(card, origin))?;
    card.details = Some(Box::new(CardDetails {
        customer: Some(customer.clone()),
        ..CardDetails::default()
    }));
    Ok(Wanted { card, customer })
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
    card.required_string("cardNumber", TEXT_BYTES_MAX);
    let pan = card.parsed("cardNumber", Pan::parse);
    let part = |name| {
        let text = card.required_string(name, TEXT_BYTES_MAX)?;
        let number = text.parse::<i64>().ok();
        if number.is_none() {
            card.flaw(name, Flaw::Value, "must be digits");
        }
        number
    };
    let (month, year) = (part("expMonth"), part("expYear"));
    let has_cvc = card.string("cardSecurityCode", TEXT_BYTES_MAX).is_some();
    let expiry = match Expiry::new(month?, year?) {
        Ok(expiry) => expiry,
        Err(why) => {
            let name = match why {
                ExpiryError::Month => "expMonth",
                ExpiryError::Year => "expYear",
            };
            card.flaw(name, Flaw::Value, why.to_string());
            return None;
        }
    };
    Some(NewCard {
        pan: pan?,
        expiry,
        has_cvc,
        origin,
        details: None,
    })
}
