//! Tokens that Mastercard is asked for directly: the task that is claimed before anything happens, the card, its token, and
//! the form in which its requestor is answered.

use super::cards::{self, NewCard};
use super::provisioning::{self, Tokenized};
use super::space::Call;
use super::tokens::Shown;
use crate::domain::card::{Network, Pan};
use crate::domain::digitization::{FormRecord, SealedForm, TaskKey, TaskRecord, TaskState};
use crate::domain::id::{CardId, Owner, Partition, TokenReference};
use crate::domain::rejection::Rejection;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::limits::{COMMIT_ATTEMPTS_MAX, PAGE_ROWS_MAX};
use crate::store::{Batch, Commit, Versioned};

/// Claims the name of a task. Of any number who claim the same one, one gets it; None says that the requestor has used the
/// name before. A task whose first request did not come back is carried out by the next one.
pub async fn claim(call: &Call, owner: Owner, task_id: &str) -> Result<Option<TaskKey>, Rejection> {
    let key = TaskKey::of(owner, task_id);
    let store = &call.space.store;
    let found = store.get::<TaskRecord>(&key).await?;
    let is_used = |found: &Versioned<TaskRecord>| !found.record.is_abandoned(call.now);
    if found.as_ref().is_some_and(is_used) {
        return Ok(None);
    }
    let record = TaskRecord {
        key,
        state: TaskState::InProgress,
        claimed: call.now,
    };
    let batch = Batch::new().put(record, found.map(|found| found.version));
    Ok((store.commit(batch).await? == Commit::Done).then_some(key))
}

/// Records how a task ended. Only the request that claimed the task writes to it.
pub async fn finish(call: &Call, key: TaskKey, state: TaskState) -> Result<(), Rejection> {
    if let Some(found) = call.space.store.get::<TaskRecord>(&key).await? {
        let record = TaskRecord {
            state,
            ..found.record
        };
        let batch = Batch::new().replace(record, found.version);
        call.space.store.commit(batch).await?;
    }
    Ok(())
}

/// How a task stands, if there is one of that name.
pub async fn task(
    call: &Call,
    owner: Owner,
    task_id: &str,
) -> Result<Option<TaskState>, Rejection> {
    let key = TaskKey::of(owner, task_id);
    let found = call.space.store.get::<TaskRecord>(&key).await?;
    Ok(found.map(|found| found.record.state))
}

/// The card of a number. An owner has one of each number here, so that the network's reference of the number stays the same;
/// a later expiry takes the place of the one before.
pub async fn card(call: &Call, owner: Owner, new: NewCard) -> Result<CardRecord, Rejection> {
    let account = call.space.config.accounts.get(owner);
    let account = account.ok_or(Rejection::CardUnknown)?;
    let id = cards::card_id(&call.space, account, &new.pan, &new.origin, 0);
    let (expiry, has_cvc) = (new.expiry, new.has_cvc);
    let card = cards::create_under(call, owner, new, id).await?;
    if card.expiry == expiry && card.has_cvc >= has_cvc {
        return Ok(card);
    }
    let decide = |card: &CardRecord| CardRecord {
        expiry,
        has_cvc: card.has_cvc || has_cvc,
        ..card.clone()
    };
    cards::change(call, owner, &id, decide).await
}

/// The token of a card, and from now on the form in which what concerns it is answered.
pub async fn tokenize(
    call: &mut Call,
    card: &CardId,
    form: Option<SealedForm>,
) -> Result<Tokenized, Rejection> {
    let done = provisioning::provision(call, card).await?;
    if let (Some(form), true) = (form, done.token.is_live()) {
        remember(call, done.token.reference, form).await?;
    }
    Ok(done)
}

async fn remember(call: &Call, token: TokenReference, form: SealedForm) -> Result<(), Rejection> {
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let found = call.space.store.get::<FormRecord>(&token).await?;
        if found
            .as_ref()
            .is_some_and(|found| found.record.form == form)
        {
            return Ok(());
        }
        let version = found.map(|found| found.version);
        let batch = Batch::new().put(FormRecord { token, form }, version);
        if call.space.store.commit(batch).await? == Commit::Done {
            return Ok(());
        }
    }
    Err(Rejection::Contention)
}

/// The form in which what concerns a token is answered, if its requestor has shown one.
pub async fn form(call: &Call, token: &TokenReference) -> Result<Option<SealedForm>, Rejection> {
    let found = call.space.store.get::<FormRecord>(token).await?;
    Ok(found.map(|found| found.record.form))
}

/// The live tokens of an owner at a network that stand for a number, whichever surface they were made through. A number
/// that the issuer has replaced is found by its first one.
pub async fn tokens_of(
    call: &Call,
    owner: Owner,
    network: Network,
    pan: &Pan,
) -> Result<Vec<Shown>, Rejection> {
    let home = Partition::of_account(&call.space.seed, pan);
    let mut after = CardId::at(home, [0; 16]);
    let mut found = Vec::new();
    loop {
        let page = call
            .space
            .store
            .scan::<CardRecord>(Some(&after), PAGE_ROWS_MAX);
        let page = page.await?;
        let Some(last) = page.rows.last().map(|card| card.id) else {
            return Ok(found);
        };
        let here = page
            .rows
            .into_iter()
            .filter(|card| card.id.partition() == home);
        for card in here.filter(|card| card.owner == owner && stands_for(card, pan)) {
            let Some(reference) = card.token else {
                continue;
            };
            let token = call.space.store.get::<TokenRecord>(&reference).await?;
            let token = token.map(|token| token.record);
            if let Some(token) = token.filter(|token| token.is_live() && token.network == network) {
                let card = Some(card);
                found.push(Shown { token, card });
            }
        }
        if !page.more || last.partition() != home {
            return Ok(found);
        }
        after = last;
    }
}

fn stands_for(card: &CardRecord, pan: &Pan) -> bool {
    let first = card.more.as_ref().and_then(|more| more.first_pan);
    card.pan == *pan || first == Some(*pan)
}
