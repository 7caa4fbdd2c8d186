//! What CMP answers: JSON:API documents with cards and network tokens in them.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::domain::card::Network;
use crate::domain::cryptogram::Kind;
use crate::domain::enrolment_failure::EnrolmentFailure;
use crate::domain::id::{CardId, TokenReference};
use crate::domain::lifecycle::State;
use crate::domain::token::{CardRecord, LatestChange, TokenRecord};
use crate::operations::Desk;
use crate::operations::settings::{Digits, Included, Resumed};

/// Base58 letters of an id behind its prefix.
const ID_LETTERS: usize = 22;

/// `CRD` and 22 letters.
pub(super) fn card_id(id: &CardId) -> String {
    format!("CRD{}", id.base58())
}

pub(super) fn parse_card_id(text: &str) -> Option<CardId> {
    let letters = text
        .strip_prefix("CRD")
        .filter(|rest| rest.len() == ID_LETTERS)?;
    CardId::from_base58(letters)
}

/// `NTK` and 22 letters: `NT` and 23, as the samples have it.
pub(super) fn token_id(reference: &TokenReference) -> String {
    format!("NTK{}", reference.base58())
}

#[derive(Debug, Serialize)]
pub(super) struct CardDocument {
    data: CardResource,
    #[serde(skip_serializing_if = "Option::is_none")]
    included: Option<Vec<TokenResource>>,
}

#[derive(Debug, Serialize)]
struct CardResource {
    id: String,
    r#type: &'static str,
    attributes: CardAttributes,
    #[serde(skip_serializing_if = "Option::is_none")]
    included: Option<Vec<TokenResource>>,
    meta: CardMeta,
}

#[derive(Debug, Serialize)]
struct CardAttributes {
    #[serde(skip_serializing_if = "Option::is_none")]
    pan: Option<String>,
    pan_alias: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cvc_status: Option<&'static str>,
    bin: String,
    first8: String,
    last4: String,
    exp_month: u8,
    exp_year: u8,
    card_fingerprint: String,
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
#[derive(Debug, Clone, Serialize)]
pub(super) struct TokenResource {
    r#type: &'static str,
    id: String,
    attributes: TokenAttributes,
    relationships: Relationships,
}

#[derive(Debug, Clone, Serialize)]
struct TokenAttributes {
    payment_account_reference: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    network_token: Option<Numeral>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last4: Option<Numeral>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bin: Option<Numeral>,
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
    cryptogram: Option<Cryptogram>,
}

#[derive(Debug, Clone, Serialize)]
struct Cryptogram {
    value: String,
    eci: &'static str,
    r#type: &'static str,
}

#[derive(Debug, Clone, Serialize)]
struct Relationships {
    card: Related,
}

#[derive(Debug, Clone, Serialize)]
struct Related {
    data: Identifier,
}

#[derive(Debug, Clone, Serialize)]
struct Identifier {
    r#type: &'static str,
    id: String,
}

#[derive(Debug, Serialize)]
pub(super) struct TokenDocument {
    data: TokenResource,
}

/// Digits as a string or, in the dialect of one page of the documentation, as a number.
#[derive(Debug, Clone)]
struct Numeral(String, Digits);

impl Serialize for Numeral {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match (self.1, self.0.parse::<u64>()) {
            (Digits::Numbers, Ok(number)) => to.serialize_u64(number),
            (Digits::Strings, _) | (Digits::Numbers, Err(_)) => to.serialize_str(&self.0),
        }
    }
}

/// What a card document shows beside the card.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) desk: &'a Desk,
    /// Whether the caller may see card numbers.
    pub(super) pci: bool,
    pub(super) alias: &'a str,
}

/// A card with the token that it has now or had last.
pub(super) fn card_document(
    view: View<'_>,
    card: &CardRecord,
    token: Option<&TokenRecord>,
) -> CardDocument {
    let place = view.desk.world.settings.cmp.included;
    let included: Vec<_> = token
        .map(|token| token_resource(view.desk, card, token))
        .into_iter()
        .collect();
    let (top, inside) = match place {
        Included::Both => (Some(included.clone()), Some(included)),
        Included::Top => (Some(included), None),
        Included::Data => (None, Some(included)),
    };
    CardDocument {
        data: CardResource {
            id: card_id(&card.id),
            r#type: "cards",
            attributes: attributes(view, card),
            included: inside,
            meta: meta(card),
        },
        included: top,
    }
}

fn attributes(view: View<'_>, card: &CardRecord) -> CardAttributes {
    let number = card.pan.expose();
    let holder = card.more.as_ref().and_then(|more| more.cardholder.clone());
    let account = view
        .desk
        .world
        .accounts
        .get(card.owner)
        .map_or("", |a| &a.client_id);
    CardAttributes {
        pan_alias: view.alias.to_owned(),
        cvc_status: card.has_cvc.then_some("active"),
        bin: number[..6].to_owned(),
        first8: number[..8].to_owned(),
        last4: card.pan.last4(),
        exp_month: card.expiry.month(),
        exp_year: card.expiry.year_two_digits(),
        card_fingerprint: card.fingerprint(&view.desk.seed, account),
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

pub(super) fn token_document(desk: &Desk, card: &CardRecord, token: &TokenRecord) -> TokenDocument {
    TokenDocument {
        data: token_resource(desk, card, token),
    }
}

/// The token's document with a cryptogram in it.
pub(super) fn cryptogram_document(
    desk: &Desk,
    card: &CardRecord,
    token: &TokenRecord,
    value: String,
    kind: Kind,
) -> TokenDocument {
    let mut data = token_resource(desk, card, token);
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
    TokenDocument { data }
}

fn token_resource(desk: &Desk, card: &CardRecord, token: &TokenRecord) -> TokenResource {
    let dialect = &desk.world.settings.cmp;
    let number = token.number.map(|number| number.expose());
    let part = |range: std::ops::Range<usize>| {
        number
            .as_ref()
            .and_then(|n| n.get(range))
            .map(|d| Numeral(d.to_owned(), dialect.digits))
    };
    let length = number.as_ref().map_or(4, String::len);
    let failure = token.failure.map(EnrolmentFailure::of);
    let attributes = TokenAttributes {
        payment_account_reference: card.payment_account_reference(&desk.seed),
        last4: part(length - 4..length),
        bin: part(0..6),
        network_token: part(0..length),
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

/// Token times have no zone designator in the samples, card times have one.
fn without_zone(mut text: String) -> String {
    if text.ends_with('Z') {
        text.pop();
    }
    text
}

/// The state in CMP's words.
fn state(token: &TokenRecord, resumed: Resumed) -> &'static str {
    match (token.standing.state, token.latest) {
        (State::Active, LatestChange::Resumed) if resumed == Resumed::Activated => "activated",
        (State::Active, LatestChange::PanReplaced) => "card_updated",
        (State::Active, _) => "active",
        (State::Inactive, _) => "inactive",
        (State::Suspended, _) => "suspended",
        (State::Deleted, _) => "deleted",
        (State::Failed, _) => "failed",
    }
}
