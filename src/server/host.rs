//! Which names of hosts are ours.

use std::net::IpAddr;

/// Whether a name can only lead to this machine. Addresses are read and not compared as text: `127.0.0.1.example.com` is
/// somebody else's.
pub(super) fn is_this_machine(host: &str) -> bool {
    let (_, last) = host.rsplit_once('.').unwrap_or_default();
    host.eq_ignore_ascii_case("localhost")
        || last.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Whether a host has this name, or one below it where the name begins with an asterisk.
pub fn is_called(host: &str, name: &str) -> bool {
    match name.strip_prefix('*') {
        Some(below) if below.starts_with('.') => {
            let split = host.len().checked_sub(below.len());
            let end = split.filter(|at| *at > 0).and_then(|at| host.get(at..));
            end.is_some_and(|end| end.eq_ignore_ascii_case(below))
        }
        Some(_) | None => name.eq_ignore_ascii_case(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asterisk_stands_for_names_below() {
        for (host, name, called) in [
            ("shop.test", "shop.test", true),
            ("SHOP.test", "shop.TEST", true),
            ("a.shop.test", "*.shop.test", true),
            ("a.b.SHOP.test", "*.shop.test", true),
            ("shop.test", "*.shop.test", false),
            (".shop.test", "*.shop.test", false),
            ("evilshop.test", "*.shop.test", false),
            ("a.shop.test.evil", "*.shop.test", false),
            ("anything", "*", false),
            ("shop.test", "*shop.test", false),
            ("\u{e9}.shop.test", "*.shop.test", true),
            ("\u{e9}", "*.shop.test", false),
        ] {
            assert_eq!(is_called(host, name), called, "{host} {name}");
        }
    }
}
