//! Signing in: the control token, given once, becomes a cookie that the page's calls carry. It proves that somebody knew the
//! token and does not contain it, ends with the browser, is hidden from scripts, and comes with no request of another site.

use bytes::Bytes;
use http::header::{COOKIE as COOKIES, LOCATION, ORIGIN, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};

use super::gate::Gate;
use crate::crypto::encoding::hex;
use crate::crypto::mac::{HmacKey, hmac_sha256, same};
use crate::dashboard::sign_in;
use crate::masking;
use crate::operations::SpaceName;

/// Where the form is sent.
pub(super) const PATH: &str = "/_standin/session";
const COOKIE: &str = "standin_session";
const PURPOSE: &[u8] = b"standin dashboard session";

/// What the cookie of whoever knew the token says.
fn proof(token: &str) -> String {
    hex(&hmac_sha256(&HmacKey::new(token.as_bytes()), &[PURPOSE]))
}

/// Has hidden by what somebody proves that they know the token, wherever it stands in what is shown.
pub(super) fn keep_unseen(token: &str) {
    masking::hide(token);
    masking::hide(&proof(token));
}

/// Whether a request may pass by its cookie. That comes by itself, so it counts for nothing where it is not certain that a page
/// of ours asks for a change. What the browser says of that has been looked at before.
pub(super) fn lets_in(parts: &Parts, token: &str) -> bool {
    let headers = &parts.headers;
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    let site = headers.get("sec-fetch-site");
    let own = headers.contains_key(ORIGIN) || site.is_some_and(|site| site == "same-origin");
    (reads || own) && signed_in(headers, token)
}

/// Whether a request carries the cookie. HTTP/2 may split cookies into several headers (RFC 9113, section 8.2.3).
fn signed_in(headers: &HeaderMap, token: &str) -> bool {
    let headers = headers.get_all(COOKIES).iter();
    let pairs = headers.filter_map(|header| header.to_str().ok());
    let mut pairs = pairs.flat_map(|header| header.split(';'));
    pairs.any(|pair| {
        let given = pair.trim().split_once('=');
        given.is_some_and(|(name, value)| {
            name == COOKIE && same(value.as_bytes(), proof(token).as_bytes())
        })
    })
}

/// Signs in or out, and leads to the page. None for what is no form.
pub(super) fn answer(
    gate: &Gate,
    parts: &Parts,
    body: &[u8],
    scheme: &str,
) -> Option<Response<Bytes>> {
    if parts.method != Method::POST {
        return None;
    }
    let field = |name: &str| {
        let mut fields = form_urlencoded::parse(body);
        let found = fields.find(|(one, _)| one == name);
        found.map(|(_, value)| value.into_owned())
    };
    let space = field("space").and_then(|name| SpaceName::parse(&name).ok());
    let space = space.filter(|space| *space != SpaceName::default_space());
    let name = space.as_ref().map_or("", SpaceName::text);
    let cookie = if field("out").is_some() {
        format!("{COOKIE}=; Max-Age=0")
    } else {
        let token = gate.control_token.as_deref().unwrap_or_default();
        let given = field("token").unwrap_or_default();
        if token.is_empty() || !same(given.as_bytes(), token.as_bytes()) {
            let problem = "That is not the token that this server was started with.";
            return Some(sign_in(name, Some(problem)));
        }
        format!("{COOKIE}={}", proof(token))
    };
    let secure = if scheme == "https" { "; Secure" } else { "" };
    let cookie = format!("{cookie}; Path=/; HttpOnly; SameSite=Strict{secure}");
    let to = match space {
        Some(space) => format!("/~{space}/"),
        None => "/".to_owned(),
    };
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = StatusCode::SEE_OTHER;
    for (header, value) in [(LOCATION, to), (SET_COOKIE, cookie)] {
        let value = HeaderValue::from_str(&value).ok()?;
        answer.headers_mut().insert(header, value);
    }
    Some(answer)
}
