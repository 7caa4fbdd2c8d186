//! Which merchant calls.

use http::HeaderMap;

use super::errors::AdyenError;
use crate::domain::merchant::{Merchant, Service};
use crate::wire::request::Request;
use crate::wire::{RequestContext, psp};

/// The API key.
pub(in crate::wire) fn key(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-api-key")?.to_str().ok()
}

/// Lets a merchant in by its key.
pub(super) fn enter<'a>(
    context: &mut RequestContext,
    request: &'a Request,
) -> Result<&'a Merchant, AdyenError> {
    let key = key(&request.headers).ok_or(AdyenError::Unauthorized)?;
    let merchant = psp::merchant(&request.space.config, Service::Adyen, key);
    let merchant = merchant.ok_or(AdyenError::Unauthorized)?;
    context.recognise_merchant(&merchant.name);
    Ok(merchant)
}
