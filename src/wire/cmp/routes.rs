//! What CMP answers, route by route.

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderValue, StatusCode};

use super::auth::enter;
use super::errors::{CmpError, MEDIA_TYPE};
use super::messages::{
    View, card_document, card_id, cryptogram_document, parse_card_id, token_document,
};
use super::requests::{self, CardNumber, CardPatch, CardRequest};
use super::updates;
use crate::domain::account::Scope;
use crate::domain::card::Expiry;
use crate::domain::cryptogram::Kind;
use crate::domain::id::CardId;
use crate::domain::lifecycle::{Actor, Command};
use crate::domain::rejection::Rejection;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::operations::access::Access;
use crate::operations::account_names::{self, AccountNames};
use crate::operations::cards::{self, Created, NewCard};
use crate::operations::settings::UnusableToken;
use crate::operations::{aliases, cryptograms, lifecycle, provisioning};
use crate::wire::Visit;
use crate::wire::asked::Asked;

/// Every route of CMP.
pub fn router() -> Router {
    Router::new()
        .route("/cards", post(create))
        .route("/cards/{card_id}", get(read).patch(change).delete(remove))
        .route(
            "/cards/{card_id}/network-tokens",
            post(provision).delete(delete_token),
        )
        .route("/cards/{card_id}/cryptogram", post(cryptogram))
        .route(
            "/cards/{card_id}/card-update-subscriptions",
            post(updates::subscribe).delete(updates::unsubscribe),
        )
        .route("/cards/{card_id}/check", post(updates::check))
        .fallback(async || CmpError::NoSuchPage)
        .method_not_allowed_fallback(async || CmpError::Method)
}

impl From<Rejection> for CmpError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

async fn create(mut asked: Asked) -> Response {
    let mut visit = asked.visit("create card").await;
    let result = create_card(&mut visit, &asked).await;
    visit.finish(result)
}

async fn create_card(visit: &mut Visit, asked: &Asked) -> Result<Response, CmpError> {
    let access = enter(visit, asked, Scope::CardsWrite)?;
    let CardRequest {
        number,
        expiry,
        has_cvc,
        details,
    } = requests::document(asked, requests::card)?;
    let pan = match number {
        CardNumber::Pan(pan) => pan,
        CardNumber::Alias(alias) => aliases::reveal_pan(&visit.call, &alias).await?,
    };
    let persona = visit.call.desk.world.personas.admit(&pan)?;
    if let Some(status) = persona.and_then(|persona| persona.create_status) {
        return Err(CmpError::Persona(status));
    }
    if expiry.is_past(visit.call.now) {
        return Err(Rejection::CardExpired.into());
    }
    let card = NewCard {
        pan,
        expiry,
        has_cvc,
        origin: "cmp".to_owned(),
        details,
    };
    let (status, card) = match cards::create(&mut visit.call, access.owner, card).await? {
        Created::New(card) => (StatusCode::CREATED, card),
        Created::Existing(card) => (StatusCode::SEE_OTHER, card),
    };
    let (card, token) = cards::read_with_token(&visit.call, access.owner, &card.id).await?;
    let mut response = show(visit, &access, status, &card, token.as_ref()).await?;
    if let Ok(location) = format!("/cards/{}", card_id(&card.id)).parse() {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

async fn read(mut asked: Asked) -> Response {
    let mut visit = asked.visit("read card").await;
    let result = read_card(&mut visit, &asked).await;
    visit.finish(result)
}

async fn read_card(visit: &mut Visit, asked: &Asked) -> Result<Response, CmpError> {
    let access = enter(visit, asked, Scope::CardsRead)?;
    let id = known(&asked.id)?;
    let (card, token) = cards::read_with_token(&visit.call, access.owner, &id).await?;
    show(visit, &access, StatusCode::OK, &card, token.as_ref()).await
}

async fn change(mut asked: Asked) -> Response {
    let mut visit = asked.visit("change card").await;
    let result = change_card(&mut visit, &asked).await;
    visit.finish(result)
}

async fn change_card(visit: &mut Visit, asked: &Asked) -> Result<Response, CmpError> {
    let access = enter(visit, asked, Scope::CardsWrite)?;
    let id = known(&asked.id)?;
    cards::read(&visit.call, access.owner, &id).await?;
    let CardPatch {
        month,
        year,
        has_cvc,
    } = requests::document(asked, requests::patch)?;
    let decide = |card: &CardRecord| {
        let month = month.unwrap_or_else(|| card.expiry.month().into());
        let year = year.unwrap_or_else(|| card.expiry.year().into());
        let expiry = Expiry::new(month, year).unwrap_or(card.expiry);
        CardRecord {
            expiry,
            has_cvc: has_cvc || card.has_cvc,
            ..card.clone()
        }
    };
    cards::change(&visit.call, access.owner, &id, decide).await?;
    let (card, token) = cards::read_with_token(&visit.call, access.owner, &id).await?;
    show(visit, &access, StatusCode::OK, &card, token.as_ref()).await
}

async fn remove(mut asked: Asked) -> Response {
    let mut visit = asked.visit("delete card").await;
    let result = delete_card(&mut visit, &asked).await;
    visit.finish(result)
}

async fn delete_card(visit: &mut Visit, asked: &Asked) -> Result<Response, CmpError> {
    let access = enter(visit, asked, Scope::CardsWrite)?;
    cards::delete(&mut visit.call, access.owner, &known(&asked.id)?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn provision(mut asked: Asked) -> Response {
    let mut visit = asked.visit("provision network token").await;
    let result = provision_token(&mut visit, &asked).await;
    visit.finish(result)
}

async fn provision_token(visit: &mut Visit, asked: &Asked) -> Result<Response, CmpError> {
    let access = enter(visit, asked, Scope::NetworkTokensWrite)?;
    let id = known(&asked.id)?;
    cards::read(&visit.call, access.owner, &id).await?;
    requests::no_parameters(asked)?;
    let done = provisioning::provision(&mut visit.call, &id).await?;
    let names = account_names::of_card(&visit.call, &done.card).await?;
    let view = view(visit, &access, &names);
    Ok(json(
        StatusCode::OK,
        token_document(view, &done.card, &done.token),
    ))
}

async fn delete_token(mut asked: Asked) -> Response {
    let mut visit = asked.visit("delete network token").await;
    let result = delete_network_token(&mut visit, &asked).await;
    visit.finish(result)
}

async fn delete_network_token(visit: &mut Visit, asked: &Asked) -> Result<Response, CmpError> {
    let access = enter(visit, asked, Scope::NetworkTokensWrite)?;
    let (_, token) = cards::read_with_token(&visit.call, access.owner, &known(&asked.id)?).await?;
    let live = token
        .filter(TokenRecord::is_live)
        .ok_or(Rejection::TokenUnknown)?;
    let command = Command::Delete(Actor::Requestor);
    lifecycle::change(&mut visit.call, &live.reference, command).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn cryptogram(mut asked: Asked) -> Response {
    let mut visit = asked.visit("request cryptogram").await;
    let result = request_cryptogram(&mut visit, &asked).await;
    visit.finish(result)
}

async fn request_cryptogram(visit: &mut Visit, asked: &Asked) -> Result<Response, CmpError> {
    let access = enter(visit, asked, Scope::NetworkTokensRead)?;
    let card = cards::read(&visit.call, access.owner, &known(&asked.id)?)
        .await?
        .record;
    let want = if asked.body.is_empty() {
        cryptograms::Want {
            kind: Kind::Long,
            limit: None,
        }
    } else {
        requests::document(asked, requests::cryptogram)?
    };
    let as_424 =
        visit.call.desk.world.settings.cmp.unusable_token == UnusableToken::FailedDependency;
    let failed = |reason: Rejection| {
        if reason.is_unusable_token() {
            CmpError::FailedDependency(reason, as_424)
        } else {
            CmpError::Rejected(reason)
        }
    };
    let reference = card.token.ok_or_else(|| failed(Rejection::TokenMissing))?;
    let minted = cryptograms::mint(&mut visit.call, &reference, want)
        .await
        .map_err(failed)?;
    let names = account_names::of_card(&visit.call, &card).await?;
    let view = view(visit, &access, &names);
    let document = cryptogram_document(view, &card, &minted.token, &minted.value, want.kind);
    Ok(json(StatusCode::OK, document))
}

pub(super) fn known(id: &str) -> Result<CardId, CmpError> {
    parse_card_id(id).ok_or(CmpError::Rejected(Rejection::CardUnknown))
}

async fn show(
    visit: &Visit,
    access: &Access,
    status: StatusCode,
    card: &CardRecord,
    token: Option<&TokenRecord>,
) -> Result<Response, CmpError> {
    let names = account_names::of_card(&visit.call, card).await?;
    let view = view(visit, access, &names);
    Ok(json(status, card_document(view, card, token)))
}

fn view<'a>(visit: &'a Visit, access: &Access, names: &'a AccountNames) -> View<'a> {
    View {
        desk: &visit.call.desk,
        pci: access.scopes.contains(Scope::CardsReadPci),
        names,
    }
}

pub(super) fn json(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static(MEDIA_TYPE);
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
