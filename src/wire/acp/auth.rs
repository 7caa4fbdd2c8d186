//! Which merchant's key the agent has: that of standin's own payment API or that of Checkout.com, whose clients speak the
//! protocol.

use http::HeaderMap;

use super::errors::{AcpError, Own};
use crate::domain::merchant::{Merchant, Service};
use crate::wire::edge::credentials::authorization;
use crate::wire::edge::{Request, RequestContext, psp};

/// The key, with `Bearer` before it or without.
pub(super) fn key(headers: &HeaderMap) -> Option<&str> {
    let text = authorization(headers)?.trim();
    match text.split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => Some(key.trim()),
        Some(_) => None,
        None => Some(text),
    }
}

pub(super) fn enter<'a>(
    context: &mut RequestContext,
    request: &'a Request,
) -> Result<&'a Merchant, AcpError> {
    let key = key(&request.headers).ok_or(Own::NoKey)?;
    let own = psp::enter(context, request, Service::Own, key);
    let merchant = own.or_else(|| psp::enter(context, request, Service::Checkout, key));
    merchant.ok_or(Own::WrongKey.into())
}
