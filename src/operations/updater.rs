//! Having the account updater watch a card, and letting happen to a card what its issuer does.

use super::lifecycle::{self, News, next_number};
use super::space::Call;
use crate::domain::card::{Expiry, Network, Pan};
use crate::domain::id::{CardId, Owner};
use crate::domain::lifecycle::{Actor, Command};
use crate::domain::notice::Face;
use crate::domain::rejection::Rejection;
use crate::domain::subscription::UpdaterEvent;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::domain::updater::{Doing, RENEWAL_MONTHS, act, enrol, leave};
use crate::limits::COMMIT_ATTEMPTS_MAX;
use crate::store::{Batch, Commit, Task, TaskKind, Versioned};

/// Takes a card into the account updater. One that is in it already stays as it is.
pub async fn subscribe(call: &Call, id: &CardId) -> Result<CardRecord, Rejection> {
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let Versioned { record, version } = find(call, id).await?;
        if record.is_enrolled() {
            return Ok(record);
        }
        let (card, notice) = enrol(&record, of_persona(call, &record), call.now);
        let mut batch = Batch::new().replace(card.clone(), version).tell(notice);
        if card.is_enrolled() {
            // What the issuer has to say follows at once, but not with the answer to the one who asks.
            batch = batch.plan(Task {
                due: call.now,
                kind: TaskKind::Report(card.id),
            });
        }
        if call.space.store.commit(batch).await? == Commit::Done {
            return Ok(card);
        }
    }
    Err(Rejection::Contention)
}

/// Takes a card of this owner out of the account updater. False when it was not in it.
pub async fn unsubscribe(call: &Call, owner: Owner, id: &CardId) -> Result<bool, Rejection> {
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let found = super::cards::read(call, owner, id).await?;
        let Some((card, notice)) = leave(&found.record, call.now) else {
            return Ok(false);
        };
        let batch = Batch::new().replace(card, found.version).tell(notice);
        if call.space.store.commit(batch).await? == Commit::Done {
            return Ok(true);
        }
    }
    Err(Rejection::Contention)
}

/// What the updater would report of a card now, and the face that the card would have. Nothing is kept of it.
///
/// # Errors
/// [`Rejection::NetworkNotSupported`] for other networks than Visa and Mastercard (VGS: real time for these two only).
pub fn check(call: &Call, card: &CardRecord) -> Result<(UpdaterEvent, Face), Rejection> {
    match card.pan.network() {
        Some(Network::Visa | Network::Mastercard) => {}
        Some(Network::Amex | Network::Discover) | None => {
            return Err(Rejection::NetworkNotSupported);
        }
    }
    let event = of_persona(call, card);
    let mut face = Face::of(card);
    if event == UpdaterEvent::Updated {
        face = Face {
            pan: next_number(&call.space, card, None)?,
            expiry: card.expiry.plus_months(RENEWAL_MONTHS),
        };
    }
    Ok((event, face))
}

/// Lets the updater report what the card's persona says.
pub(super) async fn report(call: &mut Call, id: &CardId) -> Result<(), Rejection> {
    let card = find(call, id).await?.record;
    let event = of_persona(call, &card);
    match event {
        UpdaterEvent::Valid | UpdaterEvent::EnrolmentFailed => Ok(()),
        UpdaterEvent::Updated => {
            let expiry = Some(card.expiry.plus_months(RENEWAL_MONTHS));
            let renewed = Happening::PanReplaced { pan: None, expiry };
            happen(call, id, renewed).await.map(|_| ())
        }
        UpdaterEvent::Closed => happen(call, id, Happening::Closed).await.map(|_| ()),
        UpdaterEvent::Expired
        | UpdaterEvent::NonParticipating
        | UpdaterEvent::ContactCardholder => happen(call, id, Happening::Reported(event))
            .await
            .map(|_| ()),
    }
}

/// What becomes of a card at its issuer.
#[derive(Debug, Clone, Copy)]
pub enum Happening {
    /// Renewed by three years when none is given.
    ExpiryUpdated {
        expiry: Option<Expiry>,
    },
    /// A number is made when none is given; the expiry stays when none is given.
    PanReplaced {
        pan: Option<Pan>,
        expiry: Option<Expiry>,
    },
    Closed,
    /// Nothing but that the updater says so.
    Reported(UpdaterEvent),
}

/// What it comes down to.
enum Does {
    /// To the card, and to its token if that is live.
    Move(Command, News),
    Report(UpdaterEvent),
}

impl Happening {
    fn does(self) -> Does {
        let news = |pan, expiry, closed| News {
            expiry,
            pan,
            closed,
        };
        match self {
            Self::ExpiryUpdated { expiry } => {
                Does::Move(Command::UpdateExpiry, news(None, expiry, false))
            }
            Self::PanReplaced { pan, expiry } => {
                Does::Move(Command::ReplacePan, news(pan, expiry, false))
            }
            Self::Closed => Does::Move(Command::Delete(Actor::Issuer), news(None, None, true)),
            Self::Reported(event) => Does::Report(event),
        }
    }
}

/// Lets something become of a card, whether or not anybody watches it. A live token of the card moves with it.
pub async fn happen(
    call: &mut Call,
    id: &CardId,
    happening: Happening,
) -> Result<CardRecord, Rejection> {
    let card = find(call, id).await?.record;
    let live = match &card.token {
        Some(reference) => call.space.store.get::<TokenRecord>(reference).await?,
        None => None,
    };
    let live = live.map(|found| found.record).filter(TokenRecord::is_live);
    if let (Some(token), Does::Move(command, news)) = (live, happening.does()) {
        lifecycle::change_with(call, &token.reference, command, news).await?;
        return Ok(find(call, id).await?.record);
    }
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let Versioned { record, version } = find(call, id).await?;
        let doing = match happening.does() {
            Does::Move(command, news) => lifecycle::doing(&call.space, &record, command, news)?,
            Does::Report(event) => Doing::Report(event),
        };
        let (card, told) = act(&record, doing, call.now);
        let batch = Batch::new().replace(card.clone(), version);
        let batch = told.into_iter().fold(batch, Batch::tell);
        if call.space.store.commit(batch).await? == Commit::Done {
            return Ok(card);
        }
    }
    Err(Rejection::Contention)
}

async fn find(call: &Call, id: &CardId) -> Result<Versioned<CardRecord>, Rejection> {
    let found = call.space.store.get::<CardRecord>(id).await?;
    found.ok_or(Rejection::CardUnknown)
}

fn of_persona(call: &Call, card: &CardRecord) -> UpdaterEvent {
    let persona = call.space.config.personas.find(&card.pan);
    let event = persona.and_then(|persona| persona.updater);
    event.unwrap_or(UpdaterEvent::Valid)
}
