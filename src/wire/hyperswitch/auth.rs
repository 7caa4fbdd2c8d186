//! The service's key, sent as it is in `Authorization`, is the merchant's key at standin's own payment API.

use http::HeaderMap;

use super::errors::{Own, TokenServiceError};
use crate::domain::id::Owner;
use crate::domain::merchant::Service;
use crate::wire::edge::credentials::authorization;
use crate::wire::edge::{Request, RequestContext, psp};

pub(super) fn key(headers: &HeaderMap) -> Option<&str> {
    Some(authorization(headers)?.trim())
}

/// The account that requests tokens for the merchant.
pub(super) fn enter(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Owner, TokenServiceError> {
    let key = key(&request.headers).ok_or(Own::Unauthorized)?;
    let merchant = psp::enter(context, request, Service::Own, key).ok_or(Own::Unauthorized)?;
    let account = request.space.config.accounts.find(&merchant.requestor);
    let (owner, _) = account.ok_or(Own::Unauthorized)?;
    Ok(owner)
}
