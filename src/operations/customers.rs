//! Customers of a merchant at a payment service.

use super::counter::{self, ChangeError, Counter, change};
use super::space::Call;
use crate::domain::id::CustomerId;
use crate::domain::notice::Notice;
use crate::domain::operation::Operation;
use crate::domain::payment::customer::Customer;
use crate::domain::payment::event::PaymentEvent;
use crate::domain::payment::told::PaymentThen;
use crate::domain::rejection::Rejection;
use crate::faults::facts::Field;
use crate::seed::Purpose;
use crate::store::Batch;

/// Keeps a customer, with what the merchant says of it. `receipt` stands for the request.
pub async fn create(
    call: &mut Call,
    counter: Counter<'_>,
    said: Vec<(String, String)>,
    receipt: &[u8; 16],
) -> Result<Customer, Rejection> {
    call.consult(Operation::CreateCustomer, |facts| {
        facts.add(Field::Merchant, counter.merchant);
    })
    .await?;
    let now = call.now;
    let make = |id| Customer {
        id: CustomerId::from_bytes(id),
        merchant: counter.merchant.to_owned(),
        service: counter.service,
        said: said.clone(),
        deleted: false,
        changes: 0,
        created: now,
    };
    let more = |batch: Batch, customer: &Customer| {
        batch.tell_all(told(call, PaymentEvent::CustomerCreated, customer))
    };
    counter::create(call, Purpose::Customer, receipt, make, more).await
}

/// Changes a customer to what `said` makes of what was said of it before.
pub async fn update(
    call: &mut Call,
    counter: Counter<'_>,
    id: &CustomerId,
    said: impl Fn(&[(String, String)]) -> Vec<(String, String)>,
) -> Result<Customer, Rejection> {
    let step = |customer: Customer| {
        let said = said(&customer.said);
        customer.saying(said)
    };
    let told = PaymentEvent::CustomerUpdated;
    change_and_tell(call, counter, id, Operation::UpdateCustomer, step, told).await
}

/// Forgets a customer; only its name is kept.
pub async fn delete(
    call: &mut Call,
    counter: Counter<'_>,
    id: &CustomerId,
) -> Result<Customer, Rejection> {
    let told = PaymentEvent::CustomerDeleted;
    let gone = |customer: Customer| customer.gone();
    change_and_tell(call, counter, id, Operation::DeleteCustomer, gone, told).await
}

async fn change_and_tell(
    call: &mut Call,
    counter: Counter<'_>,
    id: &CustomerId,
    operation: Operation,
    step: impl Fn(Customer) -> Customer,
    event: PaymentEvent,
) -> Result<Customer, Rejection> {
    call.consult(operation, |facts| {
        facts.add(Field::Merchant, counter.merchant);
    })
    .await?;
    let changed = change(
        call,
        counter,
        id,
        |customer| Ok(step(customer)),
        |batch, customer| batch.tell_all(told(call, event, customer)),
    )
    .await;
    changed.map_err(|error: ChangeError<Rejection>| match error {
        // Whoever asks has found it a moment ago.
        ChangeError::Unknown => Rejection::Contention,
        ChangeError::Refused(why) | ChangeError::Rejected(why) => why,
    })
}

fn told(call: &Call, event: PaymentEvent, customer: &Customer) -> Vec<Notice> {
    let then = PaymentThen::Customer(customer.clone());
    call.caused(Notice::of_payment(&[event], then, call.now))
}
