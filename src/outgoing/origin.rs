//! Whom a request is for: scheme, host and port, and the addresses that the host has.

use std::net::{IpAddr, SocketAddr};

use http::Uri;
use http::uri::Scheme;

use super::Failure;

/// Scheme, host and port of a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    /// By https.
    pub(super) secure: bool,
    /// In lower case, an IPv6 address without its brackets.
    pub(super) host: String,
    pub(super) port: u16,
}

impl Origin {
    /// None if the URL is not absolute, or not of http or https.
    pub(super) fn of(uri: &Uri) -> Option<Self> {
        let scheme = uri.scheme()?;
        let secure = *scheme == Scheme::HTTPS;
        if !secure && *scheme != Scheme::HTTP {
            return None;
        }
        let host = uri.host()?.to_ascii_lowercase();
        Some(Self {
            secure,
            host: host.trim_matches(['[', ']']).to_owned(),
            port: uri.port_u16().unwrap_or(default_port(secure)),
        })
    }

    /// Host and port as `Host` has them: without the port that goes without saying.
    pub(super) fn authority(&self) -> String {
        let host = match self.host.contains(':') {
            true => format!("[{}]", self.host),
            false => self.host.clone(),
        };
        if self.port == default_port(self.secure) {
            host
        } else {
            format!("{host}:{}", self.port)
        }
    }

    /// The addresses of the host, of which there is at least one. A host with one address that is not admitted has none
    /// that is.
    pub(super) async fn addresses(
        &self,
        admit: impl Fn(IpAddr) -> Result<(), String>,
    ) -> Result<Vec<SocketAddr>, Failure> {
        let found = tokio::net::lookup_host((self.host.as_str(), self.port)).await;
        let found: Vec<_> = found
            .map_err(|error| Failure::Connect(error.to_string()))?
            .collect();
        if found.is_empty() {
            return Err(Failure::Connect(format!("{} has no address", self.host)));
        }
        for address in &found {
            admit(address.ip()).map_err(|why| Failure::Forbidden {
                host: self.host.clone(),
                why,
            })?;
        }
        Ok(found)
    }
}

const fn default_port(secure: bool) -> u16 {
    if secure { 443 } else { 80 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_is_written_as_clients_write_it() {
        for (url, want) in [
            ("http://Shop.localhost:80/x", "shop.localhost"),
            ("https://shop.localhost:80/", "shop.localhost:80"),
            ("https://user@[::1]:443/", "[::1]"),
            ("http://[::1]:9/", "[::1]:9"),
        ] {
            let origin = Origin::of(&url.parse().unwrap()).unwrap();
            assert_eq!(origin.authority(), want, "{url}");
        }
        for url in ["/x", "ftp://localhost/", "localhost:80"] {
            assert_eq!(Origin::of(&url.parse().unwrap()), None, "{url}");
        }
    }

    #[tokio::test]
    async fn one_address_that_is_not_admitted_is_one_too_many() {
        let origin = Origin::of(&"http://127.0.0.1:9/".parse().unwrap()).unwrap();
        let found = origin.addresses(|_| Err("is not for us".to_owned())).await;
        assert_eq!(found.unwrap_err().to_string(), "127.0.0.1 is not for us");
        let found = origin.addresses(super::super::anywhere).await;
        assert_eq!(found, Ok(vec!["127.0.0.1:9".parse().unwrap()]));
    }
}
