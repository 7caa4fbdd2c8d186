//! Payments that were made: finding one, and capturing, voiding, refunding it.

use super::counter::{ChangeError, Counter, change, find};
use super::space::{Call, SharedConfig};
use super::{disputes, fault_context};
use crate::domain::deviation::Deviation;
use crate::domain::id::PaymentId;
use crate::domain::moment::Moment;
use crate::domain::notice::Notice;
use crate::domain::operation::Operation;
use crate::domain::payment::deviant;
use crate::domain::payment::moves::{self, MoveRefusal, Step, apply, made_by};
use crate::domain::payment::record::{Move, MoveKind, Payment};
use crate::domain::payment::request::RequestId;
use crate::domain::payment::told::{self, PaymentThen, RefusedMove};
use crate::domain::rejection::Rejection;
use crate::faults::facts::Field;
use crate::journal::Leg;
use crate::limits::COMMIT_ATTEMPTS_MAX;
use crate::store::{Batch, Commit};

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
        let found = find::<Payment>(call, counter, id).await?;
        let found = found.ok_or(MoveError::Unknown)?;
        call.consult(asked, |facts| {
            fault_context::made_payment(facts, &found.record)
        })
        .await?;
    }
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let found = find::<Payment>(call, counter, id).await?;
        let found = found.ok_or(MoveError::Unknown)?;
        if let Some((place, _)) = request.and_then(|request| made_by(&found.record, request)) {
            let payment = found.record;
            return Ok(Moved { payment, place });
        }
        let unseen = match step {
            Step::Capture { .. } => {
                call.looks_away(Deviation::CapturesAtOnce).await
                    || call.looks_away(Deviation::VoidsAtOnce).await
            }
            Step::Refund { .. } => call.looks_away(Deviation::RefundsAtOnce).await,
            Step::Void => call.looks_away(Deviation::VoidsAtOnce).await,
        };
        let moved = match call.space.config.deviation {
            None => apply(found.record, step, request, call.now),
            Some(defect) => deviant::apply(defect, found.record, step, request, call.now),
        };
        let mut payment = moved.map_err(MoveError::Refused)?;
        if let Some(made) = payment.moves.last_mut() {
            made.note.clone_from(&note);
        }
        let told = told(&call.space.config, &mut payment, call.now);
        let batch = Batch::new()
            .replace(payment.clone(), found.version)
            .tell_all(call.caused(told));
        if call.space.store.commit(batch).await? == Commit::Done || unseen {
            let place = payment.moves.len() - 1;
            call.legs
                .extend(payment.moves.last().map(|made| leg(&payment, made)));
            return Ok(Moved { payment, place });
        }
    }
    Err(MoveError::Contention)
}

/// Changes what a payment service keeps with a payment, and nothing of the payment itself. `step` says what it is to be, or
/// why not.
pub async fn annotate<E>(
    call: &mut Call,
    counter: Counter<'_>,
    operation: Operation,
    id: &PaymentId,
    step: impl Fn(Payment) -> Result<Payment, E>,
) -> Result<Payment, ChangeError<E>> {
    call.consult(operation, |facts| {
        facts.add(Field::Merchant, counter.merchant);
    })
    .await?;
    change(call, counter, id, step, |batch, _| batch).await
}

/// What is told of a payment's latest move.
fn told(config: &SharedConfig, payment: &mut Payment, now: Moment) -> Vec<Notice> {
    disputes::told(config, told::of_latest_move(payment), payment, now)
}

/// Tells of a move that the service took note of and that was not possible, which changes nothing.
pub async fn tell_refused(call: &Call, refused: RefusedMove) -> Result<(), Rejection> {
    let told = told::of_refused_move(refused.kind);
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
        let Some(mut expired) = moves::expire(found.record, call.now) else {
            return Ok(());
        };
        let told = told(&call.space.config, &mut expired, call.now);
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
