//! Doing what is due. Whoever begins a request calls it first, with the instant that the request then sees, so that a
//! record read at an instant shows all that happened before, and each task sees the instant at which it was due and not the
//! one at which somebody looked.

use std::sync::Arc;

use super::lifecycle::News;
use super::space::{Call, Space};
use super::{challenges, idempotency, lifecycle, payments, provisioning, updater};
use crate::domain::id::TokenReference;
use crate::domain::lifecycle::{Actor, Command};
use crate::domain::lifecycle_action::LifecycleAction;
use crate::domain::moment::Moment;
use crate::domain::rejection::Rejection;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::store::{Batch, StoreError, TaskKind, Turn};

/// Does everything that is due at `now`, in order.
///
/// # Errors
/// [`Rejection::StoreUnavailable`] when the store is away, [`Rejection::StoreFull`] when it has no room for what is due. What
/// has not been done then stays due.
pub async fn settle(space: &Arc<Space>, now: Moment) -> Result<(), Rejection> {
    if space.store.next_due().await?.is_none_or(|due| due > now) {
        return Ok(());
    }
    let _nobody_reads_in_between = space.settling.lock().await;
    let turn = space.store.take_turn().await?;
    let settled = carry_out_due(space, now, turn.as_ref()).await;
    if let Some(turn) = turn {
        turn.end().await?;
    }
    settled
}

async fn carry_out_due(
    space: &Arc<Space>,
    now: Moment,
    turn: Option<&Turn>,
) -> Result<(), Rejection> {
    while let Some(task) = space.store.first_due(now).await? {
        if let Some(turn) = turn
            && !turn.hold().await?
        {
            // Another server thought that this one was gone.
            return Err(StoreError::Away("the turn to do what is due was lost".into()).into());
        }
        let mut call = Call::at(Arc::clone(space), task.due);
        match carry_out(&mut call, &task.kind).await {
            Ok(()) => {}
            Err(why) if why.is_of_the_store() => return Err(why),
            // A task can come too late: the card was deleted, the token moved on. Then there is nothing left to do.
            Err(reason) => {
                tracing::debug!(space = %space.name, %reason, "a task that was due found nothing to do");
            }
        }
        space.store.finish(&task).await?;
    }
    Ok(())
}

async fn carry_out(call: &mut Call, kind: &TaskKind) -> Result<(), Rejection> {
    match kind {
        TaskKind::Provision(card) => provisioning::provision(call, card).await.map(|_| ()),
        TaskKind::Activate(token) => lifecycle::change(call, token, Command::Activate)
            .await
            .map(|_| ()),
        TaskKind::Subscribe(card) => updater::subscribe(call, card).await.map(|_| ()),
        TaskKind::Report(card) => updater::report(call, card).await,
        TaskKind::Script(token, step) => take_step(call, token, *step).await,
        TaskKind::Expire(payment) => payments::expire(call, payment).await,
        TaskKind::Lapse(draft) => challenges::lapse(call, draft).await,
        TaskKind::Forget(claim) => idempotency::forget(call, claim).await,
    }
}

async fn take_step(
    call: &mut Call,
    reference: &TokenReference,
    step: u16,
) -> Result<(), Rejection> {
    let space = Arc::clone(&call.space);
    let token = space
        .store
        .get::<TokenRecord>(reference)
        .await?
        .ok_or(Rejection::TokenUnknown)?;
    let card = space.store.get::<CardRecord>(&token.record.card).await?;
    let card = card.ok_or(Rejection::CardUnknown)?.record;
    let script = provisioning::script(&space, &card);
    let Some(now) = script.get(usize::from(step)) else {
        return Ok(());
    };
    // The next step is planned first: planned twice it is still one task, but a change must not be made twice.
    if let Some(next) = script.get(usize::from(step) + 1) {
        let task = provisioning::step_task(call.now, next.after, *reference, step + 1);
        space.store.commit(Batch::new().plan(task)).await?;
    }
    // Personas are read without a step that is no command.
    let Some(command) = now.event.command(Actor::Issuer) else {
        return Ok(());
    };
    let news = News {
        closed: now.event == LifecycleAction::CloseAccount,
        ..News::default()
    };
    let changed = lifecycle::change_with(call, reference, command, news).await;
    changed.map(|_| ())
}
