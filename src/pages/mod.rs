//! What every page of ours has: the templates in this folder, one style sheet, one script, and a policy that lets a browser do
//! nothing else. What comes from outside stands in a page as text: templates escape it, and the script makes text nodes of it.

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, HeaderValue, Response, StatusCode};

/// Where what pages are made of is.
pub const FOLDER: &str = "/_standin/pages/";

/// The script and the style sheet are ours, the server is asked by the script and nobody else is; no text is taken for markup.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
/// No script runs, and nothing is fetched but the style sheet and the icon.
const STILL_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// What a page may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It has the script.
    Live,
    /// It has none.
    Still,
}

/// A page that nobody keeps.
pub fn page(status: StatusCode, kind: Kind, html: String) -> Response<Bytes> {
    let policy = match kind {
        Kind::Live => POLICY,
        Kind::Still => STILL_POLICY,
    };
    let mut page = Response::new(Bytes::from(html));
    *page.status_mut() = status;
    for (name, value) in [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, policy),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // A form that is sent says from where, and no other site is told.
        (REFERRER_POLICY, "same-origin"),
        (OPENER, "same-origin"),
    ] {
        page.headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    page
}

/// A file that pages are made of, by its path.
pub fn file(path: &str) -> Option<Response<Bytes>> {
    let (kind, text) = match path.strip_prefix(FOLDER)? {
        "standin.css" => ("text/css; charset=utf-8", include_str!("standin.css")),
        "standin.js" => ("text/javascript; charset=utf-8", include_str!("standin.js")),
        "icon.svg" => ("image/svg+xml", include_str!("icon.svg")),
        _ => return None,
    };
    let mut file = Response::new(Bytes::from_static(text.as_bytes()));
    for (name, value) in [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "no-cache"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        file.headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    Some(file)
}
