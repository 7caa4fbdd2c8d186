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

/// Whose rules a call is read by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// The protocol's.
    Protocol,
    /// Checkout.com's. Its client libraries (checkout-sdk-python and -node, agentic commerce) write currencies in capitals, as
    /// everywhere else at Checkout.com, and send the protocol's headers or not.
    Checkout,
}

pub(super) fn enter<'a>(
    context: &mut RequestContext,
    request: &'a Request,
) -> Result<(&'a Merchant, Rules), AcpError> {
    let key = key(&request.headers).ok_or(Own::NoKey)?;
    let services = [
        (Service::Own, Rules::Protocol),
        (Service::Checkout, Rules::Checkout),
    ];
    let mut found = services
        .into_iter()
        .filter_map(|(service, rules)| Some((psp::enter(context, request, service, key)?, rules)));
    Ok(found.next().ok_or(Own::WrongKey)?)
}
