//! Where a webhook may go. A sandbox that posts wherever it is told can be made to talk to what its machine can reach and
//! others cannot, so it talks to its own machine and to the hosts that its user lists, and never to an address where a
//! cloud keeps its metadata.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::Uri;
use http::uri::Scheme;

/// An address of the web that may be posted to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub uri: Uri,
    host: String,
    /// Somebody listed the host, so it need not be this machine.
    listed: bool,
}

/// Why nothing is posted there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    #[error("is not an address such as http://127.0.0.1:8080/hooks")]
    Form,
    #[error("must begin with http:// or https://")]
    Scheme,
    #[error("must not hold a user name or password")]
    UserInfo,
    #[error(
        "leads away from this machine; start the server with --webhook-allow {0} if it is meant to"
    )]
    Foreign(String),
    #[error(
        "leads to {0}, where nothing is ever posted: it is link-local, unspecified or a cloud's metadata"
    )]
    Forbidden(IpAddr),
}

impl Target {
    /// Reads a URL. `allowed` are the hosts that the user lists.
    pub fn parse(url: &str, allowed: &[String]) -> Result<Self, TargetError> {
        let uri: Uri = url.parse().map_err(|_| TargetError::Form)?;
        let authority = uri.authority().ok_or(TargetError::Form)?;
        let scheme = uri.scheme().ok_or(TargetError::Form)?;
        if ![Scheme::HTTPS, Scheme::HTTP].contains(scheme) {
            return Err(TargetError::Scheme);
        }
        if authority.as_str().contains('@') {
            return Err(TargetError::UserInfo);
        }
        let host = authority.host().to_ascii_lowercase();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let listed = allowed.iter().any(|name| name.eq_ignore_ascii_case(bare));
        let target = Self {
            host: bare.to_owned(),
            listed,
            uri,
        };
        match target.host.parse::<IpAddr>() {
            Ok(address) => target.admit(address)?,
            Err(_) if listed || is_local_name(&target.host) => {}
            Err(_) => return Err(TargetError::Foreign(target.host)),
        }
        Ok(target)
    }

    /// Whether this address, to which the host's name led, may be posted to.
    pub fn admit(&self, address: IpAddr) -> Result<(), TargetError> {
        let address = unwrapped(address);
        if is_forbidden(address) {
            return Err(TargetError::Forbidden(address));
        }
        if address.is_loopback() || self.listed {
            return Ok(());
        }
        Err(TargetError::Foreign(self.host.clone()))
    }
}

/// How far away an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    ThisMachine,
    /// A network that is not the Internet (RFC 1918, RFC 4193, RFC 6598).
    Private,
    Public,
    /// Where nothing is ever sent: link-local, unspecified or a cloud's metadata.
    Forbidden,
}

/// How far away an address is, or the IPv4 address that it stands for.
pub fn reach(address: IpAddr) -> Reach {
    let address = unwrapped(address);
    let private = match address {
        // The carriers' own range too.
        IpAddr::V4(four) => {
            four.is_private() || (four.octets()[0] == 100 && four.octets()[1] & 0xc0 == 64)
        }
        IpAddr::V6(six) => six.is_unique_local(),
    };
    if is_forbidden(address) {
        Reach::Forbidden
    } else if address.is_loopback() {
        Reach::ThisMachine
    } else if private {
        Reach::Private
    } else {
        Reach::Public
    }
}

fn is_local_name(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost")
}

/// The IPv4 address that an IPv6 address stands for: mapped, NAT64 or 6to4.
fn unwrapped(address: IpAddr) -> IpAddr {
    let IpAddr::V6(six) = address else {
        return address;
    };
    let octets = six.octets();
    let four = |at: usize| {
        IpAddr::V4(Ipv4Addr::new(
            octets[at],
            octets[at + 1],
            octets[at + 2],
            octets[at + 3],
        ))
    };
    match six.segments() {
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => four(12),
        [0x2002, ..] => four(2),
        _ => address,
    }
}

/// Amazon keeps its metadata at this address too (EC2 user guide).
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

fn is_forbidden(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => {
            four.is_link_local()
                || four.is_unspecified()
                || four.is_broadcast()
                || four.is_multicast()
                || four.octets() == [100, 100, 100, 200]
        }
        IpAddr::V6(six) => {
            six.is_unspecified()
                || six.is_multicast()
                || six.is_unicast_link_local()
                || six == METADATA_V6
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_as_far_away_as_what_it_stands_for() {
        for (address, want) in [
            ("127.9.9.9", Reach::ThisMachine),
            ("::1", Reach::ThisMachine),
            ("::ffff:127.0.0.1", Reach::ThisMachine),
            ("10.1.2.3", Reach::Private),
            ("172.16.0.1", Reach::Private),
            ("100.64.0.1", Reach::Private),
            ("fd12::1", Reach::Private),
            ("192.0.2.1", Reach::Public),
            ("100.128.0.1", Reach::Public),
            ("2001:db8::1", Reach::Public),
            ("169.254.169.254", Reach::Forbidden),
            ("::ffff:169.254.169.254", Reach::Forbidden),
            ("64:ff9b::a9fe:a9fe", Reach::Forbidden),
            ("100.100.100.200", Reach::Forbidden),
            ("fd00:ec2::254", Reach::Forbidden),
            ("0.0.0.0", Reach::Forbidden),
        ] {
            assert_eq!(reach(address.parse().unwrap()), want, "{address}");
        }
    }

    #[test]
    fn this_machine_is_let_through_and_others_when_they_are_listed() {
        let allowed = ["hooks.example.com".to_owned(), "192.0.2.7".to_owned()];
        for fine in [
            "http://127.0.0.1:8080/hooks",
            "http://localhost/x",
            "http://shop.localhost:1/",
            "http://[::1]:9/",
            "http://[::ffff:127.0.0.1]/",
            "http://hooks.example.com/in",
            "http://192.0.2.7/",
            "https://127.0.0.1/",
            "https://hooks.example.com/in",
        ] {
            assert!(Target::parse(fine, &allowed).is_ok(), "{fine}");
        }
    }

    #[test]
    fn nothing_else_is() {
        let allowed = ["169.254.169.254".to_owned(), "fd00:ec2::254".to_owned()];
        let why = |url: &str| Target::parse(url, &allowed).unwrap_err();
        assert_eq!(why("nonsense"), TargetError::Form);
        assert_eq!(why("ftp://127.0.0.1/"), TargetError::Scheme);
        assert_eq!(why("http://a:b@127.0.0.1/"), TargetError::UserInfo);
        for foreign in [
            "http://192.0.2.7/",
            "http://example.com/",
            "https://example.com/",
            "http://127.0.0.1.example.com/",
            "http://localhost.example.com/",
            "http://[2001:db8::1]/",
        ] {
            assert!(matches!(why(foreign), TargetError::Foreign(_)), "{foreign}");
        }
        for never in [
            "http://169.254.169.254/latest",
            "https://169.254.169.254/latest",
            "http://[fd00:ec2::254]/",
            "http://[::ffff:169.254.169.254]/",
            "http://[64:ff9b::a9fe:a9fe]/",
            "http://[2002:a9fe:a9fe::]/",
            "http://0.0.0.0/",
            "http://[fe80::1]/",
        ] {
            assert!(matches!(why(never), TargetError::Forbidden(_)), "{never}");
        }
    }
}
