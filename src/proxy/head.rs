//! What a request to a proxy is for, and what is wrong with its head. Pure: nothing is looked up and nothing is sent.

use http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::request::Parts;
use http::uri::{Authority, Scheme};
use http::{HeaderMap, HeaderName, Method, Version};

use super::refused;
use crate::server::refused::Refused;
use crate::wire::edge::headers;

/// A host and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// In small letters, an IPv6 address without its brackets.
    pub(super) host: String,
    pub(super) port: u16,
}

/// What a request to the proxy is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// A tunnel.
    Tunnel(Place),
    /// Something of a host, named in full.
    Absolute(Place),
    /// Something of whoever it believes to speak to.
    Own,
}

impl Place {
    /// As a client names it, where this port goes without saying.
    pub(super) fn named(&self, implied: u16) -> String {
        let host = match self.host.contains(':') {
            true => format!("[{}]", self.host),
            false => self.host.clone(),
        };
        if self.port == implied {
            host
        } else {
            format!("{host}:{}", self.port)
        }
    }

    /// What a header names.
    fn read(host: &str, implied: u16) -> Result<Self, &'static str> {
        let authority = host.parse::<Authority>();
        let authority = authority.map_err(|_| "the header host must be the name of a host")?;
        Self::of(&authority, Some(implied))
    }

    fn of(authority: &Authority, implied: Option<u16>) -> Result<Self, &'static str> {
        if authority.as_str().contains('@') {
            return Err("the target must not hold a user name or password");
        }
        let host = authority
            .host()
            .trim_start_matches('[')
            .trim_end_matches(']');
        if host.is_empty() || !host.bytes().all(is_of_a_host) {
            return Err("the target must name a host");
        }
        // A port that cannot be one is no reason to think of another.
        let behind = authority.as_str().rsplit(']').next().unwrap_or_default();
        let port = match (authority.port_u16(), behind.contains(':')) {
            (Some(0), _) | (None, true) => {
                return Err("the target must name a port from 1 to 65535");
            }
            (Some(port), _) => Some(port),
            (None, false) => implied,
        };
        let port = port.ok_or("the target must be HOST:PORT")?;
        Ok(Self {
            host: host.to_ascii_lowercase(),
            port,
        })
    }
}

const fn is_of_a_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':')
}

/// What is asked, if the head says one thing and says it clearly.
pub(super) fn asked(parts: &Parts) -> Result<Asked, Box<Refused>> {
    let host = headers::once(&parts.headers, HOST.as_str());
    let host = host.map_err(|problem| refused::head(&problem.in_small_letters()))?;
    let named = |implied| {
        let authority = parts.uri.authority();
        let authority = authority.ok_or("the target must be HOST:PORT")?;
        Place::of(authority, implied)
    };
    if parts.method == Method::CONNECT {
        let place = named(None).map_err(refused::head)?;
        if parts.version > Version::HTTP_11 {
            return Err(refused::head("tunnels are opened by HTTP/1.1"));
        }
        if parts.headers.contains_key(CONTENT_LENGTH)
            || parts.headers.contains_key(TRANSFER_ENCODING)
        {
            return Err(refused::head(
                "CONNECT has no body, and must not announce one",
            ));
        }
        let agrees = |host: &str| Ok(Place::read(host, 443)?.host == place.host);
        check_host(host, agrees)?;
        return Ok(Asked::Tunnel(place));
    }
    let Some(scheme) = parts.uri.scheme() else {
        return Ok(Asked::Own);
    };
    let implied = match (scheme == &Scheme::HTTP, scheme == &Scheme::HTTPS) {
        (true, _) => 80,
        (_, true) => 443,
        (false, false) => {
            return Err(refused::head(
                "the target must begin with http:// or https://",
            ));
        }
    };
    let place = named(Some(implied)).map_err(refused::head)?;
    // HTTP/2 names every host in full, its own as well.
    if parts.version == Version::HTTP_2 {
        return Err(refused::head("the proxy is asked by HTTP/1.1"));
    }
    let agrees = |host: &str| Ok(Place::read(host, implied)? == place);
    check_host(host, agrees)?;
    Ok(Asked::Absolute(place))
}

fn check_host(
    host: Option<&str>,
    agrees: impl Fn(&str) -> Result<bool, &'static str>,
) -> Result<(), Box<Refused>> {
    match host.map(agrees) {
        None | Some(Ok(true)) => Ok(()),
        Some(Ok(false)) => Err(refused::head(
            "the header host names another host than the target",
        )),
        Some(Err(why)) => Err(refused::head(why)),
    }
}

/// Whether a request inside a tunnel is for the host at its end, and for no other.
pub(super) fn check_inside(parts: &Parts, place: &Place, implied: u16) -> Result<(), Box<Refused>> {
    if parts.method == Method::CONNECT {
        return Err(refused::head("there is no tunnel inside a tunnel"));
    }
    let host = headers::once(&parts.headers, HOST.as_str());
    let host = host.map_err(|problem| refused::head(&problem.in_small_letters()))?;
    let named = parts.uri.authority().map(Authority::as_str);
    if host.is_none() && named.is_none() {
        return Err(refused::head("the header host is missing"));
    }
    for asked in named.into_iter().chain(host) {
        if Place::read(asked, implied).as_ref() != Ok(place) {
            return Err(refused::misdirected(asked, &place.named(implied)));
        }
    }
    Ok(())
}

/// Headers that are for the next hop alone (RFC 9110, section 7.6.1), and those of the proxy.
const FOR_ONE_HOP: [&str; 8] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "upgrade",
];

/// Takes away what is not for whoever is behind the next hop: of a request, or of an answer.
pub(super) fn strip(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = {
        let lists = headers.get_all(http::header::CONNECTION).iter();
        let names = lists
            .filter_map(|list| list.to_str().ok())
            .flat_map(|list| list.split(','));
        names.filter_map(|name| name.trim().parse().ok()).collect()
    };
    for name in named {
        // What frames the message is nobody's to take away.
        if name != CONTENT_LENGTH && name != TRANSFER_ENCODING && name != HOST {
            headers.remove(name);
        }
    }
    for name in FOR_ONE_HOP {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use http::Request;
    use proptest::prelude::*;

    use super::*;

    fn parts(method: &str, target: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    fn place(host: &str, port: u16) -> Place {
        Place {
            host: host.to_owned(),
            port,
        }
    }

    #[test]
    fn a_head_that_says_one_thing_is_understood() {
        for (method, target, headers, want) in [
            (
                "CONNECT",
                "API.stripe.com:443",
                vec![],
                Asked::Tunnel(place("api.stripe.com", 443)),
            ),
            (
                "CONNECT",
                "api.stripe.com:443",
                vec![("host", "api.stripe.com")],
                Asked::Tunnel(place("api.stripe.com", 443)),
            ),
            (
                "CONNECT",
                "[::1]:9",
                vec![("host", "[::1]:9")],
                Asked::Tunnel(place("::1", 9)),
            ),
            (
                "GET",
                "http://a.test/x",
                vec![("host", "A.test")],
                Asked::Absolute(place("a.test", 80)),
            ),
            (
                "GET",
                "http://a.test:80/x",
                vec![("host", "a.test")],
                Asked::Absolute(place("a.test", 80)),
            ),
            (
                "POST",
                "https://a.test/x",
                vec![],
                Asked::Absolute(place("a.test", 443)),
            ),
            ("GET", "/x", vec![("host", "a.test")], Asked::Own),
        ] {
            let asked = asked(&parts(method, target, &headers));
            assert_eq!(asked.unwrap(), want, "{method} {target}");
        }
    }

    #[test]
    fn a_head_that_says_two_things_or_none_is_refused() {
        for (method, target, headers, says) in [
            ("CONNECT", "api.stripe.com", vec![], "HOST:PORT"),
            ("CONNECT", "api.stripe.com:0", vec![], "port"),
            ("CONNECT", "u:p@api.stripe.com:443", vec![], "user name"),
            (
                "CONNECT",
                "api.stripe.com:443",
                vec![("host", "evil.example")],
                "another host",
            ),
            (
                "CONNECT",
                "a.test:443",
                vec![("host", "a.test"), ("host", "b.test")],
                "more than once",
            ),
            (
                "CONNECT",
                "a.test:443",
                vec![("content-length", "3")],
                "no body",
            ),
            (
                "CONNECT",
                "a.test:443",
                vec![("transfer-encoding", "chunked")],
                "no body",
            ),
            (
                "GET",
                "http://a.test/",
                vec![("host", "b.test")],
                "another host",
            ),
            (
                "GET",
                "http://a.test/",
                vec![("host", "a.test:8080")],
                "another host",
            ),
            ("GET", "http://u@a.test/", vec![], "user name"),
            ("GET", "ftp://a.test/", vec![], "http://"),
            (
                "GET",
                "http://a.test/",
                vec![("host", "a b")],
                "name of a host",
            ),
        ] {
            let refused = asked(&parts(method, target, &headers)).unwrap_err();
            assert_eq!(refused.status, 400, "{method} {target}");
            assert!(
                refused.why.contains(says),
                "{method} {target}: {}",
                refused.why
            );
        }
    }

    #[test]
    fn a_tunnel_leads_to_one_host() {
        let tunnel = place("a.test", 443);
        for (target, host, status) in [
            ("/x", Some("a.test"), None),
            ("/x", Some("A.test:443"), None),
            ("https://a.test/x", None, None),
            ("/x", None, Some(400)),
            ("/x", Some("b.test"), Some(421)),
            ("/x", Some("a.test:80"), Some(421)),
            ("https://b.test/x", None, Some(421)),
            ("https://a.test/x", Some("b.test"), Some(421)),
        ] {
            let headers: Vec<_> = host.iter().map(|host| ("host", *host)).collect();
            let checked = check_inside(&parts("GET", target, &headers), &tunnel, 443);
            let got = checked.err().map(|refused| refused.status.as_u16());
            assert_eq!(got, status, "{target} {host:?}");
        }
        let inner = parts("CONNECT", "a.test:443", &[]);
        assert_eq!(check_inside(&inner, &tunnel, 443).unwrap_err().status, 400);
    }

    #[test]
    fn what_is_for_one_hop_goes_no_further() {
        let mut parts = parts(
            "GET",
            "/x",
            &[
                ("connection", "close, X-Own, content-length"),
                ("x-own", "1"),
                ("content-length", "0"),
                ("proxy-authorization", "Basic eDp5"),
                ("te", "trailers"),
                ("x-kept", "1"),
            ],
        );
        strip(&mut parts.headers);
        let left: Vec<_> = parts.headers.keys().map(HeaderName::as_str).collect();
        assert_eq!(left, ["content-length", "x-kept"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100_000))]

        /// Whatever a head looks like, it is understood as what it names, or refused with 400.
        #[test]
        fn no_head_is_understood_as_another_host(
            target in "(https?://)?[a-zA-Z0-9.@:\\[\\]_-]{0,24}(:[0-9]{0,6})?/?",
            host in proptest::option::of("[a-zA-Z0-9.@:\\[\\] -]{0,24}"),
            connect in any::<bool>(),
        ) {
            let method = if connect { "CONNECT" } else { "GET" };
            let mut request = Request::builder().method(method).uri(target.as_str());
            if let Some(host) = &host {
                request = request.header("host", host.as_str());
            }
            let Ok(request) = request.body(()) else { return Ok(()) };
            let (parts, ()) = request.into_parts();
            match asked(&parts) {
                Err(refused) => prop_assert_eq!(refused.status.as_u16(), 400),
                Ok(Asked::Own) => prop_assert!(parts.uri.scheme().is_none()),
                Ok(Asked::Tunnel(place) | Asked::Absolute(place)) => {
                    let authority = parts.uri.authority().unwrap().as_str().to_ascii_lowercase();
                    prop_assert!(authority.contains(&place.host) && place.port > 0);
                    prop_assert!(!authority.contains('@'));
                    if let Some(host) = &host {
                        prop_assert!(host.to_ascii_lowercase().contains(&place.host));
                    }
                }
            }
        }
    }
}
