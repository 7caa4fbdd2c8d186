//! What a merchant has at one payment service: payments, what waits to be confirmed, customers and what they pay with. Nobody
//! else finds it, nor does the merchant at another service.

use super::space::Call;
use crate::domain::deviation::Deviation;
use crate::domain::payment::customer::Customer;
use crate::domain::payment::draft::Draft;
use crate::domain::payment::method::PaymentMethod;
use crate::domain::payment::record::Payment;
use crate::domain::rejection::Rejection;
use crate::limits::{COMMIT_ATTEMPTS_MAX, PAGE_ROWS_MAX};
use crate::seed::Purpose;
use crate::store::{Batch, Commit, Keyed, Versioned};

/// A merchant at one payment service.
#[derive(Debug, Clone, Copy)]
pub struct Counter<'a> {
    pub merchant: &'a str,
    pub service: &'static str,
}

/// A record that belongs to a merchant at a payment service.
pub trait AtCounter: Keyed {
    fn counter(&self) -> Counter<'_>;
}

macro_rules! at_counter {
    ($($record:ty),*) => {
        $(impl AtCounter for $record {
            fn counter(&self) -> Counter<'_> {
                Counter {
                    merchant: &self.merchant,
                    service: self.service,
                }
            }
        })*
    };
}

at_counter!(Payment, Draft, Customer, PaymentMethod);

impl Counter<'_> {
    fn has<T: AtCounter>(&self, record: &T) -> bool {
        let whose = record.counter();
        self.merchant == whose.merchant && self.service == whose.service
    }
}

/// One that the merchant has here.
pub async fn find<T: AtCounter>(
    call: &Call,
    counter: Counter<'_>,
    key: &T::Key,
) -> Result<Option<Versioned<T>>, Rejection> {
    let found = call.space.store.get::<T>(key).await?;
    let everybodys = call.deviates(Deviation::PaymentsAreEverybodys);
    Ok(found.filter(|found| everybodys || counter.has(&found.record)))
}

/// Everything of a kind that the merchant has here, in the order of the keys.
pub async fn all<T: AtCounter>(call: &Call, counter: Counter<'_>) -> Result<Vec<T>, Rejection> {
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = call.space.store.scan::<T>(after.as_ref(), PAGE_ROWS_MAX);
        let page = page.await?;
        after = page.rows.last().map(Keyed::key);
        found.extend(page.rows.into_iter().filter(|row| counter.has(row)));
        if !page.more {
            return Ok(found);
        }
    }
}

/// Keeps a new record under an id that is derived from the request, for which `receipt` stands. `make` makes it, `more` adds to
/// the commit what goes with it.
pub async fn create<T: AtCounter>(
    call: &Call,
    purpose: Purpose,
    receipt: &[u8; 16],
    make: impl Fn([u8; 16]) -> T,
    more: impl Fn(Batch, &T) -> Batch,
) -> Result<T, Rejection> {
    for attempt in 0..COMMIT_ATTEMPTS_MAX {
        let inputs: [&[u8]; 2] = [receipt, &attempt.to_be_bytes()];
        let record = make(call.space.seed.derive16(purpose, &inputs));
        // The same request at the same instant may be there already.
        let batch = more(Batch::new().insert(record.clone()), &record);
        if call.space.store.commit(batch).await? == Commit::Done {
            return Ok(record);
        }
    }
    Err(Rejection::Contention)
}

/// Why a record was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeError<E> {
    Unknown,
    /// What it has come to does not allow it.
    Refused(E),
    Rejected(Rejection),
}

impl<E, R: Into<Rejection>> From<R> for ChangeError<E> {
    fn from(why: R) -> Self {
        Self::Rejected(why.into())
    }
}

/// Changes one, again when somebody else changed it in between. `step` says what it is to be, or why not; `more` adds to the
/// commit what goes with the change.
pub async fn change<T: AtCounter, E>(
    call: &Call,
    counter: Counter<'_>,
    key: &T::Key,
    step: impl Fn(T) -> Result<T, E>,
    more: impl Fn(Batch, &T) -> Batch,
) -> Result<T, ChangeError<E>> {
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let found = find::<T>(call, counter, key).await?;
        let found = found.ok_or(ChangeError::Unknown)?;
        let changed = step(found.record).map_err(ChangeError::Refused)?;
        let batch = Batch::new().replace(changed.clone(), found.version);
        if call.space.store.commit(more(batch, &changed)).await? == Commit::Done {
            return Ok(changed);
        }
    }
    Err(ChangeError::Rejected(Rejection::Contention))
}
