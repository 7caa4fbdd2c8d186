//! Which merchant calls.

use http::HeaderMap;

use super::errors::AdyenError;
use crate::domain::merchant::{Merchant, Service};
use crate::wire::asked::Asked;
use crate::wire::{Visit, till};

/// The API key.
pub(in crate::wire) fn key(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-api-key")?.to_str().ok()
}

/// Lets a merchant in by its key.
pub(super) fn enter<'a>(visit: &mut Visit, asked: &'a Asked) -> Result<&'a Merchant, AdyenError> {
    let key = key(&asked.headers).ok_or(AdyenError::Unauthorized)?;
    let merchant = till::merchant(&asked.desk.world, Service::Adyen, key);
    let merchant = merchant.ok_or(AdyenError::Unauthorized)?;
    visit.recognise_merchant(&merchant.name);
    Ok(merchant)
}
