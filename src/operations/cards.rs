//! Cards of the vault: create, read, change, delete.

use std::sync::Arc;

use super::fault_context;
use super::lifecycle::News;
use super::space::{Call, Space};
use crate::domain::account::{Account, Provisioning};
use crate::domain::card::{Expiry, Pan};
use crate::domain::deviation::Deviation;
use crate::domain::id::{CardId, Owner, Partition};
use crate::domain::lifecycle::{Actor, Command};
use crate::domain::operation::Operation;
use crate::domain::rejection::Rejection;
use crate::domain::token::{CardDetails, CardRecord, TokenRecord};
use crate::limits::{COMMIT_ATTEMPTS_MAX, PAGE_ROWS_MAX};
use crate::seed::Purpose;
use crate::store::{Batch, Commit, PanUse, PanUseKey, Task, TaskKind, Versioned};

const DELETE: Command = Command::Delete(Actor::Requestor);

/// A card to be vaulted.
#[derive(Debug)]
pub struct NewCard {
    pub pan: Pan,
    pub expiry: Expiry,
    pub has_cvc: bool,
    /// Which surface asks, and under what name it knows the card. Part of what the card's id is derived from.
    pub origin: String,
    pub details: Option<Box<CardDetails>>,
}

/// A card that was asked for.
#[derive(Debug)]
pub enum Created {
    New(CardRecord),
    /// The account does not take the same number twice.
    Existing(CardRecord),
}

/// Vaults a card. Checks that its number may be held at all; whether it can be tokenized is asked later.
pub async fn create(call: &mut Call, owner: Owner, new: NewCard) -> Result<Created, Rejection> {
    let space = Arc::clone(&call.space);
    let account = space
        .config
        .accounts
        .get(owner)
        .ok_or(Rejection::CardUnknown)?;
    space.config.personas.admit(&new.pan)?;
    call.consult_or_refuse(Operation::CreateCard, |facts| {
        fault_context::card(facts, &new.pan, new.expiry);
    })
    .await?;
    let key = PanUseKey {
        home: Partition::of_account(&space.seed, &new.pan),
        owner,
        pan: new.pan,
    };
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let used = space.store.get::<PanUse>(&key).await?;
        let first = match &used {
            Some(used) => space.store.get::<CardRecord>(&used.record.first).await?,
            None => None,
        };
        if let Some(card) = first.clone().filter(|_| account.duplicate_card_check) {
            return Ok(Created::Existing(card.record));
        }
        let ordinal = used.as_ref().map_or(0, |used| used.record.cards);
        let id = card_id(&space, account, &new.pan, &new.origin, ordinal);
        let card = record(call, id, owner, &new);
        let mut batch = Batch::new().insert(card.clone());
        batch = batch.put(
            next_use(key, used.as_ref(), first.is_some(), &card),
            used.map(|used| used.version),
        );
        let forgotten = call.deviates(Deviation::OnCreateForgotten);
        if account.provisioning == Provisioning::OnCreate && !forgotten {
            let due = call.now.plus(space.config.settings.gateway.on_create_delay);
            batch = batch.plan(Task {
                due,
                kind: TaskKind::Provision(card.id),
            });
        }
        if account.account_updater == Provisioning::OnCreate {
            let due = call.now.plus(space.config.settings.gateway.on_create_delay);
            batch = batch.plan(Task {
                due,
                kind: TaskKind::Subscribe(card.id),
            });
        }
        if space.store.commit(batch).await? == Commit::Done {
            return Ok(Created::New(card));
        }
    }
    Err(Rejection::Contention)
}

/// Vaults a card under an id that its name at the surface decides. It counts for no duplicate check and gets no token by
/// itself: the surface asks for one.
pub async fn create_under(
    call: &Call,
    owner: Owner,
    new: NewCard,
    id: CardId,
) -> Result<CardRecord, Rejection> {
    call.space.config.personas.admit(&new.pan)?;
    let card = record(call, id, owner, &new);
    match call
        .space
        .store
        .commit(Batch::new().insert(card.clone()))
        .await?
    {
        Commit::Done => Ok(card),
        Commit::Conflict => Ok(read(call, owner, &id).await?.record),
    }
}

/// The id of a card: derived from its owner, number, origin and how many cards of that number came before.
pub fn card_id(space: &Space, account: &Account, pan: &Pan, origin: &str, ordinal: u32) -> CardId {
    let digits = pan.expose();
    let inputs: [&[u8]; 4] = [
        account.client_id.as_bytes(),
        digits.as_bytes(),
        origin.as_bytes(),
        &ordinal.to_be_bytes(),
    ];
    let bytes = space.seed.derive16(Purpose::CardId, &inputs);
    CardId::at(Partition::of_account(&space.seed, pan), bytes)
}

fn record(call: &Call, id: CardId, owner: Owner, new: &NewCard) -> CardRecord {
    CardRecord {
        id,
        owner,
        pan: new.pan,
        expiry: new.expiry,
        has_cvc: new.has_cvc,
        created: call.now,
        updated: call.now,
        token: None,
        tokens_asked: 0,
        more: new.details.clone(),
    }
}

/// One card more of a number. Once the first one has been deleted, the new one is the first.
fn next_use(
    key: PanUseKey,
    used: Option<&Versioned<PanUse>>,
    first_is_there: bool,
    card: &CardRecord,
) -> PanUse {
    match used {
        Some(used) => PanUse {
            cards: used.record.cards + 1,
            first: if first_is_there {
                used.record.first
            } else {
                card.id
            },
            ..used.record.clone()
        },
        None => PanUse {
            key,
            cards: 1,
            first: card.id,
        },
    }
}

/// A card of this owner.
pub async fn read(
    call: &Call,
    owner: Owner,
    id: &CardId,
) -> Result<Versioned<CardRecord>, Rejection> {
    let found = call.space.store.get::<CardRecord>(id).await?;
    found
        .filter(|found| found.record.owner == owner || call.deviates(Deviation::CardsAreEverybodys))
        .ok_or(Rejection::CardUnknown)
}

/// The numbers of cards on file, for an instance that tells them to everybody.
pub async fn numbers(space: &Space) -> Result<Vec<String>, Rejection> {
    let page = space.store.scan::<CardRecord>(None, PAGE_ROWS_MAX).await?;
    Ok(page.rows.iter().map(|card| card.pan.expose()).collect())
}

/// A card of this owner with the token that it has now or had last.
pub async fn read_with_token(
    call: &Call,
    owner: Owner,
    id: &CardId,
) -> Result<(CardRecord, Option<TokenRecord>), Rejection> {
    let card = read(call, owner, id).await?.record;
    let token = match &card.token {
        Some(reference) => call.space.store.get::<TokenRecord>(reference).await?,
        None => None,
    };
    Ok((card, token.map(|found| found.record)))
}

/// Changes a card of this owner. What the change is, is decided on the record as it stands then.
pub async fn change(
    call: &Call,
    owner: Owner,
    id: &CardId,
    decide: impl Fn(&CardRecord) -> CardRecord,
) -> Result<CardRecord, Rejection> {
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let found = read(call, owner, id).await?;
        let card = CardRecord {
            updated: call.now,
            ..decide(&found.record)
        };
        let batch = Batch::new().replace(card.clone(), found.version);
        if call.space.store.commit(batch).await? == Commit::Done {
            return Ok(card);
        }
    }
    Err(Rejection::Contention)
}

/// Deletes a card of this owner, and its token at the network.
pub async fn delete(call: &mut Call, asking: Owner, id: &CardId) -> Result<(), Rejection> {
    let owner = if call.deviates(Deviation::AnybodyDeletesCards) {
        let found = call.space.store.get::<CardRecord>(id).await?;
        found.map_or(asking, |found| found.record.owner)
    } else {
        asking
    };
    let card = read(call, owner, id).await?.record;
    call.consult_or_refuse(Operation::DeleteCard, |facts| {
        fault_context::vaulted(facts, &card);
    })
    .await?;
    match call.space.config.deviation {
        Some(Deviation::CardUndeletable) => return Err(Rejection::StateForbids),
        Some(Deviation::CardDeletionIgnored) => return Ok(()),
        Some(Deviation::CardDeletionSpreads) => {
            super::lifecycle::change_all(call, DELETE, News::default()).await?;
        }
        Some(_) | None => {}
    }
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let found = read(call, owner, id).await?;
        let stays = call.deviates(Deviation::TokenOutlivesCard);
        if let Some(reference) = found.record.token.filter(|_| !stays) {
            let deleted =
                super::lifecycle::carry_out(call, &reference, DELETE, News::default()).await;
            match deleted {
                Ok(_) | Err(Rejection::TokenDeleted | Rejection::TokenMissing) => {}
                Err(other) => return Err(other),
            }
        }
        if call.deviates(Deviation::DeletedCardEnrols) {
            return Ok(());
        }
        let batch = Batch::new().remove::<CardRecord>(*id, found.version);
        if call.space.store.commit(batch).await? == Commit::Done {
            return Ok(());
        }
    }
    Err(Rejection::Contention)
}
