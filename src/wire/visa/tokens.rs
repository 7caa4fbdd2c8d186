//! Tokens: how they stand, what they pay with, and what the requestor does to them.

use axum::response::Response;
use http::StatusCode;

use super::answers::{done, json};
use super::auth::enter;
use super::errors::VisaError;
use super::{messages, requests};
use crate::domain::card::Network;
use crate::domain::id::{Owner, TokenReference};
use crate::domain::lifecycle::{Actor, Command};
use crate::domain::rejection::Rejection;
use crate::operations::cryptograms::{self, Want};
use crate::operations::tokens::{self, Shown};
use crate::operations::{Call, lifecycle};
use crate::wire::Visit;
use crate::wire::asked::Asked;

pub(super) async fn status(visit: &mut Visit, asked: &Asked) -> Result<Response, VisaError> {
    let owner = enter(visit, asked)?;
    let Shown { token, card } = find(&visit.call, owner, &asked.id).await?;
    let body = messages::status(&visit.call, card.as_ref(), &token);
    Ok(json(StatusCode::OK, &body))
}

pub(super) async fn payment_data(visit: &mut Visit, asked: &Asked) -> Result<Response, VisaError> {
    let owner = enter(visit, asked)?;
    let Shown { token, card } = find(&visit.call, owner, &asked.id).await?;
    let kind = requests::document(asked, |members, _| requests::payment_data(members))?;
    let want = Want { kind, limit: None };
    let minted = cryptograms::mint(&mut visit.call, &token.reference, want).await?;
    let body = messages::payment_data(&visit.call, card.as_ref(), minted)?;
    Ok(json(StatusCode::OK, &body))
}

pub(super) async fn suspend(visit: &mut Visit, asked: &Asked) -> Result<Response, VisaError> {
    change(visit, asked, Command::Suspend(Actor::Requestor)).await
}

pub(super) async fn resume(visit: &mut Visit, asked: &Asked) -> Result<Response, VisaError> {
    change(visit, asked, Command::Resume(Actor::Requestor)).await
}

pub(super) async fn delete(visit: &mut Visit, asked: &Asked) -> Result<Response, VisaError> {
    change(visit, asked, Command::Delete(Actor::Requestor)).await
}

async fn change(visit: &mut Visit, asked: &Asked, command: Command) -> Result<Response, VisaError> {
    let owner = enter(visit, asked)?;
    let Shown { token, .. } = find(&visit.call, owner, &asked.id).await?;
    requests::document(asked, |members, _| requests::update_reason(members))?;
    lifecycle::change(&mut visit.call, &token.reference, command).await?;
    Ok(done())
}

/// A Visa token of the caller's.
pub(super) async fn find(call: &Call, owner: Owner, id: &str) -> Result<Shown, VisaError> {
    let reference = TokenReference::from_hex(id).ok_or(Rejection::TokenUnknown)?;
    Ok(tokens::read(call, owner, Network::Visa, &reference).await?)
}
