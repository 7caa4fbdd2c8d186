//! The account updater: what becomes of a card at its issuer, and what is told of it to those who asked to be told. Who
//! asks, and when, is not decided here.

use std::sync::Arc;

use super::card::{Expiry, Pan};
use super::moment::Moment;
use super::notice::{CardChange, CardEvent, Event, Face, Notice, Subject};
use super::subscription::{Subscription, UpdaterEvent};
use super::token::CardRecord;

/// Months that a renewed card or token lives longer when nobody says otherwise.
pub const RENEWAL_MONTHS: u16 = 36;

/// What the issuer does to a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// Another number, another expiry, or both.
    Renew {
        pan: Option<Pan>,
        expiry: Option<Expiry>,
    },
    /// The account is closed: no token of it is approved any more.
    Close,
    /// Nothing to the card itself; the updater reports this of it.
    Report(UpdaterEvent),
}

/// Takes a card into the updater, or not, if its issuer answers so.
pub fn enrol(before: &CardRecord, answer: UpdaterEvent, now: Moment) -> (CardRecord, Notice) {
    let enrolled = answer != UpdaterEvent::EnrolmentFailed;
    let event = if enrolled {
        CardEvent::Enrolled
    } else {
        CardEvent::EnrolmentFailed
    };
    let mut card = CardRecord {
        updated: now,
        ..before.clone()
    };
    card.details_mut().subscription = Some(Subscription {
        enrolled,
        event: if enrolled {
            UpdaterEvent::Valid
        } else {
            UpdaterEvent::EnrolmentFailed
        },
        created: now,
        updated: now,
    });
    let notice = notice(event, before, &card, now);
    (card, notice)
}

/// Takes a card out of the updater. None when it is not in it.
pub fn leave(before: &CardRecord, now: Moment) -> Option<(CardRecord, Notice)> {
    before.subscription()?;
    let mut card = CardRecord {
        updated: now,
        ..before.clone()
    };
    card.details_mut().subscription = None;
    let notice = notice(CardEvent::OptedOut, before, &card, now);
    Some((card, notice))
}

/// The card after what its issuer does, and what is told of it if somebody asked to be told.
pub fn act(before: &CardRecord, doing: Doing, now: Moment) -> (CardRecord, Option<Notice>) {
    let mut card = CardRecord {
        updated: now,
        ..before.clone()
    };
    let report = match doing {
        Doing::Renew { pan, expiry } => {
            if let Some(pan) = pan {
                card.details_mut().first_pan.get_or_insert(before.pan);
                card.pan = pan;
            }
            card.expiry = expiry.unwrap_or(before.expiry);
            UpdaterEvent::Updated
        }
        Doing::Close => {
            card.details_mut().closed = true;
            UpdaterEvent::Closed
        }
        Doing::Report(report) => report,
    };
    let Some(event) = told(report).filter(|_| before.is_enrolled()) else {
        return (card, None);
    };
    if let Some(subscription) = &mut card.details_mut().subscription {
        subscription.event = report;
        subscription.updated = now;
    }
    let notice = notice(event, before, &card, now);
    (card, Some(notice))
}

/// That nothing has changed is told to nobody, and whether a card was taken is told when it is asked for.
const fn told(report: UpdaterEvent) -> Option<CardEvent> {
    match report {
        UpdaterEvent::Valid | UpdaterEvent::EnrolmentFailed => None,
        UpdaterEvent::Updated => Some(CardEvent::Updated),
        UpdaterEvent::Expired => Some(CardEvent::Expired),
        UpdaterEvent::Closed => Some(CardEvent::Closed),
        UpdaterEvent::NonParticipating => Some(CardEvent::NonParticipating),
        UpdaterEvent::ContactCardholder => Some(CardEvent::ContactCardholder),
    }
}

fn notice(event: CardEvent, before: &CardRecord, after: &CardRecord, now: Moment) -> Notice {
    Notice {
        event: Event::Card(event),
        subject: Subject::Card(after.id),
        card: Some(after.id),
        owner: Some(after.owner),
        network: after.pan.network(),
        at: now,
        change: Some(Box::new(CardChange {
            old: Face::of(before),
            new: Face::of(after),
        })),
        token_then: None,
        card_then: Some(Arc::new(after.clone())),
        payment_then: None,
        cause: None,
    }
}
