//! What the token service answers, route by route.

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::auth::enter;
use super::errors::TokenServiceError;
use super::messages;
use super::requests::{self, Named};
use crate::crypto::encoding::hex;
use crate::domain::cryptogram::Kind;
use crate::domain::id::Owner;
use crate::domain::lifecycle::{Actor, Command};
use crate::domain::rejection::Rejection;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::operations::token_service::seal_for_client;
use crate::operations::{cards, cryptograms, lifecycle, provisioning};
use crate::wire::RequestContext;
use crate::wire::request::Request;

/// Every route of the service. hyperswitch is told each as a whole URL.
pub fn router() -> Router {
    Router::new()
        .route("/hyperswitch/tokens/generate", post(generate))
        .route("/hyperswitch/tokens/fetch", post(fetch))
        .route("/hyperswitch/tokens/status", post(status))
        .route("/hyperswitch/tokens/delete", post(delete))
        .fallback(async || TokenServiceError::NoSuchPage)
        .method_not_allowed_fallback(async || TokenServiceError::Method)
}

async fn generate(mut request: Request) -> Response {
    let mut context = request.begin("generate token").await;
    let result = make(&mut context, &request).await;
    context.finish(result)
}

async fn make(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Response, TokenServiceError> {
    let owner = enter(context, request)?;
    let body = requests::document(request)?;
    let keys = request.space.config.keyring.token_service();
    let keys = keys.map_err(|_| TokenServiceError::NoKeys)?;
    let wanted = requests::generate(&body, &keys.own)?;
    let (done, _) = provisioning::provision_card(&mut context.call, owner, wanted.card).await?;
    let receipt = request.receipt(&context.call);
    let inner = messages::generated(
        &request.space,
        (&done.card, &done.token),
        (&wanted.customer, &hex(&receipt)),
        context.call.now,
    );
    let plain = inner.to_string();
    let sealed = seal_for_client(&request.space, &keys, &receipt, plain.as_bytes());
    let sealed = sealed.map_err(TokenServiceError::Sealed)?;
    Ok(answer(&json!({ "payload": sealed })))
}

async fn fetch(mut request: Request) -> Response {
    let mut context = request.begin("fetch token").await;
    let result = mint(&mut context, &request).await;
    context.finish(result)
}

async fn mint(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Response, TokenServiceError> {
    let (card, token) = find(context, request).await?;
    let want = cryptograms::Want {
        kind: Kind::Long,
        limit: None,
    };
    let minted = cryptograms::mint(&mut context.call, &token.reference, want).await?;
    let body = messages::fetched(&request.space, &card, &minted.token, &minted.value);
    Ok(answer(&body))
}

async fn status(mut request: Request) -> Response {
    let mut context = request.begin("token status").await;
    context.only_reads();
    let result = find(&mut context, &request).await;
    let now = context.call.now;
    let result = result.map(|(card, token)| answer(&messages::status_document(&card, &token, now)));
    context.finish(result)
}

async fn delete(mut request: Request) -> Response {
    let mut context = request.begin("delete token").await;
    let result = end(&mut context, &request).await;
    context.finish(result)
}

async fn end(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Response, TokenServiceError> {
    let (_, token) = find(context, request).await?;
    let command = Command::Delete(Actor::Requestor);
    lifecycle::change(&mut context.call, &token.reference, command).await?;
    Ok(answer(&json!({ "status": "SUCCESS" })))
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
    } = requests::named(&requests::document(request)?)?;
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

fn answer(body: &Value) -> Response {
    let kind = [(CONTENT_TYPE, "application/json")];
    (StatusCode::OK, kind, body.to_string()).into_response()
}
