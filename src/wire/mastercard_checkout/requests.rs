//! What clients of Checkout Solutions send, read member by member.

use super::errors::{CheckoutError, Own};
use super::request::is_uuid;
use crate::domain::card::{NumberError, Pan};
use crate::domain::digitization::SealedForm;
use crate::domain::token::CardDetails;
use crate::limits::{ENVELOPE_BYTES_MAX, TEXT_BYTES_MAX};
use crate::operations::SharedConfig;
use crate::operations::cards::NewCard;
use crate::operations::sealing::{self, Sealed};
use crate::wire::edge::document;
use crate::wire::edge::read::{Flaw, Members};

const ID_BYTES_MAX: usize = 255;
/// Under what name a card of this surface counts in its id: MDES's own, because its cards are those of MDES.
const ORIGIN: &str = "mastercard";

/// One of several words, if any.
fn one_of<'a>(members: &Members<'a>, name: &str, words: &[&str]) -> Option<&'a str> {
    let text = members.required_string(name, ID_BYTES_MAX)?;
    if words.contains(&text) {
        return Some(text);
    }
    members.flaw(
        name,
        Flaw::Value,
        format!("must be one of {}", words.join(", ")),
    );
    None
}

fn uuid(members: &Members<'_>, name: &str, text: Option<&str>) -> Option<String> {
    let text = text?;
    if is_uuid(text) {
        return Some(text.to_owned());
    }
    members.flaw(name, Flaw::Type, "must be a UUID");
    None
}

/// Who asks, and the ids that come back.
#[derive(Debug)]
pub(super) struct Common {
    pub(super) correlation: Option<String>,
    pub(super) transaction: Option<String>,
}

fn common(members: &Members<'_>) -> Common {
    let client = members.required_string("srcClientId", ID_BYTES_MAX);
    uuid(members, "srcClientId", client);
    for name in ["srcDpaId", "keyFingerprintId"] {
        members.string(name, ID_BYTES_MAX);
    }
    let correlation = members.string("srcCorrelationId", ID_BYTES_MAX);
    let transaction = members.string("srciTransactionId", ID_BYTES_MAX);
    Common {
        correlation: uuid(members, "srcCorrelationId", correlation),
        transaction: transaction.map(str::to_owned),
    }
}

/// A card that is to be enrolled.
#[derive(Debug)]
pub(super) struct Enrolment {
    pub(super) common: Common,
    pub(super) consumer: Consumer,
    pub(super) card: Source,
}

/// Who holds the card at the client.
#[derive(Debug)]
pub(super) struct Consumer {
    pub(super) identity_type: String,
    pub(super) identity_value: String,
}

/// Which card is meant.
#[derive(Debug)]
pub(super) enum Source {
    Sealed(String),
    /// A card or token that there is already, under one of its names.
    Reference(String),
}

pub(super) fn enrolment(members: &Members<'_>) -> Option<Enrolment> {
    let common = common(members);
    members.required_string("serviceId", ID_BYTES_MAX);
    let sources = [
        "CARDHOLDER",
        "EXISTING_CREDENTIAL",
        "ISSUER",
        "MERCHANT",
        "WALLET",
    ];
    one_of(members, "cardSource", &sources);
    let consumer = consumer(members);
    let sealed = members.string("encryptedCard", ENVELOPE_BYTES_MAX);
    let reference = members.object("enrolmentReferenceData");
    let card = match (sealed, reference) {
        (Some(_), Some(_)) => {
            let due = "must not come with encryptedCard";
            members.flaw("enrolmentReferenceData", Flaw::Value, due);
            None
        }
        (Some(sealed), None) => Some(Source::Sealed(sealed.to_owned())),
        (None, Some(reference)) => by_reference(&reference),
        (None, None) => {
            // A wrong type has been told already.
            if !members.has("encryptedCard") && !members.has("enrolmentReferenceData") {
                members.missing("encryptedCard");
            }
            None
        }
    };
    Some(Enrolment {
        common,
        consumer: consumer?,
        card: card?,
    })
}

fn consumer(members: &Members<'_>) -> Option<Consumer> {
    let consumer = members.required_object("consumer")?;
    let identity = consumer.required_object("consumerIdentity")?;
    let types = [
        "EXTERNAL_ACCOUNT_ID",
        "EMAIL_ADDRESS",
        "MOBILE_PHONE_NUMBER",
    ];
    let kind = one_of(&identity, "identityType", &types);
    let value = identity.required_string("identityValue", ID_BYTES_MAX);
    Some(Consumer {
        identity_type: kind?.to_owned(),
        identity_value: value?.to_owned(),
    })
}

fn by_reference(reference: &Members<'_>) -> Option<Source> {
    let kinds = [
        "EXISTING_TOKEN_UNIQUE_REFERENCE",
        "TOKEN_UNIQUE_REFERENCE",
        "SRC_DIGITAL_CARD_ID",
    ];
    one_of(reference, "enrolmentReferenceType", &kinds);
    let id = reference.required_string("enrolmentReferenceId", ID_BYTES_MAX)?;
    Some(Source::Reference(id.to_owned()))
}

/// Opens a sealed card.
pub(super) fn card(
    config: &SharedConfig,
    sealed: String,
) -> Result<(NewCard, SealedForm), CheckoutError> {
    let opened = sealing::open(config, &Sealed::Compact(sealed));
    let (plain, form) = opened.map_err(|why| Own::Opening("encryptedCard", why))?;
    Ok((document::opened("/encryptedCard", &plain, read_card)?, form))
}

fn read_card(members: &Members<'_>) -> Option<NewCard> {
    let pan = members
        .required_string("primaryAccountNumber", 20)
        .and_then(|text| {
            let wrong = |error: NumberError| {
                members.flaw("primaryAccountNumber", Flaw::Value, error.to_string());
            };
            Pan::parse(text).map_err(wrong).ok()
        });
    let month = digits(members, "panExpirationMonth", 2);
    let year = digits(members, "panExpirationYear", 4);
    let expiry = month.zip(year).and_then(|(month, year)| {
        members.expiry("panExpirationMonth", month, "panExpirationYear", year)
    });
    let code = members.string("cardSecurityCode", 6);
    if code.is_some_and(|code| code.len() < 3 || !code.bytes().all(|byte| byte.is_ascii_digit())) {
        members.flaw(
            "cardSecurityCode",
            Flaw::Value,
            "must be three to six digits",
        );
    }
    let name = members.string("cardholderFullName", TEXT_BYTES_MAX);
    let details = name.map(|name| {
        Box::new(CardDetails {
            cardholder: Some(serde_json::json!({ "name": name }).to_string()),
            ..CardDetails::default()
        })
    });
    Some(NewCard {
        pan: pan?,
        expiry: expiry?,
        has_cvc: code.is_some(),
        origin: ORIGIN.to_owned(),
        details,
    })
}

fn digits(members: &Members<'_>, name: &str, count: usize) -> Option<i64> {
    let text = members.required_string(name, count)?;
    if text.len() != count || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        members.flaw(name, Flaw::Value, format!("must be {count} digits"));
        return None;
    }
    text.parse().ok()
}

/// Which one-time value is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DynamicData {
    /// The cryptogram for the cryptogram fields of a payment.
    Cryptogram,
    /// Three digits in place of a card's security code.
    SecurityCode,
    None,
}

impl DynamicData {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Cryptogram => "CARD_APPLICATION_CRYPTOGRAM_SHORT_FORM",
            Self::SecurityCode => "DYNAMIC_CARD_SECURITY_CODE",
            Self::None => "NONE",
        }
    }

    pub(super) fn parse(word: &str) -> Option<Self> {
        let all = [Self::Cryptogram, Self::SecurityCode, Self::None];
        all.into_iter().find(|known| known.word() == word)
    }
}

/// A request for credentials.
#[derive(Debug)]
pub(super) struct Checkout {
    pub(super) common: Common,
    pub(super) card: String,
    pub(super) data: DynamicData,
}

/// A cryptogram when nothing is said of it, because that is what a card on file pays with.
pub(super) fn checkout(members: &Members<'_>) -> Option<Checkout> {
    let common = common(members);
    members.string("serviceId", ID_BYTES_MAX);
    let card = members.required_string("srcDigitalCardId", ID_BYTES_MAX);
    let data = dynamic_data(members);
    Some(Checkout {
        common,
        card: card?.to_owned(),
        data: data?,
    })
}

fn dynamic_data(members: &Members<'_>) -> Option<DynamicData> {
    let name = "dpaTransactionOptions";
    if !members.has(name) {
        return Some(DynamicData::Cryptogram);
    }
    let options = members.object(name)?;
    let Some(given) = options.get("paymentOptions") else {
        return Some(DynamicData::Cryptogram);
    };
    let Some(list) = given.as_array() else {
        options.flaw("paymentOptions", Flaw::Type, "must be a list");
        return None;
    };
    let Some(first) = list.first() else {
        return Some(DynamicData::Cryptogram);
    };
    let Some(option) = first.as_object() else {
        options.flaw("paymentOptions", Flaw::Type, "must hold objects");
        return None;
    };
    let word = option.get("dynamicDataType");
    match word.map(|word| word.as_str().and_then(DynamicData::parse)) {
        None => Some(DynamicData::Cryptogram),
        Some(Some(data)) => Some(data),
        Some(None) => {
            let due = "must have a dynamicDataType of CARD_APPLICATION_CRYPTOGRAM_SHORT_FORM, \
                       DYNAMIC_CARD_SECURITY_CODE or NONE";
            options.flaw("paymentOptions", Flaw::Value, due);
            None
        }
    }
}
