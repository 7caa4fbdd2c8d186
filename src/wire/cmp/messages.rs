//! What CMP answers: JSON:API documents with cards and network tokens in them.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::updates;
use crate::domain::card::Network;
use crate::domain::cryptogram::Kind;
use crate::domain::enrolment_failure::EnrolmentFailure;
use crate::domain::id::{CardId, TokenReference};
use crate::domain::lifecycle::State;
use crate::domain::token::{CardRecord, LatestChange, TokenRecord};
use crate::operations::Space;
use crate::operations::account_names::AccountNames;
use crate::operations::settings::{Digits, Included, Resumed};

/// What most documents fit into, so that writing one asks for memory once.
const DOCUMENT_BYTES: usize = 2_048;
/// Base58 letters of an id behind its prefix.
const ID_LETTERS: usize = 22;

/// `CRD` and 22 letters.
pub(super) fn card_id(id: &CardId) -> String {
    ["CRD", &id.base58()].concat()
}

pub(super) fn parse_card_id(text: &str) -> Option<CardId> {
    let letters = text
        .strip_prefix("CRD")
        .filter(|rest| rest.len() == ID_LETTERS)?;
    CardId::from_base58(letters)
}

/// `NTK` and 22 letters: `NT` and 23, as the samples have it.
pub(super) fn token_id(reference: &TokenReference) -> String {
    ["NTK", &reference.base58()].concat()
}

#[derive(Debug, Serialize)]
struct CardDocument<'a> {
    data: CardResource<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    included: Option<&'a [Box<RawValue>]>,
}

#[derive(Debug, Serialize)]
struct CardResource<'a> {
    id: String,
    r#type: &'static str,
    attributes: CardAttributes<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    included: Option<&'a [Box<RawValue>]>,
    meta: CardMeta,
}

#[derive(Debug, Serialize)]
struct CardAttributes<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pan: Option<&'a str>,
    pan_alias: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cvc_status: Option<&'static str>,
    bin: &'a str,
    first8: &'a str,
    last4: &'a str,
    exp_month: u8,
    exp_year: u8,
    card_fingerprint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cardholder: Option<Box<RawValue>>,
    capabilities: [&'static str; 1],
    created_at: String,
    updated_at: String,
}

#[derive(Debug, Serialize)]
struct CardMeta {
    token_type: &'static str,
    #[serde(flatten)]
    own: Option<serde_json::Map<String, serde_json::Value>>,
}

/// A network token, in a document of its own or among what a card includes.
#[derive(Debug, Serialize)]
struct TokenResource<'a> {
    r#type: &'static str,
    id: String,
    attributes: TokenAttributes<'a>,
    relationships: Relationships,
}

#[derive(Debug, Serialize)]
struct TokenAttributes<'a> {
    payment_account_reference: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    network_token: Option<Numeral<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last4: Option<Numeral<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bin: Option<Numeral<'a>>,
    exp_month: u8,
    exp_year: u8,
    created_at: String,
    updated_at: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cryptogram: Option<Cryptogram<'a>>,
}

#[derive(Debug, Serialize)]
struct Cryptogram<'a> {
    value: &'a str,
    eci: &'static str,
    r#type: &'static str,
}

#[derive(Debug, Serialize)]
struct Relationships {
    card: Related,
}

#[derive(Debug, Serialize)]
struct Related {
    data: Identifier,
}

#[derive(Debug, Serialize)]
struct Identifier {
    r#type: &'static str,
    id: String,
}

#[derive(Debug, Serialize)]
struct TokenDocument<'a> {
    data: TokenResource<'a>,
}

/// Digits as a string or, in the dialect of one page of the documentation, as a number.
#[derive(Debug)]
struct Numeral<'a>(&'a str, Digits);

impl Serialize for Numeral<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match (self.1, self.0.parse::<u64>()) {
            (Digits::Numbers, Ok(number)) => to.serialize_u64(number),
            (Digits::Strings, _) | (Digits::Numbers, Err(_)) => to.serialize_str(self.0),
        }
    }
}

/// What a document shows beside the records.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) space: &'a Space,
    /// Whether the caller may see card numbers.
    pub(super) pci: bool,
    pub(super) names: &'a AccountNames,
}

/// A card with the token that it has now or had last.
pub(super) fn card_document(
    view: View<'_>,
    card: &CardRecord,
    token: Option<&TokenRecord>,
) -> Vec<u8> {
    // It stands in two places by default, so it is written once and put there twice.
    let token = token.and_then(|token| {
        let number = digits(token);
        let resource = token_resource(view, card, token, number.as_deref());
        serde_json::value::to_raw_value(&resource).ok()
    });
    // The account updater comes first where there is both (VGS's own demonstration reads the token second).
    let watched = card.subscription().and_then(|subscription| {
        serde_json::value::to_raw_value(&updates::resource(card, subscription)).ok()
    });
    let included: Vec<_> = watched.into_iter().chain(token).collect();
    let included = included.as_slice();
    let (top, inside) = match view.space.config.settings.cmp.included {
        Included::Both => (Some(included), Some(included)),
        Included::Top => (Some(included), None),
        Included::Data => (None, Some(included)),
    };
    let number = card.pan.expose();
    json(&CardDocument {
        data: CardResource {
            id: card_id(&card.id),
            r#type: "cards",
            attributes: attributes(view, card, &number),
            included: inside,
            meta: meta(card),
        },
        included: top,
    })
}

fn attributes<'a>(view: View<'a>, card: &CardRecord, number: &'a str) -> CardAttributes<'a> {
    let holder = card.more.as_ref().and_then(|more| more.cardholder.clone());
    CardAttributes {
        pan_alias: &view.names.alias,
        cvc_status: card.has_cvc.then_some("active"),
        bin: &number[..6],
        first8: &number[..8],
        last4: &number[number.len() - 4..],
        exp_month: card.expiry.month(),
        exp_year: card.expiry.year_two_digits(),
        card_fingerprint: &view.names.fingerprint,
        cardholder: holder.and_then(|text| RawValue::from_string(text).ok()),
        capabilities: ["network-tokens"],
        created_at: card.created.rfc3339(),
        updated_at: card.updated.rfc3339(),
        pan: view.pci.then_some(number),
    }
}

fn meta(card: &CardRecord) -> CardMeta {
    let own = card.more.as_ref().and_then(|more| more.metadata.as_ref());
    let mut own: Option<serde_json::Map<_, _>> =
        own.and_then(|text| serde_json::from_str(text).ok());
    // The card's own member of that name stands there already.
    own.as_mut().map(|own| own.remove("token_type"));
    CardMeta {
        token_type: "pan",
        own,
    }
}

pub(super) fn token_document(view: View<'_>, card: &CardRecord, token: &TokenRecord) -> Vec<u8> {
    let number = digits(token);
    let data = token_resource(view, card, token, number.as_deref());
    json(&TokenDocument { data })
}

/// The token's document with a cryptogram in it.
pub(super) fn cryptogram_document(
    view: View<'_>,
    card: &CardRecord,
    token: &TokenRecord,
    value: &str,
    kind: Kind,
) -> Vec<u8> {
    let number = digits(token);
    let mut data = token_resource(view, card, token, number.as_deref());
    data.attributes.cryptogram = Some(Cryptogram {
        value,
        eci: match token.network {
            Network::Mastercard => "06",
            Network::Visa | Network::Amex | Network::Discover => "07",
        },
        r#type: match kind {
            Kind::Long => "TAVV",
            Kind::Short => "DTVV",
        },
    });
    json(&TokenDocument { data })
}

fn digits(token: &TokenRecord) -> Option<String> {
    token.number.map(|number| number.expose())
}

/// `number` is the token's, in digits.
fn token_resource<'a>(
    view: View<'a>,
    card: &CardRecord,
    token: &TokenRecord,
    number: Option<&'a str>,
) -> TokenResource<'a> {
    let dialect = &view.space.config.settings.cmp;
    let numeral = |digits| Numeral(digits, dialect.digits);
    let failure = token.failure.map(EnrolmentFailure::of);
    let attributes = TokenAttributes {
        payment_account_reference: &view.names.payment_account_reference,
        last4: number.map(|number| numeral(&number[number.len() - 4..])),
        bin: number.map(|number| numeral(&number[..6])),
        network_token: number.map(numeral),
        exp_month: token.expiry.month(),
        exp_year: token.expiry.year_two_digits(),
        created_at: without_zone(token.created.rfc3339_micros()),
        updated_at: without_zone(token.updated.rfc3339_micros()),
        state: state(token, dialect.resumed),
        error_code: failure.map(EnrolmentFailure::code),
        description: failure.map(EnrolmentFailure::description),
        cryptogram: None,
    };
    TokenResource {
        r#type: "network_tokens",
        id: token_id(&token.reference),
        attributes,
        relationships: Relationships {
            card: Related {
                data: Identifier {
                    r#type: "cards",
                    id: card_id(&card.id),
                },
            },
        },
    }
}

pub(super) fn json(document: &impl Serialize) -> Vec<u8> {
    let mut body = Vec::with_capacity(DOCUMENT_BYTES);
    // Nothing in a document can fail to be written, and a vector takes all of it.
    let _written = serde_json::to_writer(&mut body, document);
    body
}

/// Token times have no zone designator in the samples, card times have one.
fn without_zone(mut text: String) -> String {
    if text.ends_with('Z') {
        text.pop();
    }
    text
}

/// The state in CMP's words.
fn state(token: &TokenRecord, resumed: Resumed) -> &'static str {
    match (token.status.state, token.latest) {
        (State::Active, LatestChange::Resumed) if resumed == Resumed::Activated => "activated",
        (State::Active, LatestChange::PanReplaced) => "card_updated",
        (State::Active, _) => "active",
        (State::Inactive, _) => "inactive",
        (State::Suspended, _) => "suspended",
        (State::Deleted, _) => "deleted",
        (State::Failed, _) => "failed",
    }
}
