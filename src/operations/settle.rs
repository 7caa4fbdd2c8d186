//! Doing what is due. Every call begins with it, so that a record read at an instant shows all that happened before, and
//! each task sees the instant at which it was due and not the one at which somebody looked.

use std::sync::Arc;

use super::lifecycle::News;
use super::space::{Call, Space};
use super::{idempotency, lifecycle, provisioning, updater};
use crate::domain::id::TokenReference;
use crate::domain::lifecycle::{Actor, Command};
use crate::domain::lifecycle_action::LifecycleAction;
use crate::domain::moment::Moment;
use crate::domain::rejection::Rejection;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::store::{Batch, TaskKind};

/// Does everything that is due at `now`, in order.
pub(super) async fn settle(space: &Arc<Space>, now: Moment) {
    if space.store.next_due().is_none_or(|due| due > now) {
        return;
    }
    let _nobody_reads_in_between = space.settling.lock().await;
    while let Some(task) = space.store.take_due(now) {
        let mut call = Call::at(Arc::clone(space), task.due);
        let done = match task.kind {
            TaskKind::Provision(card) => {
                provisioning::provision(&mut call, &card).await.map(|_| ())
            }
            TaskKind::Activate(token) => lifecycle::change(&mut call, &token, Command::Activate)
                .await
                .map(|_| ()),
            TaskKind::Subscribe(card) => updater::subscribe(&call, &card).await.map(|_| ()),
            TaskKind::Report(card) => updater::report(&mut call, &card).await,
            TaskKind::Script(token, step) => take_step(&mut call, &token, step).await,
            TaskKind::Forget(claim) => {
                idempotency::forget(&call, &claim).await;
                Ok(())
            }
        };
        // A task can come too late: the card was deleted, the token moved on. Then there is nothing left to do.
        if let Err(reason) = done {
            tracing::debug!(space = %space.name, %reason, "a task that was due found nothing to do");
        }
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
        .await
        .ok_or(Rejection::TokenUnknown)?;
    let card = space.store.get::<CardRecord>(&token.record.card).await;
    let card = card.ok_or(Rejection::CardUnknown)?.record;
    let script = provisioning::script(&space, &card);
    let Some(now) = script.get(usize::from(step)) else {
        return Ok(());
    };
    let done = match now.event.command(Actor::Issuer) {
        Some(command) => {
            let news = News {
                closed: now.event == LifecycleAction::CloseAccount,
                ..News::default()
            };
            let changed = lifecycle::change_with(call, reference, command, news).await;
            changed.map(|_| ())
        }
        // Personas are read without such a step.
        None => Ok(()),
    };
    if let Some(next) = script.get(usize::from(step) + 1) {
        let task = provisioning::step_task(call.now, next.after, *reference, step + 1);
        space.store.commit(Batch::new().plan(task)).await;
    }
    done
}
