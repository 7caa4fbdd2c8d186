//! Which merchant calls.

use std::sync::Arc;

use http::{HeaderMap, Method};

use super::errors::{Own, StripeError};
use super::idempotency::KEYS;
use super::{request_id, version};
use crate::domain::merchant::Service;
use crate::domain::notice::Cause;
use crate::wire::edge::credentials::{basic, bearer};
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Request, RequestContext, psp};

/// The secret key: as a bearer token, or as the user of Basic.
pub(in crate::wire) fn key(headers: &HeaderMap) -> Option<String> {
    let by_basic = || basic(headers).map(|(user, _)| user);
    bearer(headers).map(str::to_owned).or_else(by_basic)
}

/// Lets a merchant in by its key.
pub(super) fn enter<'a>(
    context: &mut RequestContext,
    request: &'a Request,
) -> Result<MerchantAccount<'a>, StripeError> {
    let key = key(&request.headers).ok_or(Own::NoKey)?;
    version::of(&request.headers)?;
    let merchant = psp::enter(context, request, Service::Stripe, &key);
    // What only reads brings nothing about.
    if request.method != Method::GET {
        // A key that cannot be used is refused where the call is carried out.
        let idempotency_key = KEYS.key(request).ok().flatten().map(Box::from);
        context.call.cause = Some(Arc::new(Cause {
            request: request_id(request, &context.call).into(),
            idempotency_key,
        }));
    }
    Ok(MerchantAccount {
        merchant: merchant.ok_or_else(|| Own::wrong_key(&key))?,
        terms: &KEYS,
    })
}
