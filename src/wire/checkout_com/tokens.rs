//! Provisioning, reading, using and deleting a network token.

use http::StatusCode;

use super::auth::{Right, enter};
use super::errors::{CheckoutError, Own};
use super::ids::parse_token_id;
use super::messages::{base, json};
use super::{requests, token_messages, token_requests};
use crate::domain::cryptogram::CryptogramKind;
use crate::domain::id::Owner;
use crate::domain::lifecycle::{Actor, Command};
use crate::domain::merchant::Merchant;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::operations::cards::{self, NewCard};
use crate::operations::{cryptograms, lifecycle, provisioning};
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Answer, Request, RequestContext, document, empty, fingerprint};

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
    let account = enter(context, request, Right::NetworkTokens)?;
    let owner = requestor(request, account.merchant)?;
    let body = requests::document(request)?;
    let wanted = document::read(&body, token_requests::card)?;
    let new = NewCard {
        pan: wanted.pan,
        expiry: wanted.expiry,
        has_cvc: wanted.has_cvc,
        origin: ORIGIN.to_owned(),
        details: None,
    };
    let fingerprint = fingerprint::of_object(request.uri.path(), &body);
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            let (done, before) =
                provisioning::provision_card(&mut context.call, owner, new).await?;
            let status = if before {
                StatusCode::OK
            } else {
                StatusCode::CREATED
            };
            let base = base(request);
            let body = token_messages::token(&request.space, &base, &done.card, &done.token);
            Ok(json(status, &body))
        })
        .await
}

/// A token of the merchant's, with its card.
async fn find<'a>(
    context: &mut RequestContext,
    request: &'a Request,
) -> Result<(MerchantAccount<'a>, CardRecord, TokenRecord), CheckoutError> {
    let account = enter(context, request, Right::NetworkTokens)?;
    let owner = requestor(request, account.merchant)?;
    let reference = parse_token_id(&request.id).ok_or(Own::Unknown)?;
    let token = lifecycle::find(&context.call, &reference).await?;
    if token.owner != owner || token.failure.is_some() {
        return Err(Own::Unknown.into());
    }
    let card = cards::read(&context.call, owner, &token.card).await;
    Ok((account, card?.record, token))
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
    let (account, _, token) = find(context, request).await?;
    let body = requests::document(request)?;
    document::read(&body, token_requests::cryptogram)?;
    let want = cryptograms::Want {
        kind: CryptogramKind::Long,
        limit: None,
    };
    let fingerprint = fingerprint::of_object(request.uri.path(), &body);
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            let minted = cryptograms::mint(&mut context.call, &token.reference, want).await?;
            let body = token_messages::cryptogram(&minted.token, &minted.value);
            Ok(json(StatusCode::CREATED, &body))
        })
        .await
}

pub(super) async fn delete(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, CheckoutError> {
    let (account, _, token) = find(context, request).await?;
    let body = requests::document(request)?;
    document::read(&body, token_requests::deletion)?;
    let command = Command::Delete(Actor::Requestor);
    let fingerprint = fingerprint::of_object(request.uri.path(), &body);
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            lifecycle::change(&mut context.call, &token.reference, command).await?;
            Ok(empty(StatusCode::NO_CONTENT))
        })
        .await
}
