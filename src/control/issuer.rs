//! What the issuer does to vaulted cards, with or without a token.

use axum::extract::Path;
use axum::response::Response;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json as object};

use super::caller::{Caller, json};
use super::errors::ControlError;
use super::reading::body;
use super::tokens::{ExpiryBody, about_the_pan, reference_text, replacement};
use crate::domain::id::CardId;
use crate::domain::lifecycle_action::LifecycleAction;
use crate::domain::rejection::Rejection;
use crate::domain::subscription::UpdaterEvent;
use crate::domain::token::CardRecord;
use crate::operations::updater::{self, Happening};

/// Something that becomes of a card at its issuer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CardEvent {
    event: LifecycleAction,
    /// With `update_expiry` and `replace_pan`.
    expiry: Option<ExpiryBody>,
    /// With `replace_pan`.
    pan: Option<String>,
}

pub(super) async fn event(
    Caller(mut call): Caller,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Response, ControlError> {
    let id = id.strip_prefix("CRD").and_then(CardId::from_base58);
    let id = id.ok_or(Rejection::CardUnknown)?;
    let found = call.space.store.get::<CardRecord>(&id).await?;
    found.ok_or(Rejection::CardUnknown)?;
    let CardEvent { event, expiry, pan } = body(&bytes)?;
    let (expiry, pan) = replacement(event, expiry, pan)?;
    let happening = match event {
        LifecycleAction::Activate
        | LifecycleAction::Suspend
        | LifecycleAction::Resume
        | LifecycleAction::Delete => {
            let why = format!("{} happens to tokens, not to cards", event.word());
            return Err(ControlError::Member("event", why));
        }
        LifecycleAction::UpdateExpiry => Happening::ExpiryUpdated { expiry },
        LifecycleAction::ReplacePan => Happening::PanReplaced { pan, expiry },
        LifecycleAction::CloseAccount => Happening::Closed,
        LifecycleAction::Expired => Happening::Reported(UpdaterEvent::Expired),
        LifecycleAction::NonParticipating => Happening::Reported(UpdaterEvent::NonParticipating),
        LifecycleAction::ContactCardholder => Happening::Reported(UpdaterEvent::ContactCardholder),
    };
    let card = updater::happen(&mut call, &id, happening).await;
    Ok(json(&row(&card.map_err(about_the_pan)?)))
}

/// A card as the issuer keeps it; its number is masked.
fn row(card: &CardRecord) -> Value {
    let updater = card.subscription().map(
        |subscription| object!({ "enrolled": subscription.enrolled, "event": subscription.event }),
    );
    object!({
        "id": format!("CRD{}", card.id.base58()),
        "number": format!("{}******{}", card.pan.first(6), card.pan.last4()),
        "expiry": card.expiry.year_month(),
        "closed": card.is_closed(),
        "token": card.token.as_ref().map(reference_text),
        "updater": updater,
        "updated_at": card.updated.rfc3339_micros(),
    })
}
