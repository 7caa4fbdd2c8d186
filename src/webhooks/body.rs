//! Writing a message once, from what its notice tells of the commit, and keeping what it says.

use std::sync::Arc;

use http::Uri;

use crate::domain::moment::Moment;
use crate::domain::rejection::Rejection;
use crate::domain::webhook::{Endpoint, Message};
use crate::operations::{Call, Space, digitization};
use crate::wire::edge::webhook::{Telling, WebhookProfile, Worded};

/// A message for the attempt at `at`. What it says is worded at the first attempt and kept. None when there is nothing to
/// tell after all.
pub(super) async fn write(
    space: &Arc<Space>,
    row: &WebhookProfile,
    endpoint: &Endpoint,
    message: &Message,
    id: &str,
    at: Moment,
) -> Result<Option<Worded>, Rejection> {
    let sealed = message.notice.token().filter(|_| !row.signs);
    let form = match sealed {
        Some(token) => digitization::form(&Call::at(Arc::clone(space), at), &token).await?,
        None => None,
    };
    let base = Uri::try_from(&endpoint.url).unwrap_or_default();
    let telling = Telling {
        space,
        message,
        id,
        base: base.path().trim_end_matches('/'),
        at,
        form,
    };
    let worded = match &message.body {
        // What it was at the first attempt it stays; a network's path and signature are made anew.
        Some(kept) if endpoint.profile.network().is_none() => Some(Worded {
            body: kept.to_string(),
            ..Worded::default()
        }),
        Some(kept) => (row.word)(&telling).map(|worded| Worded {
            body: kept.to_string(),
            ..worded
        }),
        None => (row.word)(&telling),
    };
    Ok(worded)
}
