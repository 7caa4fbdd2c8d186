//! Tokens: how they stand, which there are of an account, and what the requestor does to them.

use http::StatusCode;
use serde_json::{Value, json};

use super::errors::{MdesError, Own};
use super::funding::{self, Funding};
use super::request::{Host, answer, enter};
use super::requests::{Change, GetToken, Must, Search, Wanted};
use super::tokenize::{is_own, known};
use super::{messages, product, requests, sealed};
use crate::domain::card::{Network, Pan};
use crate::domain::id::Owner;
use crate::domain::lifecycle::{Actor, Command, State, step};
use crate::domain::rejection::Rejection;
use crate::operations::tokens::{self, Shown};
use crate::operations::{Call, cards, digitization, lifecycle};
use crate::wire::edge::{Answer, Request, RequestContext, document, json};

/// A Mastercard token of the caller's.
pub(super) async fn find(call: &Call, owner: Owner, wanted: &Wanted) -> Result<Shown, MdesError> {
    let unknown = || Own::TokenUnknown(wanted.text.clone());
    let reference = wanted.reference.ok_or_else(unknown)?;
    let found = tokens::read(call, owner, Network::Mastercard, &reference).await;
    found.map_err(|why| MdesError::missing(why, unknown()))
}

pub(super) async fn get(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, MdesError> {
    let owner = enter(context, request).await?;
    let GetToken { token, with_detail } = document::of(request, requests::get_token)?;
    let shown = find(&context.call, owner, &token).await?;
    let space = &context.call.space;
    let mut body = json!({ "token": messages::whole(space, &shown) });
    let reference = &shown.token.reference;
    if with_detail && shown.token.status.state != State::Deleted {
        let plain = messages::number_detail(space, &shown);
        let sealed = sealed::about(&context.call, reference, &plain).await?;
        body["tokenDetail"] = messages::detail(reference, sealed);
    }
    Ok(answer(request, context, Host::Unnamed, body))
}

pub(super) async fn search(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, MdesError> {
    let owner = enter(context, request).await?;
    let Search { requestor, funding } = document::of(request, requests::search)?;
    if let Some(requestor) = requestor {
        is_own(&context.call.space, owner, &requestor)?;
    }
    let pan = number(&context.call, owner, &funding).await?;
    let found = digitization::tokens_of(&context.call, owner, Network::Mastercard, &pan).await?;
    let space = &context.call.space;
    let tokens: Vec<Value> = found
        .iter()
        .map(|shown| messages::found(space, shown))
        .collect();
    Ok(answer(
        request,
        context,
        Host::Named,
        json!({ "tokens": tokens }),
    ))
}

/// The first number of the account: by it everything is found that the account ever had.
async fn number(call: &Call, owner: Owner, funding: &Funding) -> Result<Pan, MdesError> {
    if let Funding::Sealed(sealed) = funding {
        return Ok(funding::open(&call.space.config, sealed, Must::MayBe)?.pan);
    }
    let id = known(call, owner, funding).await?;
    let card = cards::read(call, owner, &id).await;
    let card = card
        .map_err(|why| MdesError::missing(why, Own::PanReferenceUnknown))?
        .record;
    let first = card.more.as_ref().and_then(|more| more.first_pan);
    Ok(first.unwrap_or(card.pan))
}

pub(super) async fn suspend(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, MdesError> {
    change(context, request, Command::Suspend).await
}

pub(super) async fn unsuspend(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, MdesError> {
    change(context, request, Command::Resume).await
}

pub(super) async fn delete(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, MdesError> {
    change(context, request, Command::Delete).await
}

/// Every token of a list is looked at before the first is touched, so that a list is changed whole or not at all unless
/// somebody else changes one in between.
async fn change(
    context: &mut RequestContext,
    request: &Request,
    command: impl Fn(Actor) -> Command,
) -> Result<Answer, MdesError> {
    let owner = enter(context, request).await?;
    let Change { tokens, caused_by } = document::of(request, requests::change)?;
    let command = command(caused_by);
    let mut known = Vec::with_capacity(tokens.len());
    for wanted in &tokens {
        let token = find(&context.call, owner, wanted).await?.token;
        let allowed = step(token.status, command);
        allowed.map_err(|why| Own::Token(wanted.text.clone(), why))?;
        if known.contains(&token.reference) {
            return Err(Own::Token(wanted.text.clone(), Rejection::StateForbids).into());
        }
        known.push(token.reference);
    }
    let mut changed = Vec::with_capacity(known.len());
    for (reference, wanted) in known.iter().zip(&tokens) {
        let token = lifecycle::change(&mut context.call, reference, command).await;
        let token = token.map_err(|why| Own::Token(wanted.text.clone(), why))?;
        changed.push(messages::with_status(&token));
    }
    Ok(answer(
        request,
        context,
        Host::Named,
        json!({ "tokens": changed }),
    ))
}

pub(super) async fn asset(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, MdesError> {
    enter(context, request).await?;
    let found = product::asset(&request.id).ok_or(Own::AssetUnknown)?;
    Ok(json(StatusCode::OK, found.to_string()))
}
