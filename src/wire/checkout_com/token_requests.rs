//! What merchants send about network tokens.

use super::requests::expiry;
use crate::domain::card::{Expiry, Pan};
use crate::limits::TEXT_BYTES_MAX;
use crate::wire::edge::read::Members;

/// A card of which a token is wanted.
#[derive(Debug)]
pub(super) struct Card {
    pub(super) pan: Pan,
    pub(super) expiry: Expiry,
    pub(super) has_cvc: bool,
}

pub(super) fn card(body: &Members<'_>) -> Option<Card> {
    body.require("source");
    let source = body.object("source")?;
    source.require("type");
    source.word("type", &[("card", ())]);
    source.require("number");
    let pan = source.parsed("number", Pan::parse);
    let expiry = expiry(&source);
    let has_cvc = source.string("cvv", TEXT_BYTES_MAX).is_some();
    Some(Card {
        pan: pan?,
        expiry: expiry?,
        has_cvc,
    })
}

/// Which kind of payment a cryptogram is wanted for. All kinds get the same.
pub(super) fn cryptogram(body: &Members<'_>) -> Option<()> {
    body.require("transaction_type");
    let kinds = ["ecom", "recurring", "pos", "aft"];
    body.word("transaction_type", &kinds.map(|kind| (kind, ())))
}

/// Who deletes a token and why. The Node client sends neither.
pub(super) fn deletion(body: &Members<'_>) -> Option<()> {
    let initiators = ["cardholder", "token_requestor"];
    body.word("initiated_by", &initiators.map(|word| (word, ())));
    body.word("reason", &["fraud", "other"].map(|word| (word, ())));
    Some(())
}
