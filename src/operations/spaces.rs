//! Spaces: isolated worlds, bounded in number. One is made by the first request that is let in. Whoever only looks sees it as it
//! would begin, and leaves nothing behind.

mod others;
mod taken;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use parking_lot::RwLock;
use tokio::sync::Mutex;
use tokio::sync::mpsc::UnboundedSender;

use super::known_names::NamesEpoch;
use super::seen_nonces::SeenNonces;
use super::space::{SharedConfig, Space};
use super::space_name::SpaceName;
use super::space_state;
use crate::clock::{Clock, Source};
use crate::domain::rejection::Rejection;
use crate::faults::choose::RuleSet;
use crate::faults::shared::Rules;
use crate::journal::{End, Watch};
use crate::judge::Judge;
use crate::limits::{RECORDS_BYTES_PER_SPACE_MAX, SPACES_MAX, Share};
use crate::seed::Seed;
use crate::store::{Store, StoreError};

/// There are as many spaces as there may be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there are {SPACES_MAX} spaces already; drop some with DELETE /~NAME/_standin/space")]
pub struct SpacesFull;

/// Why there is no such space.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Full(#[from] SpacesFull),
    #[error(transparent)]
    Rejected(#[from] Rejection),
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
    /// Those that somebody looks at and nobody has used yet. Whoever comes meanwhile sees the same one, so that it is the one
    /// that is kept.
    looked_at: RwLock<HashMap<SpaceName, Weak<Space>>>,
    /// Held while a space is being made, so that two requests do not make the same one.
    making: Mutex<()>,
    /// How many spaces have been made.
    made: AtomicU64,
    stopped: AtomicBool,
}

impl Spaces {
    /// `newcomers` is told of every space when it is made, so that somebody can attend to what happens there by itself.
    ///
    /// # Errors
    /// [`Rejection`] when the default space cannot be made.
    pub async fn new(
        config: Arc<SharedConfig>,
        seed: Seed,
        clock: Source,
        newcomers: UnboundedSender<Weak<Space>>,
    ) -> Result<Self, Rejection> {
        let spaces = Self {
            config,
            seed,
            clock,
            newcomers,
            spaces: RwLock::default(),
            looked_at: RwLock::default(),
            making: Mutex::new(()),
            made: AtomicU64::default(),
            stopped: AtomicBool::default(),
        };
        spaces.restore().await?;
        let name = SpaceName::default_space();
        if spaces.find(&name).is_none() {
            let space = spaces.fresh(&name).await?;
            spaces.put(&name, space);
        }
        Ok(spaces)
    }

    /// Makes the spaces of an earlier process again.
    async fn restore(&self) -> Result<(), Rejection> {
        for (text, store) in self.config.engine.restore().await? {
            self.adopt(&text, store).await?;
        }
        Ok(())
    }

    /// Makes the space of a store that is there already, by an earlier process or another server.
    async fn adopt(&self, text: &str, store: Store) -> Result<Arc<Space>, Rejection> {
        let unreadable = |why: String| StoreError::Away(format!("space {text:?}: {why}").into());
        let name = SpaceName::parse(text).map_err(|error| unreadable(error.to_string()))?;
        let settings = store.settings().await?;
        let entries = &settings.entries;
        let origin = space_state::origin(&name, entries).map_err(unreadable)?;
        let space = self.around(&name, &origin, store);
        space_state::restore(&space.clock, &space.faults, entries).map_err(unreadable)?;
        space.store.goes_by(&settings);
        if entries.is_empty() && space.store.as_shared().is_some() {
            // Whoever made it has kept nothing so far of what every space begins with.
            self.arm(&space);
        }
        space.faults.change(RuleSet::watch);
        let space = Arc::new(space);
        self.put(&name, Arc::clone(&space));
        Ok(space)
    }

    pub const fn config(&self) -> &Arc<SharedConfig> {
        &self.config
    }

    /// The space of a name, which is made if this is its first use.
    ///
    /// # Errors
    /// [`OpenError`] when it is not there and cannot be made.
    pub async fn open(&self, name: &SpaceName) -> Result<Arc<Space>, OpenError> {
        let space = self.visit(name).await?;
        self.keep(&space);
        Ok(space)
    }

    /// The space of a name, or what it would be: that is forgotten with whoever looks at it, unless it is kept.
    ///
    /// # Errors
    /// [`OpenError`] when it is not there and there is no room for it, or it cannot be made.
    pub async fn visit(&self, name: &SpaceName) -> Result<Arc<Space>, OpenError> {
        if let Some(space) = self.find(name)
            && (space.store.as_shared().is_none() || self.is_as_others_have_it(&space).await?)
        {
            return Ok(space);
        }
        let _one_at_a_time = self.making.lock().await;
        let looked_at = || self.looked_at.read().get(name)?.upgrade();
        if let Some(space) = looked_at().or_else(|| self.find(name)) {
            return Ok(space);
        }
        if let Some(store) = self
            .config
            .engine
            .find(name.text())
            .await
            .map_err(Rejection::from)?
        {
            return Ok(self.adopt(name.text(), store).await?);
        }
        {
            let mut looked_at = self.looked_at.write();
            looked_at.retain(|_, space| space.strong_count() > 0);
            if self.spaces.read().len() + looked_at.len() >= SPACES_MAX {
                return Err(SpacesFull.into());
            }
        }
        let space = self.fresh(name).await?;
        let seen = Arc::downgrade(&space);
        self.looked_at.write().insert(name.clone(), seen);
        if self.stopped.load(Ordering::SeqCst) {
            space.journal.close(End::Stopped);
        }
        Ok(space)
    }

    /// Keeps a space that was only looked at until now. One that has been put back to its beginning meanwhile stays gone.
    pub fn keep(&self, space: &Arc<Space>) {
        if space.kept.load(Ordering::Acquire) {
            return;
        }
        let mut looked_at = self.looked_at.write();
        let seen = looked_at.get(&space.name).and_then(Weak::upgrade);
        if seen.is_some_and(|seen| Arc::ptr_eq(&seen, space)) {
            // In this order: whoever does not find it there any more finds it here.
            self.put(&space.name, Arc::clone(space));
            looked_at.remove(&space.name);
        }
    }

    /// The space of a name, if it is there.
    pub fn find(&self, name: &SpaceName) -> Option<Arc<Space>> {
        self.spaces.read().get(name).cloned()
    }

    /// Puts a space back to its beginning: records, clock and journal. One that was not there is made.
    ///
    /// # Errors
    /// [`OpenError`] when it cannot be made. What there was stays.
    pub async fn reset(&self, name: &SpaceName) -> Result<(), OpenError> {
        let _one_at_a_time = self.making.lock().await;
        self.make(name).await.map(|_| ())
    }

    async fn make(&self, name: &SpaceName) -> Result<Arc<Space>, OpenError> {
        let full = {
            let spaces = self.spaces.read();
            spaces.len() >= SPACES_MAX && !spaces.contains_key(name)
        };
        if full {
            return Err(SpacesFull.into());
        }
        let space = self.fresh(name).await?;
        // First, so that nobody keeps it any more between the two, and a failure here loses nothing that was kept.
        self.retire_seen(name, End::Reset).await?;
        if let Some(old) = self.existing(name).await? {
            old.store.retire().await.map_err(Rejection::from)?;
        }
        self.put(name, Arc::clone(&space));
        // Others see it from now on.
        space.store.look().await.map_err(Rejection::from)?;
        Ok(space)
    }

    /// Lets go what somebody looks at. A request that is under way there may be writing already, and would leave in the engine
    /// what nobody finds any more: what it writes from now on is lost, as in a space that is gone.
    async fn retire_seen(&self, name: &SpaceName, end: End) -> Result<(), Rejection> {
        // In this order, so that nobody keeps it when it has been let go.
        let seen = self.looked_at.write().remove(name);
        let Some(seen) = seen.and_then(|seen| seen.upgrade()) else {
            return Ok(());
        };
        seen.store.retire().await?;
        seen.journal.close(end);
        Ok(())
    }

    fn put(&self, name: &SpaceName, space: Arc<Space>) {
        space.store.begun();
        space.kept.store(true, Ordering::Release);
        let mut spaces = self.spaces.write();
        if self.stopped.load(Ordering::SeqCst) {
            space.journal.close(End::Stopped);
        }
        // Nobody attends when there is no server around, as in a bench.
        let _nobody_listens = self.newcomers.send(Arc::downgrade(&space));
        match spaces.insert(name.clone(), space) {
            Some(old) => {
                tracing::info!(space = %name, "the space begins again");
                old.journal.close(End::Reset);
            }
            None => tracing::info!(space = %name, "a space begins"),
        }
    }

    /// Forgets a space. The default one only starts again. False when there was none.
    ///
    /// # Errors
    /// [`OpenError`] when the default one cannot start again.
    pub async fn drop_space(&self, name: &SpaceName) -> Result<bool, OpenError> {
        let _one_at_a_time = self.making.lock().await;
        if *name == SpaceName::default_space() {
            return self.make(name).await.map(|_| true);
        }
        self.retire_seen(name, End::Removed).await?;
        if let Some(space) = self.existing(name).await? {
            space.store.retire().await.map_err(Rejection::from)?;
        }
        let gone = self.spaces.write().remove(name);
        let gone = gone.inspect(|space| {
            tracing::info!(space = %name, "a space is gone");
            space.journal.close(End::Removed);
        });
        Ok(gone.is_some())
    }

    /// Tells everybody who follows a journal that nothing more comes.
    pub fn stop(&self) {
        // In this order, so that a space that is being made finds out by one of them.
        self.stopped.store(true, Ordering::SeqCst);
        let looked_at: Vec<_> = self.looked_at.read().values().cloned().collect();
        let looked_at = looked_at.iter().filter_map(Weak::upgrade);
        for space in self.all().into_iter().chain(looked_at) {
            space.journal.close(End::Stopped);
        }
    }

    /// Every space there is, by name.
    pub fn all(&self) -> Vec<Arc<Space>> {
        let mut all: Vec<_> = self.spaces.read().values().cloned().collect();
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all
    }

    async fn fresh(&self, name: &SpaceName) -> Result<Arc<Space>, Rejection> {
        let store = self.config.engine.open(name.text(), self.share());
        let space = self.around(name, name, store);
        if space.store.outlives_process() {
            space.faults.change(RuleSet::watch);
        }
        self.arm(&space);
        super::webhooks::register_configured(&space).await?;
        Ok(Arc::new(space))
    }

    /// Arms what every space begins with.
    fn arm(&self, space: &Space) {
        let now = space.clock.now();
        space.faults.change(|set| {
            for rule in &self.config.armed {
                if let Err(error) = set.arm(rule.clone(), now) {
                    tracing::error!(%error, "a fault rule that every space begins with");
                }
            }
        });
    }

    /// What a space may take of the room that all of them have.
    fn share(&self) -> Share {
        Share::new(&self.config.records, RECORDS_BYTES_PER_SPACE_MAX)
    }

    /// A space that has this store. What it derives it derives as the space of the other name does, of which it may be a copy.
    fn around(&self, name: &SpaceName, origin: &SpaceName, store: Store) -> Space {
        let settings = &self.config.settings.journal;
        let judge = settings.judge.as_ref().map(|name| {
            let time_runs = self.clock == Source::Machine;
            Arc::new(Judge::new(name, time_runs))
        });
        let watch = judge.clone().map(|judge| -> Arc<dyn Watch> { judge });
        Space {
            name: name.clone(),
            serial: self.made.fetch_add(1, Ordering::Relaxed),
            seed: self.seed.space(origin.text()),
            origin: origin.clone(),
            clock: Clock::new(self.clock),
            faults: Rules::default(),
            store,
            journal: self.config.journals.open_watched(settings.bytes_max, watch),
            judge,
            config: Arc::clone(&self.config),
            names_epoch: NamesEpoch::default(),
            nonces: SeenNonces::default(),
            kept: AtomicBool::default(),
            settling: Mutex::new(()),
            setting: Mutex::new(()),
        }
    }
}
