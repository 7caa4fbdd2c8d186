//! Tokens: how they stand, which there are of an account, and what the requestor does to them.

use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::asked::{Host, answer, enter, json as plain};
use super::errors::MdesError;
use super::funding::{self, Funding};
use super::requests::{Change, GetToken, Must, Search, Wanted};
use super::tokenize::{is_own, known};
use super::{messages, product, requests, sealed};
use crate::domain::card::{Network, Pan};
use crate::domain::id::Owner;
use crate::domain::lifecycle::{Actor, Command, State, step};
use crate::domain::rejection::Rejection;
use crate::operations::tokens::{self, Shown};
use crate::operations::{Call, cards, digitization, lifecycle};
use crate::wire::Visit;
use crate::wire::asked::Asked;

/// A Mastercard token of the caller's.
pub(super) async fn find(call: &Call, owner: Owner, wanted: &Wanted) -> Result<Shown, MdesError> {
    let unknown = || MdesError::TokenUnknown(wanted.text.clone());
    let reference = wanted.reference.ok_or_else(unknown)?;
    let found = tokens::read(call, owner, Network::Mastercard, &reference).await;
    found.map_err(|_| unknown())
}

pub(super) async fn get(visit: &mut Visit, asked: &Asked) -> Result<Response, MdesError> {
    visit.only_reads();
    let owner = enter(visit, asked).await?;
    let GetToken { token, with_detail } = requests::document(asked, requests::get_token)?;
    let shown = find(&visit.call, owner, &token).await?;
    let desk = &visit.call.desk;
    let mut body = json!({ "token": messages::whole(desk, &shown) });
    let reference = &shown.token.reference;
    if with_detail && shown.token.standing.state != State::Deleted {
        let plain = messages::number_detail(desk, &shown);
        let sealed = sealed::about(&visit.call, reference, &plain).await?;
        body["tokenDetail"] = messages::detail(reference, sealed);
    }
    Ok(answer(asked, visit, Host::Unnamed, body))
}

pub(super) async fn search(visit: &mut Visit, asked: &Asked) -> Result<Response, MdesError> {
    visit.only_reads();
    let owner = enter(visit, asked).await?;
    let Search { requestor, funding } = requests::document(asked, requests::search)?;
    if let Some(requestor) = requestor {
        is_own(&visit.call.desk, owner, &requestor)?;
    }
    let pan = number(&visit.call, owner, &funding).await?;
    let found = digitization::tokens_of(&visit.call, owner, Network::Mastercard, &pan).await;
    let desk = &visit.call.desk;
    let tokens: Vec<Value> = found
        .iter()
        .map(|shown| messages::found(desk, shown))
        .collect();
    Ok(answer(
        asked,
        visit,
        Host::Named,
        json!({ "tokens": tokens }),
    ))
}

/// The first number of the account: by it everything is found that the account ever had.
async fn number(call: &Call, owner: Owner, funding: &Funding) -> Result<Pan, MdesError> {
    if let Funding::Sealed(sealed) = funding {
        return Ok(funding::open(&call.desk.world, sealed, Must::MayBe)?.pan);
    }
    let id = known(call, owner, funding).await?;
    let card = cards::read(call, owner, &id).await;
    let card = card.map_err(|_| MdesError::PanReferenceUnknown)?.record;
    let first = card.more.as_ref().and_then(|more| more.first_pan);
    Ok(first.unwrap_or(card.pan))
}

pub(super) async fn suspend(visit: &mut Visit, asked: &Asked) -> Result<Response, MdesError> {
    change(visit, asked, Command::Suspend).await
}

pub(super) async fn unsuspend(visit: &mut Visit, asked: &Asked) -> Result<Response, MdesError> {
    change(visit, asked, Command::Resume).await
}

pub(super) async fn delete(visit: &mut Visit, asked: &Asked) -> Result<Response, MdesError> {
    change(visit, asked, Command::Delete).await
}

/// Every token of a list is looked at before the first is touched, so that a list is changed whole or not at all unless
/// somebody else changes one in between.
async fn change(
    visit: &mut Visit,
    asked: &Asked,
    command: impl Fn(Actor) -> Command,
) -> Result<Response, MdesError> {
    let owner = enter(visit, asked).await?;
    let Change { tokens, caused_by } = requests::document(asked, requests::change)?;
    let command = command(caused_by);
    let mut known = Vec::with_capacity(tokens.len());
    for wanted in &tokens {
        let token = find(&visit.call, owner, wanted).await?.token;
        let allowed = step(token.standing, command);
        allowed.map_err(|why| MdesError::Token(wanted.text.clone(), why))?;
        if known.contains(&token.reference) {
            return Err(MdesError::Token(
                wanted.text.clone(),
                Rejection::StateForbids,
            ));
        }
        known.push(token.reference);
    }
    let mut changed = Vec::with_capacity(known.len());
    for (reference, wanted) in known.iter().zip(&tokens) {
        let token = lifecycle::change(&mut visit.call, reference, command).await;
        let token = token.map_err(|why| MdesError::Token(wanted.text.clone(), why))?;
        changed.push(messages::standing(&token));
    }
    Ok(answer(
        asked,
        visit,
        Host::Named,
        json!({ "tokens": changed }),
    ))
}

pub(super) async fn asset(visit: &mut Visit, asked: &Asked) -> Result<Response, MdesError> {
    enter(visit, asked).await?;
    let found = product::asset(&asked.id).ok_or(MdesError::AssetUnknown)?;
    Ok(plain(StatusCode::OK, &found))
}
