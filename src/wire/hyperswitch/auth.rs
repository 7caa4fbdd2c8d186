//! The service's key, sent as it is in `Authorization`, is the merchant's key at standin's own payment API.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::errors::TokenServiceError;
use crate::domain::id::Owner;
use crate::domain::merchant::Service;
use crate::wire::request::Request;
use crate::wire::{RequestContext, psp};

pub(in crate::wire) fn key(headers: &HeaderMap) -> Option<&str> {
    Some(headers.get(AUTHORIZATION)?.to_str().ok()?.trim())
}

/// The account that requests tokens for the merchant.
pub(super) fn enter(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Owner, TokenServiceError> {
    let config = &request.space.config;
    let merchant = key(&request.headers).and_then(|key| psp::merchant(config, Service::Own, key));
    let merchant = merchant.ok_or(TokenServiceError::Unauthorized)?;
    context.recognise_merchant(&merchant.name);
    let account = config.accounts.find(&merchant.requestor);
    let (owner, _) = account.ok_or(TokenServiceError::Unauthorized)?;
    Ok(owner)
}
