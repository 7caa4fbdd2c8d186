//! An address to answer on, as people write it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Reads `HOST:PORT`, or a port alone, which is one of this machine: whoever wants others to reach it says `0.0.0.0:PORT`.
///
/// # Errors
/// A sentence that says how it is written.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    let this_machine = IpAddr::V4(Ipv4Addr::LOCALHOST);
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let (host, port) = text.rsplit_once(':').unwrap_or(("", text));
    let host = match host {
        "" | "localhost" => Some(this_machine),
        host => host.parse().ok(),
    };
    // A sign in front would be read too.
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    let port = Some(port).filter(|_| digits);
    match (host, port.and_then(|port| port.parse().ok())) {
        (Some(host), Some(port)) => Ok(SocketAddr::new(host, port)),
        (_, None) => Err(format!(
            "{text:?} has no port from 0 to 65535; write 4111, localhost:4111 or 0.0.0.0:4111"
        )),
        (None, Some(_)) => Err(format!(
            "{text:?} is no address of this machine; write 4111, localhost:4111 or 0.0.0.0:4111"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_write_them() {
        for (text, read) in [
            ("4111", "127.0.0.1:4111"),
            (":4111", "127.0.0.1:4111"),
            ("localhost:0", "127.0.0.1:0"),
            ("127.0.0.1:4111", "127.0.0.1:4111"),
            ("0.0.0.0:80", "0.0.0.0:80"),
            ("[::1]:4111", "[::1]:4111"),
        ] {
            assert_eq!(address(text), Ok(read.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn what_is_none_is_told_how_to_write_it() {
        for text in [
            "",
            "localhost",
            "localhost:",
            "65536",
            "+4111",
            ":-1",
            "example.com:4111",
            "::1",
        ] {
            let error = address(text).unwrap_err();
            assert!(
                error.ends_with("write 4111, localhost:4111 or 0.0.0.0:4111"),
                "{text}: {error}"
            );
        }
    }
}
