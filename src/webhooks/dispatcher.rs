//! The dispatcher of one space: waits until something is due, delivers many messages at once but those of one token to one
//! endpoint one after another, and decides with the domain what becomes of each.

use std::borrow::Cow;
use std::sync::{Arc, Weak};

use bytes::Bytes;
use http::Method;
use tokio::task::JoinSet;

use super::body::Written;
use super::webhook_fault::{Handled, Instead};
use super::{body, send, sign, webhook_fault};
use crate::clock::Source;
use crate::domain::moment::Moment;
use crate::domain::webhook::{Endpoint, Fate, Handling, Message, Receipt, fate};
use crate::journal::{Attempt, Entry, Faults};
use crate::limits::{DELIVERIES_MAX, MESSAGE_HELD_BACK_MAX};
use crate::operations::target::Target;
use crate::operations::{Call, Space};
use crate::outgoing::Client;
use crate::seed::Purpose;

/// Delivers what leaves the outbox of a space, until the space is gone.
pub async fn attend(space: Weak<Space>, client: Arc<Client>) {
    let mut attempts = JoinSet::new();
    let Some(wake) = space.upgrade().map(|space| space.store.outbox().wake()) else {
        return;
    };
    loop {
        let Some(here) = space.upgrade() else { return };
        // Whatever happens by itself is told without anybody asking.
        let now = Call::begin(Arc::clone(&here)).await.now;
        while attempts.len() < DELIVERIES_MAX
            && let Some((message, endpoint)) = here.store.outbox().lease(now)
        {
            attempts.spawn(deliver(
                Arc::clone(&here),
                Arc::clone(&client),
                message,
                endpoint,
            ));
        }
        let wait = next(&here, now, attempts.len());
        drop(here);
        tokio::select! {
            () = wake.notified() => {}
            Some(_) = attempts.join_next() => {}
            () = wait => {}
        }
    }
}

/// Waits until something is due by the machine's clock. One that stands still rings when it is moved.
fn next(space: &Space, now: Moment, attempts: usize) -> impl Future<Output = ()> + use<> {
    let due = [space.store.next_due(), space.store.outbox().next_due()];
    let due = due.into_iter().flatten().min();
    let moves = space.clock.source() == Source::Machine && attempts < DELIVERIES_MAX;
    let wait = due.filter(|_| moves).map(|due| due.since(now));
    async move {
        match wait {
            Some(wait) => tokio::time::sleep(wait).await,
            None => std::future::pending().await,
        }
    }
}

/// One try, or what fault rules make of it.
async fn deliver(space: Arc<Space>, client: Arc<Client>, mut message: Message, endpoint: Endpoint) {
    // A clock that stands still was moved past the instant at which the message was due, and it is tried at that instant.
    let at = match space.clock.source() {
        Source::Machine => space.clock.now(),
        Source::Manual(_) => message.due,
    };
    let id = body::message_id(&space, &message.key);
    let attempt = DeliveryAttempt {
        space: &space,
        client: &client,
        endpoint: &endpoint,
        id: &id,
        at,
    };
    let handled = match message.handling.take() {
        Some(said) => Handled::as_said(*said),
        None => webhook_fault::ask(&space, &endpoint, &message, at).await,
    };
    if let Some(instead) = handled.instead {
        return attempt.put_off(message, handled, instead);
    }
    let signed_at = at.minus(handled.handling.age);
    let Some(written) = body::write(&space, &endpoint, &message, &id, signed_at).await else {
        space.store.outbox().forget(message);
        return;
    };
    let (receipt, answer) = attempt.send(&written, &handled.handling).await;
    message.tries += 1;
    message.body = Some(written.body.as_str().into());
    message.last = Some(receipt.clone());
    let spread = spread(&space, &message);
    let fate = fate(endpoint.profile, &receipt, message.tries, at, spread);
    let faults = handled.faults.clone();
    attempt.write_down(
        &message,
        (&receipt, answer),
        (word(fate), fate.next()),
        faults,
    );
    for _ in 0..handled.handling.copies {
        let (receipt, answer) = attempt.send(&written, &handled.handling).await;
        attempt.write_down(
            &message,
            (&receipt, answer),
            ("copied", None),
            handled.faults.clone(),
        );
    }
    let outbox = space.store.outbox();
    match fate {
        Fate::Delivered => outbox.done(message),
        Fate::Again(due) => outbox.later(Message { due, ..message }),
        Fate::Dead => outbox.dead_letter(message),
        Fate::Disable => {
            outbox.dead_letter(message);
            outbox.disable(endpoint.id, "the receiver answered 410");
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
struct DeliveryAttempt<'a> {
    space: &'a Space,
    client: &'a Client,
    endpoint: &'a Endpoint,
    id: &'a str,
    at: Moment,
}

impl DeliveryAttempt<'_> {
    async fn send(&self, written: &Written, handling: &Handling) -> (Receipt, Bytes) {
        let allowed = &self.space.config.settings.webhooks.allow;
        let target = match Target::parse(&self.endpoint.url, allowed) {
            Ok(target) => target,
            Err(why) => return (Receipt::Silence(format!("url {why}")), Bytes::new()),
        };
        let signed_at = self.at.minus(handling.age);
        let headers = sign::signed(self.endpoint, self.id, signed_at, written, handling);
        let registered = target.uri.path_and_query();
        let registered = registered.map_or("/", |path| path.as_str());
        let path = written.path_and_query.as_deref().unwrap_or(registered);
        let body = Bytes::from(written.body.clone());
        send::send(&target, self.client, path, headers, body).await
    }

    /// Does what is to be done instead of a try, and says so in the journal.
    fn put_off(&self, message: Message, handled: Handled, instead: Instead) {
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
        self.write_down(&next, (&receipt, Bytes::new()), (fate, due), handled.faults);
        let message = Message {
            due: due.unwrap_or(message.due),
            handling: Some(Box::new(handled.handling)),
            ..message
        };
        let outbox = self.space.store.outbox();
        match instead {
            Instead::Drop => outbox.dead_letter(Message {
                last: Some(receipt),
                handling: None,
                ..message
            }),
            Instead::Wait(_) => outbox.later(message),
            Instead::Past(past) => outbox.step_aside(message, past),
        }
    }

    fn write_down(
        &self,
        message: &Message,
        (receipt, answer): (&Receipt, Bytes),
        (fate, next): (&'static str, Option<Moment>),
        faults: Option<Box<Faults>>,
    ) {
        let (status, reason) = match receipt {
            Receipt::Answered { status, .. } => (*status, format!("answered {status}")),
            Receipt::Silence(why) => (0, why.clone()),
        };
        let reason = (!(200..=299).contains(&status)).then_some(Cow::Owned(reason));
        let account = self.space.config.accounts.get(message.notice.owner);
        let text = message.body.as_deref().unwrap_or_default();
        self.space.journal.record(Entry {
            at: self.at,
            surface: "webhooks",
            operation: "deliver",
            method: Method::POST,
            target: self.endpoint.url.parse().unwrap_or_default(),
            status,
            account: account.map(|account| account.client_id.clone()),
            reason,
            request: Bytes::from(text.to_owned()),
            response: answer,
            legs: Vec::new(),
            faults,
            attempt: Some(Box::new(Attempt {
                message: self.id.to_owned(),
                endpoint: self.endpoint.id.text(),
                number: message.tries,
                fate,
                next: next.map(|due| due.rfc3339_micros()),
            })),
        });
    }
}
