//! A delegated payment as it is sent, read member by member.

use serde_json::Value;

use crate::domain::card::PresentedNumber;
use crate::domain::merchant::Merchants;
use crate::domain::moment::Moment;
use crate::domain::money::{Amount, Currency};
use crate::domain::payment::allowance::{Allowance, Delegated};
use crate::domain::payment::request::{Proof, Slot};
use crate::limits::TEXT_BYTES_MAX;
use crate::wire::edge::read::{Flaw, Members};

/// What was asked for.
pub(super) struct Wanted {
    pub(super) delegated: Delegated,
    pub(super) allowance: Allowance,
    pub(super) metadata: Value,
}

/// Everything that must be there, and what is wrong with it.
pub(super) fn wanted(body: &Members<'_>, merchants: &Merchants) -> Option<Wanted> {
    let method = body.required_object("payment_method");
    let delegated = method.as_ref().and_then(delegated);
    let allowance = body
        .required_object("allowance")
        .and_then(|given| allowance(&given, merchants));
    signals(body);
    let metadata = body.required_object("metadata");
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
    method.required_word("type", &[("card", ())]);
    let kinds = [("fpan", Slot::Card), ("network_token", Slot::Token)];
    let slot = method.required_word("card_number_type", &kinds);
    let number = method.required_parsed("number", PresentedNumber::parse);
    // Month and year are texts in the protocol.
    let month = method.required_digits("exp_month");
    let year = method.required_digits("exp_year");
    let expiry = month
        .zip(year)
        .and_then(|(month, year)| method.expiry("exp_month", month, "exp_year", year));
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

fn allowance(given: &Members<'_>, merchants: &Merchants) -> Option<Allowance> {
    given.required_word("reason", &[("one_time", ())]);
    let minor = given.required_minor_units("max_amount");
    let currency = given.required_parsed("currency", |text| {
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
    let expires = given.required_parsed("expires_at", |text| {
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
