//! Who may call: the API key in the query names the requestor, and `x-pay-token` proves that the request is its own.

use std::borrow::Cow;

use super::errors::{NotLetIn, VisaError};
use crate::crypto::mac::same;
use crate::crypto::xpay::{PayToken, Policy, SignedRequest};
use crate::domain::id::Owner;
use crate::operations::SpaceName;
use crate::wire::edge::{Request, RequestContext};

/// The API key in a query. Visa's own clients write `apiKey` and `apikey`.
pub(super) fn api_key(query: &str) -> Option<Cow<'_, str>> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "apiKey" || name == "apikey")
        .map(|(_, value)| value)
}

/// Lets a caller in whose request is signed with the secret of its API key. What is behind `@` in the key names a space.
pub(super) fn enter(context: &mut RequestContext, request: &Request) -> Result<Owner, VisaError> {
    let space = &context.call.space;
    let networks = &space.config.networks;
    let query = request.sent.query().unwrap_or_default();
    let key = api_key(query).ok_or(NotLetIn::NoKey)?;
    let (key, named) = match key.split_once('@') {
        Some((key, named)) => (key, Some(named)),
        None => (key.as_ref(), None),
    };
    if !same(key.as_bytes(), networks.visa.api_key().as_bytes()) {
        return Err(NotLetIn::Key.into());
    }
    if named.is_some_and(|name| SpaceName::parse(name).as_ref() != Ok(&space.name)) {
        return Err(NotLetIn::OtherSpace.into());
    }
    let token = request
        .headers
        .get("x-pay-token")
        .ok_or(NotLetIn::NoToken)?;
    let token = token.to_str().map_err(|_| NotLetIn::NoToken)?;
    let token = PayToken::parse(token).map_err(NotLetIn::Token)?;
    let settings = &space.config.settings.visa;
    let policy = Policy {
        tolerance_s: u32::try_from(settings.clock_tolerance.as_secs()).unwrap_or(u32::MAX),
        older_form: settings.older_pay_token,
    };
    let signed = SignedRequest {
        paths: &[request.sent.path(), request.uri.path()],
        query,
        body: &request.body,
    };
    let now_s = u64::try_from(context.call.now.seconds()).unwrap_or_default();
    token
        .verify(networks.visa.signing(), &signed, now_s, policy)
        .map_err(NotLetIn::Token)?;
    let owner = networks.owner();
    context.recognise(owner);
    Ok(owner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_found_under_both_names() {
        for query in ["apiKey=a", "apikey=a", "x=1&apiKey=a", "apikey=a&y"] {
            assert_eq!(api_key(query).as_deref(), Some("a"), "{query}");
        }
        assert_eq!(api_key("apiKey=a%40b").as_deref(), Some("a@b"));
        assert_eq!(api_key("APIKEY=a"), None);
    }
}
