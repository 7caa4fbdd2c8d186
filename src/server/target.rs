//! What a request says it is for, in the form in which surfaces read it.

use http::Uri;
use http::header::HOST;
use http::request::Parts;

/// Puts the host where surfaces look for it: HTTP/2 says in the target what HTTP/1 says in a header.
pub(crate) fn say_host(parts: &mut Parts) {
    if let Some(authority) = parts.uri.authority()
        && !parts.headers.contains_key(HOST)
        && let Ok(host) = authority.as_str().parse()
    {
        parts.headers.insert(HOST, host);
    }
}

/// The target with another path: without the prefix that chose the space, and readable.
pub(super) fn at_path(target: &Uri, path: &str) -> Uri {
    if path == target.path() {
        return target.clone();
    }
    let query = target
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    format!("{path}{query}")
        .parse()
        .unwrap_or_else(|_| target.clone())
}
