//! What the networks tell the account that has their credentials. Their surfaces word it.

use std::sync::Arc;

use super::body::Written;
use crate::domain::card::Network;
use crate::domain::moment::Moment;
use crate::domain::rejection::Rejection;
use crate::domain::webhook::Message;
use crate::operations::tokens::Shown;
use crate::operations::{Call, Space};
use crate::wire::mastercard::notifications as mastercard;
use crate::wire::visa::notifications as visa;

/// The message for the try at `at`. `base` is the path that the requestor registered, without a slash at its end.
pub(super) async fn told(
    space: &Arc<Space>,
    message: &Message,
    network: Network,
    base: &str,
    at: Moment,
) -> Result<Option<Written>, Rejection> {
    let notice = &message.notice;
    if network == Network::Visa {
        let ping = visa::ping(notice, base, &space.config.networks.visa, at);
        return Ok(ping.map(|ping| Written {
            body: ping.body,
            path_and_query: Some(ping.path_and_query),
            headers: ping.headers.into(),
        }));
    }
    let call = Call::at(Arc::clone(space), at);
    let Some(token) = notice.token else {
        return Ok(None);
    };
    let Some(then) = notice.token_then.as_deref() else {
        return Ok(None);
    };
    let shown = Shown {
        token: then.clone(),
        card: notice.card_then.as_deref().cloned(),
    };
    let form = mastercard::form(&call, &token).await?;
    let told = match mastercard::notify_token_updated(space, notice, &shown, form, base) {
        Ok(Some(told)) => told,
        Ok(None) => return Ok(None),
        Err(error) => {
            tracing::warn!(?error, "a notification cannot be sealed");
            return Ok(None);
        }
    };
    // What it was at the first try it stays.
    let kept = message.body.as_ref().map(ToString::to_string);
    Ok(Some(Written {
        body: kept.unwrap_or(told.body),
        path_and_query: Some(told.path),
        headers: Vec::new(),
    }))
}
