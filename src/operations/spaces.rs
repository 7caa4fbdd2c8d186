//! Spaces: isolated worlds, made on first use, bounded in number.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use parking_lot::RwLock;
use tokio::sync::Mutex;
use tokio::sync::mpsc::UnboundedSender;

use super::account_names::KnownNames;
use super::requestors::SeenNonces;
use super::space::{SharedConfig, Space};
use crate::clock::{Clock, Source};
use crate::faults::shared::Rules;
use crate::journal::{End, Journal};
use crate::limits::{SPACE_NAME_BYTES_MAX, SPACES_MAX};
use crate::seed::Seed;
use crate::store::Store;

/// Letters, digits, `.`, `_` and `-`; at most 64 of them.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpaceName(Arc<str>);

/// The text cannot name a space.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the name of a space has 1 to {SPACE_NAME_BYTES_MAX} letters, digits, '.', '_' or '-', unlike {0:?}"
)]
pub struct SpaceNameError(pub String);

/// There are as many spaces as there may be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there are {SPACES_MAX} spaces already; drop some with DELETE /~NAME/_standin/space")]
pub struct SpacesFull;

impl SpaceName {
    pub fn parse(text: &str) -> Result<Self, SpaceNameError> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if text.is_empty() || text.len() > SPACE_NAME_BYTES_MAX || !text.chars().all(fits) {
            return Err(SpaceNameError(text.to_owned()));
        }
        Ok(Self(text.into()))
    }

    /// The space of a request that names none.
    pub fn default_space() -> Self {
        Self("default".into())
    }

    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SpaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SpaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Every space of a server.
#[derive(Debug)]
pub struct Spaces {
    config: Arc<SharedConfig>,
    seed: Seed,
    clock: Source,
    /// Told of every space when it is made.
    newcomers: UnboundedSender<Weak<Space>>,
    spaces: RwLock<HashMap<SpaceName, Arc<Space>>>,
    /// How many spaces have been made.
    made: AtomicU64,
    stopped: AtomicBool,
}

impl Spaces {
    /// `newcomers` is told of every space when it is made, so that somebody can attend to what happens there by itself.
    pub fn new(
        config: Arc<SharedConfig>,
        seed: Seed,
        clock: Source,
        newcomers: UnboundedSender<Weak<Space>>,
    ) -> Self {
        let spaces = Self {
            config,
            seed,
            clock,
            newcomers,
            spaces: RwLock::default(),
            made: AtomicU64::default(),
            stopped: AtomicBool::default(),
        };
        let name = SpaceName::default_space();
        let space = spaces.fresh(&name);
        spaces.spaces.write().insert(name, space);
        spaces
    }

    pub const fn config(&self) -> &Arc<SharedConfig> {
        &self.config
    }

    /// The space of a space, which is made if this is its first use.
    pub fn open(&self, name: &SpaceName) -> Result<Arc<Space>, SpacesFull> {
        if let Some(space) = self.find(name) {
            return Ok(space);
        }
        let mut spaces = self.spaces.write();
        if let Some(space) = spaces.get(name) {
            return Ok(Arc::clone(space));
        }
        if spaces.len() >= SPACES_MAX {
            return Err(SpacesFull);
        }
        let space = self.fresh(name);
        self.put(&mut spaces, name, Arc::clone(&space));
        Ok(space)
    }

    /// The space of a space that is there.
    pub fn find(&self, name: &SpaceName) -> Option<Arc<Space>> {
        self.spaces.read().get(name).cloned()
    }

    /// Puts a space back to its beginning: records, clock and journal. One that was not there is made.
    pub fn reset(&self, name: &SpaceName) -> Result<(), SpacesFull> {
        let space = self.fresh(name);
        let mut spaces = self.spaces.write();
        if spaces.len() >= SPACES_MAX && !spaces.contains_key(name) {
            return Err(SpacesFull);
        }
        self.put(&mut spaces, name, space);
        Ok(())
    }

    fn put(
        &self,
        spaces: &mut HashMap<SpaceName, Arc<Space>>,
        name: &SpaceName,
        space: Arc<Space>,
    ) {
        if self.stopped.load(Ordering::SeqCst) {
            space.journal.close(End::Stopped);
        }
        if let Some(old) = spaces.insert(name.clone(), space) {
            old.journal.close(End::Reset);
        }
    }

    /// Forgets a space. The default one only starts again. False when there was none.
    pub fn drop_space(&self, name: &SpaceName) -> bool {
        if *name == SpaceName::default_space() {
            // The default space is always there, so putting it back cannot fail.
            return self.reset(name).is_ok();
        }
        let gone = self.spaces.write().remove(name);
        gone.inspect(|space| space.journal.close(End::Removed))
            .is_some()
    }

    /// Tells everybody who follows a journal that nothing more comes.
    pub fn stop(&self) {
        // In this order, so that a space that is being made finds out by one of them.
        self.stopped.store(true, Ordering::SeqCst);
        for space in self.all() {
            space.journal.close(End::Stopped);
        }
    }

    /// Every space there is, by name.
    pub fn all(&self) -> Vec<Arc<Space>> {
        let mut all: Vec<_> = self.spaces.read().values().cloned().collect();
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all
    }

    fn fresh(&self, name: &SpaceName) -> Arc<Space> {
        let clock = Clock::new(self.clock);
        let faults = Rules::default();
        let now = clock.now();
        faults.change(|set| {
            for rule in &self.config.armed {
                if let Err(error) = set.arm(rule.clone(), now) {
                    tracing::error!(%error, "a fault rule that every space begins with");
                }
            }
        });
        let space = Arc::new(Space {
            name: name.clone(),
            serial: self.made.fetch_add(1, Ordering::Relaxed),
            seed: self.seed.space(name.text()),
            clock,
            faults,
            store: Store::memory(),
            journal: Journal::new(self.config.settings.journal.bytes_max),
            config: Arc::clone(&self.config),
            names: KnownNames::default(),
            nonces: SeenNonces::default(),
            settling: Mutex::new(()),
        });
        super::webhooks::register_configured(&space);
        // Nobody attends when there is no server around, as in a bench.
        let _nobody_listens = self.newcomers.send(Arc::downgrade(&space));
        space
    }
}
