//! Which merchant's key the agent has: that of standin's own payment API or that of Checkout.com, whose clients speak the
//! protocol.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::errors::AcpError;
use crate::domain::merchant::{Merchant, Service};
use crate::wire::request::Request;
use crate::wire::{RequestContext, psp};

/// The key, with `Bearer` before it or without.
pub(in crate::wire) fn key(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(AUTHORIZATION)?.to_str().ok()?.trim();
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
    let key = key(&request.headers).ok_or(AcpError::NoKey)?;
    let config = &request.space.config;
    let own = psp::merchant(config, Service::Own, key);
    let merchant = own.or_else(|| psp::merchant(config, Service::Checkout, key));
    let merchant = merchant.ok_or(AcpError::WrongKey)?;
    context.recognise_merchant(&merchant.name);
    Ok(merchant)
}
