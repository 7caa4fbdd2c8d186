//! Cards that are enrolled, what is shown of them, and their tokens.

use axum::response::Response;
use http::StatusCode;

use super::answers::json;
use super::auth::enter;
use super::errors::VisaError;
use super::{content, messages, requests};
use crate::domain::card::Network;
use crate::domain::id::{CardId, Owner};
use crate::domain::rejection::Rejection;
use crate::domain::token::CardRecord;
use crate::operations::cards::{self, Created, NewCard};
use crate::operations::provisioning::{self, Tokenized};
use crate::wire::Visit;
use crate::wire::asked::Asked;

pub(super) async fn enrol(visit: &mut Visit, asked: &Asked) -> Result<Response, VisaError> {
    let owner = enter(visit, asked)?;
    let secret = visit.call.desk.world.networks.visa.encryption();
    let card = requests::document(asked, |members, problems| {
        requests::card(secret, members, problems)
    })?;
    let card = create(visit, owner, card).await?;
    Ok(json(
        StatusCode::CREATED,
        &messages::enrolment(&visit.call, &card),
    ))
}

pub(super) async fn metadata(visit: &mut Visit, asked: &Asked) -> Result<Response, VisaError> {
    let owner = enter(visit, asked)?;
    let card = find(visit, owner, &asked.id).await?;
    Ok(json(
        StatusCode::OK,
        &messages::enrolment(&visit.call, &card),
    ))
}

pub(super) async fn card_art(visit: &mut Visit, asked: &Asked) -> Result<Response, VisaError> {
    enter(visit, asked)?;
    let found = content::find(&asked.id).ok_or(VisaError::NoSuchPage)?;
    Ok(json(StatusCode::OK, &found))
}

/// A token of a card that has been enrolled before. One that has a live token keeps it.
pub(super) async fn provision(visit: &mut Visit, asked: &Asked) -> Result<Response, VisaError> {
    let owner = enter(visit, asked)?;
    let card = find(visit, owner, &asked.id).await?;
    let secret = visit.call.desk.world.networks.visa.encryption();
    requests::document(asked, |members, _| requests::provisioning(secret, members))?;
    tokenize(visit, &card.id).await
}

/// A token of a card that the request brings along.
pub(super) async fn provision_card(
    visit: &mut Visit,
    asked: &Asked,
) -> Result<Response, VisaError> {
    let owner = enter(visit, asked)?;
    let secret = visit.call.desk.world.networks.visa.encryption();
    let card = requests::document(asked, |members, problems| {
        let rest = requests::provisioning(secret, members);
        let card = requests::card(secret, members, problems)?;
        rest.map(|()| card)
    })?;
    let card = create(visit, owner, card).await?;
    tokenize(visit, &card.id).await
}

async fn create(visit: &mut Visit, owner: Owner, card: NewCard) -> Result<CardRecord, VisaError> {
    visit.call.desk.world.personas.admit(&card.pan)?;
    if card.pan.network() != Some(Network::Visa) {
        return Err(Rejection::NetworkNotSupported.into());
    }
    if card.expiry.is_past(visit.call.now) {
        return Err(Rejection::CardExpired.into());
    }
    match cards::create(&mut visit.call, owner, card).await? {
        Created::New(card) | Created::Existing(card) => Ok(card),
    }
}

/// An enrolment of the caller's. A card of another network is unknown here, even if the gateway holds it.
async fn find(visit: &Visit, owner: Owner, id: &str) -> Result<CardRecord, VisaError> {
    let id = CardId::from_hex(id).ok_or(Rejection::CardUnknown)?;
    let card = cards::read(&visit.call, owner, &id).await?.record;
    if card.pan.network() != Some(Network::Visa) {
        return Err(Rejection::CardUnknown.into());
    }
    Ok(card)
}

/// A refusal leaves a token record behind, which only the gateway and the control plane show: here it is an error.
async fn tokenize(visit: &mut Visit, id: &CardId) -> Result<Response, VisaError> {
    let Tokenized { card, token } = provisioning::provision(&mut visit.call, id).await?;
    if let Some(reason) = token.failure {
        return Err(reason.into());
    }
    let body = messages::provisioned(&visit.call, &card, &token)?;
    Ok(json(StatusCode::CREATED, &body))
}
