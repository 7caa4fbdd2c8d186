//! What the token service answers, route by route.

use http::StatusCode;
use serde_json::{Value, json as object_of};

use super::auth::enter;
use super::errors::{Own, TokenServiceError};
use super::messages::{self, Generated};
use super::requests::{self, Named};
use crate::crypto::encoding::hex;
use crate::domain::cryptogram::CryptogramKind;
use crate::domain::id::Owner;
use crate::domain::lifecycle::{Actor, Command};
use crate::domain::rejection::Rejection;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::operations::token_service::seal_for_client;
use crate::operations::{cards, cryptograms, lifecycle, provisioning};
use crate::wire::edge::document::object;
use crate::wire::edge::{Answer, Request, RequestContext, Route, json, routes};

/// Every route of the service. hyperswitch is told each as a whole URL.
pub(super) const ROUTES: &[Route] = routes![
    POST "/hyperswitch/tokens/generate" Provision => generate,
    POST "/hyperswitch/tokens/fetch" IssueCryptogram => fetch,
    POST "/hyperswitch/tokens/status" ReadToken => status,
    POST "/hyperswitch/tokens/delete" DeleteToken => delete,
];

async fn generate(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, TokenServiceError> {
    let owner = enter(context, request)?;
    let body = object(request)?;
    let keys = request.space.config.keyring.token_service();
    let keys = keys.map_err(|_| Own::NoKeys)?;
    let wanted = requests::generate(&body, &keys.own)?;
    let (done, _) = provisioning::provision_card(&mut context.call, owner, wanted.card).await?;
    let receipt = request.receipt(&context.call);
    let generated = Generated {
        card: &done.card,
        token: &done.token,
        customer: &wanted.customer,
        receipt: &hex(&receipt),
        now: context.call.now,
    };
    let plain = messages::generated(&request.space, &generated).to_string();
    let sealed = seal_for_client(&request.space, &keys, &receipt, plain.as_bytes());
    let sealed = sealed.map_err(Own::Sealed)?;
    Ok(answer(&object_of!({ "payload": sealed })))
}

async fn fetch(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, TokenServiceError> {
    let (card, token) = find(context, request).await?;
    let want = cryptograms::Want {
        kind: CryptogramKind::Long,
        limit: None,
    };
    let minted = cryptograms::mint(&mut context.call, &token.reference, want).await?;
    let body = messages::fetched(&request.space, &card, &minted.token, &minted.value);
    Ok(answer(&body))
}

async fn status(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, TokenServiceError> {
    let (card, token) = find(context, request).await?;
    let body = messages::status_document(&card, &token, context.call.now);
    Ok(answer(&body))
}

async fn delete(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, TokenServiceError> {
    let (_, token) = find(context, request).await?;
    let command = Command::Delete(Actor::Requestor);
    lifecycle::change(&mut context.call, &token.reference, command).await?;
    Ok(answer(&object_of!({ "status": "SUCCESS" })))
}

/// The token of the pair, if it is the customer's.
async fn find(
    context: &mut RequestContext,
    request: &Request,
) -> Result<(CardRecord, TokenRecord), TokenServiceError> {
    let owner = enter(context, request)?;
    let Named {
        reference,
        customer,
    } = requests::named(&object(request)?)?;
    let reference = reference.ok_or(Rejection::TokenUnknown)?;
    let token = lifecycle::find(&context.call, &reference).await?;
    let card = cards::read(&context.call, owner, &token.card).await?.record;
    if !is_of(context, owner, &card, &customer) {
        return Err(Rejection::TokenUnknown.into());
    }
    Ok((card, token))
}

/// A card's id says whose it is: it follows from the number that was vaulted first, and from the customer.
fn is_of(context: &RequestContext, owner: Owner, card: &CardRecord, customer: &str) -> bool {
    let space = &context.call.space;
    let first = card.more.as_ref().and_then(|more| more.first_pan);
    let pan = first.unwrap_or(card.pan);
    let account = space.config.accounts.get(owner);
    account.is_some_and(|account| {
        cards::card_id(space, account, &pan, &requests::origin(customer), 0) == card.id
    })
}

fn answer(body: &Value) -> Answer {
    json(StatusCode::OK, body.to_string())
}
