//! What the networks tell the account that has their credentials. Their surfaces word it.

use std::sync::Arc;

use super::body::Written;
use crate::domain::card::Network;
use crate::domain::moment::Moment;
use crate::domain::webhook::Letter;
use crate::operations::tokens;
use crate::operations::{Call, Desk};
use crate::wire::mastercard::notifications as mastercard;
use crate::wire::visa::notifications as visa;

/// The letter for the try at `at`. `base` is the path that the requestor registered, without a slash at its end.
pub(super) async fn told(
    desk: &Arc<Desk>,
    letter: &Letter,
    network: Network,
    base: &str,
    at: Moment,
) -> Option<Written> {
    let notice = &letter.notice;
    if network == Network::Visa {
        let ping = visa::ping(notice, base, &desk.world.networks.visa, at)?;
        return Some(Written {
            body: ping.body,
            path_and_query: Some(ping.path_and_query),
            headers: ping.headers.into(),
        });
    }
    let call = Call::begin(Arc::clone(desk)).await;
    let token = notice.token?;
    let shown = tokens::read(&call, notice.owner, network, &token).await;
    let form = mastercard::form(&call, &token).await;
    let told = mastercard::notify_token_updated(desk, notice, &shown.ok()?, form, base);
    let told = told
        .inspect_err(|error| tracing::warn!(?error, "a notification cannot be sealed"))
        .ok()??;
    // What it was at the first try it stays.
    let kept = letter.body.as_ref().map(ToString::to_string);
    Some(Written {
        body: kept.unwrap_or(told.body),
        path_and_query: Some(told.path),
        headers: Vec::new(),
    })
}
