//! Verifying a cardholder: the ways to reach them, the code, and the token that becomes active by it.

use super::space::{Call, Space};
use crate::domain::id::TokenReference;
use crate::domain::lifecycle::{Command, State, step};
use crate::domain::notice::{Event, Notice};
use crate::domain::rejection::Rejection;
use crate::domain::step_up::{Method, StepUpRecord, StepUpRefusal};
use crate::domain::token::{CardRecord, LatestChange, TokenRecord};
use crate::journal::Leg;
use crate::limits::COMMIT_ATTEMPTS_MAX;
use crate::store::{Batch, Commit, StoreError, Versioned};

/// Why a step-up does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StepUpError {
    #[error(transparent)]
    StepUp(#[from] StepUpRefusal),
    #[error(transparent)]
    Rejected(#[from] Rejection),
}

impl From<StoreError> for StepUpError {
    fn from(error: StoreError) -> Self {
        Self::Rejected(error.into())
    }
}

/// The methods of a token, each by the name that a client chooses it with.
pub fn methods(space: &Space, token: &TokenReference) -> [(Method, String); 2] {
    Method::ALL.map(|method| (method, method.identifier(&space.seed, token)))
}

/// Whether the cardholder has been verified for this token, which binds the device that they did it with.
pub async fn is_verified(call: &Call, token: &TokenReference) -> Result<bool, Rejection> {
    let found = call.space.store.get::<StepUpRecord>(token).await?;
    Ok(found.is_some_and(|found| found.record.verified.is_some()))
}

/// Sends a code in the way that was chosen.
///
/// # Errors
/// [`StepUpError`]: the token is neither inactive nor active, the method is not one of its, or too many codes were sent.
pub async fn send_code(
    call: &mut Call,
    reference: &TokenReference,
    identifier: &str,
) -> Result<Method, StepUpError> {
    let chosen = methods(&call.space, reference)
        .into_iter()
        .find(|(_, name)| name == identifier);
    let (method, _) = chosen.ok_or(StepUpRefusal::MethodUnknown)?;
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let token = token(call, reference).await?.record;
        allows(&token)?;
        let (record, version) = record(call, reference).await?;
        let batch = Batch::new().put(record.send(call.now)?, version);
        if call.space.store.commit(batch).await? == Commit::Done {
            call.note(leg(&token, "send code", "sent"));
            return Ok(method);
        }
    }
    Err(Rejection::Contention.into())
}

/// Checks a code. The right one verifies the cardholder and makes an inactive token active; a wrong one is counted.
///
/// # Errors
/// [`StepUpError`]: the token is neither inactive nor active, or the code is not accepted.
pub async fn check_code(
    call: &mut Call,
    reference: &TokenReference,
    code: &str,
) -> Result<(), StepUpError> {
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let Versioned {
            record: token,
            version: token_version,
        } = token(call, reference).await?;
        allows(&token)?;
        let (before, version) = record(call, reference).await?;
        let (after, guessed) = before.guess(code, call.now);
        let mut batch = Batch::new().put(after, version);
        if guessed.is_ok() && token.status.state == State::Inactive {
            let active = TokenRecord {
                status: step(token.status, Command::Activate)?,
                latest: LatestChange::Activated,
                updated: call.now,
                ..token.clone()
            };
            let card = call.space.store.get::<CardRecord>(&active.card).await?;
            let card = card.map(|found| found.record);
            let told = Notice::of_token(Event::Activated, &active, card.as_ref(), call.now);
            batch = batch.replace(active, token_version).tell(told);
        }
        if call.space.store.commit(batch).await? == Commit::Done {
            let outcome = if guessed.is_ok() {
                "verified"
            } else {
                "refused"
            };
            call.note(leg(&token, "check code", outcome));
            return Ok(guessed?);
        }
    }
    Err(Rejection::Contention.into())
}

/// Whether a cardholder can be verified for the token: a suspended or deleted one is verified for nothing; for an active one,
/// verifying binds another device.
///
/// # Errors
/// [`Rejection`] with the state that stands against it.
pub fn allows(token: &TokenRecord) -> Result<(), Rejection> {
    match token.status.state {
        State::Inactive | State::Active => Ok(()),
        State::Suspended => Err(Rejection::TokenSuspended),
        State::Deleted => Err(Rejection::TokenDeleted),
        State::Failed => Err(Rejection::TokenMissing),
    }
}

async fn token(
    call: &Call,
    reference: &TokenReference,
) -> Result<Versioned<TokenRecord>, Rejection> {
    let found = call.space.store.get::<TokenRecord>(reference).await?;
    found.ok_or(Rejection::TokenUnknown)
}

/// How the step-up of a token stands, and the version to replace if it has begun.
async fn record(
    call: &Call,
    reference: &TokenReference,
) -> Result<(StepUpRecord, Option<u32>), Rejection> {
    let found = call.space.store.get::<StepUpRecord>(reference).await?;
    Ok(match found {
        Some(found) => (found.record, Some(found.version)),
        None => (StepUpRecord::new(*reference), None),
    })
}

fn leg(token: &TokenRecord, operation: &'static str, outcome: &'static str) -> Leg {
    Leg {
        network: token.network.word(),
        operation,
        outcome: outcome.into(),
    }
}
