//! Who is told of what happens to tokens, and how the post stands.

use std::collections::BTreeSet;

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json as object};

use super::errors::ControlError;
use super::{Visitor, body, json};
use crate::domain::notice::Event;
use crate::domain::webhook::{Endpoint, EndpointId, Letter, LetterKey, Profile};
use crate::operations::Desk;
use crate::operations::webhooks::{NewEndpoint, register};

const NO_SUCH_WEBHOOK: ControlError = ControlError::NoSuch(
    "webhook_unknown",
    "no such webhook endpoint; GET /_standin/webhooks lists them",
);
const NO_SUCH_LETTER: ControlError = ControlError::NoSuch(
    "letter_unknown",
    "no such letter is kept; GET /_standin/letters lists them",
);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    url: Option<String>,
    #[serde(default)]
    profile: Profile,
    secret: Option<String>,
    events: Option<BTreeSet<Event>>,
    account: Option<String>,
}

/// Registers an endpoint. This answer is the only one that shows its secret.
pub(super) async fn create(Visitor(call): Visitor, bytes: Bytes) -> Result<Response, ControlError> {
    let asked: Asked = body(&bytes)?;
    let url = asked
        .url
        .ok_or_else(|| ControlError::Member("url", "is required".to_owned()))?;
    let new = NewEndpoint {
        url,
        profile: asked.profile,
        secret: asked.secret,
        events: asked.events,
        account: asked.account,
    };
    let endpoint = register(&call.desk, new).map_err(|refusal| {
        let member = refusal.member();
        let text = refusal.to_string();
        let why = text.strip_prefix(member).unwrap_or(&text);
        ControlError::Member(member, why.trim_start_matches([':', ' ']).to_owned())
    })?;
    let mut shown = shown(&call.desk, &endpoint);
    shown["secret"] = object!(endpoint.secret);
    Ok((StatusCode::CREATED, json(&shown)).into_response())
}

pub(super) async fn list(Visitor(call): Visitor) -> Response {
    let endpoints = call.desk.store.outbox().endpoints();
    let rows: Vec<_> = endpoints.iter().map(|e| shown(&call.desk, e)).collect();
    json(&object!({ "webhooks": rows }))
}

pub(super) async fn remove(
    Visitor(call): Visitor,
    Path(id): Path<String>,
) -> Result<StatusCode, ControlError> {
    let gone = EndpointId::parse(&id).is_some_and(|id| call.desk.store.outbox().remove(id));
    gone.then_some(StatusCode::NO_CONTENT)
        .ok_or(NO_SUCH_WEBHOOK)
}

/// What waits, what was delivered lately, and what will never be.
pub(super) async fn letters(Visitor(call): Visitor) -> Response {
    let standing = call.desk.store.outbox().standing();
    let rows = |letters: &[Letter]| letters.iter().map(letter).collect::<Vec<_>>();
    json(&object!({
        "waiting": rows(&standing.waiting),
        "delivered": rows(&standing.delivered),
        "dead": rows(&standing.dead),
        "refused": standing.refused,
    }))
}

/// Sends a letter that was delivered or is dead once more, under its old name.
pub(super) async fn replay(
    Visitor(call): Visitor,
    Path(name): Path<String>,
) -> Result<StatusCode, ControlError> {
    let outbox = call.desk.store.outbox();
    let sent = LetterKey::parse(&name).is_some_and(|key| outbox.replay(&key, call.now));
    sent.then_some(StatusCode::ACCEPTED).ok_or(NO_SUCH_LETTER)
}

fn shown(desk: &Desk, endpoint: &Endpoint) -> Value {
    let account = endpoint
        .owner
        .and_then(|owner| desk.world.accounts.get(owner));
    object!({
        "id": endpoint.id.text(),
        "url": endpoint.url,
        "profile": endpoint.profile,
        "events": endpoint.events,
        "account": account.map(|account| &account.client_id),
        "disabled": endpoint.disabled,
    })
}

fn letter(letter: &Letter) -> Value {
    object!({
        "id": letter.key.text(),
        "endpoint": letter.key.endpoint.text(),
        "event": letter.notice.event,
        "token": letter.notice.token.map(|token| format!("NTK{}", token.base58())),
        "card": format!("CRD{}", letter.notice.card.base58()),
        "at": letter.notice.at.rfc3339_micros(),
        "due": letter.due.rfc3339_micros(),
        "tries": letter.tries,
        "last": letter.last.as_ref().map(ToString::to_string),
    })
}
