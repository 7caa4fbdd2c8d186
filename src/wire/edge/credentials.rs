//! Credentials as requests carry them. Whether one is any good is for the surface to say.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::crypto::encoding::from_base64;
use crate::operations::SpaceName;

/// The token of a `Bearer` authorization.
pub(in crate::wire) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = authorization(headers)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// User and password of a `Basic` authorization.
pub(in crate::wire) fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, value) = authorization(headers)?.split_once(' ')?;
    let plain = from_base64(value.trim())
        .ok()
        .filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(plain).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

/// The value of `Authorization`, if it is text.
pub(in crate::wire) fn authorization(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION)?.to_str().ok()
}

/// The space that a key or client names behind `@`.
pub(in crate::wire) fn space_behind(credential: &str) -> Option<SpaceName> {
    let (_, space) = credential.rsplit_once('@')?;
    SpaceName::parse(space).ok()
}
