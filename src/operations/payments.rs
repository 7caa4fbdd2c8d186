//! Payments that were made: finding one, and capturing, voiding, refunding it.

use super::fault_context;
use super::space::Call;
use crate::domain::id::PaymentId;
use crate::domain::moment::Moment;
use crate::domain::notice::Notice;
use crate::domain::operation::Operation;
use crate::domain::payment::event::{self, PaymentThen, RefusedMove};
use crate::domain::payment::moves::{self, Move, MoveKind, MoveRefusal, Step, apply, made_by};
use crate::domain::payment::record::Payment;
use crate::domain::payment::request::RequestId;
use crate::domain::rejection::Rejection;
use crate::journal::Leg;
use crate::limits::{COMMIT_ATTEMPTS_MAX, PAGE_ROWS_MAX};
use crate::store::{Batch, Commit, Keyed, Versioned};

/// Whose payments a caller may see: those of a merchant at one payment service.
#[derive(Debug, Clone, Copy)]
pub struct Counter<'a> {
    pub merchant: &'a str,
    pub service: &'static str,
}

/// A payment after a move, and which of its moves it was.
#[derive(Debug)]
pub struct Moved {
    pub payment: Payment,
    pub place: usize,
}

/// Why nothing was moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoveError {
    Unknown,
    Refused(MoveRefusal),
    /// Others kept changing the payment.
    Contention,
    /// The store is away or full.
    Unavailable(Rejection),
}

impl MoveError {
    /// What the payment itself forbids. One that was found a moment ago and is gone has been changed by others.
    ///
    /// # Errors
    /// When it was not the payment that stood in the way.
    pub fn by_payment(self) -> Result<MoveRefusal, Rejection> {
        match self {
            Self::Refused(refusal) => Ok(refusal),
            Self::Unknown | Self::Contention => Err(Rejection::Contention),
            Self::Unavailable(why) => Err(why),
        }
    }
}

impl<E: Into<Rejection>> From<E> for MoveError {
    fn from(error: E) -> Self {
        let why = error.into();
        if why.is_of_the_store() {
            Self::Unavailable(why)
        } else {
            Self::Contention
        }
    }
}

/// A payment that was made at this counter.
pub async fn find(
    call: &Call,
    counter: Counter<'_>,
    id: &PaymentId,
) -> Result<Option<Versioned<Payment>>, Rejection> {
    let found = call.space.store.get::<Payment>(id).await?;
    Ok(found.filter(|found| {
        found.record.merchant == counter.merchant && found.record.service == counter.service
    }))
}

/// Every payment that was made at this counter.
pub async fn all(call: &Call, counter: Counter<'_>) -> Result<Vec<Payment>, Rejection> {
    let whose = |payment: &Payment| counter.is_of(&payment.merchant, payment.service);
    every(call, whose).await
}

/// Every record of a kind that is wanted, in the order of the keys.
pub(super) async fn every<T: Keyed>(
    call: &Call,
    wanted: impl Fn(&T) -> bool,
) -> Result<Vec<T>, Rejection> {
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = call.space.store.scan::<T>(after.as_ref(), PAGE_ROWS_MAX);
        let page = page.await?;
        after = page.rows.last().map(Keyed::key);
        found.extend(page.rows.into_iter().filter(&wanted));
        if !page.more {
            return Ok(found);
        }
    }
}

impl Counter<'_> {
    pub(super) fn is_of(&self, merchant: &str, service: &str) -> bool {
        self.merchant == merchant && self.service == service
    }
}

/// Makes a move, or finds the one that the same request made before.
pub async fn advance(
    call: &mut Call,
    counter: Counter<'_>,
    id: &PaymentId,
    step: Step,
    note: Option<Box<str>>,
    request: Option<RequestId>,
) -> Result<Moved, MoveError> {
    let asked = match step {
        Step::Capture { .. } => Operation::Capture,
        Step::Void => Operation::Cancel,
        Step::Refund { .. } => Operation::Refund,
    };
    if call.faults.is_some() {
        let found = find(call, counter, id).await?.ok_or(MoveError::Unknown)?;
        call.consult(asked, |facts| {
            fault_context::made_payment(facts, &found.record)
        })?;
    }
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let found = find(call, counter, id).await?.ok_or(MoveError::Unknown)?;
        if let Some((place, _)) = request.and_then(|request| made_by(&found.record, request)) {
            let payment = found.record;
            return Ok(Moved { payment, place });
        }
        let moved = apply(found.record, step, request, call.now);
        let mut payment = moved.map_err(MoveError::Refused)?;
        if let Some(made) = payment.moves.last_mut() {
            made.note.clone_from(&note);
        }
        let batch = Batch::new()
            .replace(payment.clone(), found.version)
            .tell_all(told(&payment, call.now));
        if call.space.store.commit(batch).await? == Commit::Done {
            let place = payment.moves.len() - 1;
            call.legs
                .extend(payment.moves.last().map(|made| leg(&payment, made)));
            return Ok(Moved { payment, place });
        }
    }
    Err(MoveError::Contention)
}

/// What is told of a payment's latest move.
fn told(payment: &Payment, now: Moment) -> Vec<Notice> {
    let then = PaymentThen::Made(payment.clone());
    Notice::of_payment(event::of_latest_move(payment), then, now)
}

/// Tells of a move that the service took note of and that was not possible, which changes nothing.
pub async fn tell_refused(call: &Call, refused: RefusedMove) -> Result<(), Rejection> {
    let told = event::of_refused_move(refused.kind);
    let notices = Notice::of_payment(told, PaymentThen::Refused(refused), call.now);
    let _nothing_to_conflict_with = call
        .space
        .store
        .commit(Batch::new().tell_all(notices))
        .await?;
    Ok(())
}

/// Ends an authorization that nobody has captured in time.
pub(super) async fn expire(call: &Call, id: &PaymentId) -> Result<(), Rejection> {
    let store = &call.space.store;
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let Some(found) = store.get::<Payment>(id).await? else {
            return Ok(());
        };
        let Some(expired) = moves::expire(found.record, call.now) else {
            return Ok(());
        };
        let told = told(&expired, call.now);
        let batch = Batch::new().replace(expired, found.version).tell_all(told);
        if store.commit(batch).await? == Commit::Done {
            return Ok(());
        }
    }
    Err(Rejection::Contention)
}

fn leg(payment: &Payment, made: &Move) -> Leg {
    Leg {
        network: payment.network.map_or("none", |network| network.word()),
        operation: match made.kind {
            MoveKind::Capture => "capture",
            MoveKind::Void => "void",
            MoveKind::Refund => "refund",
            MoveKind::Expire => "expiry",
        },
        outcome: "done".into(),
    }
}
