//! Who is told of what happens to tokens and payments, and what became of each message.

use std::collections::BTreeSet;

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::LOCATION;
use http::{StatusCode, Uri};
use serde::Deserialize;
use serde_json::{Value, json as object};

use super::caller::{Caller, RoomMaker, json};
use super::errors::ControlError;
use super::journal::beside;
use super::reading::body;
use crate::domain::deviation::Deviation;
use crate::domain::notice::{Event, Notice, Subject};
use crate::domain::webhook::{
    Endpoint, EndpointId, Handling, Message, MessageKey, Profile, Replay, Signature,
};
use crate::limits::MESSAGES_WAITING_MAX;
use crate::masking;
use crate::operations::Space;
use crate::operations::derived_ids::message_id;
use crate::operations::endpoints::NewEndpoint;
use crate::operations::webhooks::{RegisterError, register};

const NO_SUCH_WEBHOOK: ControlError = ControlError::NoSuch(
    "webhook_unknown",
    "no such webhook endpoint; GET /_standin/webhooks lists them",
);
const NO_SUCH_MESSAGE: ControlError = ControlError::NoSuch(
    "message_unknown",
    "no such message is kept; GET /_standin/webhooks/messages lists them",
);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WantedEndpoint {
    url: Option<String>,
    #[serde(default)]
    profile: Profile,
    secret: Option<String>,
    events: Option<BTreeSet<Event>>,
    account: Option<String>,
}

/// Registers an endpoint. This answer is the only one that shows its secret.
pub(super) async fn create(Caller(call): Caller, bytes: Bytes) -> Result<Response, ControlError> {
    let asked: WantedEndpoint = body(&bytes)?;
    let url = asked
        .url
        .ok_or_else(|| ControlError::Member("url", "is required".to_owned()))?;
    let new = NewEndpoint {
        url,
        profile: asked.profile,
        secret: asked.secret,
        events: asked.events,
        account: asked.account,
        at_service: None,
    };
    let registered = register(&call.space, new).await;
    let endpoint = registered.map_err(|error| {
        let refusal = match error {
            RegisterError::Refused(refusal) => refusal,
            RegisterError::Rejected(rejection) => return rejection.into(),
        };
        ControlError::Member(refusal.member(), refusal.why())
    })?;
    let mut shown = shown(&call.space, &endpoint);
    // Whoever asks for it knows both.
    shown["url"] = object!(endpoint.url);
    shown["secret"] = object!(endpoint.secret);
    Ok((StatusCode::CREATED, json(&shown)).into_response())
}

pub(super) async fn list(RoomMaker(call): RoomMaker) -> Result<Response, ControlError> {
    let endpoints = call.space.store.endpoints().await?;
    let rows: Vec<_> = endpoints.iter().map(|e| shown(&call.space, e)).collect();
    Ok(json(&object!({ "webhooks": rows })))
}

pub(super) async fn remove(
    RoomMaker(call): RoomMaker,
    Path(id): Path<String>,
) -> Result<StatusCode, ControlError> {
    let gone = match EndpointId::parse(&id) {
        Some(_) if call.deviates(Deviation::ToldForEver) => true,
        Some(id) => call.space.store.remove_endpoint(id).await?,
        None => false,
    };
    gone.then_some(StatusCode::NO_CONTENT)
        .ok_or(NO_SUCH_WEBHOOK)
}

/// What waits, what was delivered lately, and what will never be.
pub(super) async fn messages(RoomMaker(call): RoomMaker) -> Result<Response, ControlError> {
    let status = call.space.store.messages().await?;
    let rows = |messages: &[Message]| messages.iter().map(message).collect::<Vec<_>>();
    Ok(json(&object!({
        "waiting": rows(&status.waiting),
        "delivered": rows(&status.delivered),
        "dead": rows(&status.dead),
        "refused": status.refused,
    })))
}

/// Every attempt to deliver a message that the journal still has, oldest first.
pub(super) async fn attempts(
    RoomMaker(call): RoomMaker,
    Path(name): Path<String>,
) -> Result<Response, ControlError> {
    let key = MessageKey::parse(&name).ok_or(NO_SUCH_MESSAGE)?;
    let id = message_id(&call.space, &key);
    let excerpt = call.space.journal.excerpt(0);
    beside(move || {
        let made = excerpt.entries.iter();
        let made = made.filter(|(_, entry)| entry.delivers(&id));
        let made = made.map(|(number, entry)| entry.shown(*number));
        json(&object!({
            "message": id,
            "attempts": made.collect::<Vec<_>>(),
            "evicted": excerpt.first,
        }))
    })
    .await
}

/// Answers at the old paths of messages for one release, with the new one. It is relative, so that the space stays chosen.
pub(super) fn moved(uri: &Uri) -> Option<Response> {
    let place = match uri.path().strip_prefix("/_standin/letters")? {
        "" => "webhooks/messages".to_owned(),
        rest => format!("../../webhooks/messages{rest}"),
    };
    let why = "messages are at /_standin/webhooks/messages";
    let mut response = json(&object!({ "error": { "code": "moved", "message": why } }));
    *response.status_mut() = StatusCode::MOVED_PERMANENTLY;
    response.headers_mut().insert(LOCATION, place.parse().ok()?);
    Some(response)
}

/// How somebody wants a message sent once more.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Again {
    signature: Option<Signature>,
}

/// Sends a message that was delivered or is dead once more, under its old name. Asking again before it is sent changes nothing.
/// With a signature, genuine or not, no fault rule is asked about the next attempt.
pub(super) async fn replay(
    Caller(call): Caller,
    Path(name): Path<String>,
    bytes: Bytes,
) -> Result<StatusCode, ControlError> {
    let Again { signature } = body(&bytes)?;
    let key = MessageKey::parse(&name).ok_or(NO_SUCH_MESSAGE)?;
    let handling = signature.map(|signature| {
        Box::new(Handling {
            signature,
            ..Handling::default()
        })
    });
    match call.space.store.replay(&key, call.now, handling).await? {
        Replay::Waits => Ok(StatusCode::ACCEPTED),
        Replay::NotKept => Err(NO_SUCH_MESSAGE),
        Replay::Disabled => Err(ControlError::Conflict(
            "webhook_disabled",
            "nothing is sent to the message's endpoint any more; GET /_standin/webhooks says why",
        )),
        Replay::Full => {
            let why = format!("{MESSAGES_WAITING_MAX} messages wait already");
            Err(ControlError::Full("messages_full", why))
        }
    }
}

fn shown(space: &Space, endpoint: &Endpoint) -> Value {
    let account = endpoint
        .owner
        .and_then(|owner| space.config.accounts.get(owner));
    object!({
        "id": endpoint.id.text(),
        "url": masking::target(&endpoint.url),
        "profile": endpoint.profile,
        "events": endpoint.events,
        "account": account.map(|account| &account.client_id),
        "disabled": endpoint.disabled,
    })
}

/// The payment that is told of, if one is: `PAY` and 22 letters.
fn payment(notice: &Notice) -> Option<String> {
    matches!(notice.subject, Subject::Payment(_)).then(|| notice.subject.text())
}

fn message(message: &Message) -> Value {
    object!({
        "id": message.key.text(),
        "endpoint": message.key.endpoint.text(),
        "event": message.notice.event,
        "token": message.notice.token().map(|token| format!("NTK{}", token.base58())),
        "card": message.notice.card_name(),
        "payment": payment(&message.notice),
        "at": message.notice.at.rfc3339_micros(),
        "due": message.due.rfc3339_micros(),
        "tries": message.tries,
        "last": message.last.as_ref().map(ToString::to_string),
    })
}
