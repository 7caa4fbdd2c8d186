//! Noting for which transactions Checkout Solutions has given out credentials of a card.

use super::space::Call;
use crate::domain::checkout::{Checkout, Checkouts};
use crate::domain::id::TokenReference;
use crate::domain::rejection::Rejection;
use crate::limits::COMMIT_ATTEMPTS_MAX;
use crate::store::{Batch, Commit};

/// Notes one more transaction.
///
/// # Errors
/// [`Rejection::Contention`].
pub async fn note(
    call: &Call,
    token: &TokenReference,
    transaction: &str,
    data: &'static str,
) -> Result<(), Rejection> {
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let found = call.space.store.get::<Checkouts>(token).await?;
        let (before, version) = match found {
            Some(found) => (found.record, Some(found.version)),
            None => (Checkouts::new(*token), None),
        };
        let after = before.with(Checkout {
            transaction: transaction.to_owned(),
            data: data.into(),
            at: call.now,
        });
        if call
            .space
            .store
            .commit(Batch::new().put(after, version))
            .await?
            == Commit::Done
        {
            return Ok(());
        }
    }
    Err(Rejection::Contention)
}

/// The latest transactions of a card, oldest first.
pub async fn of(call: &Call, token: &TokenReference) -> Result<Vec<Checkout>, Rejection> {
    let found = call.space.store.get::<Checkouts>(token).await?;
    Ok(found.map_or_else(Vec::new, |found| found.record.latest.into()))
}
