//! The courier of one space: waits until something is due, delivers many letters at once but those of one token to one
//! endpoint one after another, and decides with the domain what becomes of each.

use std::borrow::Cow;
use std::sync::{Arc, Weak};

use bytes::Bytes;
use http::Method;
use tokio::task::JoinSet;

use super::{Trust, body, post, sign};
use crate::clock::Source;
use crate::domain::moment::Moment;
use crate::domain::webhook::{Endpoint, Fate, Letter, Receipt, fate};
use crate::journal::{Attempt, Entry};
use crate::limits::DELIVERIES_MAX;
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

/// One try.
async fn deliver(desk: Arc<Desk>, trust: Arc<Trust>, mut letter: Letter, endpoint: Endpoint) {
    // A clock that stands still was moved past the instant at which the letter was due, and it is tried at that instant.
    let at = match desk.clock.source() {
        Source::Machine => desk.clock.now(),
        Source::Manual(_) => letter.due,
    };
    let id = body::letter_id(&desk, &letter.key);
    let Some(written) = body::write(&desk, &endpoint, &letter, &id, at).await else {
        desk.store.outbox().forget(letter);
        return;
    };
    let text: Box<str> = written.body.into();
    let (receipt, answer) = match Target::parse(&endpoint.url, &desk.world.settings.webhooks.allow)
    {
        Ok(target) => {
            let mut headers = sign::headers(&endpoint, &id, at, &text);
            // Every letter is JSON, which is said once.
            let more = written
                .headers
                .into_iter()
                .filter(|(name, _)| *name != "content-type");
            headers.extend(more.filter_map(|(name, value)| Some((name, value.try_into().ok()?))));
            let registered = target
                .uri
                .path_and_query()
                .map_or("/", |path| path.as_str());
            let path = written.path_and_query.as_deref().unwrap_or(registered);
            post::post(
                &target,
                &trust,
                path,
                headers,
                Bytes::from(text.to_string()),
            )
            .await
        }
        Err(why) => (Receipt::Silence(format!("url {why}")), Bytes::new()),
    };
    letter.tries += 1;
    let fate = fate(
        endpoint.profile,
        &receipt,
        letter.tries,
        at,
        spread(&desk, &letter),
    );
    let attempt = attempt(&endpoint, &letter, id, fate);
    write_down(
        &desk,
        &endpoint,
        &letter,
        at,
        (&receipt, answer),
        (&text, attempt),
    );
    letter.last = Some(receipt);
    letter.body = Some(text);
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

fn attempt(endpoint: &Endpoint, letter: &Letter, id: String, fate: Fate) -> Attempt {
    let (fate, next) = match fate {
        Fate::Delivered => ("delivered", None),
        Fate::Again(due) => ("again", Some(due.rfc3339_micros())),
        Fate::Dead => ("dead", None),
        Fate::Disable => ("disabled", None),
    };
    Attempt {
        letter: id,
        endpoint: endpoint.id.text(),
        number: letter.tries,
        fate,
        next,
    }
}

fn write_down(
    desk: &Desk,
    endpoint: &Endpoint,
    letter: &Letter,
    at: Moment,
    (receipt, answer): (&Receipt, Bytes),
    (text, attempt): (&str, Attempt),
) {
    let (status, reason) = match receipt {
        Receipt::Answered { status, .. } if attempt.fate == "delivered" => (*status, None),
        Receipt::Answered { status, .. } => (*status, Some(format!("answered {status}"))),
        Receipt::Silence(why) => (0, Some(why.clone())),
    };
    let account = desk.world.accounts.get(letter.notice.owner);
    desk.journal.record(Entry {
        at,
        surface: "webhooks",
        operation: "deliver",
        method: Method::POST,
        target: endpoint.url.parse().unwrap_or_default(),
        status,
        account: account.map(|account| account.client_id.clone()),
        reason: reason.map(Cow::Owned),
        request: Bytes::from(text.to_owned()),
        response: answer,
        legs: Vec::new(),
        faults: None,
        attempt: Some(Box::new(attempt)),
    });
}
