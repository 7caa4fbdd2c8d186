//! The service's key, sent as it is in `Authorization`, is the merchant's key at standin's own payment API.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::errors::TokenServiceError;
use crate::domain::id::Owner;
use crate::domain::merchant::Service;
use crate::wire::asked::Asked;
use crate::wire::{Visit, till};

pub(in crate::wire) fn key(headers: &HeaderMap) -> Option<&str> {
    Some(headers.get(AUTHORIZATION)?.to_str().ok()?.trim())
}

/// The account that requests tokens for the merchant.
pub(super) fn enter(visit: &mut Visit, asked: &Asked) -> Result<Owner, TokenServiceError> {
    let world = &asked.desk.world;
    let merchant = key(&asked.headers).and_then(|key| till::merchant(world, Service::Own, key));
    let merchant = merchant.ok_or(TokenServiceError::Unauthorized)?;
    visit.recognise_merchant(&merchant.name);
    let account = world.accounts.find(&merchant.requestor);
    let (owner, _) = account.ok_or(TokenServiceError::Unauthorized)?;
    Ok(owner)
}
