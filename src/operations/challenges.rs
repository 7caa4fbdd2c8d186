//! Payments whose customer is sent away to be authenticated before anybody is asked (3-D Secure). What was asked for is held
//! until somebody says how that ended, or until the time for it is over. A service whose payments can be changed meanwhile
//! keeps them in its own form instead, and confirms them itself.

use std::time::Duration;

use super::authorize::{AuthorizeError, authorize};
use super::counter::{self, Counter};
use super::drafts::{self, DraftError};
use super::space::{Call, SharedConfig};
use crate::domain::id::{DraftId, PaymentId};
use crate::domain::operation::Operation;
use crate::domain::payment::draft::{Draft, DraftStatus};
use crate::domain::payment::enrolled::{self, Enrolled};
use crate::domain::payment::record::Payment;
use crate::domain::payment::request::{Authentication, PaymentRequest};
use crate::domain::rejection::Rejection;
use crate::faults::facts::Field;
use crate::seed::Purpose;
use crate::store::{Batch, Task, TaskKind};

/// How the card of a payment behaves, where its service publishes that.
pub fn enrolled<'a>(config: &'a SharedConfig, request: &PaymentRequest) -> Option<&'a Enrolled> {
    let rows = config.personas.enrolled();
    enrolled::find(rows, request.service, &request.number.as_pan())
}

/// What is held of a payment beside itself.
#[derive(Debug)]
pub struct PaymentToHold {
    pub request: PaymentRequest,
    /// What the service wants to know when the customer comes back, as names and values.
    pub asked: Vec<(String, String)>,
    /// How long the customer has, where the service says that.
    pub lapses: Option<Duration>,
}

/// Holds a payment. `receipt` stands for the request.
pub async fn hold(
    call: &mut Call,
    held: PaymentToHold,
    receipt: &[u8; 16],
) -> Result<Draft, DraftError> {
    let PaymentToHold {
        request,
        asked,
        lapses,
    } = held;
    let consulted = call
        .consult(Operation::CreateIntent, |facts| {
            facts.add(Field::Merchant, &request.merchant);
            facts.add(Field::Amount, request.amount.minor.to_string());
            facts.add(Field::Currency, request.amount.currency.code());
        })
        .await;
    consulted.map_err(DraftError::withheld)?;
    let now = call.now;
    let make = |id| Draft::held(DraftId::from_bytes(id), request.clone(), asked.clone(), now);
    let plan = |batch: Batch, draft: &Draft| match lapses {
        Some(span) => batch.plan(Task {
            due: now.plus(span),
            kind: TaskKind::Lapse(draft.id),
        }),
        None => batch,
    };
    Ok(counter::create(call, Purpose::PaymentDraft, receipt, make, plan).await?)
}

/// One that is held, or was.
pub async fn find(
    call: &Call,
    service: &'static str,
    id: &DraftId,
) -> Result<Option<Draft>, Rejection> {
    let found = call.space.store.get::<Draft>(id).await?;
    let found = found.map(|found| found.record);
    Ok(found.filter(|draft| draft.service == service))
}

/// The payment that has come of one.
pub async fn payment_of(call: &Call, draft: &Draft) -> Result<Option<Payment>, Rejection> {
    let DraftStatus::Paid(id) = draft.status else {
        return Ok(None);
    };
    let found = call.space.store.get::<Payment>(&id).await?;
    Ok(found.map(|found| found.record))
}

/// The payment that a name leads to, which may be that of one that was held.
pub async fn led_to(
    call: &Call,
    counter: Counter<'_>,
    name: PaymentId,
) -> Result<Option<Payment>, Rejection> {
    let id = drafts::led_to(&call.space, name).await?;
    let found = counter::find::<Payment>(call, counter, &id).await?;
    Ok(found.map(|found| found.record))
}

/// Why nothing came of what was held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompleteError {
    Draft(DraftError),
    Authorize(AuthorizeError),
}

impl From<DraftError> for CompleteError {
    fn from(error: DraftError) -> Self {
        Self::Draft(error)
    }
}

impl<E: Into<Rejection>> From<E> for CompleteError {
    fn from(error: E) -> Self {
        Self::Authorize(AuthorizeError::Rejected(error.into()))
    }
}

/// Pays what was held, now that it is known how the authentication ended. Whoever says so first is right: later on it is the
/// payment that came of it then.
pub async fn complete(
    call: &mut Call,
    draft: &Draft,
    authentication: Authentication,
) -> Result<Payment, CompleteError> {
    if let Some(payment) = payment_of(call, draft).await? {
        return Ok(payment);
    }
    let Some(held) = &draft.held else {
        return Err(DraftError::Unknown.into());
    };
    let mut wanted = PaymentRequest::clone(held);
    wanted.authentication = authentication;
    wanted.waited_as = Some(draft.id);
    let merchant = draft.merchant.clone();
    let counter = Counter {
        merchant: &merchant,
        service: draft.service,
    };
    drafts::take(call, counter, &draft.id, &mut wanted).await?;
    let payment = match authorize(call, wanted, None).await {
        Ok(payment) => payment,
        Err(error) => {
            drafts::release(call, counter, &draft.id).await?;
            return Err(CompleteError::Authorize(error));
        }
    };
    drafts::settle(call, counter, &draft.id, &payment, draft.asked.clone()).await?;
    Ok(payment)
}

/// Nobody has come back in time.
pub(super) async fn lapse(call: &mut Call, id: &DraftId) -> Result<(), Rejection> {
    let Some(found) = call.space.store.get::<Draft>(id).await? else {
        return Ok(());
    };
    let draft = found.record;
    if !matches!(draft.status, DraftStatus::Challenged { .. }) {
        return Ok(());
    }
    match complete(call, &draft, Authentication::Lapsed).await {
        Ok(_) => Ok(()),
        Err(
            CompleteError::Draft(DraftError::Unavailable(why))
            | CompleteError::Authorize(AuthorizeError::Rejected(why)),
        ) => Err(why),
        // Somebody came back at the last moment. Strict rules look at nothing that such a payment says of itself.
        Err(
            CompleteError::Draft(_) | CompleteError::Authorize(AuthorizeError::Contradicted(_)),
        ) => Ok(()),
    }
}
