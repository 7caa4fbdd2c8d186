//! Credentials for agents: given out for a number and a merchant, or set upon a token. What they allow is enforced when a
//! payment is authorized, and only there.

use super::space::Call;
use crate::domain::id::{CredentialId, Partition, TokenReference};
use crate::domain::payment::allowance::{Allowance, Credential, Delegated};
use crate::domain::payment::request::RequestId;
use crate::domain::rejection::Rejection;
use crate::domain::token::TokenRecord;
use crate::limits::COMMIT_ATTEMPTS_MAX;
use crate::store::{Batch, Commit, NumberEntry};

/// Why no credential is given or set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DelegationError {
    /// The number is neither a token nor a card that standin may hold.
    Number,
    /// There is no such token.
    Unknown,
    Contention,
    /// The store is away or full.
    Unavailable(Rejection),
}

impl<E: Into<Rejection>> From<E> for DelegationError {
    fn from(error: E) -> Self {
        let why = error.into();
        if why.is_of_the_store() {
            Self::Unavailable(why)
        } else {
            Self::Contention
        }
    }
}

/// Gives out a credential. A request that has been here before gets the credential that it was given then.
pub async fn delegate(
    call: &Call,
    delegated: Delegated,
    allowance: Allowance,
    request: Option<RequestId>,
) -> Result<Credential, DelegationError> {
    let home = home(call, &delegated).await?;
    let name = match &request {
        Some(request) => *request.bytes(),
        None => call.receipt(&[delegated.number.expose().as_bytes()]),
    };
    for attempt in 0..COMMIT_ATTEMPTS_MAX {
        let id = CredentialId::given(&call.space.seed, home, &name, attempt);
        let mut credential = Credential::new(id, allowance.clone(), call.now);
        credential.delegated = Some(delegated.clone());
        if call
            .space
            .store
            .commit(Batch::new().insert(credential.clone()))
            .await?
            == Commit::Done
        {
            return Ok(credential);
        }
        if request.is_some()
            && let Some(given) = find(call, &id).await?
        {
            return Ok(given);
        }
    }
    Err(DelegationError::Contention)
}

/// The partition in which payments with the number are counted, so that a payment and its credential change in one step.
async fn home(call: &Call, delegated: &Delegated) -> Result<Partition, DelegationError> {
    let space = &call.space;
    let number = delegated.number.as_token();
    if let Some(entry) = space.store.get::<NumberEntry>(&number).await? {
        return Ok(entry.record.token.partition());
    }
    let pan = delegated.number.as_pan();
    let admitted = space.config.personas.admit(&pan);
    admitted.map_err(|_| DelegationError::Number)?;
    Ok(Partition::of_account(&space.seed, &pan))
}

/// The credential of this name.
pub async fn find(call: &Call, id: &CredentialId) -> Result<Option<Credential>, Rejection> {
    let found = call.space.store.get::<Credential>(id).await?;
    Ok(found.map(|found| found.record))
}

/// What is allowed with a token, if that is limited.
pub async fn of_token(
    call: &Call,
    token: &TokenReference,
) -> Result<Option<Credential>, Rejection> {
    find(call, &CredentialId::of_token(&call.space.seed, token)).await
}

/// Limits what a token may pay, from now on and from nothing used.
pub async fn limit(
    call: &Call,
    token: &TokenReference,
    allowance: Allowance,
) -> Result<Credential, DelegationError> {
    change(call, token, |_| {
        let id = CredentialId::of_token(&call.space.seed, token);
        Some(Credential::new(id, allowance.clone(), call.now))
    })
    .await
}

/// Revokes what is allowed with a token: nothing is paid with it until it is limited anew.
pub async fn revoke(call: &Call, token: &TokenReference) -> Result<Credential, DelegationError> {
    change(call, token, |found| {
        let mut credential = found?;
        credential.revoked = credential.revoked.or(Some(call.now));
        Some(credential)
    })
    .await
}

async fn change(
    call: &Call,
    token: &TokenReference,
    make: impl Fn(Option<Credential>) -> Option<Credential>,
) -> Result<Credential, DelegationError> {
    let store = &call.space.store;
    let known = store.get::<TokenRecord>(token).await?;
    known.ok_or(DelegationError::Unknown)?;
    let id = CredentialId::of_token(&call.space.seed, token);
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let found = store.get::<Credential>(&id).await?;
        let version = found.as_ref().map(|found| found.version);
        let credential = make(found.map(|found| found.record));
        let credential = credential.ok_or(DelegationError::Unknown)?;
        let batch = Batch::new().put(credential.clone(), version);
        if store.commit(batch).await? == Commit::Done {
            return Ok(credential);
        }
    }
    Err(DelegationError::Contention)
}
