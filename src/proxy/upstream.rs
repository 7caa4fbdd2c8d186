//! Where requests may be passed on to, besides the imitated services. A name is listed in the configuration, and then leads to
//! this machine and to private networks; or somebody allows it by a flag, and then it may lead anywhere. No name ever leads to
//! where a cloud keeps its metadata, which is looked at after the name was looked up.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf, split};
use tokio::net::TcpStream;

use super::head::Place;
use super::hosts::fits;
use super::refused;
use crate::limits::{TUNNEL_IDLE_WAIT, TUNNEL_PIECE_BYTES};
use crate::operations::proxy_settings::ProxySettings;
use crate::operations::target::{Reach, reach};
use crate::outgoing::{Failure, Peer};
use crate::server::refused::Refused;
use crate::server::wire::BoxedWire;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Upstreams {
    listed: Vec<Listed>,
    /// By a flag.
    allowed: Vec<String>,
}

#[derive(Debug)]
struct Listed {
    name: String,
    /// None for wherever the name leads.
    peer: Option<Peer>,
}

/// Where one request is passed on to.
#[derive(Debug, Clone)]
pub(super) struct Upstream {
    pub(super) peer: Peer,
    /// By a flag.
    pub(super) anywhere: bool,
}

impl Upstreams {
    pub(super) fn compile(
        settings: &ProxySettings,
        allow: Vec<String>,
        wrong: &mut Vec<String>,
    ) -> Self {
        let mut listed = Vec::new();
        for (name, to) in &settings.upstreams {
            let pattern = pattern(name);
            match (pattern, peer(to)) {
                (Ok(name), Ok(peer)) => listed.push(Listed { name, peer }),
                (Err(why), _) | (_, Err(why)) => {
                    wrong.push(format!("proxy.upstreams.{name:?}: {why}"));
                }
            }
        }
        let mut allowed = Vec::new();
        for name in allow {
            match pattern(&name) {
                Ok(name) => allowed.push(name),
                Err(why) => wrong.push(format!("--proxy-allow {name}: {why}")),
            }
        }
        // What is named in full goes before what fits a pattern.
        listed.sort_by_key(|row| row.name.contains('*'));
        Self { listed, allowed }
    }

    /// Where a place is, if requests for it are passed on.
    pub(super) fn find(&self, place: &Place) -> Option<Upstream> {
        let row = self.listed.iter().find(|row| fits(&row.name, &place.host));
        let anywhere = self.allowed.iter().any(|name| fits(name, &place.host));
        if row.is_none() && !anywhere {
            return None;
        }
        let own = || Peer {
            host: place.host.clone(),
            port: place.port,
        };
        let peer = row.and_then(|row| row.peer.clone()).unwrap_or_else(own);
        Some(Upstream { peer, anywhere })
    }
}

fn pattern(name: &str) -> Result<String, &'static str> {
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '*');
    if name.is_empty() || !name.chars().all(letter) || name.matches('*').count() > 1 {
        return Err("must be the name of a host, with one * in place of a label at most");
    }
    Ok(name.to_ascii_lowercase())
}

fn peer(to: &str) -> Result<Option<Peer>, &'static str> {
    if to == "direct" {
        return Ok(None);
    }
    let (host, port) = to.rsplit_once(':').ok_or("must be direct, or HOST:PORT")?;
    let port = port.parse().ok().filter(|port| *port > 0);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if host.is_empty() {
        return Err("must be direct, or HOST:PORT");
    }
    Ok(Some(Peer {
        host: host.to_owned(),
        port: port.ok_or("must be direct, or HOST:PORT")?,
    }))
}

impl Upstream {
    /// Whether an address, to which the name led, may be connected to.
    pub(super) fn admit(&self, address: IpAddr) -> Result<(), String> {
        match reach(address) {
            Reach::Forbidden => Err(format!(
                "leads to {address}, where nothing is ever sent: it is link-local, unspecified or a cloud's metadata"
            )),
            Reach::Public if !self.anywhere => Err(format!(
                "leads to {address}, away from this machine and its private networks; allow it with --proxy-allow HOST"
            )),
            Reach::ThisMachine | Reach::Private | Reach::Public => Ok(()),
        }
    }

    /// Connects, and sends nothing.
    pub(super) async fn dial(&self, host: &str, wait: Duration) -> Result<TcpStream, Box<Refused>> {
        let dialled = self.peer.dial(|address| self.admit(address));
        let dialled = tokio::time::timeout(wait, dialled).await;
        let dialled = dialled.unwrap_or(Err(Failure::Late(wait)));
        dialled.map_err(|failure| failed(host, &failure))
    }
}

/// Why there is no answer, to whoever asked for it.
pub(super) fn failed(host: &str, failure: &Failure) -> Box<Refused> {
    match failure {
        Failure::Forbidden { why, .. } => refused::unreachable(host, why),
        Failure::Url
        | Failure::Connect(_)
        | Failure::Tls(_)
        | Failure::Http(_)
        | Failure::Late(_) => refused::no_answer(host, &failure.to_string()),
    }
}

/// Passes bytes both ways until both sides have ended, or nothing has come from either for too long.
pub(super) async fn pump(client: BoxedWire, upstream: TcpStream) {
    let (from_client, to_client) = split(client);
    let (from_upstream, to_upstream) = split(upstream);
    let moved = AtomicBool::new(false);
    let both = async {
        tokio::join!(
            copy(from_client, to_upstream, &moved),
            copy(from_upstream, to_client, &moved)
        )
    };
    tokio::select! {
        _ = both => {}
        () = quiet(&moved) => tracing::debug!("a tunnel was idle for too long"),
    }
}

async fn quiet(moved: &AtomicBool) {
    loop {
        tokio::time::sleep(TUNNEL_IDLE_WAIT).await;
        if !moved.swap(false, Ordering::Relaxed) {
            return;
        }
    }
}

async fn copy<R, W>(mut from: ReadHalf<R>, mut to: WriteHalf<W>, moved: &AtomicBool)
where
    R: AsyncRead,
    W: AsyncWrite,
{
    let mut piece = vec![0; TUNNEL_PIECE_BYTES];
    while let Ok(length @ 1..) = from.read(&mut piece).await {
        moved.store(true, Ordering::Relaxed);
        if to.write_all(&piece[..length]).await.is_err() {
            break;
        }
    }
    let _gone = to.shutdown().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upstreams(text: &str, allow: &[&str]) -> Result<Upstreams, Vec<String>> {
        let settings = toml::from_str(text).unwrap();
        let mut wrong = Vec::new();
        let allow = allow.iter().map(|name| (*name).to_owned()).collect();
        let made = Upstreams::compile(&settings, allow, &mut wrong);
        if wrong.is_empty() {
            Ok(made)
        } else {
            Err(wrong)
        }
    }

    fn place(host: &str) -> Place {
        Place {
            host: host.to_owned(),
            port: 443,
        }
    }

    #[test]
    fn what_is_listed_leads_to_this_machine_and_private_networks_and_what_is_allowed_anywhere() {
        let text = "[upstreams]\n\"own.test\" = \"127.0.0.1:9\"\n\"*.lab.test\" = \"direct\"\n";
        let upstreams = upstreams(text, &["world.test", "*.lab.test"]).unwrap();
        assert!(upstreams.find(&place("other.test")).is_none());
        assert!(upstreams.find(&place("a.b.lab.test")).is_none());
        let own = upstreams.find(&place("own.test")).unwrap();
        assert_eq!((own.peer.host.as_str(), own.peer.port), ("127.0.0.1", 9));
        let lab = upstreams.find(&place("a.lab.test")).unwrap();
        assert_eq!((lab.peer.host.as_str(), lab.peer.port), ("a.lab.test", 443));
        for (address, by_list, by_flag) in [
            ("127.0.0.1", true, true),
            ("10.0.0.1", true, true),
            ("192.0.2.1", false, true),
            ("169.254.169.254", false, false),
            ("::ffff:169.254.169.254", false, false),
            ("fd00:ec2::254", false, false),
        ] {
            let address = address.parse().unwrap();
            assert_eq!(own.admit(address).is_ok(), by_list, "{address}");
            assert_eq!(lab.admit(address).is_ok(), by_flag, "{address}");
            let world = upstreams.find(&place("world.test")).unwrap();
            assert_eq!(world.admit(address).is_ok(), by_flag, "{address}");
        }
    }

    #[test]
    fn each_mistake_is_a_line() {
        let text = "[upstreams]\n\"a b\" = \"direct\"\n\"a.test\" = \"there\"\n\"b.test\" = \"there:0\"\n\"*.*\" = \"direct\"\n";
        let wrong = upstreams(text, &["x/y"]).unwrap_err();
        assert_eq!(wrong.len(), 5, "{wrong:?}");
        assert!(
            wrong
                .iter()
                .any(|line| line.starts_with("proxy.upstreams.\"a.test\": must be direct"))
        );
        assert!(wrong[4].starts_with("--proxy-allow x/y"));
    }
}
