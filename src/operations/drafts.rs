//! Payments that wait to be confirmed.

use super::counter::{self, ChangeError, Counter};
use super::fault_context;
use super::space::{Call, Space};
use crate::domain::id::{DraftId, PaymentId};
use crate::domain::money::Amount;
use crate::domain::notice::Notice;
use crate::domain::operation::Operation;
use crate::domain::payment::draft::{Draft, DraftRefusal, DraftStatus};
use crate::domain::payment::record::Payment;
use crate::domain::payment::request::PaymentRequest;
use crate::domain::payment::told::{self, PaymentThen};
use crate::domain::rejection::Rejection;
use crate::faults::facts::Field;
use crate::seed::Purpose;
use crate::store::Batch;

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

impl DraftError {
    /// What fault rules have said, or that they could not be asked.
    pub(super) fn withheld(why: Rejection) -> Self {
        if why.is_of_the_store() {
            Self::Unavailable(why)
        } else {
            Self::Withheld
        }
    }
}

impl From<ChangeError<DraftRefusal>> for DraftError {
    fn from(error: ChangeError<DraftRefusal>) -> Self {
        match error {
            ChangeError::Unknown => Self::Unknown,
            ChangeError::Refused(refusal) => Self::Refused(refusal),
            ChangeError::Rejected(why) => why.into(),
        }
    }
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

/// Keeps what was asked for, a payment of `amount` among it; without one, a card is to be set up. `receipt` stands for the
/// request.
pub async fn create(
    call: &mut Call,
    counter: Counter<'_>,
    amount: Option<Amount>,
    asked: Vec<(String, String)>,
    receipt: &[u8; 16],
) -> Result<Draft, DraftError> {
    let operation = match amount {
        Some(_) => Operation::CreateIntent,
        None => Operation::CreateSetup,
    };
    let consulted = call
        .consult(operation, |facts| {
            facts.add(Field::Merchant, counter.merchant);
            if let Some(amount) = amount {
                facts.add(Field::Amount, amount.minor.to_string());
                facts.add(Field::Currency, amount.currency.code());
            }
        })
        .await;
    consulted.map_err(DraftError::withheld)?;
    let setup = amount.is_none();
    let make = |id| Draft {
        setup,
        ..open(call, counter, DraftId::from_bytes(id), asked.clone(), None)
    };
    let more = |batch: Batch, draft: &Draft| batch.tell_all(told(call, draft));
    Ok(counter::create(call, Purpose::PaymentDraft, receipt, make, more).await?)
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
        setup: false,
        status: DraftStatus::Open { declined },
        held: None,
        confirmations: 0,
        created: call.now,
        updated: call.now,
    }
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
    let consulted = call
        .consult(payment.operation(), |facts| {
            fault_context::asked_payment(facts, payment);
        })
        .await;
    consulted.map_err(DraftError::withheld)?;
    let now = call.now;
    let taken = change(call, counter, id, |draft| draft.taken(now)).await?;
    payment.id = Some(taken.request());
    Ok(())
}

/// Sends the customer away to be authenticated. `asked` is what is asked for by now.
pub async fn challenge(
    call: &Call,
    counter: Counter<'_>,
    id: &DraftId,
    asked: Vec<(String, String)>,
) -> Result<Draft, DraftError> {
    let now = call.now;
    let challenged = |draft: Draft| draft.challenged(asked.clone(), now);
    let tell = |batch: Batch, draft: &Draft| batch.tell_all(told(call, draft));
    Ok(counter::change(call, counter, id, challenged, tell).await?)
}

/// Changes what is asked for.
pub async fn amend(
    call: &mut Call,
    counter: Counter<'_>,
    operation: Operation,
    id: &DraftId,
    asked: impl Fn(&[(String, String)]) -> Vec<(String, String)>,
) -> Result<Draft, DraftError> {
    let consulted = call
        .consult(operation, |facts| {
            facts.add(Field::Merchant, counter.merchant);
        })
        .await;
    consulted.map_err(DraftError::withheld)?;
    let now = call.now;
    change(call, counter, id, |draft| {
        let asked = asked(&draft.asked);
        draft.amended(asked, now)
    })
    .await
}

/// Writes down what a confirmation has come to. `asked` is what stays asked for.
pub async fn settle(
    call: &Call,
    counter: Counter<'_>,
    id: &DraftId,
    payment: &Payment,
    asked: Vec<(String, String)>,
) -> Result<(), DraftError> {
    let settled = |draft: Draft| Ok(draft.settled(payment, asked.clone(), call.now));
    change(call, counter, id, settled).await.map(|_| ())
}

/// A confirmation has come to nothing.
pub async fn release(call: &Call, counter: Counter<'_>, id: &DraftId) -> Result<(), DraftError> {
    let released = |draft: Draft| Ok(draft.released());
    change(call, counter, id, released).await.map(|_| ())
}

/// Gives it up. What is said of it is kept with what was asked for.
pub async fn cancel(
    call: &mut Call,
    counter: Counter<'_>,
    operation: Operation,
    id: &DraftId,
    said: Option<(String, String)>,
) -> Result<Draft, DraftError> {
    let consulted = call
        .consult(operation, |facts| {
            facts.add(Field::Merchant, counter.merchant);
        })
        .await;
    consulted.map_err(DraftError::withheld)?;
    let now = call.now;
    let cancelled = |draft: Draft| {
        let mut draft = draft.cancelled(now)?;
        draft.asked.extend(said.clone());
        Ok(draft)
    };
    let tell = |batch: Batch, draft: &Draft| batch.tell_all(told(call, draft));
    Ok(counter::change(call, counter, id, cancelled, tell).await?)
}

/// What is told of asking for money, and of giving that up.
fn told(call: &Call, draft: &Draft) -> Vec<Notice> {
    let then = PaymentThen::Waits(draft.clone());
    call.caused(Notice::of_payment(told::of_draft(draft), then, call.now))
}

async fn change(
    call: &Call,
    counter: Counter<'_>,
    id: &DraftId,
    step: impl Fn(Draft) -> Result<Draft, DraftRefusal>,
) -> Result<Draft, DraftError> {
    Ok(counter::change(call, counter, id, step, |batch, _| batch).await?)
}
