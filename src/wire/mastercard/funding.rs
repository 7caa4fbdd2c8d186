//! `fundingAccountInfo`: which account is meant, by its number in an envelope or by the reference of its number or token.

use serde_json::{Map, Value};

use super::errors::{MdesError, Own};
use super::requests::{Must, one_of};
use super::sealed;
use crate::domain::card::{Expiry, NumberError, Pan};
use crate::domain::digitization::{
    SealedForm, parse_pan_unique_reference, parse_token_unique_reference,
};
use crate::domain::id::{CardId, TokenReference};
use crate::domain::token::CardDetails;
use crate::limits::TEXT_BYTES_MAX;
use crate::operations::SharedConfig;
use crate::operations::cards::NewCard;
use crate::operations::sealing::{self, Sealed};
use crate::wire::edge::document;
use crate::wire::edge::read::{Flaw, Members};

/// References have 48 characters; the specification allows 64.
const REFERENCE_BYTES_MAX: usize = 64;
/// Under what name a card of this surface counts in its id.
const ORIGIN: &str = "mastercard";
const ENVELOPE: &str = "/fundingAccountInfo/encryptedPayload/encryptedData";

/// The account that a request is about, before anything is opened.
#[derive(Debug)]
pub(super) enum Funding {
    /// By the reference of its number; none when no number has such a reference.
    Pan(Option<CardId>),
    /// By the reference of a token, as it was written.
    Token(Option<TokenReference>, String),
    Sealed(Sealed),
}

/// What is in an envelope.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) pan: Pan,
    /// There when a token is asked for.
    pub(super) expiry: Option<Expiry>,
    pub(super) has_cvc: bool,
    pub(super) details: Option<Box<CardDetails>>,
    pub(super) form: SealedForm,
}

impl Account {
    pub(super) fn into_card(self, expiry: Expiry) -> NewCard {
        NewCard {
            pan: self.pan,
            expiry,
            has_cvc: self.has_cvc,
            origin: ORIGIN.to_owned(),
            details: self.details,
        }
    }
}

/// Exactly one of three ways to say which account is meant.
pub(super) fn read(members: &Members<'_>) -> Option<Funding> {
    let info = members.object("fundingAccountInfo")?;
    let ways = [
        "panUniqueReference",
        "tokenUniqueReference",
        "encryptedPayload",
    ];
    let mut given = ways.into_iter().filter(|name| info.has(name));
    let Some(way) = given.next() else {
        info.missing("encryptedPayload");
        return None;
    };
    if let Some(second) = given.next() {
        let due = format!("must not come with {way}");
        info.flaw(second, Flaw::Value, due);
        return None;
    }
    match way {
        "panUniqueReference" => {
            let text = info.string(way, REFERENCE_BYTES_MAX)?;
            Some(Funding::Pan(parse_pan_unique_reference(text)))
        }
        "tokenUniqueReference" => {
            let text = info.string(way, REFERENCE_BYTES_MAX)?;
            Some(Funding::Token(
                parse_token_unique_reference(text),
                text.to_owned(),
            ))
        }
        _ => sealed::read(&info.object(way)?).map(Funding::Sealed),
    }
}

/// Opens an envelope and reads the account in it.
pub(super) fn open(
    config: &SharedConfig,
    sealed: &Sealed,
    expiry: Must,
) -> Result<Account, MdesError> {
    let (plain, form) = sealing::open(config, sealed).map_err(|why| {
        let member = "fundingAccountInfo.encryptedPayload.encryptedData".to_owned();
        Own::Opening(member, why)
    })?;
    document::opened(ENVELOPE, &plain, |members| account(members, expiry, form))
}

fn account(members: &Members<'_>, expiry: Must, form: SealedForm) -> Option<Account> {
    let sources = [
        "ACCOUNT_ON_FILE",
        "ACCOUNT_ADDED_MANUALLY",
        "ACCOUNT_ADDED_VIA_APPLICATION",
    ];
    one_of(members, "source", &sources, Must::MayBe);
    let details = holder(members);
    let card = members.required_object("cardAccountData")?;
    let number = card.required_string("accountNumber", 19);
    let pan = number.and_then(|text| {
        let wrong = |error: NumberError| {
            card.flaw("accountNumber", Flaw::Value, error.to_string());
        };
        Pan::parse(text).map_err(wrong).ok()
    });
    let code = card.string("securityCode", 3);
    if code.is_some_and(|code| !is_digits(code, 3)) {
        card.flaw("securityCode", Flaw::Value, "must be three digits");
    }
    let month = two_digits(&card, "expiryMonth", expiry);
    let year = two_digits(&card, "expiryYear", expiry);
    let expiry = month
        .zip(year)
        .and_then(|(month, year)| card.expiry("expiryMonth", month, "expiryYear", year));
    Some(Account {
        pan: pan?,
        expiry,
        has_cvc: code.is_some(),
        details,
        form,
    })
}

fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn two_digits(card: &Members<'_>, name: &str, must: Must) -> Option<i64> {
    let text = match must {
        Must::Be => card.required_string(name, 2),
        Must::MayBe => card.string(name, 2),
    }?;
    if !is_digits(text, 2) {
        card.flaw(name, Flaw::Value, "must be two digits");
        return None;
    }
    text.parse().ok()
}

/// What is known of the holder, kept with the card. The specification's bounds.
fn holder(members: &Members<'_>) -> Option<Box<CardDetails>> {
    let data = members.object("accountHolderData")?;
    let mut holder = Map::new();
    let name = data.string("accountHolderName", 27);
    holder.extend(name.map(|name| ("name".to_owned(), name.into())));
    data.string("consumerIdentifier", 88);
    data.string("accountHolderEmailAddress", 320);
    data.object("accountHolderMobilePhoneNumber");
    if let Some(address) = data.object("accountHolderAddress") {
        let bounds = [
            ("line1", 64),
            ("line2", 64),
            ("city", 32),
            ("countrySubdivision", 12),
            ("postalCode", 16),
            ("country", 3),
        ];
        let lines = bounds.into_iter().filter_map(|(name, bytes_max)| {
            let text = address.string(name, bytes_max.min(TEXT_BYTES_MAX))?;
            Some((name.to_owned(), Value::from(text)))
        });
        let lines: Map<_, _> = lines.collect();
        holder.insert("address".to_owned(), lines.into());
    }
    (!holder.is_empty()).then(|| {
        Box::new(CardDetails {
            cardholder: Some(Value::from(holder).to_string()),
            ..CardDetails::default()
        })
    })
}
