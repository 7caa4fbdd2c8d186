//! A delegated payment as it is sent, read member by member.

use serde_json::Value;

use super::errors::AcpError;
use crate::domain::card::{Expiry, ExpiryError, PresentedNumber};
use crate::domain::merchant::Merchants;
use crate::domain::moment::Moment;
use crate::domain::money::{AMOUNT_MINOR_MAX, Amount, Currency};
use crate::domain::payment::allowance::{Allowance, Delegated};
use crate::domain::payment::request::{Proof, Slot};
use crate::limits::TEXT_BYTES_MAX;
use crate::wire::body::{Flaw, Members, Problems};
use crate::wire::request::Request;

/// What was asked for.
pub(super) struct Wanted {
    pub(super) delegated: Delegated,
    pub(super) allowance: Allowance,
    pub(super) metadata: Value,
}

/// The body as JSON.
pub(super) fn document(request: &Request) -> Result<Value, AcpError> {
    if !request.is_of_type("application/json") {
        return Err(AcpError::MediaType);
    }
    serde_json::from_slice(&request.body)
        .map_err(|error| AcpError::Document(format!("the body is not JSON: {error}")))
}

/// The first problem is answered. Members that are null count as absent, as Checkout.com's clients send them.
pub(super) fn read(body: &Value, merchants: &Merchants) -> Result<Wanted, AcpError> {
    let object = body.as_object();
    let object =
        object.ok_or_else(|| AcpError::Document("the body must be a JSON object".to_owned()))?;
    let problems = Problems::default();
    let members = Members::new(object, "", &problems);
    let wanted = wanted(&members, merchants);
    match problems.into_vec().into_iter().next() {
        Some(problem) => Err(AcpError::Member(problem)),
        None => wanted.ok_or_else(|| AcpError::Document("the body is incomplete".to_owned())),
    }
}

fn wanted(body: &Members<'_>, merchants: &Merchants) -> Option<Wanted> {
    let required = |name| {
        if !body.has(name) {
            body.missing(name);
        }
        body.object(name)
    };
    let method = required("payment_method");
    let delegated = method.as_ref().and_then(delegated);
    let allowance = required("allowance").and_then(|given| allowance(&given, merchants));
    signals(body);
    let metadata = required("metadata");
    let metadata = metadata.map(|object| {
        let pairs = object.iter();
        pairs
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect()
    });
    Some(Wanted {
        delegated: delegated?,
        allowance: allowance?,
        metadata: Value::Object(metadata?),
    })
}

fn delegated(method: &Members<'_>) -> Option<Delegated> {
    required_word(method, "type", &[("card", ())]);
    let kinds = [("fpan", Slot::Card), ("network_token", Slot::Token)];
    let slot = required_word(method, "card_number_type", &kinds);
    method.required_string("number", TEXT_BYTES_MAX);
    let number = method.parsed("number", PresentedNumber::parse);
    let expiry = expiry(method);
    let text = |name| method.string(name, TEXT_BYTES_MAX).map(str::to_owned);
    let proof = Proof {
        cryptogram: text("cryptogram"),
        code: text("cvc"),
    };
    // A token with a short cryptogram goes where a card would.
    let slot = match slot? {
        Slot::Token if proof.cryptogram.is_some() => Slot::Token,
        Slot::Token | Slot::Card => Slot::Card,
    };
    Some(Delegated {
        number: number?,
        slot,
        expiry: expiry?,
        proof,
        eci: text("eci_value"),
    })
}

/// Month and year are texts in the protocol.
fn expiry(method: &Members<'_>) -> Option<Expiry> {
    let part = |name| {
        let text = method.required_string(name, TEXT_BYTES_MAX)?;
        let number = text.parse::<i64>().ok();
        if number.is_none() {
            method.flaw(name, Flaw::Value, "must be digits");
        }
        number
    };
    let (month, year) = (part("exp_month"), part("exp_year"));
    match Expiry::new(month?, year?) {
        Ok(expiry) => Some(expiry),
        Err(why) => {
            let name = match why {
                ExpiryError::Month => "exp_month",
                ExpiryError::Year => "exp_year",
            };
            method.flaw(name, Flaw::Value, why.to_string());
            None
        }
    }
}

fn allowance(given: &Members<'_>, merchants: &Merchants) -> Option<Allowance> {
    required_word(given, "reason", &[("one_time", ())]);
    let minor = given.required_integer("max_amount");
    let minor = minor.map(|minor| u64::try_from(minor).unwrap_or(u64::MAX));
    if minor.is_some_and(|minor| minor > AMOUNT_MINOR_MAX) {
        let due = format!("must be minor units from 0 to {AMOUNT_MINOR_MAX}");
        given.flaw("max_amount", Flaw::Value, due);
    }
    given.required_string("currency", TEXT_BYTES_MAX);
    let currency = given.parsed("currency", |text| {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err("must be three lower-case letters".to_owned());
        }
        Currency::parse(&text.to_ascii_uppercase()).map_err(|why| why.to_string())
    });
    given.required_string("checkout_session_id", TEXT_BYTES_MAX);
    let merchant = given.required_string("merchant_id", TEXT_BYTES_MAX);
    if merchant.is_some_and(|name| merchants.named(name).is_none()) {
        given.flaw("merchant_id", Flaw::Value, "names no merchant");
    }
    given.required_string("expires_at", TEXT_BYTES_MAX);
    let expires = given.parsed("expires_at", |text| {
        Moment::parse(text).map_err(|_| "must be an instant as RFC 3339 writes it")
    });
    Some(Allowance {
        merchants: vec![merchant?.to_owned()],
        amount: Amount::new(minor?, currency?).ok(),
        expires: Some(expires?),
        single_use: true,
    })
}

/// They are looked at for their form only: standin knows no fraud but what its test cards bring.
fn signals(body: &Members<'_>) {
    match body.get("risk_signals") {
        Some(Value::Array(signals)) if !signals.is_empty() => {
            if signals.iter().any(|signal| !signal.is_object()) {
                body.flaw("risk_signals", Flaw::Type, "must hold objects");
            }
        }
        Some(_) => body.flaw("risk_signals", Flaw::Type, "must be a list of at least one"),
        None => body.missing("risk_signals"),
    }
}

fn required_word<T: Copy>(from: &Members<'_>, name: &str, words: &[(&str, T)]) -> Option<T> {
    if !from.has(name) {
        from.missing(name);
    }
    from.word(name, words)
}
