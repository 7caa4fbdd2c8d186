//! The forward proxy, beside the server: a program that cannot be told another base URL is told a proxy by its environment.
//!
//! What comes in goes one of three ways, by the host that it is for:
//!
//! | host | way |
//! |---|---|
//! | the real name of an imitated service | answered by its surface, as if it had been asked directly |
//! | a listed upstream | passed on; opened only where a route names the host, or all of it is recorded |
//! | any other, while a recording is replayed | answered from that |
//! | any other | refused, with the flag that would allow it |
//!
//! | file | is |
//! |---|---|
//! | `hosts` | which names are whose, each with its source |
//! | `front` | what is asked of the proxy itself: CONNECT, absolute-form, and requests for a vault's own name |
//! | `credentials` | who may |
//! | `head` | what is wrong with a head, before anything is done about it |
//! | `certificates` | the authority and what it has made, for names, once each |
//! | `tunnel` | what comes after CONNECT, up to the first request inside |
//! | `inside` | one request for a host |
//! | `replayed` | one that a recording answers |
//! | `upstream` | where a request may be passed on to, and how |
//! | `rules` | what is rewritten on the way |
//! | `find` | where in a text the places are that a rule names, and the text with others in them |
//! | `recording` | what is kept of it in a file, and answered from that file later |
//! | `tokens` | network tokens in the place of cards |
//! | `tally` | what was asked of whom |

mod certificates;
mod credentials;
mod find;
mod front;
mod head;
pub mod hosts;
mod inside;
mod recording;
mod refused;
mod replayed;
mod rules;
mod tally;
mod tokens;
mod tunnel;
mod upstream;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::crypto::authority::Authority;
use crate::operations::proxy_settings::{ProxyFacts, VaultFacts};
use crate::outgoing::{Client, Resend, Trust};
use crate::server::Running;
use crate::server::dispatch::App;
use crate::server::listen::accept;
use certificates::Certificates;
pub use certificates::for_server;
use credentials::Vaults;
use front::Front;
pub use recording::{Recorder, Replay};
use rules::Rules;
use tally::Tally;
pub use tally::Told;
use upstream::Upstreams;

/// What a proxy is made from.
#[derive(Debug)]
pub struct Options {
    /// Where it speaks TLS itself.
    pub tls: Option<SocketAddr>,
    /// Where it does not.
    pub plain: Option<SocketAddr>,
    /// Whether it asks for no credentials. Wrong ones are refused all the same.
    pub open: bool,
    /// Hosts anywhere that requests may be passed on to.
    pub allow: Vec<String>,
    pub authority: Authority,
    /// Whom to believe where requests that are looked into are passed on by TLS.
    pub trust: Trust,
    /// Where exchanges are kept.
    pub recorder: Option<Recorder>,
    /// What answers for hosts that are neither imitated nor allowed.
    pub replay: Option<Replay>,
}

/// What happened, once a proxy has stopped.
#[derive(Debug)]
pub struct Ended {
    pub told: Told,
    /// What there is to say of recordings, a sentence each.
    pub said: Vec<String>,
    /// Why a recording is not in its file.
    pub unwritten: Option<String>,
}

/// What every request that comes to the proxy needs.
#[derive(Debug)]
struct Shared {
    app: Arc<App>,
    certificates: Arc<Certificates>,
    vaults: Vaults,
    upstreams: Upstreams,
    rules: Rules,
    tally: Tally,
    recorder: Option<Arc<Recorder>>,
    replay: Option<Arc<Replay>>,
    /// For what is passed on.
    client: Client,
}

/// A proxy that answers, as long as the server does.
#[derive(Debug)]
pub struct Proxy {
    tls: Option<SocketAddr>,
    plain: Option<SocketAddr>,
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    accepting: Vec<JoinHandle<()>>,
}

/// Begins to answer in front of a server.
///
/// # Errors
/// When an address cannot be bound, or with a line for each thing that is wrong with the settings (`InvalidInput`).
pub async fn start(server: &Running, options: Options) -> std::io::Result<Proxy> {
    let settings = &server.spaces().config().settings.proxy;
    let mut wrong = Vec::new();
    let rules = Rules::compile(settings, &mut wrong);
    let upstreams = Upstreams::compile(settings, options.allow, &mut wrong);
    let vaults = Vaults::compile(settings, options.open, &mut wrong);
    if !wrong.is_empty() {
        let wrong = wrong.join("\n");
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, wrong));
    }
    let certificates = Certificates::new(options.authority).map_err(std::io::Error::other)?;
    let certificates = Arc::new(certificates);
    let recorder = options.recorder.map(Arc::new);
    let shared = Arc::new(Shared {
        app: Arc::clone(server.app()),
        certificates: Arc::clone(&certificates),
        vaults,
        upstreams,
        rules,
        tally: Tally::default(),
        recorder: recorder.clone(),
        replay: options.replay.map(Arc::new),
        client: Client::new(options.trust, Resend::Unsent),
    });
    let (stop, stopped) = watch::channel(false);
    let mut accepting = Vec::new();
    if let Some(recorder) = recorder {
        accepting.push(tokio::spawn(recorder.keep_writing(stopped.clone())));
    }
    let mut bound = [None, None];
    for (place, address) in [options.tls, options.plain].into_iter().enumerate() {
        let Some(address) = address else { continue };
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let acceptor = (place == 0)
            .then(|| certificates.for_proxy(address.ip()))
            .transpose()
            .map_err(std::io::Error::other)?;
        let front = Arc::new(Front::new(Arc::clone(&shared)));
        let tls = acceptor.map(TlsAcceptor::from);
        accepting.push(tokio::spawn(accept(listener, front, tls, stopped.clone())));
        bound[place] = Some(address);
    }
    let [tls, plain] = bound;
    let url = |scheme: &str, at: Option<SocketAddr>| at.map(|at| format!("{scheme}://{at}"));
    let vaults = settings.vaults().into_iter().map(|vault| VaultFacts {
        name: vault.name,
        username: vault.username,
        password: vault.password,
    });
    let facts = ProxyFacts {
        tls: url("https", tls),
        plain: url("http", plain),
        open: options.open,
        vaults: vaults.collect(),
        authority: Some(certificates.authority().pem().to_owned()),
    };
    // A server has one proxy, which is known from when it answers.
    let _another = server.spaces().config().proxy.set(facts);
    Ok(Proxy {
        tls,
        plain,
        shared,
        stop,
        accepting,
    })
}

impl Proxy {
    /// Where it speaks TLS.
    pub const fn tls(&self) -> Option<SocketAddr> {
        self.tls
    }

    /// Where it does not.
    pub const fn plain(&self) -> Option<SocketAddr> {
        self.plain
    }

    /// The certificate that clients must believe.
    pub fn authority(&self) -> &Authority {
        self.shared.certificates.authority()
    }

    /// How many certificates have been made.
    pub fn certificates_made(&self) -> u64 {
        self.shared.certificates.made()
    }

    /// What was asked of whom so far.
    pub fn told(&self) -> Told {
        self.shared.tally.told()
    }

    /// Takes no more connections and waits for open requests, as the server does. Then recordings are whole.
    pub async fn stop(self) -> Ended {
        self.stop.send_replace(true);
        for accepting in self.accepting {
            if let Err(error) = accepting.await {
                tracing::error!(%error, "a task of the proxy ended badly");
            }
        }
        let shared = &self.shared;
        let written = shared.recorder.as_ref().map(|recorder| recorder.write());
        let recorded = shared.recorder.as_ref().map(|recorder| recorder.said());
        let replayed = shared.replay.as_ref().and_then(|replay| replay.said());
        Ended {
            told: shared.tally.told(),
            said: recorded.into_iter().chain(replayed).collect(),
            unwritten: written.and_then(Result::err),
        }
    }
}
