//! The engine that several servers share: Redis or Valkey, one node or a cluster. Every change is one script, which the
//! engine carries out whole or not at all, and which is done once however often a client library sends it.

mod address;
mod bytes;
mod commit;
mod endpoints;
mod keys;
mod leases;
mod link;
mod outbox;
mod parts;
mod records;
mod registry;
mod requirements;
mod script;
mod settings;
mod space;
mod supervisor;
mod turn;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{broadcast, watch};

use self::address::Address;
use self::link::{Connection, Link};
pub(super) use self::parts::Made;
use self::registry::Facts;
pub use self::settings::Looked;
pub use self::space::SharedSpace;
use self::supervisor::{Signals, supervise};
pub use self::turn::Turn;
use super::file::Durability;
use crate::metrics::EngineMetrics;

/// Why an engine cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenSharedError {
    #[error("{0}")]
    Address(String),
    #[error("{0}")]
    Away(String),
    #[error("{0}")]
    Unfit(String),
    #[error(
        "what is in it has form {found}, and this release reads and writes form {known}; use the release that wrote it, or name another engine"
    )]
    Form { found: String, known: u32 },
    #[error(
        "its servers were started with another --seed, from which its tokens are derived; give that one, or name another engine"
    )]
    Seed,
}

/// An engine that this process uses as one of several replicas.
#[derive(Debug, Clone)]
pub struct SharedEngine {
    link: Arc<Link>,
    signals: Arc<Signals>,
    replica: Arc<Replica>,
    secret: String,
    warnings: Vec<String>,
}

/// This process among those that use the engine.
#[derive(Debug)]
struct Replica {
    /// No other process has it, not even this one after a restart.
    id: String,
    done: AtomicU64,
}

impl Replica {
    /// A name for something that is to be done once.
    fn next_id(&self) -> String {
        let number = self.done.fetch_add(1, Ordering::Relaxed);
        // The end is marked, so that no name is the beginning of another one.
        format!("{}{number:x}.", self.mark())
    }

    /// What all such names begin with.
    fn mark(&self) -> String {
        mark(&self.id)
    }
}

fn mark(replica: &str) -> String {
    format!("{replica}#")
}

async fn connect(address: &Address) -> Result<Connection, OpenSharedError> {
    let connected = Connection::open(address).await;
    connected.map_err(|error| {
        OpenSharedError::Away(format!("it cannot be reached ({error}); is it running?"))
    })
}

impl SharedEngine {
    /// Connects, looks whether the engine can be used, and begins to follow it. `seed` stands for the seed of all spaces and
    /// must be that of all replicas; `secret` is what the engine keeps for them when it is used first; `replica` is drawn anew
    /// for every process.
    ///
    /// # Errors
    /// [`OpenSharedError`], with what to do.
    pub async fn open(
        address: &str,
        durability: Durability,
        seed: &str,
        secret: &str,
        replica: &str,
    ) -> Result<Self, OpenSharedError> {
        let address = Address::parse(address).map_err(OpenSharedError::Address)?;
        let connection = connect(&address).await?;
        let warnings = requirements::check(&address, &connection, durability).await?;
        let link = Arc::new(Link::new(address, durability, connection));
        let facts = Facts { seed, secret };
        let secret = registry::agree(&link, &facts).await?;
        let signals = Arc::new(Signals::default());
        let replica = Replica {
            id: replica.to_owned(),
            done: AtomicU64::default(),
        };
        let watching = supervise(
            Arc::downgrade(&link),
            Arc::clone(&signals),
            replica.id.clone(),
        );
        tokio::spawn(watching);
        Ok(Self {
            link,
            signals,
            replica: Arc::new(replica),
            secret,
            warnings,
        })
    }

    /// Looks whether an engine can be used, and changes nothing in it. Gives what an operator should know.
    ///
    /// # Errors
    /// [`OpenSharedError`], with what to do.
    pub async fn examine(
        address: &str,
        durability: Durability,
    ) -> Result<Vec<String>, OpenSharedError> {
        let address = Address::parse(address).map_err(OpenSharedError::Address)?;
        let connection = connect(&address).await?;
        requirements::check(&address, &connection, durability).await
    }

    /// What the engine keeps for its servers.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// What this process is called among those that use the engine.
    pub fn replica(&self) -> &str {
        &self.replica.id
    }

    /// What an operator should know of the engine.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Moves whenever spaces were made or let go, here or elsewhere.
    pub fn epoch(&self) -> watch::Receiver<u64> {
        self.signals.epoch.subscribe()
    }

    /// Replicas that are gone, whose work is to be taken over.
    pub fn gone(&self) -> broadcast::Receiver<String> {
        self.signals.gone.subscribe()
    }

    /// Why it is away, if it is.
    pub(super) fn trouble(&self) -> Option<String> {
        self.link.trouble()
    }

    pub(super) fn metrics(&self) -> &EngineMetrics {
        &self.link.metrics
    }
}
