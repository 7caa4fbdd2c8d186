//! Which merchant calls.

use http::HeaderMap;

use super::errors::{AdyenError, Own};
use super::routes::KEYS;
use crate::domain::merchant::Service;
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Request, RequestContext, psp};

/// The API key.
pub(super) fn key(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-api-key")?.to_str().ok()
}

/// Lets a merchant in by its key.
pub(super) fn enter<'a>(
    context: &mut RequestContext,
    request: &'a Request,
) -> Result<MerchantAccount<'a>, AdyenError> {
    let key = key(&request.headers).ok_or(Own::Unauthorized)?;
    let merchant = psp::enter(context, request, Service::Adyen, key).ok_or(Own::Unauthorized)?;
    Ok(MerchantAccount {
        merchant,
        terms: &KEYS,
    })
}
