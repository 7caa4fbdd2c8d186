//! Listeners, dispatch to the surfaces, and the recording of what was asked and answered.

pub mod broken;
pub(crate) mod connection;
pub(crate) mod dispatch;
pub(crate) mod exchange;
pub mod fault_io;
mod faulted;
pub mod frames;
pub(crate) mod gate;
mod host;
pub(crate) mod inject;
mod intake;
pub(crate) mod listen;
mod purpose;
pub(crate) mod refused;
pub mod script;
mod session;
mod shared_state;
mod state_folder;
mod streams;
pub(crate) mod target;
pub(crate) mod wire;
mod write_timeout;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::clock::Source;
use crate::domain::account::Accounts;
use crate::domain::deviation::Deviation;
use crate::domain::merchant::Merchants;
use crate::domain::payment::responses::Responses;
use crate::domain::persona::Personas;
use crate::faults::rule::Rule;
use crate::journal::Journals;
use crate::limits::{RECORDS_BYTES_MAX, Room, STORE_RETRY_WAIT};
use crate::operations::keyring::{Keyring, Origin};
use crate::operations::network_keys::NetworkKeys;
use crate::operations::settings::Settings;
use crate::operations::{OnFirstUse, SharedConfig, Spaces};
use crate::outgoing::{Client, Resend, Trust};
use crate::seed::Seed;
use crate::store::Engine;
use crate::webhooks;
use dispatch::App;
pub use gate::Gate;
pub use host::is_called;
pub use shared_state::open_shared;
pub use state_folder::open_folder;

/// How long the first requests have the machine to themselves before the key for access tokens is made beside them.
const FIRST_ANSWER: Duration = Duration::from_millis(50);
/// The same for the networks' keys.
const HEAD_START: Duration = Duration::from_millis(250);

/// What a server is made from.
#[derive(Debug)]
pub struct Options {
    /// Port 0 lets the system choose.
    pub listen: SocketAddr,
    pub seed: String,
    pub clock: Source,
    pub settings: Settings,
    pub accounts: OnFirstUse<Accounts>,
    pub personas: OnFirstUse<Personas>,
    pub merchants: OnFirstUse<Merchants>,
    pub responses: OnFirstUse<Responses>,
    /// Those of the seed or of the machine's randomness when none are given.
    pub keys: Option<Arc<NetworkKeys>>,
    /// Who is let through.
    pub gate: Gate,
    /// Fault rules that every space begins with.
    pub faults: Vec<Rule>,
    /// What keeps the records of each space.
    pub engine: Engine,
    /// With which certificate to speak TLS; without one the server speaks plain text.
    pub tls: Option<Arc<rustls::ServerConfig>>,
    /// The folder of the conformance suite's runs that are told of.
    pub reports: Option<PathBuf>,
}

/// A server that answers. Dropping it stops it at once; [`Running::stop`] lets open requests finish.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    app: Arc<App>,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
    scheme: &'static str,
}

/// Binds and begins to answer.
///
/// # Errors
/// When the address cannot be bound, the machine has no randomness for its keys, or the settings name a webhook endpoint that
/// cannot be (`InvalidInput`).
pub async fn start(options: Options) -> std::io::Result<Running> {
    start_instance(options, Instance::default()).await
}

/// What an instance is made of that no option, setting or request can ask for.
#[derive(Debug, Default)]
pub struct Instance {
    /// What it does otherwise than it should, or may, for whoever judges it and wants to see that noticed.
    pub deviation: Option<Deviation>,
    /// Keys that have been made already. Those of the seed or of the machine's randomness otherwise.
    pub keyring: Option<Keyring>,
}

/// The same with a certain instance.
///
/// # Errors
/// As [`start`].
pub async fn start_instance(options: Options, instance: Instance) -> std::io::Result<Running> {
    let refused = |why: String| std::io::Error::new(std::io::ErrorKind::InvalidInput, why);
    let webhooks = &options.settings.webhooks;
    webhooks.check(&options.accounts).map_err(refused)?;
    options.settings.journal.check().map_err(refused)?;
    let trust = Trust::read(webhooks.ca.as_deref()).map_err(refused)?;
    let listener = TcpListener::bind(options.listen).await?;
    let address = listener.local_addr()?;
    let seed = Seed::from_text(&options.seed);
    let origin = origin(options.clock, &options.engine, &seed);
    let networks = match options.keys {
        Some(given) => given,
        None => NetworkKeys::make(&origin, &options.accounts)
            .map_err(std::io::Error::other)?
            .into(),
    };
    let journals = journals(&options.settings, &options.engine);
    let config = Arc::new(SharedConfig {
        accounts: options.accounts,
        personas: options.personas,
        merchants: options.merchants,
        responses: options.responses,
        settings: options.settings,
        deviation: instance.deviation,
        keyring: instance.keyring.unwrap_or_else(|| Keyring::new(origin)),
        networks,
        verified: Default::default(),
        token_keys: Default::default(),
        names: Default::default(),
        armed: options.faults,
        engine: options.engine,
        records: Room::new(RECORDS_BYTES_MAX),
        journals,
        metrics: Default::default(),
        proxy: OnceLock::new(),
    });
    make_keys_meanwhile(&config);
    // A message may arrive twice: its id tells a receiver that it has been there.
    let client = Arc::new(Client::new(trust, Resend::Unanswered));
    let (newcomers, mut arrived) = mpsc::unbounded_channel();
    let spaces = Spaces::new(config, seed, options.clock, newcomers).await;
    let spaces = Arc::new(spaces.map_err(std::io::Error::other)?);
    follow_others(&spaces);
    // Ends with the spaces, and each dispatcher with its space.
    tokio::spawn(async move {
        while let Some(space) = arrived.recv().await {
            tokio::spawn(webhooks::attend(space, Arc::clone(&client)));
        }
    });
    let scheme = if options.tls.is_some() {
        "https"
    } else {
        "http"
    };
    let reports = options.reports.map(Into::into);
    let app = Arc::new(App::new(spaces, options.gate, scheme, reports));
    let (stop, stopped) = watch::channel(false);
    let accepting = tokio::spawn(listen::accept(
        listener,
        Arc::clone(&app),
        options.tls.map(TlsAcceptor::from),
        stopped,
    ));
    Ok(Running {
        address,
        app,
        stop,
        accepting,
        scheme,
    })
}

/// Where each exchange is written down, and by whom where there are several servers.
fn journals(settings: &Settings, engine: &Engine) -> Arc<Journals> {
    let journals = Journals::new(settings.journal.bytes_max);
    if let Some(replica) = engine.replica() {
        journals.name_replica(replica);
    }
    journals
}

/// What the server's own keys are derived from.
fn origin(clock: Source, engine: &Engine, seed: &Seed) -> Origin {
    match (clock, engine) {
        (Source::Manual(_), _) => Origin::Seed(seed.clone()),
        // What was signed before a restart is still good after it.
        (Source::Machine, Engine::File(file)) => Origin::Seed(Seed::from_text(file.secret())),
        (Source::Machine, Engine::Shared(shared)) => Origin::Seed(Seed::from_text(shared.secret())),
        (Source::Machine, Engine::Memory | Engine::Interruptible(_)) => Origin::Machine,
    }
}

/// Where others share the engine: follows which spaces they make and let go, and takes over what one of them was doing that is
/// gone.
fn follow_others(spaces: &Arc<Spaces>) {
    let Engine::Shared(engine) = &spaces.config().engine else {
        return;
    };
    let (mut epoch, mut gone) = (engine.epoch(), engine.gone());
    let spaces = Arc::downgrade(spaces);
    tokio::spawn(async move {
        loop {
            let lost = tokio::select! {
                moved = epoch.changed() => match moved {
                    Ok(()) => None,
                    Err(_) => return,
                },
                lost = gone.recv() => match lost {
                    Ok(lost) => Some(lost),
                    Err(RecvError::Lagged(_)) => continue,
                    Err(RecvError::Closed) => return,
                },
            };
            let Some(spaces) = spaces.upgrade() else {
                return;
            };
            let done = match &lost {
                None => spaces.follow().await,
                Some(replica) => spaces.take_over(replica).await,
            };
            if let Err(error) = done {
                tracing::warn!(%error, "what other servers have done");
                // It is told again.
                epoch.mark_changed();
                tokio::time::sleep(STORE_RETRY_WAIT).await;
            }
        }
    });
}

/// Key pairs take a tenth of a second to make. Nobody needs to wait for them but the first who wants one.
fn make_keys_meanwhile(config: &Arc<SharedConfig>) {
    let config = Arc::clone(config);
    tokio::spawn(async move {
        tokio::time::sleep(FIRST_ANSWER).await;
        tokio::task::spawn_blocking(move || {
            if let Err(error) = config.keyring.access_tokens() {
                tracing::error!(%error, "the key for access tokens");
            }
        });
    });
}

impl Running {
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:4111`
    pub fn base_url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// Begins to make the keys of the networks, which nobody needs to wait for but the first who talks to one.
    pub fn make_network_keys_meanwhile(&self) {
        let config = Arc::clone(self.spaces().config());
        std::thread::spawn(move || {
            std::thread::sleep(HEAD_START);
            config.networks.mastercard.make_all();
        });
    }

    pub fn spaces(&self) -> &Arc<Spaces> {
        self.app.spaces()
    }

    /// What answers, for whoever brings requests by another way.
    pub(crate) const fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Takes no more connections and waits for open requests, as long as `limits::DRAIN_WAIT` at most.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        // Whoever follows a journal has an open request that would not end by itself.
        self.app.spaces().stop();
        if let Err(error) = self.accepting.await {
            tracing::error!(%error, "the accept loop ended badly");
        }
    }
}
