//! Tokens: how they stand, what they pay with, and what the requestor does to them.

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
use crate::wire::edge::{Answer, Request, RequestContext, document};

pub(super) async fn status(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, VisaError> {
    let owner = enter(context, request)?;
    let Shown { token, card } = find(&context.call, owner, &request.id).await?;
    let body = messages::status(&context.call, card.as_ref(), &token);
    Ok(json(StatusCode::OK, &body))
}

pub(super) async fn payment_data(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, VisaError> {
    let owner = enter(context, request)?;
    let Shown { token, card } = find(&context.call, owner, &request.id).await?;
    let kind = document::of(request, requests::payment_data)?;
    let want = Want { kind, limit: None };
    let minted = cryptograms::mint(&mut context.call, &token.reference, want).await?;
    let body = messages::payment_data(&context.call, card.as_ref(), minted)?;
    Ok(json(StatusCode::OK, &body))
}

pub(super) async fn suspend(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, VisaError> {
    change(context, request, Command::Suspend(Actor::Requestor)).await
}

pub(super) async fn resume(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, VisaError> {
    change(context, request, Command::Resume(Actor::Requestor)).await
}

pub(super) async fn delete(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, VisaError> {
    change(context, request, Command::Delete(Actor::Requestor)).await
}

async fn change(
    context: &mut RequestContext,
    request: &Request,
    command: Command,
) -> Result<Answer, VisaError> {
    let owner = enter(context, request)?;
    let Shown { token, .. } = find(&context.call, owner, &request.id).await?;
    document::of(request, requests::update_reason)?;
    lifecycle::change(&mut context.call, &token.reference, command).await?;
    Ok(done())
}

/// A Visa token of the caller's.
pub(super) async fn find(call: &Call, owner: Owner, id: &str) -> Result<Shown, VisaError> {
    let reference = TokenReference::from_hex(id).ok_or(Rejection::TokenUnknown)?;
    Ok(tokens::read(call, owner, Network::Visa, &reference).await?)
}
