//! Which engines there are, and what is asked of one for all spaces together.

use super::contract::{Reached, Store};
use super::file::{FileEngine, Made};
use super::interruptible::{Interruptible, Outage};
use super::memory::Memory;
use super::shared::{Made as MadeShared, SharedEngine};
use super::{Part, StoreError};
use crate::limits::Share;
use crate::metrics::EngineMetrics;

/// Which engine keeps the records of each space.
#[derive(Debug, Clone, Default)]
pub enum Engine {
    #[default]
    Memory,
    /// Memory that a test can cut off.
    Interruptible(Outage),
    /// A file that outlives the process.
    File(FileEngine),
    /// An engine that several servers share.
    Shared(SharedEngine),
}

impl Engine {
    /// An empty store for the space of a name. What an engine keeps beyond the process is kept from the first commit on, or
    /// from [`Store::begun`] on.
    ///
    /// What is kept in memory comes out of the room that it has with others, in which it takes a share.
    pub fn open(&self, name: &str, share: Share) -> Store {
        match self {
            Self::Memory => Store::Memory(Memory::new(share)),
            Self::Interruptible(outage) => {
                Store::Interruptible(Interruptible::new(outage.clone(), share))
            }
            Self::File(file) => Store::File(file.begin(name)),
            Self::Shared(shared) => Store::Shared(Box::new(shared.begin(name))),
        }
    }

    /// The stores of an earlier process, each with the name of its space.
    pub async fn restore(&self) -> Result<Vec<(String, Store)>, StoreError> {
        match self {
            Self::Memory | Self::Interruptible(_) => Ok(Vec::new()),
            Self::File(file) => {
                let all = file.restore().await?;
                Ok(all
                    .into_iter()
                    .map(|(name, file)| (name, Store::File(file)))
                    .collect())
            }
            Self::Shared(shared) => {
                let all = shared.restore().await?.into_iter();
                let named = all.map(|(name, space)| (name, Store::Shared(Box::new(space))));
                Ok(named.collect())
            }
        }
    }

    /// The store of a space that another server has made, where there are others.
    pub async fn find(&self, name: &str) -> Result<Option<Store>, StoreError> {
        match self {
            Self::Memory | Self::Interruptible(_) | Self::File(_) => Ok(None),
            Self::Shared(shared) => {
                let found = shared.find(name).await?;
                Ok(found.map(|space| Store::Shared(Box::new(space))))
            }
        }
    }

    /// Fills stores that are empty and that nobody else has, and lets others go in their place: all of it or nothing.
    ///
    /// # Errors
    /// When the engine is away or has no room. What was there stays, and the new stores are of no use.
    pub async fn put_together(
        &self,
        made: Vec<Putting<'_>>,
        gone: &[&Store],
    ) -> Result<(), StoreError> {
        match self {
            Self::Memory | Self::Interruptible(_) => {
                for Putting { store, parts, .. } in made {
                    if let Reached::Memory(memory) = store.reach()? {
                        memory.put_together(parts)?;
                    }
                }
                Ok(())
            }
            Self::File(file) => {
                let of = |store: &Store| match store {
                    Store::File(space) => Some(space.shared()),
                    Store::Memory(_) | Store::Interruptible(_) | Store::Shared(_) => None,
                };
                let made = made.into_iter().filter_map(|one| {
                    Some(Made {
                        space: of(one.store)?,
                        parts: one.parts,
                        settings: one.settings,
                    })
                });
                let gone = gone.iter().filter_map(|store| of(store));
                file.put_together(made.collect(), gone.collect()).await
            }
            Self::Shared(shared) => {
                let made = made.into_iter().filter_map(|one| {
                    Some(MadeShared {
                        space: one.store.as_shared()?,
                        parts: one.parts,
                        settings: one.settings,
                    })
                });
                let gone: Vec<_> = gone.iter().filter_map(|one| one.as_shared()).collect();
                shared.put_together(made.collect(), &gone).await
            }
        }
    }

    /// What it is called where it is counted.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Memory | Self::Interruptible(_) => "memory",
            Self::File(_) => "file",
            Self::Shared(_) => "shared",
        }
    }

    /// What this process is called among those that share the engine, if there may be others.
    pub fn replica(&self) -> Option<&str> {
        match self {
            Self::Memory | Self::Interruptible(_) | Self::File(_) => None,
            Self::Shared(shared) => Some(shared.replica()),
        }
    }

    /// What it has counted, if it does.
    pub fn metrics(&self) -> Option<&EngineMetrics> {
        match self {
            Self::Memory | Self::Interruptible(_) => None,
            Self::File(file) => Some(file.metrics()),
            Self::Shared(shared) => Some(shared.metrics()),
        }
    }

    /// Why nothing can be written at the moment, if so.
    pub fn trouble(&self) -> Option<String> {
        match self {
            Self::Memory | Self::Interruptible(_) => None,
            Self::File(file) => file.trouble(),
            Self::Shared(shared) => shared.trouble(),
        }
    }
}

/// A store that is to be filled.
#[derive(Debug)]
pub struct Putting<'a> {
    pub store: &'a Store,
    pub parts: Vec<Part>,
    /// What is to be [`Store::set`] in it.
    pub settings: Vec<(String, String)>,
}
