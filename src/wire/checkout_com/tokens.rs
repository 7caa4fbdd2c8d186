//! Provisioning, reading, using and deleting a network token.

use http::StatusCode;

use super::auth::{Right, enter};
use super::errors::{CheckoutError, Own};
use super::idempotency::begin;
use super::ids::parse_token_id;
use super::routes::{base, json};
use super::{requests, token_messages, token_requests};
use crate::domain::cryptogram::Kind;
use crate::domain::id::Owner;
use crate::domain::lifecycle::{Actor, Command};
use crate::domain::merchant::Merchant;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::operations::cards::{self, NewCard};
use crate::operations::{cryptograms, lifecycle, provisioning};
use crate::wire::edge::idempotency::{Claimed, end};
use crate::wire::edge::{Answer, Request, RequestContext, document, empty};

/// Part of what the id of a card is derived from.
const ORIGIN: &str = "checkout_com";

/// The gateway account on whose behalf tokens are requested for the merchant.
fn requestor(request: &Request, merchant: &Merchant) -> Result<Owner, CheckoutError> {
    let accounts = &request.space.config.accounts;
    let (owner, _) = accounts.find(&merchant.requestor).ok_or(Own::Forbidden)?;
    Ok(owner)
}

/// A token for a card; the one that the card has, if it has one.
pub(super) async fn provision(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, CheckoutError> {
    let merchant = enter(context, request, Right::NetworkTokens)?;
    let owner = requestor(request, merchant)?;
    let body = requests::document(request)?;
    let wanted = document::read(&body, token_requests::card)?;
    let new = NewCard {
        pan: wanted.pan,
        expiry: wanted.expiry,
        has_cvc: wanted.has_cvc,
        origin: ORIGIN.to_owned(),
        details: None,
    };
    let in_flight = match begin(context, request, merchant, &body).await? {
        Claimed::Replayed(answer) => return Ok(answer),
        Claimed::InFlight(in_flight) => in_flight,
    };
    let done = provisioning::provision_card(&mut context.call, owner, new)
        .await
        .map_err(CheckoutError::from);
    let result = done.map(|(done, before)| {
        let status = if before {
            StatusCode::OK
        } else {
            StatusCode::CREATED
        };
        let body = token_messages::token(&request.space, &base(request), &done.card, &done.token);
        json(status, &body)
    });
    Ok(end(context, request, in_flight, result).await)
}

/// A token of the merchant's, with its card.
async fn find<'a>(
    context: &mut RequestContext,
    request: &'a Request,
) -> Result<(&'a Merchant, CardRecord, TokenRecord), CheckoutError> {
    let merchant = enter(context, request, Right::NetworkTokens)?;
    let owner = requestor(request, merchant)?;
    let reference = parse_token_id(&request.id).ok_or(Own::Unknown)?;
    let token = lifecycle::find(&context.call, &reference).await?;
    if token.owner != owner || token.failure.is_some() {
        return Err(Own::Unknown.into());
    }
    let card = cards::read(&context.call, owner, &token.card).await;
    Ok((merchant, card?.record, token))
}

pub(super) async fn read(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, CheckoutError> {
    let (_, card, token) = find(context, request).await?;
    let body = token_messages::token(&request.space, &base(request), &card, &token);
    Ok(json(StatusCode::OK, &body))
}

pub(super) async fn cryptogram(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, CheckoutError> {
    let (merchant, _, token) = find(context, request).await?;
    let body = requests::document(request)?;
    document::read(&body, token_requests::cryptogram)?;
    let in_flight = match begin(context, request, merchant, &body).await? {
        Claimed::Replayed(answer) => return Ok(answer),
        Claimed::InFlight(in_flight) => in_flight,
    };
    let want = cryptograms::Want {
        kind: Kind::Long,
        limit: None,
    };
    let minted = cryptograms::mint(&mut context.call, &token.reference, want)
        .await
        .map_err(CheckoutError::from);
    let result = minted.map(|minted| {
        let body = token_messages::cryptogram(&minted.token, &minted.value);
        json(StatusCode::CREATED, &body)
    });
    Ok(end(context, request, in_flight, result).await)
}

pub(super) async fn delete(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, CheckoutError> {
    let (merchant, _, token) = find(context, request).await?;
    let body = requests::document(request)?;
    document::read(&body, token_requests::deletion)?;
    let in_flight = match begin(context, request, merchant, &body).await? {
        Claimed::Replayed(answer) => return Ok(answer),
        Claimed::InFlight(in_flight) => in_flight,
    };
    let command = Command::Delete(Actor::Requestor);
    let deleted = lifecycle::change(&mut context.call, &token.reference, command)
        .await
        .map_err(CheckoutError::from);
    let result = deleted.map(|_| empty(StatusCode::NO_CONTENT));
    Ok(end(context, request, in_flight, result).await)
}
