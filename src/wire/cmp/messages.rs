//! What CMP answers: JSON:API documents with cards and network tokens in them.

#[cfg(test)]
mod oracle;

use serde::Serialize;

use super::updates;
use crate::domain::card::Network;
use crate::domain::cryptogram::Kind;
use crate::domain::enrolment_failure::EnrolmentFailure;
use crate::domain::id::CardId;
use crate::domain::lifecycle::State;
use crate::domain::moment::Moment;
use crate::domain::token::{CardRecord, LatestChange, TokenRecord};
use crate::operations::account_names::AccountNames;
use crate::operations::settings::{CmpDialect, Digits, Included, Resumed};
use crate::wire::edge::JsonWriter;

/// What most documents fit into, so that writing one asks for memory once.
const DOCUMENT_BYTES: usize = 2_048;
/// Base58 letters of an id behind its prefix.
const ID_LETTERS: usize = 22;
const CARD_PREFIX: &str = "CRD";
const TOKEN_PREFIX: &str = "NTK";

/// `CRD` and 22 letters.
pub(super) fn card_id(id: &CardId) -> String {
    [CARD_PREFIX, &id.base58()].concat()
}

pub(super) fn parse_card_id(text: &str) -> Option<CardId> {
    let letters = text
        .strip_prefix(CARD_PREFIX)
        .filter(|rest| rest.len() == ID_LETTERS)?;
    CardId::from_base58(letters)
}

/// What a document shows beside the records.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) dialect: &'a CmpDialect,
    /// Whether the caller may see card numbers.
    pub(super) pci: bool,
    pub(super) names: &'a AccountNames,
}

/// A cryptogram that was issued just now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Issued<'a> {
    pub(super) value: &'a str,
    pub(super) kind: Kind,
}

/// A card with the token that it has now or had last.
pub(super) fn card_document(
    view: View<'_>,
    card: &CardRecord,
    token: Option<&TokenRecord>,
) -> Vec<u8> {
    let mut out = JsonWriter::with_room(DOCUMENT_BYTES);
    let included = view.dialect.included;
    // It stands in two places by default, so it is written once and put there twice.
    let mut list = None;
    out.object(|out| {
        out.member("data").object(|out| {
            out.member("id")
                .written(|text| write_card_id(&card.id, text));
            out.member("type").plain("cards");
            out.member("attributes")
                .object(|out| card_attributes(out, view, card));
            if included != Included::Top {
                let first = out.member("included").place();
                include(out, view, card, token);
                list = Some(first..out.place());
            }
            out.member("meta").object(|out| meta(out, card));
        });
        match (included, list) {
            (Included::Data, _) => {}
            (Included::Both | Included::Top, Some(list)) => out.member("included").again(list),
            (Included::Both | Included::Top, None) => {
                include(out.member("included"), view, card, token);
            }
        }
    });
    out.into_bytes()
}

/// The account updater comes first where there is both (VGS's own demonstration reads the token second).
fn include(out: &mut JsonWriter, view: View<'_>, card: &CardRecord, token: Option<&TokenRecord>) {
    out.list(|out| {
        if let Some(subscription) = card.subscription()
            && let Ok(resource) = serde_json::to_string(&updates::resource(card, subscription))
        {
            out.item().json(&resource);
        }
        if let Some(token) = token {
            token_resource(out.item(), view, card, token, None);
        }
    });
}

fn card_attributes(out: &mut JsonWriter, view: View<'_>, card: &CardRecord) {
    let number = card.pan.digits();
    if view.pci {
        out.member("pan").plain(&number);
    }
    out.member("pan_alias").text(&view.names.alias);
    if card.has_cvc {
        out.member("cvc_status").plain("active");
    }
    out.member("bin").plain(&number[..6]);
    out.member("first8").plain(&number[..8]);
    out.member("last4").plain(&number[number.len() - 4..]);
    out.member("exp_month").number(card.expiry.month().into());
    out.member("exp_year")
        .number(card.expiry.year_two_digits().into());
    out.member("card_fingerprint")
        .plain(&view.names.fingerprint);
    let holder = card.more.as_ref().and_then(|more| more.cardholder.as_ref());
    if let Some(holder) = holder {
        out.member("cardholder").json(holder);
    }
    out.member("capabilities").json(r#"["network-tokens"]"#);
    for (name, moment) in [("created_at", card.created), ("updated_at", card.updated)] {
        out.member(name).written(|text| {
            moment.write_seconds(text);
            text.push(b'Z');
        });
    }
}

fn meta(out: &mut JsonWriter, card: &CardRecord) {
    out.member("token_type").plain("pan");
    let own = card.more.as_ref().and_then(|more| more.metadata.as_ref());
    let own: Option<serde_json::Map<_, _>> = own.and_then(|text| serde_json::from_str(text).ok());
    // The card's own member of that name stands there already.
    let own = own.map(|mut own| {
        own.remove("token_type");
        own
    });
    if let Some(text) = own.and_then(|own| serde_json::to_string(&own).ok()) {
        out.members_of(&text);
    }
}

pub(super) fn token_document(view: View<'_>, card: &CardRecord, token: &TokenRecord) -> Vec<u8> {
    document_of(view, card, token, None)
}

/// The token's document with a cryptogram in it.
pub(super) fn cryptogram_document(
    view: View<'_>,
    card: &CardRecord,
    token: &TokenRecord,
    issued: Issued<'_>,
) -> Vec<u8> {
    document_of(view, card, token, Some(issued))
}

fn document_of(
    view: View<'_>,
    card: &CardRecord,
    token: &TokenRecord,
    issued: Option<Issued<'_>>,
) -> Vec<u8> {
    let mut out = JsonWriter::with_room(DOCUMENT_BYTES);
    out.object(|out| token_resource(out.member("data"), view, card, token, issued));
    out.into_bytes()
}

/// A network token, in a document of its own or among what a card includes.
fn token_resource(
    out: &mut JsonWriter,
    view: View<'_>,
    card: &CardRecord,
    token: &TokenRecord,
    issued: Option<Issued<'_>>,
) {
    out.object(|out| {
        out.member("type").plain("network_tokens");
        out.member("id").written(|text| {
            // `NT` and 23 letters, as the samples have it.
            text.extend_from_slice(TOKEN_PREFIX.as_bytes());
            token.reference.write_base58(text);
        });
        out.member("attributes")
            .object(|out| token_attributes(out, view, token, issued));
        out.member("relationships").object(|out| {
            out.member("card").object(|out| {
                out.member("data").object(|out| {
                    out.member("type").plain("cards");
                    out.member("id")
                        .written(|text| write_card_id(&card.id, text));
                });
            });
        });
    });
}

fn token_attributes(
    out: &mut JsonWriter,
    view: View<'_>,
    token: &TokenRecord,
    issued: Option<Issued<'_>>,
) {
    let dialect = view.dialect;
    out.member("payment_account_reference")
        .plain(&view.names.payment_account_reference);
    if let Some(number) = token.number {
        let digits = number.digits();
        numeral(out.member("network_token"), dialect.digits, &digits);
        numeral(
            out.member("last4"),
            dialect.digits,
            &digits[digits.len() - 4..],
        );
        numeral(out.member("bin"), dialect.digits, &digits[..6]);
    }
    out.member("exp_month").number(token.expiry.month().into());
    out.member("exp_year")
        .number(token.expiry.year_two_digits().into());
    // Token times have no zone designator in the samples, card times have one.
    let stamp = |moment: Moment| move |text: &mut Vec<u8>| moment.write_micros(text);
    out.member("created_at").written(stamp(token.created));
    out.member("updated_at").written(stamp(token.updated));
    out.member("state").plain(state(token, dialect.resumed));
    if let Some(failure) = token.failure.map(EnrolmentFailure::of) {
        out.member("error_code").text(failure.code());
        out.member("description").text(failure.description());
    }
    if let Some(Issued { value, kind }) = issued {
        out.member("cryptogram").object(|out| {
            out.member("value").plain(value);
            out.member("eci").plain(match token.network {
                Network::Mastercard => "06",
                Network::Visa | Network::Amex | Network::Discover => "07",
            });
            out.member("type").plain(match kind {
                Kind::Long => "TAVV",
                Kind::Short => "DTVV",
            });
        });
    }
}

/// Digits as a string or, in the dialect of one page of the documentation, as a number.
fn numeral(out: &mut JsonWriter, written: Digits, digits: &str) {
    match (written, digits.parse()) {
        (Digits::Numbers, Ok(number)) => out.number(number),
        (Digits::Strings, _) | (Digits::Numbers, Err(_)) => out.plain(digits),
    }
}

fn write_card_id(id: &CardId, text: &mut Vec<u8>) {
    text.extend_from_slice(CARD_PREFIX.as_bytes());
    id.write_base58(text);
}

pub(super) fn json(document: &impl Serialize) -> Vec<u8> {
    let mut body = Vec::with_capacity(DOCUMENT_BYTES);
    // Nothing in a document can fail to be written, and a vector takes all of it.
    let _written = serde_json::to_writer(&mut body, document);
    body
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
