//! Writing a message once, from the records as they stand at its first try, and keeping what it says.

use std::sync::Arc;

use super::format::Told;
use super::network;
use crate::crypto::encoding::base58;
use crate::domain::moment::Moment;
use crate::domain::rejection::Rejection;
use crate::domain::webhook::{Endpoint, Message, MessageKey};
use crate::operations::Space;
use crate::seed::Purpose;
use http::Uri;

/// The name of a message, which stays the same on every try: `msg_` and 22 base58 letters.
pub(super) fn message_id(space: &Space, key: &MessageKey) -> String {
    format!("msg_{}", base58(bytes(space, key)))
}

/// What a message's name is made of.
pub(super) fn bytes(space: &Space, key: &MessageKey) -> [u8; 16] {
    space
        .seed
        .derive16(Purpose::WebhookMessage, &[key.text().as_bytes()])
}

/// A message as it is sent: the text, and where a network decides that too, path and headers.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) body: String,
    pub(super) path_and_query: Option<String>,
    pub(super) headers: Vec<(&'static str, String)>,
}

/// A message for the try at `at`. What it says is written from the records as they stand at the first try, and kept. None
/// when there is nothing to tell after all.
pub(super) async fn write(
    space: &Arc<Space>,
    endpoint: &Endpoint,
    message: &Message,
    id: &str,
    at: Moment,
) -> Result<Option<Written>, Rejection> {
    if let Some(network) = endpoint.profile.network() {
        let base = Uri::try_from(&endpoint.url).unwrap_or_default();
        let told = network::told(
            space,
            message,
            network,
            base.path().trim_end_matches('/'),
            at,
        );
        return told.await;
    }
    let body = match &message.body {
        Some(kept) => kept.to_string(),
        None => match (Told { space, message }).written(endpoint.profile, id) {
            Some(body) => body.to_string(),
            None => return Ok(None),
        },
    };
    Ok(Some(Written {
        body,
        ..Written::default()
    }))
}
