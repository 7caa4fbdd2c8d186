//! What CMP answers: JSON:API documents with cards and network tokens in them.

#[cfg(test)]
mod oracle;

use std::ops::Range;

use serde::Serialize;

use super::updates;
use crate::domain::card::Network;
use crate::domain::cryptogram::CryptogramKind;
use crate::domain::enrolment_failure::EnrolmentFailure;
use crate::domain::id::CardId;
use crate::domain::lifecycle::State;
use crate::domain::moment::Moment;
use crate::domain::token::{CardRecord, LatestChange, TokenRecord};
use crate::operations::account_names::AccountNames;
use crate::operations::settings::{CmpDialect, Digits, Included, Resumed};
use crate::wire::edge::{JsonWriter, member};

/// What most documents fit into, so that writing one asks for memory once.
const DOCUMENT_BYTES: usize = 2_048;
/// Base58 letters of an id behind its prefix.
const ID_LETTERS: usize = 22;
const CARD_PREFIX: &str = "CRD";

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
    pub(super) kind: CryptogramKind,
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
    let mut id = 0..0;
    out.object(|out| {
        member!(out, "data").object(|out| {
            id = write_card_id(member!(out, "id"), &card.id);
            member!(out, "type" = "cards");
            member!(out, "attributes").object(|out| card_attributes(out, view, card));
            if included != Included::Top {
                let first = member!(out, "included").place();
                include(out, view, card, token, &id);
                list = Some(first..out.place());
            }
            member!(out, "meta").object(|out| meta(out, card));
        });
        match (included, list) {
            (Included::Data, _) => {}
            (Included::Both | Included::Top, Some(list)) => member!(out, "included").again(list),
            (Included::Both | Included::Top, None) => {
                include(member!(out, "included"), view, card, token, &id);
            }
        }
    });
    out.into_bytes()
}

/// The account updater comes first where there is both (VGS's own demonstration reads the token second). `id` is where the
/// card's stands.
fn include(
    out: &mut JsonWriter,
    view: View<'_>,
    card: &CardRecord,
    token: Option<&TokenRecord>,
    id: &Range<usize>,
) {
    out.list(|out| {
        if let Some(subscription) = card.subscription()
            && let Ok(resource) = serde_json::to_string(&updates::resource(card, subscription))
        {
            out.item().json(&resource);
        }
        if let Some(token) = token {
            out.item().object(|out| {
                token_members(out, view, token, None);
                related(out, |out| out.again(id.clone()));
            });
        }
    });
}

fn card_attributes(out: &mut JsonWriter, view: View<'_>, card: &CardRecord) {
    let digits = card.pan.digits();
    let number = digits.as_bytes();
    if view.pci {
        member!(out, "pan" = number);
    }
    member!(out, "pan_alias").text(&view.names.alias);
    if card.has_cvc {
        member!(out, "cvc_status" = "active");
    }
    member!(out, "bin" = &number[..6]);
    member!(out, "first8" = &number[..8]);
    member!(out, "last4" = &number[number.len() - 4..]);
    member!(out, "exp_month").number(card.expiry.month().into());
    member!(out, "exp_year").number(card.expiry.year_two_digits().into());
    member!(out, "card_fingerprint" = view.names.fingerprint.as_bytes());
    let holder = card.more.as_ref().and_then(|more| more.cardholder.as_ref());
    if let Some(holder) = holder {
        member!(out, "cardholder").json(holder);
    }
    member!(out, "capabilities").json(r#"["network-tokens"]"#);
    stamps(out, card.created, card.updated, |moment, text| {
        moment.write_seconds(text);
        text.push(b'Z');
    });
}

/// When something was made and when it was changed last. For most records that is one instant, which is written once.
fn stamps(
    out: &mut JsonWriter,
    made: Moment,
    changed: Moment,
    write: impl Fn(Moment, &mut Vec<u8>),
) {
    let created = member!(out, "created_at");
    let first = created.place();
    created.written(|text| write(made, text));
    let written = first..out.place();
    let updated = member!(out, "updated_at");
    if changed == made {
        updated.again(written);
    } else {
        updated.written(|text| write(changed, text));
    }
}

fn meta(out: &mut JsonWriter, card: &CardRecord) {
    member!(out, "token_type" = "pan");
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
    out.object(|out| {
        member!(out, "data").object(|out| {
            token_members(out, view, token, issued);
            related(out, |out| {
                write_card_id(out, &card.id);
            });
        });
    });
    out.into_bytes()
}

/// A network token, in a document of its own or among what a card includes, up to the card that it belongs to.
fn token_members(
    out: &mut JsonWriter,
    view: View<'_>,
    token: &TokenRecord,
    issued: Option<Issued<'_>>,
) {
    member!(out, "type" = "network_tokens");
    // `NT` and 23 letters, as the samples have it.
    member!(out, "id" => |text: &mut Vec<u8>| {
        text.extend_from_slice(b"NTK");
        token.reference.write_base58(text);
    });
    member!(out, "attributes").object(|out| token_attributes(out, view, token, issued));
}

/// The card that a token belongs to, whose id `write` writes.
fn related(out: &mut JsonWriter, write: impl FnOnce(&mut JsonWriter)) {
    member!(out, "relationships").object(|out| {
        member!(out, "card").object(|out| {
            member!(out, "data").object(|out| {
                member!(out, "type" = "cards");
                write(member!(out, "id"));
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
    member!(
        out,
        "payment_account_reference" = view.names.payment_account_reference.as_bytes()
    );
    if let Some(number) = token.number {
        let digits = number.digits();
        numeral(
            member!(out, "network_token"),
            dialect.digits,
            digits.as_bytes(),
        );
        let last4 = &digits.as_bytes()[digits.as_bytes().len() - 4..];
        numeral(member!(out, "last4"), dialect.digits, last4);
        numeral(member!(out, "bin"), dialect.digits, &digits.as_bytes()[..6]);
    }
    member!(out, "exp_month").number(token.expiry.month().into());
    member!(out, "exp_year").number(token.expiry.year_two_digits().into());
    // Token times have no zone designator in the samples, card times have one.
    stamps(out, token.created, token.updated, Moment::write_micros);
    member!(out, "state" = state(token, dialect.resumed).as_bytes());
    if let Some(failure) = token.failure.map(EnrolmentFailure::of) {
        member!(out, "error_code").text(failure.code());
        member!(out, "description").text(failure.description());
    }
    if let Some(Issued { value, kind }) = issued {
        member!(out, "cryptogram").object(|out| {
            member!(out, "value" = value.as_bytes());
            match token.network {
                Network::Mastercard => member!(out, "eci" = "06"),
                Network::Visa | Network::Amex | Network::Discover => member!(out, "eci" = "07"),
            };
            match kind {
                CryptogramKind::Long => member!(out, "type" = "TAVV"),
                CryptogramKind::Short => member!(out, "type" = "DTVV"),
            };
        });
    }
}

/// Digits as a string or, in the dialect of one page of the documentation, as a number, which has no zeros in front.
fn numeral(out: &mut JsonWriter, written: Digits, digits: &[u8]) {
    match written {
        Digits::Strings => out.plain(digits),
        Digits::Numbers => {
            let number = digits
                .iter()
                .fold(0, |number, digit| number * 10 + u64::from(digit - b'0'));
            out.number(number);
        }
    }
}

/// Writes a card's id and tells where it stands.
fn write_card_id(out: &mut JsonWriter, id: &CardId) -> Range<usize> {
    let first = out.place();
    out.written(|text| {
        text.extend_from_slice(CARD_PREFIX.as_bytes());
        id.write_base58(text);
    });
    first..out.place()
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
