//! What CMP answers, route by route.

use http::StatusCode;
use http::header::LOCATION;

use super::errors::{CmpError, MEDIA_TYPE, Own};
use super::messages::{
    Issued, View, card_document, card_id, cryptogram_document, parse_card_id, token_document,
};
use super::requests::{self, CardNumber, CardPatch, CardRequest};
use super::updates;
use crate::domain::account::Scope;
use crate::domain::card::Expiry;
use crate::domain::cryptogram::CryptogramKind;
use crate::domain::id::CardId;
use crate::domain::lifecycle::{Actor, Command};
use crate::domain::rejection::Rejection;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::operations::access::Access;
use crate::operations::account_names::{self, AccountNames};
use crate::operations::cards::{self, Created, NewCard};
use crate::operations::settings::UnusableToken;
use crate::operations::{aliases, cryptograms, lifecycle, provisioning};
use crate::wire::edge::access_token::enter;
use crate::wire::edge::{Answer, Request, RequestContext, Route, answer, empty, routes};

/// Every route of CMP.
pub(super) const ROUTES: &[Route] = routes![
    POST "/cards" CreateCard => create,
    GET "/cards/{card_id}" ReadCard => read,
    PATCH "/cards/{card_id}" UpdateCard => change,
    DELETE "/cards/{card_id}" DeleteCard => delete,
    POST "/cards/{card_id}/network-tokens" Provision => provision,
    DELETE "/cards/{card_id}/network-tokens" DeleteToken => delete_token,
    POST "/cards/{card_id}/cryptogram" IssueCryptogram => cryptogram,
    POST "/cards/{card_id}/card-update-subscriptions" SubscribeCardUpdates => updates::subscribe,
    DELETE "/cards/{card_id}/card-update-subscriptions" UnsubscribeCardUpdates => updates::unsubscribe,
    POST "/cards/{card_id}/check" CheckCardUpdates => updates::check,
];

async fn create(context: &mut RequestContext, request: &Request) -> Result<Answer, CmpError> {
    let access = enter(context, request, Scope::CardsWrite)?;
    let CardRequest {
        number,
        expiry,
        has_cvc,
        details,
    } = requests::document(request, requests::card)?;
    let pan = match number {
        CardNumber::Pan(pan) => pan,
        CardNumber::Alias(alias) => aliases::reveal_pan(&context.call, &alias).await?,
    };
    let persona = context.call.space.config.personas.admit(&pan)?;
    if let Some(status) = persona.and_then(|persona| persona.create_status) {
        return Err(Own::Persona(status).into());
    }
    if expiry.is_past(context.call.now) {
        return Err(Rejection::CardExpired.into());
    }
    let card = NewCard {
        pan,
        expiry,
        has_cvc,
        origin: "cmp".to_owned(),
        details,
    };
    let (status, card) = match cards::create(&mut context.call, access.owner, card).await? {
        Created::New(card) => (StatusCode::CREATED, card),
        Created::Existing(card) => (StatusCode::SEE_OTHER, card),
    };
    let (card, token) = cards::read_with_token(&context.call, access.owner, &card.id).await?;
    let mut response = show(context, &access, status, &card, token.as_ref()).await?;
    if let Ok(location) = format!("/cards/{}", card_id(&card.id)).parse() {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

async fn read(context: &mut RequestContext, request: &Request) -> Result<Answer, CmpError> {
    let access = enter(context, request, Scope::CardsRead)?;
    let id = known(&request.id)?;
    let (card, token) = cards::read_with_token(&context.call, access.owner, &id).await?;
    show(context, &access, StatusCode::OK, &card, token.as_ref()).await
}

async fn change(context: &mut RequestContext, request: &Request) -> Result<Answer, CmpError> {
    let access = enter(context, request, Scope::CardsWrite)?;
    let id = known(&request.id)?;
    cards::read(&context.call, access.owner, &id).await?;
    let CardPatch {
        month,
        year,
        has_cvc,
    } = requests::document(request, requests::patch)?;
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
    cards::change(&context.call, access.owner, &id, decide).await?;
    let (card, token) = cards::read_with_token(&context.call, access.owner, &id).await?;
    show(context, &access, StatusCode::OK, &card, token.as_ref()).await
}

async fn delete(context: &mut RequestContext, request: &Request) -> Result<Answer, CmpError> {
    let access = enter(context, request, Scope::CardsWrite)?;
    cards::delete(&mut context.call, access.owner, &known(&request.id)?).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

async fn provision(context: &mut RequestContext, request: &Request) -> Result<Answer, CmpError> {
    let access = enter(context, request, Scope::NetworkTokensWrite)?;
    let id = known(&request.id)?;
    cards::read(&context.call, access.owner, &id).await?;
    requests::no_parameters(request)?;
    let done = provisioning::provision(&mut context.call, &id).await?;
    let names = account_names::of_card(&context.call, &done.card).await?;
    let view = view(context, &access, &names);
    Ok(json(
        StatusCode::OK,
        token_document(view, &done.card, &done.token),
    ))
}

async fn delete_token(context: &mut RequestContext, request: &Request) -> Result<Answer, CmpError> {
    let access = enter(context, request, Scope::NetworkTokensWrite)?;
    let (_, token) =
        cards::read_with_token(&context.call, access.owner, &known(&request.id)?).await?;
    let live = token
        .filter(TokenRecord::is_live)
        .ok_or(Rejection::TokenUnknown)?;
    let command = Command::Delete(Actor::Requestor);
    lifecycle::change(&mut context.call, &live.reference, command).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

async fn cryptogram(context: &mut RequestContext, request: &Request) -> Result<Answer, CmpError> {
    let access = enter(context, request, Scope::NetworkTokensRead)?;
    let card = cards::read(&context.call, access.owner, &known(&request.id)?)
        .await?
        .record;
    let want = if request.body.is_empty() {
        cryptograms::Want {
            kind: CryptogramKind::Long,
            limit: None,
        }
    } else if let Some(want) = requests::usual_cryptogram(request) {
        want
    } else {
        requests::document(request, requests::cryptogram)?
    };
    let as_424 =
        context.call.space.config.settings.cmp.unusable_token == UnusableToken::FailedDependency;
    let failed = |reason: Rejection| {
        if reason.is_unusable_token() {
            Own::FailedDependency(reason, as_424).into()
        } else {
            CmpError::Rejected(reason)
        }
    };
    let reference = card.token.ok_or_else(|| failed(Rejection::TokenMissing))?;
    let minted = cryptograms::mint(&mut context.call, &reference, want)
        .await
        .map_err(failed)?;
    let names = account_names::of_card(&context.call, &card).await?;
    let view = view(context, &access, &names);
    let issued = Issued {
        value: &minted.value,
        kind: want.kind,
    };
    let document = cryptogram_document(view, &card, &minted.token, issued);
    Ok(json(StatusCode::OK, document))
}

pub(super) fn known(id: &str) -> Result<CardId, CmpError> {
    parse_card_id(id).ok_or(CmpError::Rejected(Rejection::CardUnknown))
}

async fn show(
    context: &RequestContext,
    access: &Access,
    status: StatusCode,
    card: &CardRecord,
    token: Option<&TokenRecord>,
) -> Result<Answer, CmpError> {
    let names = account_names::of_card(&context.call, card).await?;
    let view = view(context, access, &names);
    Ok(json(status, card_document(view, card, token)))
}

fn view<'a>(context: &'a RequestContext, access: &Access, names: &'a AccountNames) -> View<'a> {
    View {
        dialect: &context.call.space.config.settings.cmp,
        pci: access.scopes.contains(Scope::CardsReadPci),
        names,
    }
}

pub(super) fn json(status: StatusCode, body: Vec<u8>) -> Answer {
    answer(status, MEDIA_TYPE, body)
}
