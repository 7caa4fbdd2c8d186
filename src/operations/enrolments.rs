//! Enrolment by alias (CALM): a vaulted number is looked up, becomes a card of the owner, and gets a token.

use super::cards::{self, NewCard};
use super::fault_context;
use super::provisioning::{self, Tokenized};
use super::space::Call;
use crate::domain::card::Expiry;
use crate::domain::id::{CardId, Owner};
use crate::domain::lifecycle::{Actor, Command};
use crate::domain::operation::Operation;
use crate::domain::rejection::Rejection;
use crate::domain::token::{CardDetails, CardRecord, TokenRecord};
use crate::limits::COMMIT_ATTEMPTS_MAX;
use crate::store::{Batch, Commit, Task, TaskKind};

/// An enrolment as it was asked for.
#[derive(Debug)]
pub struct NewEnrolment {
    pub alias: String,
    pub expiry: Expiry,
    pub has_cvc: bool,
    /// Name and billing address, JSON text.
    pub holder: Option<String>,
}

/// How an enrolment stands.
#[derive(Debug)]
pub struct Enrolment {
    pub card: CardRecord,
    /// None while the network has not answered yet.
    pub token: Option<TokenRecord>,
}

/// Enrols the card behind an alias. An alias that has a live token keeps it.
pub async fn enrol(
    call: &mut Call,
    owner: Owner,
    new: NewEnrolment,
) -> Result<Enrolment, Rejection> {
    let id = card_id(call, owner, &new.alias).await?;
    let pan = super::aliases::reveal_pan(call, &new.alias).await?;
    let account = call.space.config.accounts.get(owner);
    let asynchronous = account.is_some_and(|account| account.asynchronous_enrolment);
    // Who is answered later has the card put in the vault now, and the network is asked later.
    let operation = if asynchronous {
        Operation::CreateCard
    } else {
        Operation::Provision
    };
    call.consult(operation, |facts| {
        fault_context::card(facts, &pan, new.expiry);
    })
    .await?;
    let details = CardDetails {
        alias: Some(new.alias.clone()),
        cardholder: new.holder,
        ..CardDetails::default()
    };
    let known = call.space.store.get::<CardRecord>(&id).await?;
    let card = match known {
        Some(_) => {
            let renew = |card: &CardRecord| {
                let mut card = CardRecord {
                    expiry: new.expiry,
                    ..card.clone()
                };
                card.details_mut()
                    .cardholder
                    .clone_from(&details.cardholder);
                card
            };
            cards::change(call, owner, &id, renew).await?
        }
        None => {
            let card = NewCard {
                pan,
                expiry: new.expiry,
                has_cvc: new.has_cvc,
                origin: origin(&new.alias),
                details: Some(Box::new(details.clone())),
            };
            cards::create_under(call, owner, card, id).await?
        }
    };
    let account = call
        .space
        .config
        .accounts
        .get(owner)
        .ok_or(Rejection::CardUnknown)?;
    if account.asynchronous_enrolment {
        let gateway = &call.space.config.settings.gateway;
        let due = call.now.plus(gateway.enrolment_delay);
        return later(
            call,
            card,
            Task {
                due,
                kind: TaskKind::Provision(id),
            },
        )
        .await;
    }
    let Tokenized { card, token } = provisioning::provision(call, &id).await?;
    Ok(Enrolment {
        card,
        token: Some(token),
    })
}

/// How the enrolment of an alias stands.
pub async fn read(call: &Call, owner: Owner, alias: &str) -> Result<Enrolment, Rejection> {
    let id = card_id(call, owner, alias).await.map_err(no_enrolment)?;
    let found = cards::read_with_token(call, owner, &id).await;
    let (card, token) = found.map_err(no_enrolment)?;
    Ok(Enrolment { card, token })
}

/// Whatever it lacks, an alias that was not enrolled has no token.
fn no_enrolment(rejection: Rejection) -> Rejection {
    rejection.worded(|| Rejection::TokenUnknown)
}

/// Deletes the token of an alias at the network.
pub async fn delete(call: &mut Call, owner: Owner, alias: &str) -> Result<Enrolment, Rejection> {
    let Enrolment { card, token } = read(call, owner, alias).await?;
    let reference = token.ok_or(Rejection::TokenUnknown)?.reference;
    let command = Command::Delete(Actor::Requestor);
    let token = super::lifecycle::change(call, &reference, command).await?;
    Ok(Enrolment {
        card,
        token: Some(token),
    })
}

/// Leaves the card without a token until the task is due.
async fn later(call: &Call, card: CardRecord, task: Task) -> Result<Enrolment, Rejection> {
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let found = cards::read(call, card.owner, &card.id).await?;
        if let Some(reference) = &found.record.token
            && let Some(token) = call.space.store.get::<TokenRecord>(reference).await?
            && token.record.is_live()
        {
            return Ok(Enrolment {
                card: found.record,
                token: Some(token.record),
            });
        }
        let pending = CardRecord {
            token: None,
            updated: call.now,
            ..found.record
        };
        let batch = Batch::new()
            .replace(pending.clone(), found.version)
            .plan(task.clone());
        if call.space.store.commit(batch).await? == Commit::Done {
            return Ok(Enrolment {
                card: pending,
                token: None,
            });
        }
    }
    Err(Rejection::Contention)
}

async fn card_id(call: &Call, owner: Owner, alias: &str) -> Result<CardId, Rejection> {
    let pan = super::aliases::reveal_pan(call, alias).await?;
    let account = call
        .space
        .config
        .accounts
        .get(owner)
        .ok_or(Rejection::CardUnknown)?;
    Ok(cards::card_id(
        &call.space,
        account,
        &pan,
        &origin(alias),
        0,
    ))
}

fn origin(alias: &str) -> String {
    format!("calm:{alias}")
}
