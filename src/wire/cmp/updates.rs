//! The account updater of CMP: a card is subscribed and unsubscribed, or looked at once.

use http::StatusCode;
use serde::Serialize;
use serde_json::json as object;

use super::errors::{CmpError, Own};
use super::messages::{self, card_id};
use super::requests;
use super::routes::{json, known};
use crate::domain::account::Scope;
use crate::domain::id::CardId;
use crate::domain::notice::Face;
use crate::domain::subscription::{Subscription, UpdaterEvent};
use crate::domain::token::CardRecord;
use crate::operations::{cards, updater};
use crate::wire::edge::access_token::enter;
use crate::wire::edge::{Answer, Request, RequestContext, empty};

/// A subscription, in a document of its own or among what a card includes.
#[derive(Debug, Serialize)]
pub(super) struct SubscriptionResource {
    r#type: &'static str,
    id: String,
    attributes: SubscriptionAttributes,
}

#[derive(Debug, Serialize)]
struct SubscriptionAttributes {
    state: &'static str,
    bin: String,
    event: &'static str,
    created_at: String,
    updated_at: String,
}

pub(super) fn resource(card: &CardRecord, subscription: &Subscription) -> SubscriptionResource {
    SubscriptionResource {
        r#type: "card_update_subscriptions",
        // A card has one subscription at most, so it is called after the card.
        id: format!("CUS{}", card.id.base58()),
        attributes: SubscriptionAttributes {
            state: if subscription.enrolled {
                "enrolled"
            } else {
                "failed"
            },
            bin: card.pan.first(6),
            event: event(subscription.event),
            created_at: subscription.created.rfc3339(),
            updated_at: subscription.updated.rfc3339(),
        },
    }
}

/// VGS's words (account updater; the last two are those of its webhook events).
const fn event(event: UpdaterEvent) -> &'static str {
    match event {
        UpdaterEvent::Valid => "valid",
        UpdaterEvent::Updated => "updated",
        UpdaterEvent::Expired => "expired",
        UpdaterEvent::Closed => "closed",
        UpdaterEvent::NonParticipating => "non_participating",
        UpdaterEvent::ContactCardholder => "contact_cardholder_advice",
        UpdaterEvent::EnrolmentFailed => "enrollment_failed",
    }
}

pub(super) async fn subscribe(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, CmpError> {
    let access = enter(context, request, Scope::CardsWrite)?;
    let id = known(&request.id)?;
    cards::read(&context.call, access.owner, &id).await?;
    requests::no_parameters(request)?;
    let card = updater::subscribe(&context.call, &id).await?;
    let subscription = card.subscription().ok_or(Own::NotSubscribed)?;
    let document = object!({ "data": resource(&card, subscription) });
    Ok(json(StatusCode::OK, messages::json(&document)))
}

pub(super) async fn unsubscribe(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, CmpError> {
    let access = enter(context, request, Scope::CardsWrite)?;
    let left = updater::unsubscribe(&context.call, access.owner, &known(&request.id)?).await?;
    left.then_some(empty(StatusCode::NO_CONTENT))
        .ok_or(Own::NotSubscribed.into())
}

pub(super) async fn check(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, CmpError> {
    let access = enter(context, request, Scope::CardsRead)?;
    let id: CardId = known(&request.id)?;
    let card = cards::read(&context.call, access.owner, &id).await?.record;
    requests::no_parameters(request)?;
    let (found, face) = updater::check(&context.call, &card)?;
    let pci = access.scopes.contains(Scope::CardsReadPci);
    let document = object!({ "data": {
        "type": "card_updates",
        "id": card_id(&id),
        "attributes": {
            "event": event(found),
            "updated_values": updated_values(&card, face, pci),
        },
    } });
    Ok(json(StatusCode::OK, messages::json(&document)))
}

/// What differs, as numbers. The card number is told to those only who may see it.
fn updated_values(card: &CardRecord, face: Face, pci: bool) -> Vec<serde_json::Value> {
    let number = |digits: &str| digits.parse::<u64>().unwrap_or_default();
    let old = Face::of(card);
    let rows = [
        ("pan", number(&old.pan.expose()), number(&face.pan.expose())),
        (
            "exp_month",
            old.expiry.month().into(),
            face.expiry.month().into(),
        ),
        (
            "exp_year",
            old.expiry.year_two_digits().into(),
            face.expiry.year_two_digits().into(),
        ),
    ];
    rows.into_iter()
        .filter(|(name, old, new)| old != new && (pci || *name != "pan"))
        .map(|(name, old, new)| object!({ "field_name": name, "old_value": old, "new_value": new }))
        .collect()
}
