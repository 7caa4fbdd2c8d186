//! Disputes: a payment with a card that its service publishes for it is disputed as soon as money was taken, and a merchant
//! answers.

use super::counter::{ChangeError, Counter, find};
use super::fault_context;
use super::space::{Call, SharedConfig};
use crate::domain::id::PaymentId;
use crate::domain::moment::Moment;
use crate::domain::notice::Notice;
use crate::domain::operation::Operation;
use crate::domain::payment::disputing;
use crate::domain::payment::event::PaymentEvent;
use crate::domain::payment::published;
use crate::domain::payment::record::{PaidWith, Payment};
use crate::domain::payment::told::{self, PaymentThen};
use crate::domain::rejection::Rejection;
use crate::limits::COMMIT_ATTEMPTS_MAX;
use crate::store::{Batch, Commit};

/// What is told of a payment after `events`, and of the dispute to which they lead.
pub(super) fn told(
    config: &SharedConfig,
    events: &[PaymentEvent],
    payment: &mut Payment,
    now: Moment,
) -> Vec<Notice> {
    let events = told::with_dispute(events, open(config, payment, now));
    Notice::of_payment(&events, PaymentThen::Made(payment.clone()), now)
}

/// Has the customer dispute the payment, if the card is one for that. What is told of it comes back.
fn open(config: &SharedConfig, payment: &mut Payment, now: Moment) -> &'static [PaymentEvent] {
    let PaidWith::Card(pan) = payment.paid_with else {
        return &[];
    };
    let rows = config.personas.published();
    let minor = payment.authorized.minor;
    let row = published::find(rows, payment.service, &pan, minor, None);
    let Some(shows) = row.map(|row| &row.shows) else {
        return &[];
    };
    let reason = shows.disputed.as_deref();
    reason.map_or(&[], |reason| {
        disputing::open(payment, reason, shows.inquiry, now)
    })
}

/// Changes the dispute of a payment, and tells of it in the same commit. `step` says what the payment is to be and what is told
/// of that, or why not.
pub async fn change<E>(
    call: &mut Call,
    counter: Counter<'_>,
    operation: Operation,
    id: &PaymentId,
    step: impl Fn(Payment) -> Result<(Payment, &'static [PaymentEvent]), E>,
) -> Result<Payment, ChangeError<E>> {
    if call.faults.is_some() {
        let found = find::<Payment>(call, counter, id).await?;
        let found = found.ok_or(ChangeError::Unknown)?;
        call.consult(operation, |facts| {
            fault_context::made_payment(facts, &found.record)
        })
        .await?;
    }
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let found = find::<Payment>(call, counter, id).await?;
        let found = found.ok_or(ChangeError::Unknown)?;
        let (changed, events) = step(found.record).map_err(ChangeError::Refused)?;
        let then = PaymentThen::Made(changed.clone());
        let batch = Batch::new()
            .replace(changed.clone(), found.version)
            .tell_all(call.caused(Notice::of_payment(events, then, call.now)));
        if call.space.store.commit(batch).await? == Commit::Done {
            return Ok(changed);
        }
    }
    Err(ChangeError::Rejected(Rejection::Contention))
}
