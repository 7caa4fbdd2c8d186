//! Payments that wait to be confirmed.

use super::fault_context;
use super::payments::{self, Counter};
use super::space::{Call, Space};
use crate::domain::id::{DraftId, PaymentId};
use crate::domain::moment::Moment;
use crate::domain::money::Amount;
use crate::domain::notice::Notice;
use crate::domain::operation::Operation;
use crate::domain::payment::draft::{Draft, DraftRefusal, DraftStatus};
use crate::domain::payment::event::{self, PaymentThen};
use crate::domain::payment::record::Payment;
use crate::domain::payment::request::PaymentRequest;
use crate::domain::rejection::Rejection;
use crate::faults::facts::Field;
use crate::limits::COMMIT_ATTEMPTS_MAX;
use crate::seed::Purpose;
use crate::store::{Batch, Commit, Versioned};

/// Why nothing was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftError {
    Unknown,
    Refused(DraftRefusal),
    /// Others kept changing it.
    Contention,
    /// A fault rule has it that nothing happens.
    Withheld,
    /// The store is away or full.
    Unavailable(Rejection),
}

impl<E: Into<Rejection>> From<E> for DraftError {
    fn from(error: E) -> Self {
        let why = error.into();
        if why.is_of_the_store() {
            Self::Unavailable(why)
        } else {
            Self::Contention
        }
    }
}

/// Keeps what was asked for, a payment of `amount` among it. `receipt` stands for the request.
pub async fn create(
    call: &mut Call,
    counter: Counter<'_>,
    amount: Amount,
    asked: Vec<(String, String)>,
    receipt: &[u8; 16],
) -> Result<Draft, DraftError> {
    let consulted = call.consult(Operation::CreateIntent, |facts| {
        facts.add(Field::Merchant, counter.merchant);
        facts.add(Field::Amount, amount.minor.to_string());
        facts.add(Field::Currency, amount.currency.code());
    });
    consulted.map_err(|_| DraftError::Withheld)?;
    for attempt in 0..COMMIT_ATTEMPTS_MAX {
        let inputs: [&[u8]; 2] = [receipt, &attempt.to_be_bytes()];
        let id = DraftId::from_bytes(call.space.seed.derive16(Purpose::PaymentDraft, &inputs));
        let draft = open(call, counter, id, asked.clone(), None);
        // The same request at the same instant may be there already.
        let batch = Batch::new()
            .insert(draft.clone())
            .tell_all(told(&draft, call.now));
        if call.space.store.commit(batch).await? == Commit::Done {
            return Ok(draft);
        }
    }
    Err(DraftError::Contention)
}

/// Lets a declined payment be tried again under its own name, with what was asked for beside the card.
pub async fn reopen(
    call: &Call,
    payment: &Payment,
    asked: Vec<(String, String)>,
) -> Result<(), Rejection> {
    let id = DraftId::from_bytes(*payment.id.bytes());
    let counter = Counter {
        merchant: &payment.merchant,
        service: payment.service,
    };
    let draft = open(call, counter, id, asked, Some(payment.id));
    // Whoever repeats the request finds the same one there.
    let _there_already = call.space.store.commit(Batch::new().insert(draft)).await?;
    Ok(())
}

fn open(
    call: &Call,
    counter: Counter<'_>,
    id: DraftId,
    asked: Vec<(String, String)>,
    declined: Option<PaymentId>,
) -> Draft {
    Draft {
        id,
        merchant: counter.merchant.to_owned(),
        service: counter.service,
        asked,
        status: DraftStatus::Open { declined },
        confirmations: 0,
        created: call.now,
        updated: call.now,
    }
}

/// A payment that waits, or waited, at this counter.
pub async fn find(
    call: &Call,
    counter: Counter<'_>,
    id: &DraftId,
) -> Result<Option<Versioned<Draft>>, Rejection> {
    let found = call.space.store.get::<Draft>(id).await?;
    Ok(found.filter(|found| {
        found.record.merchant == counter.merchant && found.record.service == counter.service
    }))
}

/// Everything that waits, or waited, at this counter.
pub async fn all(call: &Call, counter: Counter<'_>) -> Result<Vec<Draft>, Rejection> {
    payments::every(call, |draft: &Draft| {
        counter.is_of(&draft.merchant, draft.service)
    })
    .await
}

/// The payment that a payment's name leads to: when it is the name of one that waited, the one that came of it last.
pub async fn led_to(space: &Space, name: PaymentId) -> Result<PaymentId, Rejection> {
    let id = DraftId::from_bytes(*name.bytes());
    let draft = space.store.get::<Draft>(&id).await?;
    let status = draft.map(|found| found.record.status);
    Ok(status.and_then(DraftStatus::payment).unwrap_or(name))
}

/// Takes it to be confirmed as `payment`, and names that after the confirmation. [`settle`] or [`release`] must follow. The
/// fault rules are asked about the payment before anything is taken.
pub async fn take(
    call: &mut Call,
    counter: Counter<'_>,
    id: &DraftId,
    payment: &mut PaymentRequest,
) -> Result<(), DraftError> {
    let consulted = call.consult(Operation::Authorize, |facts| {
        fault_context::asked_payment(facts, payment);
    });
    consulted.map_err(|_| DraftError::Withheld)?;
    let now = call.now;
    let (_, request) = change(call, counter, id, |draft| draft.taken(now)).await?;
    payment.id = Some(request);
    Ok(())
}

/// Writes down what a confirmation has come to. `asked` is what stays asked for.
pub async fn settle(
    call: &Call,
    counter: Counter<'_>,
    id: &DraftId,
    payment: &Payment,
    asked: Vec<(String, String)>,
) -> Result<(), DraftError> {
    let settled = |draft: Draft| Ok((draft.settled(payment, asked.clone(), call.now), ()));
    change(call, counter, id, settled).await.map(|_| ())
}

/// A confirmation has come to nothing.
pub async fn release(call: &Call, counter: Counter<'_>, id: &DraftId) -> Result<(), DraftError> {
    let released = |draft: Draft| Ok((draft.released(), ()));
    change(call, counter, id, released).await.map(|_| ())
}

/// Gives it up. What is said of it is kept with what was asked for.
pub async fn cancel(
    call: &mut Call,
    counter: Counter<'_>,
    id: &DraftId,
    said: Option<(String, String)>,
) -> Result<Draft, DraftError> {
    let consulted = call.consult(Operation::Cancel, |facts| {
        facts.add(Field::Merchant, counter.merchant);
    });
    consulted.map_err(|_| DraftError::Withheld)?;
    let now = call.now;
    let cancelled = |draft: Draft| {
        let mut draft = draft.cancelled(now)?;
        draft.asked.extend(said.clone());
        Ok((draft, ()))
    };
    let (draft, ()) = change_and_tell(call, counter, id, cancelled, told).await?;
    Ok(draft)
}

/// What is told of asking for money, and of giving that up.
fn told(draft: &Draft, now: Moment) -> Vec<Notice> {
    let then = PaymentThen::Waits(draft.clone());
    Notice::of_payment(event::of_draft(draft), then, now)
}

async fn change<T>(
    call: &Call,
    counter: Counter<'_>,
    id: &DraftId,
    step: impl Fn(Draft) -> Result<(Draft, T), DraftRefusal>,
) -> Result<(Draft, T), DraftError> {
    change_and_tell(call, counter, id, step, |_, _| Vec::new()).await
}

async fn change_and_tell<T>(
    call: &Call,
    counter: Counter<'_>,
    id: &DraftId,
    step: impl Fn(Draft) -> Result<(Draft, T), DraftRefusal>,
    tell: impl Fn(&Draft, Moment) -> Vec<Notice>,
) -> Result<(Draft, T), DraftError> {
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let found = find(call, counter, id).await?.ok_or(DraftError::Unknown)?;
        let (draft, more) = step(found.record).map_err(DraftError::Refused)?;
        let batch = Batch::new()
            .replace(draft.clone(), found.version)
            .tell_all(tell(&draft, call.now));
        if call.space.store.commit(batch).await? == Commit::Done {
            return Ok((draft, more));
        }
    }
    Err(DraftError::Contention)
}
