//! The dispatcher of one space: waits until something is due, delivers many messages at once but those of one token to one
//! endpoint one after another, and decides with the domain what becomes of each.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::task::JoinSet;

use super::attempt::{DeliveryAttempt, Outcome};
use super::webhook_fault::Handled;
use super::{body, deviant, sign, webhook_fault};
use crate::clock::Source;
use crate::domain::moment::Moment;
use crate::domain::rejection::Rejection;
use crate::domain::webhook::{Endpoint, Fate, Message, fate};
use crate::limits::{DELIVERIES_MAX, STORE_RETRY_WAIT};
use crate::operations::Space;
use crate::operations::settle::settle;
use crate::operations::space_state::{self, keep_faults};
use crate::outgoing::Client;
use crate::seed::Purpose;
use crate::wire::edge::webhook::WebhookProfile;
use crate::wire::webhook_profile;

/// Delivers what leaves the outbox of a space, until the space is gone.
pub async fn attend(space: Weak<Space>, client: Arc<Client>) {
    let mut attempts = JoinSet::new();
    let Some(wake) = space.upgrade().map(|space| space.store.wake()) else {
        return;
    };
    loop {
        let Some(here) = space.upgrade() else { return };
        let begun = begin(&here, &client, &mut attempts).await;
        drop(here);
        let wait = begun.unwrap_or(Some(STORE_RETRY_WAIT));
        tokio::select! {
            () = wake.notified() => {}
            Some(_) = attempts.join_next() => {}
            () = pass(wait) => {}
        }
    }
}

/// Does what is due, begins to deliver what is to be told, and says how long it is until more is due. Whatever happens by
/// itself is told without anybody asking.
async fn begin(
    space: &Arc<Space>,
    client: &Arc<Client>,
    attempts: &mut JoinSet<()>,
) -> Result<Option<Duration>, Rejection> {
    let looked = space_state::catch_up(space).await?;
    let now = space.clock.now();
    // A clock that stands still rings when it is moved.
    let moves = space.clock.source() == Source::Machine;
    // Most of the time nothing is due, and others share the engine that would be asked.
    if let Some(looked) = looked
        && looked.first().is_none_or(|due| due > now)
    {
        let due = looked.first().filter(|_| moves);
        return Ok(due.map(|due| due.since(now)));
    }
    settle(space, now).await?;
    while attempts.len() < DELIVERIES_MAX
        && let Some((message, endpoint)) = space.store.lease(now).await?
    {
        let (space, trust) = (Arc::clone(space), Arc::clone(client));
        attempts.spawn(deliver(space, trust, message, endpoint));
    }
    let store = &space.store;
    let due = [store.next_due().await?, store.next_message_due().await?];
    let due = due.into_iter().flatten().min();
    let moves = moves && attempts.len() < DELIVERIES_MAX;
    Ok(due.filter(|_| moves).map(|due| due.since(now)))
}

async fn pass(wait: Option<Duration>) {
    match wait {
        Some(wait) => tokio::time::sleep(wait).await,
        None => std::future::pending().await,
    }
}

/// Asks the store until it answers: a message that has been taken is not let go of because the store is away for a while, and
/// one that has arrived is not sent again for it.
pub(super) async fn persist<T, E, F>(ask: impl Fn() -> F) -> T
where
    F: Future<Output = Result<T, E>>,
{
    loop {
        if let Ok(answer) = ask().await {
            return answer;
        }
        tokio::time::sleep(STORE_RETRY_WAIT).await;
    }
}

/// What fault rules make of a try at `at`. What they count is kept before anything comes of it.
async fn ask_rules(space: &Space, row: &WebhookProfile, message: &Message, at: Moment) -> Handled {
    let handled = persist(|| webhook_fault::ask(space, row, message, at)).await;
    let fired = handled
        .faults
        .as_ref()
        .map_or(0, |faults| faults.fired.len());
    space.config.metrics.faults.add(fired);
    if space.store.outlives_process() {
        persist(|| keep_faults(space)).await;
    }
    handled
}

/// One try, or what fault rules make of it.
async fn deliver(space: Arc<Space>, client: Arc<Client>, mut message: Message, endpoint: Endpoint) {
    // A clock that stands still was moved past the instant at which the message was due, and it is tried at that instant.
    let at = match space.clock.source() {
        Source::Machine => space.clock.now(),
        Source::Manual(_) => message.due,
    };
    let id = deviant::message_id(&space, &message);
    let Some(row) = webhook_profile(endpoint.profile) else {
        tracing::error!(
            profile = endpoint.profile.word(),
            "no surface has the profile"
        );
        return persist(|| space.store.forget(message.clone())).await;
    };
    let attempt = DeliveryAttempt {
        row,
        space: &space,
        client: &client,
        endpoint: &endpoint,
        id: &id,
        at,
    };
    let handled = match message.handling.take() {
        Some(said) => Handled::as_said(*said),
        None => ask_rules(&space, row, &message, at).await,
    };
    if let Some(instead) = handled.instead {
        return attempt.put_off(message, handled, instead).await;
    }
    let signed_at = attempt.signed_at(&handled.handling);
    let written = persist(|| body::write(&space, row, &endpoint, &message, &id, signed_at)).await;
    let Some(mut written) = written else {
        return persist(|| space.store.forget(message.clone())).await;
    };
    attempt.deviate(&message, &mut written, &handled).await;
    let signed = Some(sign::told(row, &id, signed_at, handled.handling.signature));
    let (receipt, answer, took) = attempt.timed(&written, &handled.handling).await;
    message.tries += 1;
    message.body = Some(written.body.as_str().into());
    message.last = Some(receipt.clone());
    let spread = || spread(&space, &message);
    let fate = fate(endpoint.profile, &receipt, message.tries, at, spread);
    let fate = deviant::fate(&space, fate);
    let faults = handled.faults.clone();
    attempt.write_down(
        Some(&written),
        &message,
        Outcome {
            receipt: &receipt,
            answer,
            fate: word(fate),
            next: fate.next(),
            took,
            signed: signed.clone(),
            handling: &handled.handling,
        },
        faults,
    );
    for _ in 0..handled.handling.copies {
        let signed = signed.clone();
        attempt.copy(&written, &message, &handled, signed).await;
    }
    carry_out(&space, &endpoint, message, fate).await;
}

/// Has the store do with a message what was decided after a try.
async fn carry_out(space: &Space, endpoint: &Endpoint, mut message: Message, fate: Fate) {
    let (store, metrics) = (&space.store, &space.config.metrics);
    match fate {
        Fate::Delivered => metrics.delivered.add(1),
        Fate::Dead | Fate::Disable => metrics.dead.add(1),
        Fate::Again(_) => {}
    }
    match fate {
        Fate::Delivered => persist(|| store.delivered(message.clone())).await,
        Fate::Again(due) => {
            message.due = due;
            persist(|| store.later(message.clone())).await;
        }
        Fate::Dead => persist(|| store.dead_letter(message.clone())).await,
        Fate::Disable => {
            persist(|| store.dead_letter(message.clone())).await;
            let why = "the receiver answered 410";
            persist(|| store.disable_endpoint(endpoint.id, why)).await;
        }
    }
}

/// From 0 to 1, drawn for this message and this try.
fn spread(space: &Space, message: &Message) -> f64 {
    let name = message.key.text();
    let inputs: [&[u8]; 2] = [name.as_bytes(), &message.tries.to_be_bytes()];
    let bytes = space.seed.derive16(Purpose::WebhookSpread, &inputs);
    f64::from(u16::from_be_bytes([bytes[0], bytes[1]])) / f64::from(u16::MAX)
}

const fn word(fate: Fate) -> &'static str {
    match fate {
        Fate::Delivered => "delivered",
        Fate::Again(_) => "again",
        Fate::Dead => "dead",
        Fate::Disable => "disabled",
    }
}
