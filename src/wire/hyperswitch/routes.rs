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
use crate::wire::Visit;
use crate::wire::asked::Asked;

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

async fn generate(mut asked: Asked) -> Response {
    let mut visit = asked.visit("generate token").await;
    let result = make(&mut visit, &asked).await;
    visit.finish(result)
}

async fn make(visit: &mut Visit, asked: &Asked) -> Result<Response, TokenServiceError> {
    let owner = enter(visit, asked)?;
    let body = requests::document(asked)?;
    let keys = asked.desk.world.keyring.token_service();
    let keys = keys.map_err(|_| TokenServiceError::NoKeys)?;
    let wanted = requests::generate(&body, &keys.own)?;
    let (done, _) = provisioning::provision_card(&mut visit.call, owner, wanted.card).await?;
    let receipt = asked.receipt(&visit.call);
    let inner = messages::generated(
        &asked.desk,
        (&done.card, &done.token),
        (&wanted.customer, &hex(&receipt)),
        visit.call.now,
    );
    let plain = inner.to_string();
    let sealed = seal_for_client(&asked.desk, &keys, &receipt, plain.as_bytes());
    let sealed = sealed.map_err(TokenServiceError::Sealed)?;
    Ok(answer(&json!({ "payload": sealed })))
}

async fn fetch(mut asked: Asked) -> Response {
    let mut visit = asked.visit("fetch token").await;
    let result = mint(&mut visit, &asked).await;
    visit.finish(result)
}

async fn mint(visit: &mut Visit, asked: &Asked) -> Result<Response, TokenServiceError> {
    let (card, token) = find(visit, asked).await?;
    let want = cryptograms::Want {
        kind: Kind::Long,
        limit: None,
    };
    let minted = cryptograms::mint(&mut visit.call, &token.reference, want).await?;
    let body = messages::fetched(&asked.desk, &card, &minted.token, &minted.value);
    Ok(answer(&body))
}

async fn status(mut asked: Asked) -> Response {
    let mut visit = asked.visit("token status").await;
    visit.only_reads();
    let result = find(&mut visit, &asked).await;
    let now = visit.call.now;
    let result = result.map(|(card, token)| answer(&messages::standing(&card, &token, now)));
    visit.finish(result)
}

async fn delete(mut asked: Asked) -> Response {
    let mut visit = asked.visit("delete token").await;
    let result = end(&mut visit, &asked).await;
    visit.finish(result)
}

async fn end(visit: &mut Visit, asked: &Asked) -> Result<Response, TokenServiceError> {
    let (_, token) = find(visit, asked).await?;
    let command = Command::Delete(Actor::Requestor);
    lifecycle::change(&mut visit.call, &token.reference, command).await?;
    Ok(answer(&json!({ "status": "SUCCESS" })))
}

/// The token of the pair, if it is the customer's.
async fn find(
    visit: &mut Visit,
    asked: &Asked,
) -> Result<(CardRecord, TokenRecord), TokenServiceError> {
    let owner = enter(visit, asked)?;
    let Named {
        reference,
        customer,
    } = requests::named(&requests::document(asked)?)?;
    let reference = reference.ok_or(Rejection::TokenUnknown)?;
    let token = lifecycle::find(&visit.call, &reference).await?;
    let card = cards::read(&visit.call, owner, &token.card).await?.record;
    if !is_of(visit, owner, &card, &customer) {
        return Err(Rejection::TokenUnknown.into());
    }
    Ok((card, token))
}

/// A card's id says whose it is: it follows from the number that was vaulted first, and from the customer.
fn is_of(visit: &Visit, owner: Owner, card: &CardRecord, customer: &str) -> bool {
    let desk = &visit.call.desk;
    let first = card.more.as_ref().and_then(|more| more.first_pan);
    let pan = first.unwrap_or(card.pan);
    let account = desk.world.accounts.get(owner);
    account.is_some_and(|account| {
        cards::card_id(desk, account, &pan, &requests::origin(customer), 0) == card.id
    })
}

fn answer(body: &Value) -> Response {
    let kind = [(CONTENT_TYPE, "application/json")];
    (StatusCode::OK, kind, body.to_string()).into_response()
}
