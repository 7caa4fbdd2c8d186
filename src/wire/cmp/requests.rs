//! What clients of CMP send, read member by member.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::errors::{CmpError, MEDIA_TYPE};
use crate::domain::card::{Expiry, NumberError, Pan};
use crate::domain::cryptogram::CryptogramKind;
use crate::domain::money::{Amount, Currency, MoneyError};
use crate::domain::token::CardDetails;
use crate::limits::{CARDHOLDER_BYTES_MAX, METADATA_PAIRS_MAX, TEXT_BYTES_MAX};
use crate::operations::cryptograms::Want;
use crate::wire::edge::document::object_of_type;
use crate::wire::edge::read::{Flaw, Members, Problems};
use crate::wire::edge::{Malformed, Request};

/// A card to be created, before its number or alias has been looked at further.
#[derive(Debug)]
pub(super) struct CardRequest {
    pub(super) number: CardNumber,
    pub(super) expiry: Expiry,
    pub(super) has_cvc: bool,
    pub(super) details: Option<Box<CardDetails>>,
}

#[derive(Debug)]
pub(super) enum CardNumber {
    Pan(Pan),
    Alias(String),
}

/// A change of a card.
#[derive(Debug)]
pub(super) struct CardPatch {
    pub(super) month: Option<i64>,
    pub(super) year: Option<i64>,
    pub(super) has_cvc: bool,
}

/// Parses `{"data": {"attributes": {…}}}` of the right media type and hands its attributes to `read`.
pub(super) fn document<T>(
    request: &Request,
    read: impl FnOnce(&Members<'_>, &Members<'_>) -> Option<T>,
) -> Result<T, CmpError> {
    let root = object_of_type(request, MEDIA_TYPE)?;
    let envelope = |what: &str| CmpError::Malformed(Malformed::Other(what.to_owned()));
    let data = root.get("data").and_then(Value::as_object);
    let data = data.ok_or_else(|| envelope("The body must have an object in its member data"))?;
    let attributes = data.get("attributes").and_then(Value::as_object);
    let attributes =
        attributes.ok_or_else(|| envelope("data must have an object in its member attributes"))?;
    let problems = Problems::default();
    let data = Members::new(data, "/data", &problems);
    let attributes = Members::new(attributes, "/data/attributes", &problems);
    let wanted = read(&attributes, &data);
    wanted
        .filter(|_| problems.is_empty())
        .ok_or_else(|| CmpError::Members(problems.into_vec()))
}

/// A call without parameters may come with no body, `{}`, or any JSON:API document.
pub(super) fn no_parameters(request: &Request) -> Result<(), CmpError> {
    if request.body.is_empty() {
        return Ok(());
    }
    object_of_type(request, MEDIA_TYPE).map(|_| ())
}

pub(super) fn card(attributes: &Members<'_>, data: &Members<'_>) -> Option<CardRequest> {
    let number = card_number(attributes);
    let month = attributes.required_integer("exp_month");
    let year = attributes.required_integer("exp_year");
    let expiry = month
        .zip(year)
        .and_then(|(month, year)| expiry(attributes, month, year));
    let has_cvc = cvc(attributes) || attributes.string("cvc_alias", TEXT_BYTES_MAX).is_some();
    attributes.string("cvc_status", TEXT_BYTES_MAX);
    one_of(attributes, "token_type", &["pan", "dpan", "mpan"]);
    one_of(attributes, "wallet_type", &["apple_pay"]);
    let cardholder = cardholder(attributes);
    let metadata = metadata(attributes).or_else(|| metadata(data));
    let details = (cardholder.is_some() || metadata.is_some()).then(|| {
        Box::new(CardDetails {
            cardholder: cardholder.map(Value::to_string),
            metadata: metadata.map(Value::to_string),
            ..CardDetails::default()
        })
    });
    Some(CardRequest {
        number: number?,
        expiry: expiry?,
        has_cvc,
        details,
    })
}

fn card_number(attributes: &Members<'_>) -> Option<CardNumber> {
    let alias = attributes.string("pan_alias", TEXT_BYTES_MAX);
    match (attributes.string("pan", TEXT_BYTES_MAX), alias) {
        (Some(_), Some(_)) => {
            attributes.flaw("pan_alias", Flaw::Value, "must not come together with pan");
            None
        }
        (None, Some(alias)) => Some(CardNumber::Alias(alias.to_owned())),
        // Through a gateway's proxy the member pan holds an alias, so what is no number is looked up as one.
        (Some(text), None) => match Pan::parse(text) {
            Ok(pan) => Some(CardNumber::Pan(pan)),
            Err(NumberError::NotDigits) if text.starts_with("tok_") => {
                Some(CardNumber::Alias(text.to_owned()))
            }
            Err(why) => {
                attributes.flaw("pan", Flaw::Value, why.to_string());
                None
            }
        },
        (None, None) => {
            if !attributes.has("pan") && !attributes.has("pan_alias") {
                attributes.flaw(
                    "pan",
                    Flaw::Missing,
                    "is required, or pan_alias in its place",
                );
            }
            None
        }
    }
}

fn expiry(attributes: &Members<'_>, month: i64, year: i64) -> Option<Expiry> {
    attributes.expiry("exp_month", month, "exp_year", year)
}

fn cvc(attributes: &Members<'_>) -> bool {
    let Some(cvc) = attributes.string("cvc", TEXT_BYTES_MAX) else {
        return false;
    };
    let digits = (3..=4).contains(&cvc.len()) && cvc.bytes().all(|byte| byte.is_ascii_digit());
    if !digits && !cvc.starts_with("tok_") {
        attributes.flaw("cvc", Flaw::Value, "must be three or four digits");
    }
    true
}

fn one_of(attributes: &Members<'_>, name: &str, words: &[&str]) {
    if let Some(word) = attributes.string(name, TEXT_BYTES_MAX)
        && !words.contains(&word)
    {
        attributes.flaw(
            name,
            Flaw::Value,
            format!("must be one of {}", words.join(", ")),
        );
    }
}

/// The holder as given. Its members are the caller's; what is bounded is their sum.
fn cardholder<'a>(attributes: &Members<'a>) -> Option<&'a Value> {
    attributes.object("cardholder")?;
    let given = attributes.get("cardholder")?;
    if given.to_string().len() > CARDHOLDER_BYTES_MAX {
        let due = format!("has more than {CARDHOLDER_BYTES_MAX} bytes");
        attributes.flaw("cardholder", Flaw::TooLong, due);
    }
    Some(given)
}

fn metadata<'a>(parent: &Members<'a>) -> Option<&'a Value> {
    let pairs = parent.object("meta")?;
    let short = |(name, value): (&str, &Value)| {
        name.len() <= TEXT_BYTES_MAX && value.as_str().is_some_and(|t| t.len() <= TEXT_BYTES_MAX)
    };
    if !pairs.iter().all(short) || pairs.iter().count() > METADATA_PAIRS_MAX {
        let due = format!(
            "must have at most {METADATA_PAIRS_MAX} members, all strings of at most {TEXT_BYTES_MAX} bytes"
        );
        parent.flaw("meta", Flaw::Value, due);
    }
    parent.get("meta")
}

pub(super) fn patch(attributes: &Members<'_>, _data: &Members<'_>) -> Option<CardPatch> {
    for (name, _) in attributes.iter() {
        if ["pan", "pan_alias", "meta", "token_type"].contains(&name) {
            attributes.flaw(name, Flaw::Value, "cannot be changed; create another card");
        }
    }
    let month = attributes.integer("exp_month");
    let year = attributes.integer("exp_year");
    // Whichever half is absent stays as it is, so each is checked against a harmless other half.
    expiry(attributes, month.unwrap_or(1), year.unwrap_or(0));
    Some(CardPatch {
        month,
        year,
        has_cvc: cvc(attributes),
    })
}

pub(super) fn cryptogram(attributes: &Members<'_>, _data: &Members<'_>) -> Option<Want> {
    one_of(
        attributes,
        "transaction_type",
        &["ECOM", "AFT", "POS", "RECURRING"],
    );
    let kind = match attributes.string("cryptogram_type", TEXT_BYTES_MAX) {
        None | Some("TAVV") => CryptogramKind::Long,
        Some("DTVV") => CryptogramKind::Short,
        Some(_) => {
            let due = "must be TAVV for the long form or DTVV for the three-digit one";
            attributes.flaw("cryptogram_type", Flaw::Value, due);
            return None;
        }
    };
    let currency = attributes
        .string("currency_code", TEXT_BYTES_MAX)
        .map(Currency::parse);
    if let Some(Err(why)) = currency {
        attributes.flaw("currency_code", Flaw::Value, why.to_string());
    }
    let limit = match (attributes.number_text("amount"), currency) {
        (None, _) | (Some(_), Some(Err(_))) => None,
        (Some(_), None) => {
            attributes.flaw("currency_code", Flaw::Missing, "is required with an amount");
            None
        }
        (Some(amount), Some(Ok(currency))) => match Amount::from_major(&amount, currency) {
            Ok(amount) => Some(amount),
            Err(why) => {
                attributes.flaw("amount", Flaw::Value, MoneyError::to_string(&why));
                None
            }
        },
    };
    Some(Want { kind, limit })
}

/// The body that nearly every client sends, read without a tree of values. None where anything about it is unusual: then the
/// long way reads it, and says what is wrong with it if anything is.
pub(super) fn usual_cryptogram(request: &Request) -> Option<Want> {
    request
        .is_of_type(MEDIA_TYPE)
        .then(|| usual_want(&request.body))?
}

fn usual_want(body: &[u8]) -> Option<Want> {
    // As text, so that it is seen once that all of it is UTF-8, and not again at each string in it.
    let body: UsualBody<'_> = serde_json::from_str(std::str::from_utf8(body).ok()?).ok()?;
    let attributes = body.data.attributes;
    let kind = match attributes.cryptogram_type {
        None | Some("TAVV") => CryptogramKind::Long,
        Some("DTVV") => CryptogramKind::Short,
        Some(_) => return None,
    };
    let currency = attributes.currency_code.map(Currency::parse).transpose();
    let limit = match (attributes.amount, currency.ok()?) {
        (None, _) => None,
        (Some(_), None) => return None,
        (Some(amount), Some(currency)) => {
            let plain = |byte: u8| byte.is_ascii_digit() || byte == b'.';
            let text = amount.get();
            let usual = text.len() <= USUAL_AMOUNT_LENGTH_MAX && text.bytes().all(plain);
            Some(usual.then(|| Amount::from_major(text, currency).ok())??)
        }
    };
    Some(Want { kind, limit })
}

/// Longer ones may be rounded when they are read as a number.
const USUAL_AMOUNT_LENGTH_MAX: usize = 12;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UsualBody<'a> {
    #[serde(borrow)]
    data: UsualData<'a>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UsualData<'a> {
    #[serde(borrow)]
    attributes: UsualWant<'a>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UsualWant<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    cryptogram_type: Option<&'a str>,
    #[serde(borrow, default, deserialize_with = "present")]
    currency_code: Option<&'a str>,
    #[serde(borrow, default, deserialize_with = "present")]
    amount: Option<&'a RawValue>,
}

/// A member that is there, and not null.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the long way makes of a body, if it takes it.
    fn long_way(body: &[u8]) -> Option<Want> {
        let root: Value = serde_json::from_slice(body).ok()?;
        let attributes = root.get("data")?.get("attributes")?.as_object()?;
        let problems = Problems::default();
        let members = Members::new(attributes, "/data/attributes", &problems);
        let want = cryptogram(&members, &members);
        want.filter(|_| problems.is_empty())
    }

    proptest! {
        #[test]
        fn the_short_way_takes_nothing_that_the_long_way_reads_otherwise(
            kind in prop::sample::select(vec!["", r#""cryptogram_type":"TAVV","#, r#""cryptogram_type":"DTVV","#, r#""cryptogram_type":"X","#, r#""cryptogram_type":null,"#]),
            currency in prop::sample::select(vec!["", r#""currency_code":"USD","#, r#""currency_code":"JPY","#, r#""currency_code":"usd","#, r#""currency_code":"U\u0053D","#, r#""currency_code":7,"#]),
            amount in "(null|-?[0-9]{0,13}(\\.[0-9]{0,4})?([eE][0-9]{1,2})?|\"1\")",
            more in prop::sample::select(vec!["", r#""transaction_type":"ECOM","#, r#""amount":1,"#]),
        ) {
            let amount = if amount.is_empty() { amount } else { format!(r#""amount":{amount},"#) };
            let members = format!("{kind}{currency}{more}{amount}");
            let body = format!(r#"{{"data":{{"attributes":{{{}}}}}}}"#, members.trim_end_matches(','));
            if let Some(want) = usual_want(body.as_bytes()) {
                let known = long_way(body.as_bytes()).map(|known| (known.kind, known.limit));
                prop_assert_eq!(Some((want.kind, want.limit)), known, "{}", body);
            }
        }
    }

    #[test]
    fn the_usual_body_goes_the_short_way() {
        let body = br#"{"data":{"attributes":{"amount":100.5,"currency_code":"USD"}}}"#;
        let want = usual_want(body).unwrap();
        assert_eq!(want.limit.map(|limit| limit.minor), Some(10_050));
        assert_eq!(want.kind, CryptogramKind::Long);
        for unusual in [
            "{}",
            r#"{"data":{"attributes":{"amount":1}}}"#,
            r#"{"data":{"attributes":{},"type":"cryptograms"}}"#,
            r#"{"data":{"attributes":{"amount":1e2,"currency_code":"USD"}}}"#,
            r#"{"data":{"attributes":{"amount":1,"amount":2,"currency_code":"USD"}}}"#,
        ] {
            assert!(usual_want(unusual.as_bytes()).is_none(), "{unusual}");
        }
    }
}
