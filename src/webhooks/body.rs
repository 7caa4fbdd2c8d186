//! Writing a letter once, from the records as they stand at its first try, and keeping what it says.

use std::sync::Arc;

use super::manner::Told;
use super::network;
use crate::crypto::encoding::base58;
use crate::domain::moment::Moment;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::domain::webhook::{Endpoint, Letter, LetterKey};
use crate::operations::Desk;
use crate::seed::Purpose;
use http::Uri;

/// The name of a letter, which stays the same on every try: `msg_` and 22 base58 letters.
pub(super) fn letter_id(desk: &Desk, key: &LetterKey) -> String {
    format!("msg_{}", base58(bytes(desk, key)))
}

/// What a letter's name is made of.
pub(super) fn bytes(desk: &Desk, key: &LetterKey) -> [u8; 16] {
    desk.seed
        .derive16(Purpose::WebhookLetter, &[key.text().as_bytes()])
}

/// A letter as it is posted: the text, and where a network decides that too, path and headers.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) body: String,
    pub(super) path_and_query: Option<String>,
    pub(super) headers: Vec<(&'static str, String)>,
}

/// A letter for the try at `at`. What it says is written from the records as they stand at the first try, and kept. None
/// when there is nothing to tell after all.
pub(super) async fn write(
    desk: &Arc<Desk>,
    endpoint: &Endpoint,
    letter: &Letter,
    id: &str,
    at: Moment,
) -> Option<Written> {
    if let Some(network) = endpoint.profile.network() {
        let base = Uri::try_from(&endpoint.url).unwrap_or_default();
        let told = network::told(desk, letter, network, base.path().trim_end_matches('/'), at);
        return told.await;
    }
    let body = match &letter.body {
        Some(kept) => kept.to_string(),
        None => first(desk, endpoint, letter, id).await?,
    };
    Some(Written {
        body,
        ..Written::default()
    })
}

async fn first(desk: &Desk, endpoint: &Endpoint, letter: &Letter, id: &str) -> Option<String> {
    let token = match &letter.notice.token {
        Some(reference) => desk.store.get::<TokenRecord>(reference).await,
        None => None,
    };
    let card = desk.store.get::<CardRecord>(&letter.notice.card).await;
    let told = Told {
        desk,
        letter,
        token: token.map(|found| found.record),
        card: card.map(|found| found.record),
    };
    Some(told.written(endpoint.profile, id)?.to_string())
}
