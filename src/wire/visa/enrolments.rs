//! Cards that are enrolled, what is shown of them, and their tokens.

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
use crate::wire::edge::{Answer, HttpProblem, Request, RequestContext, document};

pub(super) async fn enrol(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, VisaError> {
    let owner = enter(context, request)?;
    let secret = context.call.space.config.networks.visa.encryption();
    let card = document::of(request, |members| requests::card(secret, members))?;
    let card = create(context, owner, card).await?;
    Ok(json(
        StatusCode::CREATED,
        &messages::enrolment(&context.call, &card),
    ))
}

pub(super) async fn metadata(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, VisaError> {
    let owner = enter(context, request)?;
    let card = find(context, owner, &request.id).await?;
    Ok(json(
        StatusCode::OK,
        &messages::enrolment(&context.call, &card),
    ))
}

pub(super) async fn card_art(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, VisaError> {
    enter(context, request)?;
    let found = content::find(&request.id).ok_or(HttpProblem::NoSuchPath)?;
    Ok(json(StatusCode::OK, &found))
}

/// A token of a card that has been enrolled before. One that has a live token keeps it.
pub(super) async fn provision(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, VisaError> {
    let owner = enter(context, request)?;
    let card = find(context, owner, &request.id).await?;
    let secret = context.call.space.config.networks.visa.encryption();
    document::of(request, |members| requests::provisioning(secret, members))?;
    tokenize(context, &card.id).await
}

/// A token of a card that the request brings along.
pub(super) async fn provision_card(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, VisaError> {
    let owner = enter(context, request)?;
    let secret = context.call.space.config.networks.visa.encryption();
    let card = document::of(request, |members| {
        let rest = requests::provisioning(secret, members);
        let card = requests::card(secret, members)?;
        rest.map(|()| card)
    })?;
    let card = create(context, owner, card).await?;
    tokenize(context, &card.id).await
}

async fn create(
    context: &mut RequestContext,
    owner: Owner,
    card: NewCard,
) -> Result<CardRecord, VisaError> {
    context.call.space.config.personas.admit(&card.pan)?;
    if card.pan.network() != Some(Network::Visa) {
        return Err(Rejection::NetworkNotSupported.into());
    }
    if card.expiry.is_past(context.call.now) {
        return Err(Rejection::CardExpired.into());
    }
    match cards::create(&mut context.call, owner, card).await? {
        Created::New(card) | Created::Existing(card) => Ok(card),
    }
}

/// An enrolment of the caller's. A card of another network is unknown here, even if the gateway holds it.
async fn find(context: &RequestContext, owner: Owner, id: &str) -> Result<CardRecord, VisaError> {
    let id = CardId::from_hex(id).ok_or(Rejection::CardUnknown)?;
    let card = cards::read(&context.call, owner, &id).await?.record;
    if card.pan.network() != Some(Network::Visa) {
        return Err(Rejection::CardUnknown.into());
    }
    Ok(card)
}

/// A refusal leaves a token record behind, which only the gateway and the control plane show: here it is an error.
async fn tokenize(context: &mut RequestContext, id: &CardId) -> Result<Answer, VisaError> {
    let Tokenized { card, token } = provisioning::provision(&mut context.call, id).await?;
    if let Some(reason) = token.failure {
        return Err(reason.into());
    }
    let body = messages::provisioned(&context.call, &card, &token)?;
    Ok(json(StatusCode::CREATED, &body))
}
