//! Which merchant calls.

use http::HeaderMap;

use super::errors::{AdyenError, Own};
use super::idempotency::KEYS;
use crate::domain::merchant::Service;
use crate::domain::number::digits;
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Request, RequestContext, psp};

/// The API key.
pub(super) fn key(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-api-key")?.to_str().ok()
}

/// The versions of the Checkout API that Adyen has published (its OpenAPI repository).
const VERSIONS: [u8; 20] = [
    32, 33, 37, 40, 41, 46, 49, 50, 51, 52, 53, 64, 65, 66, 67, 68, 69, 70, 71, 72,
];

/// The version that is called, which is the first part of the path.
pub(super) fn version(request: &Request) -> Result<u8, AdyenError> {
    let first = request.uri.path().split('/').nth(1).unwrap_or_default();
    let number = first.strip_prefix('v').and_then(digits);
    let known = number.filter(|number| VERSIONS.contains(number));
    Ok(known.ok_or(Own::Version)?)
}

/// Lets a merchant in by its key.
pub(super) fn enter<'a>(
    context: &mut RequestContext,
    request: &'a Request,
) -> Result<MerchantAccount<'a>, AdyenError> {
    version(request)?;
    let key = key(&request.headers).ok_or(Own::Unauthorized)?;
    let merchant = psp::enter(context, request, Service::Adyen, key).ok_or(Own::Unauthorized)?;
    Ok(MerchantAccount {
        merchant,
        terms: &KEYS,
    })
}
