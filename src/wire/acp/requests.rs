//! A delegated payment as it is sent, read member by member.

use serde_json::{Map, Value};

use super::auth::Rules;
use super::form;
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
    pub(super) metadata: Map<String, Value>,
}

/// Everything that must be there, and what is wrong with it.
pub(super) fn wanted(body: &Members<'_>, merchants: &Merchants, rules: Rules) -> Option<Wanted> {
    let method = body.required_object("payment_method");
    let delegated = method.as_ref().and_then(delegated);
    let allowance = body
        .required_object("allowance")
        .and_then(|given| allowance(&given, merchants, rules));
    signals(body);
    address(body);
    let metadata = form::metadata(body);
    Some(Wanted {
        delegated: delegated?,
        allowance: allowance?,
        metadata: metadata?,
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
    shown(method);
    let text = |name, most| form::text(method, name, most).map(str::to_owned);
    let proof = Proof {
        cryptogram: text("cryptogram", TEXT_BYTES_MAX),
        code: text("cvc", 4),
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
        eci: text("eci_value", 2),
    })
}

fn allowance(given: &Members<'_>, merchants: &Merchants, rules: Rules) -> Option<Allowance> {
    given.required_word("reason", &[("one_time", ())]);
    let minor = given.required_minor_units("max_amount");
    let currency = given.required_parsed("currency", |text| {
        let in_capitals = text.bytes().all(|byte| byte.is_ascii_uppercase());
        let in_small_letters = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        if !(in_small_letters || in_capitals && rules == Rules::Checkout) {
            let due = match rules {
                Rules::Protocol => "must be three lower-case letters",
                Rules::Checkout => "must be three letters, all of them capital or all small",
            };
            return Err(due.to_owned());
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

/// What comes with a card for people to see, and for the service to weigh.
fn shown(method: &Members<'_>) {
    let funding = [("credit", ()), ("debit", ()), ("prepaid", ())];
    method.required_word("display_card_funding_type", &funding);
    for (name, most) in [("name", TEXT_BYTES_MAX), ("iin", 8)] {
        form::text(method, name, most);
    }
    for name in ["display_brand", "display_wallet_type"] {
        form::text(method, name, TEXT_BYTES_MAX);
    }
    method.parsed("display_last4", |text| {
        let four = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        if four {
            Ok(())
        } else {
            Err("must be four digits")
        }
    });
    method.boolean("virtual");
    form::words(method, "checks_performed", &["avs", "cvv", "ani", "auth0"]);
    form::metadata(method);
}

/// They are looked at for their form only: standin knows no fraud but what its test cards bring. There may be none.
fn signals(body: &Members<'_>) {
    let actions = [("blocked", ()), ("manual_review", ()), ("authorized", ())];
    for signal in body.required_objects("risk_signals").unwrap_or_default() {
        signal.required_word("type", &[("card_testing", ())]);
        signal.required_integer("score");
        signal.required_word("action", &actions);
    }
}

fn address(body: &Members<'_>) {
    let Some(address) = body.object("billing_address") else {
        return;
    };
    let lines = ["line_one", "city"].map(|name| (name, 60));
    let others = [
        ("name", 256),
        ("state", TEXT_BYTES_MAX),
        ("country", 2),
        ("postal_code", 20),
    ];
    for (name, most) in lines.into_iter().chain(others) {
        address.require(name);
        form::text(&address, name, most);
    }
    form::text(&address, "line_two", 60);
}
