//! What customers of a merchant pay with, as a payment service keeps it.

use super::counter::{self, ChangeError, Counter, change, find};
use super::space::Call;
use crate::domain::id::MethodId;
use crate::domain::notice::Notice;
use crate::domain::operation::Operation;
use crate::domain::payment::event::PaymentEvent;
use crate::domain::payment::method::{MethodRefusal, PaymentMethod};
use crate::domain::payment::told::PaymentThen;
use crate::domain::rejection::Rejection;
use crate::faults::facts::Field;
use crate::seed::Purpose;
use crate::store::{Batch, Commit};

/// Why a payment method was not changed.
pub type MethodError = ChangeError<MethodRefusal>;

/// One that nobody has used.
pub fn fresh(
    call: &Call,
    counter: Counter<'_>,
    id: MethodId,
    said: Vec<(String, String)>,
) -> PaymentMethod {
    PaymentMethod {
        id,
        merchant: counter.merchant.to_owned(),
        service: counter.service,
        said,
        customer: None,
        used: false,
        nti: None,
        tlid: None,
        changes: 0,
        created: call.now,
    }
}

/// Keeps a payment method that belongs to nobody, or a card that is handed over: `operation` says which. `receipt` stands for
/// the request.
pub async fn create(
    call: &mut Call,
    counter: Counter<'_>,
    said: Vec<(String, String)>,
    receipt: &[u8; 16],
    operation: Operation,
) -> Result<PaymentMethod, Rejection> {
    call.consult(operation, |facts| {
        facts.add(Field::Merchant, counter.merchant);
    })
    .await?;
    let make = |id| fresh(call, counter, MethodId::from_bytes(id), said.clone());
    counter::create(call, Purpose::PaymentMethod, receipt, make, |batch, _| {
        batch
    })
    .await
}

/// Keeps one under the name that it has already; whoever does it again finds it there.
pub async fn keep(
    call: &Call,
    counter: Counter<'_>,
    method: PaymentMethod,
) -> Result<(), Rejection> {
    let event = method.customer.map(|_| PaymentEvent::MethodAttached);
    let told = told(call, event.as_slice(), &method);
    let id = method.id;
    let batch = Batch::new().insert(method).tell_all(told);
    if call.space.store.commit(batch).await? == Commit::Conflict {
        let there = find::<PaymentMethod>(call, counter, &id).await?;
        return there.map(|_| ()).ok_or(Rejection::Contention);
    }
    Ok(())
}

/// Changes one, and tells `event` of it.
pub async fn change_and_tell(
    call: &Call,
    counter: Counter<'_>,
    id: &MethodId,
    step: impl Fn(PaymentMethod) -> Result<PaymentMethod, MethodRefusal>,
    event: Option<PaymentEvent>,
) -> Result<PaymentMethod, MethodError> {
    let tell =
        |batch: Batch, method: &PaymentMethod| batch.tell_all(told(call, event.as_slice(), method));
    change(call, counter, id, step, tell).await
}

fn told(call: &Call, events: &[PaymentEvent], method: &PaymentMethod) -> Vec<Notice> {
    let then = PaymentThen::Method(method.clone());
    call.caused(Notice::of_payment(events, then, call.now))
}
