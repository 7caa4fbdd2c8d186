//! Who may speak to the server at all. A browser on the same machine reaches what the network does not, and any page may
//! make it try. So a request must ask for a host that is ours (DNS rebinding), it must not come from a page of another origin
//! unless somebody goes from there to a page of ours, and the control plane of a server that others can reach needs a token.
//! Checked before anything is routed.

use http::header::{HOST, ORIGIN, TRANSFER_ENCODING};
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version};
use parking_lot::Mutex;

use super::host::{is_called, is_this_machine};
use super::purpose::Purpose;
use super::session;
use crate::crypto::mac::same;
use crate::wire::edge::{HeaderProblem, headers};

/// Header that carries the control token where `Authorization` is taken.
const TOKEN_HEADER: &str = "standin-control-token";
static FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: &str = "sec-fetch-mode";
const FETCH_DEST: &str = "sec-fetch-dest";

/// Why a page of another origin is refused.
pub(super) const ORIGIN_FOREIGN: &str = "origin_foreign";

/// What the gate lets through.
#[derive(Clone, Default)]
pub struct Gate {
    /// Host names besides those of this machine.
    pub hosts: Vec<String>,
    /// What the control plane asks for, if it asks for anything.
    pub control_token: Option<String>,
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gate({:?})", self.hosts)
    }
}

/// The host that was last let through on a connection, since a client asks for the same one each time.
#[derive(Debug, Default)]
pub(super) struct KnownHost(Mutex<Option<HeaderValue>>);

impl KnownHost {
    /// Whether a request asks for that host and says nothing else that the gate wants to know.
    fn is_all_of(&self, parts: &Parts) -> bool {
        let headers = &parts.headers;
        let Some(host) = the_host(parts) else {
            return false;
        };
        // Looking at the few names that there are takes less time than looking two of them up.
        let from_page = |name: &HeaderName| *name == ORIGIN || *name == FETCH_SITE;
        self.0.lock().as_ref() == Some(host) && !headers.keys().any(from_page)
    }

    fn remember(&self, parts: &Parts) {
        if let Some(host) = the_host(parts) {
            *self.0.lock() = Some(host.clone());
        }
    }
}

/// The one header that says for which host a request is meant, where nothing else does.
fn the_host(parts: &Parts) -> Option<&HeaderValue> {
    let mut hosts = parts.headers.get_all(HOST).iter();
    let host = hosts.next()?;
    (hosts.next().is_none() && parts.uri.authority().is_none()).then_some(host)
}

/// Why a request is not let through: status, code and sentence.
pub(crate) type Stopped = (StatusCode, &'static str, String);

impl Gate {
    /// Whether the request may pass.
    pub(super) fn check(
        &self,
        parts: &Parts,
        purpose: Purpose,
        known: &KnownHost,
    ) -> Result<(), Stopped> {
        if purpose == Purpose::Probe {
            check_origin(parts, asked_for(parts)?.as_ref(), purpose)?;
        } else if !known.is_all_of(parts) {
            self.check_host_and_origin(parts, purpose)?;
            known.remember(parts);
        }
        check_coding(&parts.headers)?;
        // A surface looks at its headers itself, to refuse them in its own words.
        if matches!(purpose, Purpose::Control | Purpose::Probe | Purpose::Nobody) {
            headers::readable(&parts.headers).map_err(unreadable)?;
        }
        if matches!(purpose, Purpose::Control | Purpose::Nobody) {
            self.check_token(parts)?;
        }
        Ok(())
    }

    /// Whether whoever asks may see the dashboard: nothing is asked for, or the token was given.
    pub(super) fn lets_in(&self, parts: &Parts) -> bool {
        self.check_token(parts).is_ok()
    }

    fn check_host_and_origin(&self, parts: &Parts, purpose: Purpose) -> Result<(), Stopped> {
        let authority = asked_for(parts)?;
        if let Some(authority) = &authority {
            self.check_host(authority)?;
        }
        check_origin(parts, authority.as_ref(), purpose)
    }

    fn check_host(&self, authority: &Authority) -> Result<(), Stopped> {
        let host = authority.host();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let listed = self.hosts.iter().any(|name| is_called(bare, name));
        if listed || is_this_machine(bare) {
            return Ok(());
        }
        let why = format!(
            "no host here is called {bare:?}; start the server with --allow-host {bare} if it is meant to be"
        );
        Err((StatusCode::MISDIRECTED_REQUEST, "host_unknown", why))
    }

    fn check_token(&self, parts: &Parts) -> Result<(), Stopped> {
        let headers = &parts.headers;
        let Some(token) = &self.control_token else {
            return Ok(());
        };
        let bearer = once(headers, "authorization")?;
        let bearer = bearer.and_then(|value| value.strip_prefix("Bearer "));
        let given = once(headers, TOKEN_HEADER)?.or(bearer);
        // Nothing equals no token, whatever that is.
        if given.is_some_and(|given| same(given.as_bytes(), token.as_bytes())) {
            return Ok(());
        }
        if given.is_none() && session::lets_in(parts, token) {
            return Ok(());
        }
        let why = format!("the control plane asks for its token, as Bearer or in {TOKEN_HEADER}");
        Err((StatusCode::UNAUTHORIZED, "control_token", why))
    }
}

/// A header that may be there once. What is there and cannot be read is refused: it is not the same as nothing.
fn once<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<Option<&'a str>, Stopped> {
    headers::once(headers, name).map_err(unreadable)
}

fn unreadable(problem: HeaderProblem) -> Stopped {
    let why = problem.in_small_letters();
    (problem.status(), "header_unreadable", why)
}

/// The host that was asked for: HTTP/2 says it in the target. A client that names none is no browser; since HTTP/1.1 it has
/// to name one, which may be empty (RFC 9112, section 3.2).
fn asked_for(parts: &Parts) -> Result<Option<Authority>, Stopped> {
    let host = once(&parts.headers, "host")?;
    if let Some(named) = parts.uri.authority() {
        return Ok(Some(named.clone()));
    }
    if host.is_none() && parts.version > Version::HTTP_10 {
        let why = "the header host is missing".to_owned();
        return Err((StatusCode::BAD_REQUEST, "host_missing", why));
    }
    host.filter(|host| !host.is_empty())
        .map(str::parse)
        .transpose()
        .map_err(|_| {
            let why = "the header host must be the name of a host".to_owned();
            (StatusCode::BAD_REQUEST, "header_unreadable", why)
        })
}

/// A body may come in chunks, and in no other coding than that (RFC 9112, section 6.1). hyper takes every list that ends
/// in `chunked`, and refuses the others.
pub(crate) fn check_coding(headers: &HeaderMap) -> Result<(), Stopped> {
    let chunked = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"chunked");
    let mut lines = headers.iter();
    if lines.all(|(name, value)| name != TRANSFER_ENCODING || chunked(value)) {
        return Ok(());
    }
    let why = "the only transfer coding that is taken is chunked".to_owned();
    Err((StatusCode::NOT_IMPLEMENTED, "transfer_coding", why))
}

/// Browsers say from where a request comes; other clients do not. A page of another origin may lead to a page of ours, in the
/// window and not in a frame, and nothing else: what it may not read could still tell it something by how long it takes.
fn check_origin(
    parts: &Parts,
    authority: Option<&Authority>,
    purpose: Purpose,
) -> Result<(), Stopped> {
    let headers = &parts.headers;
    let site = once(headers, FETCH_SITE.as_str())?.unwrap_or("none");
    let origin = once(headers, "origin")?;
    let own = match (origin, authority) {
        (None, _) => matches!(site, "none" | "same-origin"),
        (Some(origin), Some(authority)) => origin
            .split_once("://")
            .is_some_and(|(_, from)| from.eq_ignore_ascii_case(authority.as_str())),
        (Some(_), None) => false,
    };
    let may_be_led_to = matches!(purpose, Purpose::Control | Purpose::Page);
    if own || (may_be_led_to && origin.is_none() && is_navigation(parts)?) {
        return Ok(());
    }
    let from = origin.unwrap_or("another site");
    let why = format!("a page of {from} may ask for nothing here");
    Err((StatusCode::FORBIDDEN, ORIGIN_FOREIGN, why))
}

/// Whether somebody goes to a page: by a link, or by what they typed.
fn is_navigation(parts: &Parts) -> Result<bool, Stopped> {
    let mode = once(&parts.headers, FETCH_MODE)?;
    let dest = once(&parts.headers, FETCH_DEST)?;
    let in_the_window = dest.is_none_or(|dest| dest == "document");
    Ok(parts.method == Method::GET && mode == Some("navigate") && in_the_window)
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn passes(gate: &Gate, method: &str, headers: &[(&str, &str)], control: bool) -> u16 {
        let purpose = [Purpose::Page, Purpose::Control][usize::from(control)];
        passes_for(gate, method, headers, purpose)
    }

    fn passes_for(gate: &Gate, method: &str, headers: &[(&str, &str)], purpose: Purpose) -> u16 {
        let mut request = Request::builder().method(method).uri("/cards");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let status = |known: &KnownHost| {
            let checked = gate.check(&parts, purpose, known);
            checked.map_or_else(|(status, _, _)| status.as_u16(), |()| 200)
        };
        let known = KnownHost::default();
        let first = status(&known);
        assert_eq!(status(&known), first, "again on the same connection");
        // Another host was let through before.
        known.remember(&ours());
        assert_eq!(status(&known), first, "after another host");
        first
    }

    fn ours() -> Parts {
        let request = Request::builder().uri("/").header("host", "localhost:9");
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn only_hosts_of_this_machine_or_listed_ones_are_answered() {
        let gate = Gate {
            hosts: vec!["standin.test".to_owned()],
            control_token: None,
        };
        for (host, want) in [
            ("127.0.0.1:4111", 200),
            ("127.8.9.1", 200),
            ("[::1]:4111", 200),
            ("localhost:1", 200),
            ("LOCALHOST", 200),
            ("a.localhost", 200),
            ("standin.test:80", 200),
            ("STANDIN.test", 200),
            ("evil.example", 421),
            ("127.0.0.1.evil.example", 421),
            ("localhost.evil.example", 421),
            ("192.0.2.1", 421),
            ("0.0.0.0", 421),
        ] {
            assert_eq!(
                passes(&gate, "GET", &[("host", host)], false),
                want,
                "{host}"
            );
        }
        assert_eq!(passes(&gate, "GET", &[("host", "")], false), 200);
        assert_eq!(passes(&gate, "GET", &[], false), 400);
    }

    #[test]
    fn a_page_of_another_origin_asks_for_nothing() {
        let gate = Gate::default();
        let host = ("host", "localhost:4111");
        for (headers, want) in [
            (vec![host], 200),
            (vec![host, ("origin", "http://localhost:4111")], 200),
            (vec![host, ("sec-fetch-site", "same-origin")], 200),
            (vec![host, ("origin", "http://localhost:3000")], 403),
            (vec![host, ("origin", "http://evil.example")], 403),
            (vec![host, ("origin", "null")], 403),
            (vec![host, ("sec-fetch-site", "cross-site")], 403),
            (vec![host, ("sec-fetch-site", "same-site")], 403),
        ] {
            for method in ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"] {
                assert_eq!(passes(&gate, method, &headers, false), want, "{headers:?}");
            }
        }
        let link = ("sec-fetch-mode", "navigate");
        for site in ["cross-site", "same-site"] {
            let site = ("sec-fetch-site", site);
            for (method, more, want) in [
                ("GET", vec![link], 200),
                ("GET", vec![link, ("sec-fetch-dest", "document")], 200),
                ("GET", vec![link, ("sec-fetch-dest", "iframe")], 403),
                ("GET", vec![link, ("origin", "http://evil.example")], 403),
                ("GET", vec![("sec-fetch-mode", "no-cors")], 403),
                ("GET", vec![("sec-fetch-mode", "cors")], 403),
                ("HEAD", vec![link], 403),
                ("POST", vec![link], 403),
            ] {
                let headers = [vec![host, site], more].concat();
                assert_eq!(passes(&gate, method, &headers, false), want, "{headers:?}");
            }
        }
    }

    #[test]
    fn another_page_leads_to_pages_and_to_no_surface() {
        let led = [
            ("host", "localhost:4111"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ];
        for (purpose, want) in [
            (Purpose::Control, 200),
            (Purpose::Page, 200),
            (Purpose::Nobody, 403),
            (Purpose::Surface, 403),
        ] {
            let gate = Gate::default();
            assert_eq!(passes_for(&gate, "GET", &led, purpose), want, "{purpose:?}");
            let typed = &led[..1];
            assert_eq!(passes_for(&gate, "GET", typed, purpose), 200, "{purpose:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_taken_for_nothing() {
        let gate = Gate::default();
        let host = ("host", "localhost:4111");
        for headers in [
            vec![("host", "évil.example")],
            vec![("host", "a b")],
            vec![host, ("host", "evil.example")],
            vec![host, ("origin", "http://évil.example")],
            vec![
                host,
                ("origin", "http://localhost:4111"),
                ("origin", "null"),
            ],
            vec![host, ("sec-fetch-site", "crôss-site")],
        ] {
            assert_eq!(passes(&gate, "POST", &headers, false), 400, "{headers:?}");
        }
        assert_eq!(passes(&gate, "GET", &[("host", "")], false), 200);
    }

    #[test]
    fn no_token_equals_none() {
        let gate = Gate {
            hosts: Vec::new(),
            control_token: Some(String::new()),
        };
        let host = ("host", "localhost");
        assert_eq!(passes(&gate, "GET", &[host], true), 401);
        assert_eq!(passes(&gate, "GET", &[host, ("x", "y")], true), 401);
    }

    #[test]
    fn the_control_plane_asks_for_its_token() {
        let gate = Gate {
            hosts: Vec::new(),
            control_token: Some("s3cret".to_owned()),
        };
        for (header, value, want) in [
            ("authorization", "Bearer s3cret", 200),
            ("standin-control-token", "s3cret", 200),
            ("authorization", "Bearer other", 401),
            ("standin-control-token", "", 401),
            ("x", "y", 401),
        ] {
            let headers = [("host", "localhost"), (header, value)];
            assert_eq!(
                passes(&gate, "GET", &headers, true),
                want,
                "{header}: {value}"
            );
            assert_eq!(passes(&gate, "GET", &headers, false), 200);
        }
    }
}
