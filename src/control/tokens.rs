//! Tokens as the network and the issuer see them, and what these do to them.

use axum::extract::Path;
use axum::response::Response;
use bytes::Bytes;
use http::Uri;
use serde::Deserialize;
use serde_json::{Value, json as object};

use super::caller::{Caller, json, query};
use super::errors::ControlError;
use super::reading::body;
use crate::domain::card::{Expiry, Pan};
use crate::domain::id::TokenReference;
use crate::domain::lifecycle::{Actor, step};
use crate::domain::lifecycle_action::LifecycleAction;
use crate::domain::notice::Notice;
use crate::domain::rejection::Rejection;
use crate::domain::token::TokenRecord;
use crate::limits::PAGE_ROWS_MAX;
use crate::operations::lifecycle::{self, News};
use crate::operations::{Call, Space};

/// Something that the network or the issuer does to a token.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    event: LifecycleAction,
    /// The issuer when nobody is named.
    by: Option<Actor>,
    /// With `update_expiry` and `replace_pan`.
    expiry: Option<ExpiryBody>,
    /// With `replace_pan`.
    pan: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpiryBody {
    month: i64,
    year: i64,
}

pub(super) async fn list(Caller(call): Caller, uri: Uri) -> Result<Response, ControlError> {
    let after = match query(&uri, "after")? {
        None => None,
        Some(text) => Some(parse_reference(&text).ok_or_else(|| {
            ControlError::Member("after", "must be the reference of a token".to_owned())
        })?),
    };
    let page = call
        .space
        .store
        .scan::<TokenRecord>(after.as_ref(), PAGE_ROWS_MAX)
        .await?;
    let next = page
        .rows
        .last()
        .filter(|_| page.more)
        .map(|token| reference_text(&token.reference));
    let rows: Vec<_> = page
        .rows
        .iter()
        .map(|token| row(&call.space, token))
        .collect();
    Ok(json(&object!({ "tokens": rows, "next": next })))
}

pub(super) async fn read(
    Caller(call): Caller,
    Path(reference): Path<String>,
) -> Result<Response, ControlError> {
    Ok(json(&row(&call.space, &find(&call, &reference).await?)))
}

/// What each of the four could do to a token as it stands, and why not.
pub(super) async fn events(
    Caller(call): Caller,
    Path(reference): Path<String>,
) -> Result<Response, ControlError> {
    let token = find(&call, &reference).await?;
    let each = Actor::ALL.into_iter().flat_map(|by| {
        let of = LifecycleAction::ALL.into_iter();
        of.filter_map(move |event| Some((event, by, event.command(by)?)))
    });
    let each = each.map(|(event, by, command)| {
        let refused = step(token.status, command).err();
        object!({
            "event": event.word(),
            "by": by.word(),
            "allowed": refused.is_none(),
            "reason": refused.map(|why| why.to_string()),
        })
    });
    Ok(json(&object!({ "events": each.collect::<Vec<_>>() })))
}

pub(super) async fn event(
    Caller(mut call): Caller,
    Path(reference): Path<String>,
    bytes: Bytes,
) -> Result<Response, ControlError> {
    let token = find(&call, &reference).await?;
    let Event {
        event,
        by,
        expiry,
        pan,
    } = body(&bytes)?;
    let command = event.command(by.unwrap_or(Actor::Issuer)).ok_or_else(|| {
        let why = format!("{} happens to cards, not to tokens", event.word());
        ControlError::Member("event", why)
    })?;
    let (expiry, pan) = replacement(event, expiry, pan)?;
    let news = News {
        expiry,
        pan,
        closed: event == LifecycleAction::CloseAccount,
    };
    let changed = lifecycle::change_with(&mut call, &token.reference, command, news).await;
    let changed = changed.map_err(about_the_pan)?;
    Ok(json(&row(&call.space, &changed)))
}

/// What is to be printed on the card from now on.
pub(super) fn replacement(
    event: LifecycleAction,
    expiry: Option<ExpiryBody>,
    pan: Option<String>,
) -> Result<(Option<Expiry>, Option<Pan>), ControlError> {
    let goes_with = |member, takes: fn(LifecycleAction) -> bool| {
        let takers = LifecycleAction::ALL.into_iter().filter(|one| takes(*one));
        let takers: Vec<_> = takers.map(LifecycleAction::word).collect();
        ControlError::Member(member, format!("goes with {}", takers.join(" and ")))
    };
    if expiry.is_some() && !event.takes_expiry() {
        return Err(goes_with("expiry", LifecycleAction::takes_expiry));
    }
    if pan.is_some() && !event.takes_pan() {
        return Err(goes_with("pan", LifecycleAction::takes_pan));
    }
    let expiry = expiry.map(|e| Expiry::new(e.month, e.year)).transpose();
    let expiry = expiry.map_err(|e| ControlError::Member("expiry", e.to_string()))?;
    let pan = pan.map(|pan| Pan::parse(&pan)).transpose();
    let pan = pan.map_err(|e| ControlError::Member("pan", e.to_string()))?;
    Ok((expiry, pan))
}

/// A number that may not be held is a fault of the request; anything else is one of the token's state.
pub(super) fn about_the_pan(rejection: Rejection) -> ControlError {
    let of_the_number = matches!(
        rejection,
        Rejection::CardNumberInvalid | Rejection::NotATestCard | Rejection::NetworkNotSupported
    );
    if of_the_number {
        return ControlError::Member("pan", format!("cannot be used: {rejection}"));
    }
    ControlError::Rejected(rejection)
}

/// The latest notices of tokens and cards, whether or not a webhook took them.
pub(super) async fn notices(Caller(call): Caller) -> Result<Response, ControlError> {
    let (notices, evicted) = call.space.store.notices().await?;
    let row = |notice: &Notice| {
        object!({
            "event": notice.event,
            "token": notice.token().as_ref().map(reference_text),
            "card": notice.card_name(),
            "at": notice.at.rfc3339_micros(),
        })
    };
    let rows: Vec<_> = notices.iter().map(row).collect();
    Ok(json(&object!({ "notices": rows, "evicted": evicted })))
}

pub(super) async fn find(call: &Call, text: &str) -> Result<TokenRecord, ControlError> {
    let reference = parse_reference(text).ok_or(Rejection::TokenUnknown)?;
    let found = call.space.store.get::<TokenRecord>(&reference).await?;
    Ok(found.ok_or(Rejection::TokenUnknown)?.record)
}

/// A reference in any surface's form: `NTK…` of the gateway, or one that ends in 32 hexadecimal digits.
fn parse_reference(text: &str) -> Option<TokenReference> {
    if let Some(letters) = text.strip_prefix("NTK") {
        return TokenReference::from_base58(letters);
    }
    let tail = text.len().checked_sub(32)?;
    TokenReference::from_hex(&text.get(tail..)?.to_ascii_lowercase())
}

pub(super) fn reference_text(reference: &TokenReference) -> String {
    format!("NTK{}", reference.base58())
}

/// A token as the network keeps it; its number is masked.
fn row(space: &Space, token: &TokenRecord) -> Value {
    let account = space
        .config
        .accounts
        .get(token.owner)
        .map(|account| account.client_id.as_str());
    object!({
        "reference": reference_text(&token.reference),
        "reference_hex": token.reference.hex(),
        "account": account,
        "network": token.network,
        "number": token.number.map(|number| format!("{}******{}", number.first(6), number.last4())),
        "expiry": token.expiry.year_month(),
        "state": token.status.state,
        "suspended_by": token.status.holders.iter().collect::<Vec<_>>(),
        "failure": token.failure,
        "cryptograms": token.usage.next,
        "created_at": token.created.rfc3339_micros(),
        "updated_at": token.updated.rfc3339_micros(),
    })
}
