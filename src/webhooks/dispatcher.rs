//! The dispatcher of one space: waits until something is due, delivers many messages at once but those of one token to one
//! endpoint one after another, and decides with the domain what becomes of each.

use std::borrow::Cow;
use std::sync::{Arc, Weak};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Uri};
use tokio::task::JoinSet;

use super::webhook_fault::{Handled, Instead};
use super::{body, deviant, send, sign, webhook_fault};
use crate::clock::{Source, machine_now};
use crate::domain::moment::Moment;
use crate::domain::operation::{Operation, Operations};
use crate::domain::rejection::Rejection;
use crate::domain::webhook::{Endpoint, Fate, Handling, Message, Receipt, Signature, fate};
use crate::journal::{Attempt, Entry, Faults, Observed, Told, WEBHOOKS};
use crate::limits::{DELIVERIES_MAX, MESSAGE_HELD_BACK_MAX, SIGNATURE_AGE_MAX, STORE_RETRY_WAIT};
use crate::operations::Space;
use crate::operations::settings::SignatureTime;
use crate::operations::settle::settle;
use crate::operations::space_state::{self, keep_faults};
use crate::operations::target::Target;
use crate::outgoing::Client;
use crate::seed::Purpose;
use crate::wire::edge::webhook::{WebhookProfile, Worded};
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
async fn persist<T, E, F>(ask: impl Fn() -> F) -> T
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
    let sent_at = space.clock.now();
    let (receipt, answer) = attempt.send(&written, &handled.handling).await;
    let took = space.clock.now().since(sent_at);
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
        let sent_at = space.clock.now();
        let (receipt, answer) = attempt.send(&written, &handled.handling).await;
        let took = space.clock.now().since(sent_at);
        attempt.write_down(
            Some(&written),
            &message,
            Outcome {
                receipt: &receipt,
                answer,
                fate: "copied",
                next: None,
                took,
                signed: signed.clone(),
                handling: &handled.handling,
            },
            handled.faults.clone(),
        );
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

/// A message's way to an endpoint at one instant.
#[derive(Clone, Copy)]
pub(super) struct DeliveryAttempt<'a> {
    pub(super) row: &'static WebhookProfile,
    pub(super) space: &'a Space,
    pub(super) client: &'a Client,
    pub(super) endpoint: &'a Endpoint,
    pub(super) id: &'a str,
    pub(super) at: Moment,
}

/// What a try came to, for the journal.
struct Outcome<'a> {
    receipt: &'a Receipt,
    /// The body that the receiver answered with.
    answer: Bytes,
    fate: &'static str,
    /// When it is tried again.
    next: Option<Moment>,
    /// How long the receiver took.
    took: Duration,
    /// What was signed.
    signed: Option<String>,
    /// How it was made.
    handling: &'a Handling,
}

impl DeliveryAttempt<'_> {
    /// When the signature claims to be made.
    fn signed_at(&self, handling: &Handling) -> Moment {
        let now = match self.space.config.settings.webhooks.signature_time {
            SignatureTime::Machine => machine_now(),
            SignatureTime::Space => self.at,
        };
        now.minus(handling.age)
    }

    pub(super) async fn send(&self, written: &Worded, handling: &Handling) -> (Receipt, Bytes) {
        let allowed = &self.space.config.settings.webhooks.allow;
        let target = match Target::parse(&self.endpoint.url, allowed) {
            Ok(target) => target,
            Err(why) => return (Receipt::Silence(format!("url {why}")), Bytes::new()),
        };
        let signed_at = self.signed_at(handling);
        let signing = sign::Attempt {
            row: self.row,
            endpoint: self.endpoint,
            id: self.id,
            at: signed_at,
            handling,
        };
        let (mut headers, body) = signing.signed(written);
        deviant::head(self.space, &mut headers);
        let registered = target.uri.path_and_query();
        let registered = registered.map_or("/", |path| path.as_str());
        let path = written.path_and_query.as_deref().unwrap_or(registered);
        let body = Bytes::from(body.into_owned());
        send::send(&target, self.client, path, headers, body, self.at).await
    }

    /// Does what is to be done instead of a try, and says so in the journal.
    async fn put_off(&self, message: Message, handled: Handled, instead: Instead) {
        let (fate, why, due) = match instead {
            Instead::Drop => ("dropped", "dropped by a fault rule", None),
            Instead::Wait(wait) => ("held", "delayed by a fault rule", Some(wait)),
            Instead::Past(_) => (
                "held",
                "held back by a fault rule",
                Some(MESSAGE_HELD_BACK_MAX),
            ),
        };
        let due = due.map(|wait| self.at.plus(wait));
        let receipt = Receipt::Silence(why.to_owned());
        let next = Message {
            tries: message.tries + 1,
            ..message.clone()
        };
        self.write_down(
            None,
            &next,
            Outcome {
                receipt: &receipt,
                answer: Bytes::new(),
                fate,
                next: due,
                took: Duration::ZERO,
                signed: None,
                handling: &handled.handling,
            },
            handled.faults,
        );
        let message = Message {
            due: due.unwrap_or(message.due),
            handling: Some(Box::new(handled.handling)),
            ..message
        };
        let store = &self.space.store;
        match instead {
            Instead::Drop => {
                let dropped = Message {
                    last: Some(receipt),
                    handling: None,
                    ..message
                };
                persist(|| store.dead_letter(dropped.clone())).await;
            }
            Instead::Wait(_) => persist(|| store.later(message.clone())).await,
            Instead::Past(past) => persist(|| store.held_back(message.clone(), past)).await,
        }
    }

    /// Where a message is posted: at the URL that was registered, or where below it a network wants this one.
    fn requested(&self, written: Option<&Worded>) -> Uri {
        let registered: Uri = self.endpoint.url.parse().unwrap_or_default();
        let Some(path) = written.and_then(|written| written.path_and_query.as_deref()) else {
            return registered;
        };
        let mut parts = registered.clone().into_parts();
        parts.path_and_query = path.parse().ok();
        Uri::from_parts(parts).unwrap_or(registered)
    }

    fn write_down(
        &self,
        written: Option<&Worded>,
        message: &Message,
        outcome: Outcome<'_>,
        faults: Option<Box<Faults>>,
    ) {
        let Outcome {
            receipt,
            answer,
            fate,
            next,
            took,
            signed,
            handling,
        } = outcome;
        let (status, reason) = match receipt {
            Receipt::Answered { status, .. } => (*status, format!("answered {status}")),
            Receipt::Silence(why) => (0, why.clone()),
        };
        let reason = (!(200..=299).contains(&status)).then_some(Cow::Owned(reason));
        let owner = message.notice.owner;
        let account = owner.and_then(|owner| self.space.config.accounts.get(owner));
        let merchant = message.notice.payment_then.as_deref();
        let merchant = merchant.map(|then| then.counter().0);
        let text = message.body.as_deref().unwrap_or_default();
        self.space.journal.record(Entry {
            at: self.at,
            surface: WEBHOOKS,
            operation: Operation::Deliver.word(),
            operations: Operations::default().with(Operation::Deliver),
            method: &Method::POST,
            target: &self.requested(written),
            headers: None,
            status,
            took,
            client: account.map_or(merchant, |account| Some(account.client_id.as_str())),
            reason,
            request: text.as_bytes(),
            response: &answer,
            legs: Vec::new(),
            warnings: Vec::new(),
            faults,
            attempt: Some(Box::new(Attempt {
                message: self.id.to_owned(),
                endpoint: self.endpoint.id.text(),
                number: message.tries,
                fate,
                signed,
                next: next.map(|due| due.rfc3339_micros()),
            })),
            observed: self.observed(message, handling),
        });
    }

    /// What a judge is told, if there is one.
    fn observed(&self, message: &Message, handling: &Handling) -> Option<Box<Observed>> {
        self.space.judge.as_ref()?;
        let told = Told {
            token: message.notice.token(),
            event: message.notice.event,
            genuine: !self.row.signs || handling.signature == Signature::Genuine,
            stale: self.row.stamps && handling.age > SIGNATURE_AGE_MAX,
        };
        Some(Box::new(Observed {
            told: Some(told),
            ..Observed::default()
        }))
    }
}
