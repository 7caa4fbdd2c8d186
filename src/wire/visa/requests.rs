//! What clients of Visa send, read member by member. Where clients differ in a type, both are taken; a member that no rule
//! depends on is only checked for its type.

use serde_json::{Map, Value};

use super::sealed;
use crate::crypto::vts_jwe::EncryptionSecret;
use crate::domain::card::{Expiry, Pan};
use crate::domain::cryptogram::CryptogramKind;
use crate::domain::token::CardDetails;
use crate::limits::TEXT_BYTES_MAX;
use crate::operations::cards::NewCard;
use crate::wire::edge::read::{Flaw, Members};

/// Identifiers of the client's own: a UUID with its hyphens fits.
const REFERENCE_BYTES_MAX: usize = 36;
/// A code such as CUSTOMER_CONFIRMED.
const CODE_BYTES_MAX: usize = 64;
/// What the browser says of itself, encoded; its own header is the longest of it.
const BROWSER_BYTES_MAX: usize = 4096;
/// Under what name a card of this surface counts in its id.
const ORIGIN: &str = "visa";

/// A card in an envelope, with what says where it comes from.
pub(super) fn card(secret: &EncryptionSecret, members: &Members<'_>) -> Option<NewCard> {
    client(members);
    for name in ["panSource", "consumerEntryMode"] {
        code(members, name);
    }
    members.string("locale", CODE_BYTES_MAX);
    members.require("encPaymentInstrument");
    let opened = sealed::open(secret, members, "encPaymentInstrument")?;
    let Some(plain) = opened.as_object() else {
        let due = "must hold a JSON object";
        members.flaw("encPaymentInstrument", Flaw::Value, due);
        return None;
    };
    instrument(&members.opened("encPaymentInstrument", plain))
}

fn instrument(members: &Members<'_>) -> Option<NewCard> {
    members.require("accountNumber");
    let pan = members.parsed("accountNumber", Pan::parse);
    let expiry = expiry(members);
    let cvv2 = members.string("cvv2", TEXT_BYTES_MAX);
    if cvv2.is_some_and(|text| {
        !(3..=4).contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_digit())
    }) {
        members.flaw("cvv2", Flaw::Value, "must be three or four digits");
    }
    let name = members.string("name", TEXT_BYTES_MAX);
    let mut holder = Map::new();
    holder.extend(name.map(|name| ("name".to_owned(), Value::from(name))));
    holder.extend(address(members).map(|address| ("address".to_owned(), address)));
    let details = (!holder.is_empty()).then(|| {
        Box::new(CardDetails {
            cardholder: Some(Value::from(holder).to_string()),
            ..CardDetails::default()
        })
    });
    Some(NewCard {
        pan: pan?,
        expiry: expiry?,
        has_cvc: cvv2.is_some(),
        origin: ORIGIN.to_owned(),
        details,
    })
}

fn expiry(members: &Members<'_>) -> Option<Expiry> {
    let date = members.required_object("expirationDate")?;
    date.require("month");
    date.require("year");
    let month = date.integer_or_digits("month");
    let year = date.integer_or_digits("year");
    date.expiry("month", month?, "year", year?)
}

/// The address with the members that are known. The postal code comes under two names.
fn address(members: &Members<'_>) -> Option<Value> {
    let given = members.object("billingAddress")?;
    let known = [
        "line1",
        "line2",
        "city",
        "state",
        "zip",
        "postalCode",
        "country",
    ];
    let lines = known.into_iter().filter_map(|name| {
        Some((
            name.to_owned(),
            Value::from(given.string(name, TEXT_BYTES_MAX)?),
        ))
    });
    Some(lines.collect::<Map<_, _>>().into())
}

/// What a request for a token says beside the card. Nothing depends on it.
pub(super) fn provisioning(secret: &EncryptionSecret, members: &Members<'_>) -> Option<()> {
    client(members);
    codes(members, "presentationType");
    for name in ["protectionType", "accountType", "locationSource"] {
        code(members, name);
    }
    for name in [
        "clientWalletAccountEmailAddress",
        "clientWalletAccountEmailAddressHash",
        "ip4address",
        "location",
        "issuerAuthCode",
    ] {
        members.string(name, TEXT_BYTES_MAX);
    }
    if let Some(terms) = members.object("termsAndConditions") {
        terms.string("id", TEXT_BYTES_MAX);
        terms.integer_or_digits("date");
    }
    risk_data(secret, members, "encRiskDataInfo");
    Some(())
}

/// A list of names and values: bare from one of Visa's clients, under `data` from the other.
fn risk_data(secret: &EncryptionSecret, members: &Members<'_>, name: &str) {
    let Some(opened) = sealed::open(secret, members, name) else {
        return;
    };
    if !opened.is_array() && !opened["data"].is_array() {
        let due = "must hold a list of names and values, bare or as data";
        members.flaw(name, Flaw::Value, due);
    }
}

/// Asks for a cryptogram. Its kind is looked for at the top and in the payment request, because no source shows where it is.
pub(super) fn payment_data(members: &Members<'_>) -> Option<CryptogramKind> {
    client(members);
    let id = members.required_string("clientPaymentDataID", REFERENCE_BYTES_MAX);
    let payment_request = members.required_object("paymentRequest")?;
    payment_request.require("transactionType");
    code(&payment_request, "transactionType");
    let at_top = members.has("cryptogramType");
    let kind = kind(if at_top { members } else { &payment_request })?;
    id.map(|_| kind)
}

/// TAVV when nothing is said; CTAVV is what a payment service calls the same.
fn kind(members: &Members<'_>) -> Option<CryptogramKind> {
    if !members.has("cryptogramType") {
        return Some(CryptogramKind::Long);
    }
    match members.string("cryptogramType", CODE_BYTES_MAX)? {
        "TAVV" | "CTAVV" => Some(CryptogramKind::Long),
        "DTVV" => Some(CryptogramKind::Short),
        _ => {
            members.flaw("cryptogramType", Flaw::Value, "must be TAVV or DTVV");
            None
        }
    }
}

/// Why a token is to change. Clients give any reason with any change, so none is tied to one.
pub(super) fn update_reason(members: &Members<'_>) -> Option<()> {
    let reason = members.required_object("updateReason")?;
    reason.require("reasonCode");
    code(&reason, "reasonCode");
    reason.string("reasonDesc", TEXT_BYTES_MAX);
    Some(())
}

/// Binds a device: what its browser says of itself.
pub(super) fn device_binding(secret: &EncryptionSecret, members: &Members<'_>) -> Option<()> {
    client(members);
    members.string("clientReferenceID", REFERENCE_BYTES_MAX);
    members.string("clientWalletAccountEmailAddressHash", TEXT_BYTES_MAX);
    for name in ["intent", "platformType"] {
        code(members, name);
    }
    session(members);
    sealed::open(secret, members, "encBillingInfo");
    risk_data(secret, members, "encDeviceRiskDataInfo");
    Some(())
}

fn session(members: &Members<'_>) {
    if let Some(session) = members.object("sessionContext") {
        session.string("secureToken", BROWSER_BYTES_MAX);
    }
    members.object("browserData");
}

/// The identifier of the method that the cardholder chose.
pub(super) fn step_up_method(members: &Members<'_>) -> Option<String> {
    step_up(members);
    let chosen = members.required_string("stepUpRequestID", TEXT_BYTES_MAX)?;
    Some(chosen.to_owned())
}

/// The code that the cardholder entered.
pub(super) fn otp(members: &Members<'_>) -> Option<String> {
    step_up(members);
    let code = members.required_string("otpValue", REFERENCE_BYTES_MAX)?;
    Some(code.to_owned())
}

/// The two calls of a step-up write the client's reference with another last letter than the rest of the API.
fn step_up(members: &Members<'_>) {
    client(members);
    members.string("clientReferenceId", REFERENCE_BYTES_MAX);
    members.string("clientReferenceID", REFERENCE_BYTES_MAX);
    members.require("date");
    members.integer_or_digits("date");
}

/// What a device is to do with its passkey.
#[derive(Debug)]
pub(super) struct Attestation {
    pub(super) registers: bool,
    pub(super) reference: String,
}

pub(super) fn attestation(secret: &EncryptionSecret, members: &Members<'_>) -> Option<Attestation> {
    client(members);
    let reference = members.string("clientReferenceID", REFERENCE_BYTES_MAX);
    code(members, "reasonCode");
    session(members);
    if let Some(dynamic) = members.object("dynamicData") {
        dynamic.string("authenticationAmount", CODE_BYTES_MAX);
        dynamic.string("currencyCode", CODE_BYTES_MAX);
        dynamic.object("merchantIdentifier");
    }
    sealed::open(secret, members, "encAuthenticationData");
    members.object("authenticationPreferencesRequested");
    let registers = match members.required_string("type", CODE_BYTES_MAX)? {
        "REGISTER" => true,
        "AUTHENTICATE" => false,
        _ => {
            members.flaw("type", Flaw::Value, "must be REGISTER or AUTHENTICATE");
            return None;
        }
    };
    Some(Attestation {
        registers,
        reference: reference.unwrap_or_default().to_owned(),
    })
}

/// How the client names itself and its user.
fn client(members: &Members<'_>) {
    members.string("clientAppID", TEXT_BYTES_MAX);
    members.string("clientWalletAccountID", TEXT_BYTES_MAX);
}

/// A code in capital letters. Which codes there are is not public, so any is taken.
fn code(members: &Members<'_>, name: &str) {
    if members
        .string(name, CODE_BYTES_MAX)
        .is_some_and(|text| !is_code(text))
    {
        members.flaw(name, Flaw::Value, "must be a code in capital letters");
    }
}

fn codes(members: &Members<'_>, name: &str) {
    let Some(given) = members.get(name) else {
        return;
    };
    let Some(items) = given.as_array() else {
        return members.flaw(name, Flaw::Type, "must be an array");
    };
    if !items.iter().all(|item| item.as_str().is_some_and(is_code)) {
        members.flaw(name, Flaw::Value, "must hold codes in capital letters");
    }
}

fn is_code(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    !text.is_empty() && text.bytes().all(fits)
}
