//! One try to deliver a message: signed, sent, and written to the journal.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Uri};

use super::dispatcher::persist;
use super::webhook_fault::{Handled, Instead};
use super::{deviant, send, sign};
use crate::clock::machine_now;
use crate::domain::moment::Moment;
use crate::domain::operation::{Operation, Operations};
use crate::domain::webhook::{Endpoint, Handling, Message, Receipt, Signature};
use crate::journal::{Attempt, Entry, Faults, Observed, Told, WEBHOOKS};
use crate::limits::{MESSAGE_HELD_BACK_MAX, SIGNATURE_AGE_MAX};
use crate::operations::Space;
use crate::operations::settings::SignatureTime;
use crate::operations::target::Target;
use crate::outgoing::Client;
use crate::wire::edge::webhook::{WebhookProfile, Worded};

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
pub(super) struct Outcome<'a> {
    pub(super) receipt: &'a Receipt,
    /// The body that the receiver answered with.
    pub(super) answer: Bytes,
    pub(super) fate: &'static str,
    /// When it is tried again.
    pub(super) next: Option<Moment>,
    /// How long the receiver took.
    pub(super) took: Duration,
    /// What was signed.
    pub(super) signed: Option<String>,
    /// How it was made.
    pub(super) handling: &'a Handling,
}

impl DeliveryAttempt<'_> {
    /// When the signature claims to be made.
    pub(super) fn signed_at(&self, handling: &Handling) -> Moment {
        let now = match self.space.config.settings.webhooks.signature_time {
            SignatureTime::Machine => machine_now(),
            SignatureTime::Space => self.at,
        };
        now.minus(handling.age)
    }

    /// Sends it, and says how long the receiver took by the clock of the space.
    pub(super) async fn timed(
        &self,
        written: &Worded,
        handling: &Handling,
    ) -> (Receipt, Bytes, Duration) {
        let sent_at = self.space.clock.now();
        let (receipt, answer) = self.send(written, handling).await;
        (receipt, answer, self.space.clock.now().since(sent_at))
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

    /// Sends it once more, which decides nothing.
    pub(super) async fn copy(
        &self,
        written: &Worded,
        message: &Message,
        handled: &Handled,
        signed: Option<String>,
    ) {
        let (receipt, answer, took) = self.timed(written, &handled.handling).await;
        self.write_down(
            Some(written),
            message,
            Outcome {
                receipt: &receipt,
                answer,
                fate: "copied",
                next: None,
                took,
                signed,
                handling: &handled.handling,
            },
            handled.faults.clone(),
        );
    }

    /// Does what is to be done instead of a try, and says so in the journal.
    pub(super) async fn put_off(&self, message: Message, handled: Handled, instead: Instead) {
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

    pub(super) fn write_down(
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
