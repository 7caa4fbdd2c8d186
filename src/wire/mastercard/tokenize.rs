//! Digitization: a token for an account, and how the task of it stands.

use serde_json::{Value, json};

use super::errors::{MdesError, Own};
use super::funding::{self, Account, Funding};
use super::request::{Host, answer, enter};
use super::requests::{Must, TaskStatus, Tokenize};
use super::{messages, product, requests, sealed};
use crate::domain::card::{Expiry, Network};
use crate::domain::digitization::{
    SealedForm, TaskState, pan_unique_reference, token_unique_reference,
};
use crate::domain::id::{CardId, Owner};
use crate::domain::lifecycle::State;
use crate::domain::operation::Operation;
use crate::domain::rejection::Rejection;
use crate::operations::fault_context;
use crate::operations::provisioning::Tokenized;
use crate::operations::settings::{DeclinedWord, MdesTypes};
use crate::operations::{Call, Space, cards, derived_ids, digitization, tokens};
use crate::wire::edge::{Answer, Request, RequestContext, document};

/// The account that is to be tokenized.
enum Source {
    New(Account, Expiry),
    Known(CardId),
}

/// Everything that can be wrong with a request is found before its task is claimed, so that a requestor who has mended it may
/// send it under the same name. From then on the name is taken, whatever comes of it.
pub(super) async fn tokenize(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, MdesError> {
    let owner = enter(context, request).await?;
    let Tokenize {
        requestor,
        task_id,
        funding,
    } = document::of(request, requests::tokenize)?;
    is_own(&context.call.space, owner, &requestor)?;
    let source = source(&context.call, owner, funding).await?;
    let card = match &source {
        Source::New(..) => None,
        Source::Known(id) => Some(cards::read(&context.call, owner, id).await?.record),
    };
    context
        .call
        .consult(Operation::Provision, |facts| match (&source, &card) {
            (Source::New(account, expiry), _) => fault_context::card(facts, &account.pan, *expiry),
            (Source::Known(_), Some(card)) => fault_context::vaulted(facts, card),
            (Source::Known(_), None) => {}
        })
        .await?;
    let claimed = digitization::claim(&context.call, owner, &task_id).await?;
    let task = claimed.ok_or(Own::TaskTaken)?;
    let result = match carry_out(&mut context.call, owner, source).await {
        Ok(done) => outcome(context, &done).await,
        Err(rejection) => Err(rejection.into()),
    };
    let state = match &result {
        Ok(_) => TaskState::Completed,
        // Nobody knows how it ended, so it has not: the same task may be asked for again.
        Err(MdesError::Rejected(why)) if why.is_of_the_store() => TaskState::InProgress,
        Err(_) => TaskState::Failed,
    };
    if state != TaskState::InProgress {
        digitization::finish(&context.call, task, state).await?;
    }
    let body = result?;
    Ok(answer(request, context, Host::Named, body))
}

/// The token requestor id of Mastercard's examples and sandbox (its API reference for MDES Digital Enablement, `tokenize`).
const DOCUMENTED: &str = "98765432101";

/// A requestor speaks for itself only. The documented id, which its examples send, is anybody's unless an account has it.
pub(super) fn is_own(space: &Space, owner: Owner, requestor: &str) -> Result<(), MdesError> {
    let accounts = &space.config.accounts;
    let holder = accounts
        .iter()
        .find(|(_, account)| account.token_requestor_id == requestor);
    match holder {
        Some((holder, _)) if holder == owner => Ok(()),
        None if requestor == DOCUMENTED => Ok(()),
        Some(_) | None => {
            let own = accounts
                .get(owner)
                .map(|account| account.token_requestor_id.clone());
            Err(Own::OtherRequestor(own.unwrap_or_default()).into())
        }
    }
}

async fn source(call: &Call, owner: Owner, funding: Funding) -> Result<Source, MdesError> {
    match funding {
        Funding::Sealed(sealed) => {
            let account = funding::open(&call.space.config, &sealed, Must::Be)?;
            let persona = call.space.config.personas.admit(&account.pan)?;
            if account.pan.network() != Some(Network::Mastercard) {
                return Err(Rejection::NetworkNotSupported.into());
            }
            let expiry = account.expiry.ok_or(Rejection::InvalidRequest)?;
            let exempt = persona.is_some_and(|persona| persona.expiry_exempt);
            if expiry.is_past(call.now) && !exempt {
                return Err(Rejection::CardExpired.into());
            }
            Ok(Source::New(account, expiry))
        }
        Funding::Pan(_) | Funding::Token(..) => {
            Ok(Source::Known(known(call, owner, &funding).await?))
        }
    }
}

/// The card that a reference leads to.
pub(super) async fn known(
    call: &Call,
    owner: Owner,
    funding: &Funding,
) -> Result<CardId, MdesError> {
    match funding {
        Funding::Pan(id) => {
            let id = id.ok_or(Own::PanReferenceUnknown)?;
            let card = cards::read(call, owner, &id).await;
            let card = card.map_err(|why| MdesError::missing(why, Own::PanReferenceUnknown))?;
            let is_ours = card.record.pan.network() == Some(Network::Mastercard);
            Ok(is_ours.then_some(id).ok_or(Own::PanReferenceUnknown)?)
        }
        Funding::Token(reference, text) => {
            let unknown = || Own::TokenUnknown(text.clone());
            let reference = reference.ok_or_else(unknown)?;
            let shown = tokens::read(call, owner, Network::Mastercard, &reference).await;
            let shown = shown.map_err(|why| MdesError::missing(why, unknown()))?;
            Ok(shown.token.card)
        }
        Funding::Sealed(_) => Err(Own::PanReferenceUnknown.into()),
    }
}

async fn carry_out(call: &mut Call, owner: Owner, source: Source) -> Result<Tokenized, Rejection> {
    let (card, form): (CardId, Option<SealedForm>) = match source {
        Source::Known(card) => (card, None),
        Source::New(account, expiry) => {
            let form = account.form;
            let card = digitization::card(call, owner, account.into_card(expiry)).await?;
            (card.id, Some(form))
        }
    };
    digitization::tokenize(call, &card, form).await
}

/// The decision, and the token unless it is a refusal. That the issuer declined is a decision; any other refusal an error.
async fn outcome(context: &RequestContext, done: &Tokenized) -> Result<Value, MdesError> {
    let (call, space) = (&context.call, &context.call.space);
    let Tokenized { card, token } = done;
    let settings = &space.config.settings.mastercard;
    match token.failure {
        Some(Rejection::Declined) if settings.declined == DeclinedWord::Decision => {
            return Ok(json!({ "decision": "DECLINED" }));
        }
        Some(reason) => return Err(reason.into()),
        None => {}
    }
    let waits = token.status.state == State::Inactive;
    let decision = if waits {
        "REQUIRE_ADDITIONAL_AUTHENTICATION"
    } else {
        "APPROVED"
    };
    let mut body = json!({ "decision": decision });
    if waits {
        body["authenticationMethods"] = authentication_methods(space, token.reference.bytes());
    }
    body["tokenUniqueReference"] = token_unique_reference(&token.reference).into();
    body["panUniqueReference"] = pan_unique_reference(&card.id).into();
    body["productConfig"] = product::config();
    let prefix = messages::Prefix::Untold;
    body["tokenInfo"] = messages::token_info(settings.types, token, card, prefix);
    let plain = messages::account_detail(space, card);
    let sealed = sealed::about(call, &token.reference, &plain).await?;
    body["tokenDetail"] = messages::detail(&token.reference, sealed);
    body["supportsAuthentication"] = waits.into();
    Ok(body)
}

/// How the cardholder could be reached. The issuer's side is the control plane here, so none of them is ever used.
fn authentication_methods(space: &Space, token: &[u8; 16]) -> Value {
    let number = derived_ids::authentication_method(space, token);
    let id = match space.config.settings.mastercard.types {
        MdesTypes::Specification => json!(number.to_string()),
        MdesTypes::Sandbox => json!(number),
    };
    json!([{ "id": id, "type": "TEXT_TO_CARDHOLDER_NUMBER", "value": "***-***-**32" }])
}

pub(super) async fn task_status(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, MdesError> {
    let owner = enter(context, request).await?;
    let TaskStatus { requestor, task_id } = document::of(request, requests::task_status)?;
    is_own(&context.call.space, owner, &requestor)?;
    let state = digitization::task(&context.call, owner, &task_id).await?;
    let status = match state.ok_or(Own::TaskUnknown)? {
        TaskState::InProgress => "IN_PROGRESS",
        TaskState::Completed => "COMPLETED",
        TaskState::Failed => "FAILED",
    };
    Ok(answer(
        request,
        context,
        Host::Named,
        json!({ "status": status }),
    ))
}
