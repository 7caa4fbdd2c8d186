//! To whom a request is addressed: which surface, by its path and, where two surfaces share one, by the kind of
//! credential; and which space, by a `/~NAME` prefix or by a credential that names one. This is decided here and nowhere
//! else; whether the credential is any good is for the surface to say.

use std::borrow::Cow;

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::Surface;
use super::checkout_com;
use super::oauth::auth::client_of_request;
use super::psp::space_of_key;
use super::visa::auth::api_key;
use crate::crypto::encoding::from_base64;
use crate::operations::{
    SharedConfig, SpaceName, SpaceNameError, access, merchant_access, requestors,
};

/// The surface whose path this is. `path` has no space prefix. Checkout.com shares two paths with others, and is known
/// there by its credentials.
pub fn surface(path: &str, headers: &HeaderMap) -> Option<Surface> {
    let first = path
        .trim_start_matches('/')
        .split('/')
        .next()
        .unwrap_or_default();
    let checkout_com = || checkout_com::is_credential(headers);
    match first {
        "network-tokens" | "payments" if checkout_com() => Some(Surface::CheckoutCom),
        "connect" => Some(Surface::CheckoutCom),
        "agentic_commerce" => Some(Surface::Acp),
        "hyperswitch" => Some(Surface::Hyperswitch),
        "auth" => Some(Surface::OAuth),
        "cards" => Some(Surface::Cmp),
        "network-tokens" => Some(Surface::Calm),
        "aliases" => Some(Surface::Vault),
        "payments" | "checkout" => Some(Surface::Payments),
        "v1" => Some(Surface::Stripe),
        "vts" => Some(Surface::Visa),
        "mdes" => Some(Surface::Mastercard),
        "src" | "keys" => Some(Surface::MastercardCheckout),
        version if is_adyen_version(version) => Some(Surface::Adyen),
        _ => None,
    }
}

/// Adyen's versions of its Checkout API have two digits.
fn is_adyen_version(segment: &str) -> bool {
    let digits = segment.strip_prefix('v').unwrap_or_default();
    digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Splits `/~NAME/rest` into the space and `/rest`.
pub fn split_prefix(path: &str) -> Result<(Option<SpaceName>, &str), SpaceNameError> {
    let Some(prefixed) = path.strip_prefix("/~") else {
        return Ok((None, path));
    };
    let end = prefixed.find('/').unwrap_or(prefixed.len());
    let (name, rest) = prefixed.split_at(end);
    Ok((
        Some(SpaceName::parse(name)?),
        if rest.is_empty() { "/" } else { rest },
    ))
}

/// The path with every part that is no text once it is decoded replaced by one that is, so that a surface can say in its
/// own words that nothing is there.
pub fn readable(path: &str) -> Cow<'_, str> {
    if !path.contains('%') || path.split('/').all(is_text) {
        return Cow::Borrowed(path);
    }
    let parts: Vec<_> = path
        .split('/')
        .map(|part| if is_text(part) { part } else { "%EF%BF%BD" })
        .collect();
    Cow::Owned(parts.join("/"))
}

fn is_text(part: &str) -> bool {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = after
            .first_chunk::<2>()
            .filter(|_| *first == b'%')
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        rest = escaped.map_or(after, |_| &after[2..]);
        bytes.push(escaped.unwrap_or(*first));
    }
    std::str::from_utf8(&bytes).is_ok()
}

/// The space that the request's credential names.
pub fn space_of_credential(
    config: &SharedConfig,
    surface: Surface,
    query: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Option<SpaceName> {
    match surface {
        Surface::OAuth => {
            let client = client_of_request(headers, body)?;
            SpaceName::parse(client.id.split_once('@')?.1).ok()
        }
        Surface::Cmp | Surface::Calm | Surface::Vault => access::space_of(config, bearer(headers)?),
        Surface::Adyen => SpaceName::parse(space_of_key(super::adyen::key(headers)?)?).ok(),
        Surface::CheckoutCom => space_at_checkout_com(headers, body),
        Surface::Hyperswitch => {
            let key = super::hyperswitch::auth::key(headers)?;
            SpaceName::parse(space_of_key(key)?).ok()
        }
        Surface::Acp => SpaceName::parse(space_of_key(super::acp::auth::key(headers)?)?).ok(),
        Surface::Payments => SpaceName::parse(space_of_key(bearer(headers)?)?).ok(),
        Surface::Stripe => SpaceName::parse(space_of_key(&super::stripe::key(headers)?)?).ok(),
        Surface::Mastercard | Surface::MastercardCheckout => {
            requestors::space_of(headers.get(AUTHORIZATION)?.to_str().ok()?)
        }
        Surface::Visa => SpaceName::parse(api_key(query)?.split_once('@')?.1).ok(),
    }
}

/// By the key, by an access token, or by the client that asks for one.
fn space_at_checkout_com(headers: &HeaderMap, body: &[u8]) -> Option<SpaceName> {
    if let Some(client) = client_of_request(headers, body) {
        return SpaceName::parse(space_of_key(&client.id)?).ok();
    }
    let key = checkout_com::key(headers)?;
    let by_token = merchant_access::space_of(key);
    by_token.or_else(|| SpaceName::parse(space_of_key(key)?).ok())
}

/// The token of a `Bearer` authorization.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// User and password of a `Basic` authorization.
pub fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, value) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let plain = from_base64(value.trim())
        .ok()
        .filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let (user, password) = String::from_utf8(plain).ok()?.split_once(':').map(own)?;
    Some((user, password))
}

fn own((user, password): (&str, &str)) -> (String, String) {
    (user.to_owned(), password.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_names_a_space() {
        let name = |text| SpaceName::parse(text).unwrap();
        assert_eq!(split_prefix("/cards"), Ok((None, "/cards")));
        assert_eq!(
            split_prefix("/~a-1/cards/x"),
            Ok((Some(name("a-1")), "/cards/x"))
        );
        assert_eq!(split_prefix("/~a"), Ok((Some(name("a")), "/")));
        assert!(split_prefix("/~/cards").is_err());
        assert!(split_prefix("/~a%2f/cards").is_err());
    }

    #[test]
    fn what_is_no_text_becomes_one_that_nothing_is_called() {
        for plain in ["/cards", "/cards/%C3%A9", "/cards/%zz", "/cards/%", "/a%2"] {
            assert_eq!(readable(plain), plain);
        }
        assert_eq!(readable("/cards/a%ffb/x"), "/cards/%EF%BF%BD/x");
        assert_eq!(readable("/cards/%c3"), "/cards/%EF%BF%BD");
    }
}
