//! The courier of one space: waits until something is due, delivers many letters at once but those of one token to one
//! endpoint one after another, and decides with the domain what becomes of each.

use std::borrow::Cow;
use std::sync::{Arc, Weak};

use bytes::Bytes;
use http::Method;
use tokio::task::JoinSet;

use super::body::Written;
use super::strike::{Instead, Struck};
use super::{Trust, body, post, sign, strike};
use crate::clock::Source;
use crate::domain::moment::Moment;
use crate::domain::webhook::{Endpoint, Fate, Handling, Letter, Receipt, fate};
use crate::journal::{Attempt, Entry, Faults};
use crate::limits::{DELIVERIES_MAX, LETTER_ASIDE_MAX};
use crate::operations::target::Target;
use crate::operations::{Call, Desk};
use crate::seed::Purpose;

/// Delivers what leaves the outbox of a space, until the space is gone.
pub async fn attend(desk: Weak<Desk>, trust: Arc<Trust>) {
    let mut trips = JoinSet::new();
    let Some(bell) = desk.upgrade().map(|desk| desk.store.outbox().bell()) else {
        return;
    };
    loop {
        let Some(here) = desk.upgrade() else { return };
        // Whatever happens by itself is told without anybody asking.
        let now = Call::begin(Arc::clone(&here)).await.now;
        while trips.len() < DELIVERIES_MAX
            && let Some((letter, endpoint)) = here.store.outbox().lease(now)
        {
            trips.spawn(deliver(
                Arc::clone(&here),
                Arc::clone(&trust),
                letter,
                endpoint,
            ));
        }
        let wait = next(&here, now, trips.len());
        drop(here);
        tokio::select! {
            () = bell.notified() => {}
            Some(_) = trips.join_next() => {}
            () = wait => {}
        }
    }
}

/// Waits until something is due by the machine's clock. One that stands still rings when it is moved.
fn next(desk: &Desk, now: Moment, trips: usize) -> impl Future<Output = ()> + use<> {
    let due = [desk.store.next_due(), desk.store.outbox().next_due()];
    let due = due.into_iter().flatten().min();
    let moves = desk.clock.source() == Source::Machine && trips < DELIVERIES_MAX;
    let wait = due.filter(|_| moves).map(|due| due.since(now));
    async move {
        match wait {
            Some(wait) => tokio::time::sleep(wait).await,
            None => std::future::pending().await,
        }
    }
}

/// One try, or what fault rules make of it.
async fn deliver(desk: Arc<Desk>, trust: Arc<Trust>, mut letter: Letter, endpoint: Endpoint) {
    // A clock that stands still was moved past the instant at which the letter was due, and it is tried at that instant.
    let at = match desk.clock.source() {
        Source::Machine => desk.clock.now(),
        Source::Manual(_) => letter.due,
    };
    let id = body::letter_id(&desk, &letter.key);
    let trip = Trip {
        desk: &desk,
        trust: &trust,
        endpoint: &endpoint,
        id: &id,
        at,
    };
    let struck = match letter.handling.take() {
        Some(said) => Struck::as_said(*said),
        None => strike::ask(&desk, &endpoint, &letter, at).await,
    };
    if let Some(instead) = struck.instead {
        return trip.put_off(letter, struck, instead);
    }
    let signed_at = at.minus(struck.handling.age);
    let Some(written) = body::write(&desk, &endpoint, &letter, &id, signed_at).await else {
        desk.store.outbox().forget(letter);
        return;
    };
    let (receipt, answer) = trip.post(&written, &struck.handling).await;
    letter.tries += 1;
    letter.body = Some(written.body.as_str().into());
    letter.last = Some(receipt.clone());
    let spread = spread(&desk, &letter);
    let fate = fate(endpoint.profile, &receipt, letter.tries, at, spread);
    let faults = struck.faults.clone();
    trip.write_down(
        &letter,
        (&receipt, answer),
        (word(fate), fate.next()),
        faults,
    );
    for _ in 0..struck.handling.copies {
        let (receipt, answer) = trip.post(&written, &struck.handling).await;
        trip.write_down(
            &letter,
            (&receipt, answer),
            ("copied", None),
            struck.faults.clone(),
        );
    }
    let outbox = desk.store.outbox();
    match fate {
        Fate::Delivered => outbox.done(letter),
        Fate::Again(due) => outbox.later(Letter { due, ..letter }),
        Fate::Dead => outbox.bury(letter),
        Fate::Disable => {
            outbox.bury(letter);
            outbox.disable(endpoint.id, "the receiver answered 410");
        }
    }
}

/// From 0 to 1, drawn for this letter and this try.
fn spread(desk: &Desk, letter: &Letter) -> f64 {
    let name = letter.key.text();
    let inputs: [&[u8]; 2] = [name.as_bytes(), &letter.tries.to_be_bytes()];
    let bytes = desk.seed.derive16(Purpose::WebhookSpread, &inputs);
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

/// A letter's way to an endpoint at one instant.
struct Trip<'a> {
    desk: &'a Desk,
    trust: &'a Trust,
    endpoint: &'a Endpoint,
    id: &'a str,
    at: Moment,
}

impl Trip<'_> {
    async fn post(&self, written: &Written, handling: &Handling) -> (Receipt, Bytes) {
        let allowed = &self.desk.world.settings.webhooks.allow;
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
        post::post(&target, self.trust, path, headers, body).await
    }

    /// Does what is to be done instead of a try, and says so in the journal.
    fn put_off(&self, letter: Letter, struck: Struck, instead: Instead) {
        let (fate, why, due) = match instead {
            Instead::Drop => ("dropped", "dropped by a fault rule", None),
            Instead::Wait(wait) => ("held", "delayed by a fault rule", Some(wait)),
            Instead::Past(_) => ("held", "held back by a fault rule", Some(LETTER_ASIDE_MAX)),
        };
        let due = due.map(|wait| self.at.plus(wait));
        let receipt = Receipt::Silence(why.to_owned());
        let next = Letter {
            tries: letter.tries + 1,
            ..letter.clone()
        };
        self.write_down(&next, (&receipt, Bytes::new()), (fate, due), struck.faults);
        let letter = Letter {
            due: due.unwrap_or(letter.due),
            handling: Some(Box::new(struck.handling)),
            ..letter
        };
        let outbox = self.desk.store.outbox();
        match instead {
            Instead::Drop => outbox.bury(Letter {
                last: Some(receipt),
                handling: None,
                ..letter
            }),
            Instead::Wait(_) => outbox.later(letter),
            Instead::Past(past) => outbox.step_aside(letter, past),
        }
    }

    fn write_down(
        &self,
        letter: &Letter,
        (receipt, answer): (&Receipt, Bytes),
        (fate, next): (&'static str, Option<Moment>),
        faults: Option<Box<Faults>>,
    ) {
        let (status, reason) = match receipt {
            Receipt::Answered { status, .. } => (*status, format!("answered {status}")),
            Receipt::Silence(why) => (0, why.clone()),
        };
        let reason = (!(200..=299).contains(&status)).then_some(Cow::Owned(reason));
        let account = self.desk.world.accounts.get(letter.notice.owner);
        let text = letter.body.as_deref().unwrap_or_default();
        self.desk.journal.record(Entry {
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
                letter: self.id.to_owned(),
                endpoint: self.endpoint.id.text(),
                number: letter.tries,
                fate,
                next: next.map(|due| due.rfc3339_micros()),
            })),
        });
    }
}
